import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Policy } from '../../../../src-main/engine/core/policy.ts'
import type { ProtocolDefinition } from '../../../../src-main/engine/core/protocol.ts'
import {
  candidateCount,
  candidatesOf,
  candidateSetsOf,
  type CandidateSets,
} from '../../../../src-main/engine/evaluation/candidate-sets.ts'
import { likedSampleSets, takeTold } from '../../../../src-main/engine/evaluation/convention-sets.ts'
import { protocols } from '../../../../src-main/engine/evaluation/protocols/catalogue.gen.ts'
import { rankByPolicy, rankOnce } from '../../../../src-main/engine/evaluation/rank.ts'
import { byUser, resultRows, userValues } from '../../../../src-main/engine/evaluation/score-lists.ts'
import { candidateSetsFor } from '../../../../src-main/engine/evaluation/sets-for.ts'
import { splitTables } from '../../../../src-main/engine/training/split-tables.ts'
import { run, specOf } from '../../../support/job-lab.ts'
import { drain, rowsOf, starWorld, tableOf, type Row } from '../../../support/worlds.ts'

const protocolOf = (id: string): ProtocolDefinition => protocols.find((protocol) => protocol.id === id)!
const conventions = protocols.filter(({ id }) => id.startsWith('drr-')).map(({ id }) => protocolOf(id))
const labels = { model: 'm', seed: 1, split: 's', protocol: 'p' }

/** Scores by item, the same for everybody. */
const scorerOf = (scores: Readonly<Record<number, number>>) => ({
  score: (_user: number, items: Int32Array, count: number, out: Float32Array) => {
    for (let i = 0; i < count; i++) out[i] = scores[items[i]!] ?? 0
  },
})

describe('the published conventions', () => {
  it('are three, and each says with what its figures cannot be compared, and why', () => {
    expect(conventions.map(({ id }) => id)).toEqual(['drr-backgom2357', 'drr-rated-only', 'drr-shashist'])
    for (const protocol of protocols.filter((one: ProtocolDefinition) => one.caution)) {
      expect(protocolOf(protocol.id).caution).toMatch(/^Not comparable with .+, because .+\.$/)
    }
  })

  it('never offer what was told, nor judge it; nor, but for the drawn lists of shashist, what was trained on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.constantFrom(...conventions), (seed, protocol) => {
        const sides = splitTables(starWorld({ users: 6, items: 60, perUser: 50, seed }), 'random:0.5', seed)
        const sets = drain(candidateSetsFor(protocol, sides))
        const pairs = (rows: readonly Row[]) => new Set(rows.map(([user, item]) => `${user} ${item}`))
        const trained = pairs(rowsOf(sides.train))
        const tested = pairs(rowsOf(sides.test))
        for (const [c, user] of sets.users.entries()) {
          const told = new Set(sets.told?.items.subarray(sets.told.start[c], sets.told.start[c + 1]))
          if (protocol.told) expect(told.size).toBe(protocol.told.items)
          for (const item of told) expect(tested.has(`${user} ${item}`)).toBe(true)
          for (const item of candidatesOf(sets, c)) {
            expect(told.has(item)).toBe(false)
            if (protocol.candidates !== 'liked-samples') expect(trained.has(`${user} ${item}`)).toBe(false)
          }
        }
      }),
      { numRuns: 40 },
    )
  })

  it.each(conventions)('$id has its own metrics for every model of a run, and no others', (protocol) => {
    const spec = specOf('popularity', {}, { protocols: [protocol.id, 'rerank-oneshot'], ks: [3] })
    const outcome = run(spec, starWorld({ users: 20, items: 60, perUser: 55 }))
    const own = outcome.rows.filter((row) => row.protocol === protocol.id)
    expect(new Set(own.map((row) => row.model)).size).toBe(5)
    expect(new Set(own.map((row) => row.metric))).toEqual(new Set(protocol.metrics))
    const { userMetrics } = outcome
    const metricsOf = (id: string) => new Set(userMetrics.metric.filter((_, at) => userMetrics.protocol[at] === id))
    expect(metricsOf(protocol.id)).toEqual(new Set(protocol.metrics))
    expect(metricsOf('rerank-oneshot').has('ndcg-k')).toBe(false)
    expect(outcome.rows.every((row) => Number.isFinite(row.value))).toBe(true)
    // The oracle knows the test ratings, and what was told is none of its candidates either.
    const best = own.filter((row) => row.subset === 'all' && row.model === 'oracle')
    for (const { metric, value } of best) {
      expect(value).toBe(Math.max(...own.filter((row) => row.metric === metric && row.subset === 'all').map((row) => row.value)))
    }
  })
})

describe('ratings that are told', () => {
  // Item, rating, time; user 1 has too little of everything.
  const test = tableOf(
    [
      [0, 5, 2, 30],
      [0, 1, 5, 10],
      [0, 4, 4, 20],
      [0, 2, 4, 40],
      [0, 3, 1, 50],
      [1, 0, 5, 1],
      [1, 1, 5, 2],
    ],
    { users: 2, items: 8 },
  )

  it.each([
    ['the first two, whatever their rating', false, [1, 4], [2, 3, 5]],
    ['the first two that were liked', true, [1, 4], [2, 3, 5]],
  ])('are in time %s', (_what, liked, told, left) => {
    const taken = takeTold(test, { items: 2, liked, leastLeft: 1 })
    expect([...taken.told.itemIndex]).toEqual(told)
    expect([...candidateSetsOf(taken.left).items]).toEqual(left)
    expect(taken.feedback).toEqual({ start: Int32Array.of(0, 2), items: taken.told.itemIndex, ratings: Float32Array.of(5, 4) })
  })

  it('pass over what was not liked where only liked ones are told', () => {
    const taken = takeTold(test, { items: 3, liked: true, leastLeft: 1 })
    expect([...taken.told.itemIndex]).toEqual([1, 4, 2])
    expect([...takeTold(test, { items: 3, liked: false, leastLeft: 1 }).told.itemIndex]).toEqual([1, 4, 5])
  })

  it('are nobody’s where a user has too few of the kind, or too few are left', () => {
    expect(takeTold(test, { items: 4, liked: true, leastLeft: 1 }).left.size).toBe(0)
    expect(takeTold(test, { items: 2, liked: false, leastLeft: 4 }).left.size).toBe(0)
    expect(takeTold(test, { items: 1, liked: false, leastLeft: 1 }).feedback.start).toEqual(Int32Array.of(0, 1, 2))
  })

  it('reach the policy one by one, before it orders and as if they had been recommended', () => {
    const sets: CandidateSets = { ...candidateSetsOf(takeTold(test, { items: 2, liked: true, leastLeft: 1 }).left) }
    const { feedback } = takeTold(test, { items: 2, liked: true, leastLeft: 1 })
    const said: string[] = []
    const policy: Policy = {
      slots: 3,
      begin: (slot, user) => said.push(`begin ${slot} ${user}`),
      act: (slots, count) => said.push(`act ${[...slots.subarray(0, count)].join()}`),
      score(_slot, items, count, out) {
        said.push(`score ${[...items.subarray(0, count)].join()}`)
        for (let i = 0; i < count; i++) out[i] = items[i]!
      },
      observe: (_slot, item, rating) => said.push(`observe ${item} ${rating}`),
    }
    const lists = drain(rankByPolicy({ ...sets, told: feedback }, policy, 2, true))
    expect(said.slice(0, 8)).toEqual([
      'begin 0 0',
      'act 0',
      'score 1,4',
      'observe 1 5',
      'act 0',
      'score 4',
      'observe 4 4',
      'act 0',
    ])
    expect([...lists.items]).toEqual([5, 3])
  })
})

describe('a list for each liked test item', () => {
  const world = starWorld({ users: 30, items: 300, perUser: 60 })
  const sides = (hash = 'a') => ({ ...splitTables(world, 'random:0.6', 1), hash })
  const listsOf = (sets: CandidateSets) => [...sets.users.keys()].map((c) => [...candidatesOf(sets, c)])

  it('is that item and 99 others, of which none is a liked test item; what was trained on may be among them', () => {
    const given = sides()
    const sets = drain(likedSampleSets(given))
    const liked = new Set(rowsOf(given.test).flatMap(([user, item, rating]) => (rating >= 4 ? [`${user} ${item}`] : [])))
    const trained = new Set(rowsOf(given.train).map(([user, item]) => `${user} ${item}`))
    expect(sets.users).toHaveLength(liked.size)
    let drawnFromTraining = 0
    for (const [c, user] of sets.users.entries()) {
      const items = [...candidatesOf(sets, c)]
      expect([items.length, candidateCount(sets, c)]).toEqual([100, 100])
      expect(items).toEqual([...new Set(items)].sort((a, b) => a - b))
      expect(items.filter((item) => liked.has(`${user} ${item}`))).toEqual([sets.items[c]])
      drawnFromTraining += items.filter((item) => trained.has(`${user} ${item}`)).length
    }
    expect(drawnFromTraining).toBeGreaterThan(0)
  })

  it('belongs to the split: the same for all who ask, another for another split', () => {
    expect(listsOf(drain(likedSampleSets(sides())))).toEqual(listsOf(drain(likedSampleSets(sides()))))
    expect(listsOf(drain(likedSampleSets(sides('b'))))).not.toEqual(listsOf(drain(likedSampleSets(sides()))))
  })

  it('has as many others as there are in a small catalogue', () => {
    const test = tableOf([[0, 1, 5], [0, 2, 5], [0, 3, 1]], { users: 2, items: 5 }) // prettier-ignore
    const sets = drain(likedSampleSets({ train: tableOf([], { users: 2, items: 5 }), test, hash: 'h' }))
    expect(listsOf(sets)).toEqual([
      [0, 1, 3, 4],
      [0, 2, 3, 4],
    ])
  })

  it('counts a user as the mean of their lists, and the mean over users gives every user the same weight', () => {
    // User 0 has three liked items, of which the first two are found at rank 1 and 2; user 1 has one, at rank 3.
    const test = tableOf([[0, 1, 5], [0, 2, 4], [0, 3, 5], [1, 4, 5]], { users: 2, items: 8 }) // prettier-ignore
    const sets = drain(likedSampleSets({ train: tableOf([], { users: 2, items: 8 }), test, hash: 'h' }))
    const lists = drain(rankOnce(sets, scorerOf({ 1: 9, 5: 8, 2: 7, 6: 6, 4: 5 }), 2))
    const values = byUser(sets, drain(userValues(sets, lists, [2], { wanted: ['hit-rate', 'ndcg-binary'] })))
    expect([...values.users]).toEqual([0, 1])
    expect([...values.candidates]).toEqual([6, 8])
    const [hits, gains] = values.columns
    expect([...hits!.values]).toEqual([2 / 3, 0])
    expect(gains!.values[0]).toBeCloseTo((1 + 1 / Math.log2(3)) / 3, 12)
    const rows = drain(resultRows(labels, sets, lists, [2], { wanted: ['hit-rate', 'ndcg-binary'] }))
    const row = rows.find(({ metric, subset }) => metric === 'hit-rate' && subset === 'all')
    expect(row).toMatchObject({ value: 1 / 3, users: 2 })
  })

  it('is ordered from one state of the user, who is begun once however many lists there are', () => {
    const sets = drain(likedSampleSets(sides()))
    const begun: number[] = []
    const score = (_slot: number, items: Int32Array, count: number, out: Float32Array) => {
      for (let i = 0; i < count; i++) out[i] = Math.sin(items[i]! * 1.7)
    }
    const policy: Policy = { slots: 4, begin: (_slot, user) => begun.push(user), act() {}, observe() {}, score }
    expect(drain(rankByPolicy(sets, policy, 5, false))).toEqual(drain(rankOnce(sets, { score }, 5)))
    expect(begun).toEqual([...new Set(sets.users)])
  })
})

describe('NDCG of k hits', () => {
  // Liked, disliked, liked, neutral in this order; three hits would be 1 + 1 / log2 3 + 1 / 2.
  it.each([
    [[5, 1, 4, 3], 1, 1],
    [[5, 1, 4, 3], 3, 1.5 / (1.5 + 1 / Math.log2(3))],
    [[5, 1, 4, 3], 5, 1.5 / (1.5 + 1 / Math.log2(3) + 1 / Math.log2(5) + 1 / Math.log2(6))],
    [[2, 1], 2, 0],
  ])('of the list %j at %i is %d', (ratings, k, expected) => {
    const sets = candidateSetsOf(tableOf(ratings.map((rating, item): Row => [0, item, rating])))
    const lists = drain(rankOnce(sets, scorerOf({ 0: 4, 1: 3, 2: 2, 3: 1 }), k))
    const [column] = drain(userValues(sets, lists, [k], { wanted: ['ndcg-k'] }))
    expect(column!.values[0]).toBeCloseTo(expected, 12)
  })
})
