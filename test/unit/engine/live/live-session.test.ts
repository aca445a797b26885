import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { LiveAnswer, LiveSetup } from '../../../../src-main/contract/dto/live.ts'
import { parseSplit } from '../../../../src-main/contract/dto/split.ts'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import { makeSplit } from '../../../../src-main/engine/data/splits/make-split.ts'
import { diversity } from '../../../../src-main/engine/live/likeness.ts'
import { liveFrame } from '../../../../src-main/engine/live/live-frame.ts'
import { createTrainingJob } from '../../../../src-main/engine/training/create-job.ts'
import type { JobSpec } from '../../../../src-main/engine/training/job.types.ts'
import { createLiveSession } from '../../../../src-main/engine/training/live/create-live-session.ts'
import { tinyParams } from '../../../support/tiny-agent.ts'
import { drain, errorOf, starWorld } from '../../../support/worlds.ts'

const world = starWorld({ users: 40, items: 60, perUser: 25 })

function specOf(modelId: string, params: JobSpec['params'] = {}): JobSpec {
  return { modelId, params, split: 'random:0.8', seed: 1, protocols: ['rerank-sequential'], ks: [5] }
}

function train(spec: JobSpec): Uint8Array {
  const job = createTrainingJob(spec, world)
  while (job.progress.stage !== 'finished') job.advance()
  return job.modelSnapshot()
}

const policy = specOf('mdrr-att', { ...tinyParams, updates: 40, selectCheckpoint: false, learningStart: 20, validateEvery: 40 })
let policyBytes: Uint8Array
beforeAll(() => {
  policyBytes = train(policy)
})

const cold: LiveSetup = { viewer: { kind: 'guest', favourites: [] }, userVector: 'fixed', learning: null, slate: 4, seed: 7 }
const learns: LiveSetup = { ...cold, learning: { updatesPerAnswer: 3, rateFactor: 1 } }
const open = (setup: LiveSetup = cold) => createLiveSession(policy, world, policyBytes, setup, plainExecutor)

const say = (feedback: 'like' | 'dislike' | 'skip', ...items: number[]): LiveAnswer => ({
  responses: items.map((itemIndex) => ({ itemIndex, feedback })),
  leave: false,
})
/** Everything that a person sees of a ranking. */
const seen = ({ session }: ReturnType<typeof open>) => [...session.order].map((item) => [item, session.scoreOf(item)])

describe('a live session', () => {
  it('ranks what the viewer does not know, best first', () => {
    const { session } = open({ ...cold, viewer: { kind: 'guest', favourites: [3, 5] } })
    expect(session.order).toHaveLength(58)
    expect([...session.order]).not.toContain(3)
    const scores = [...session.order].map((item) => session.scoreOf(item))
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    expect([...session.slate]).toEqual([...session.order.slice(0, 4)])
  })

  it('never shows a user of the data set what they rated in training', () => {
    const { session } = open({ ...cold, viewer: { kind: 'user', userIndex: 0 } })
    const split = makeSplit(world, parseSplit('random:0.8', 1))
    const known = [...split.trainRows].filter((row) => world.userIndex[row] === 0).map((row) => world.itemIndex[row])
    expect(known.length).toBeGreaterThan(10)
    expect(new Set(session.order)).toEqual(
      new Set(Array.from({ length: 60 }, (_, item) => item).filter((item) => !known.includes(item))),
    )
  })

  it('shows an answered item no more, and moves the ranking', () => {
    const opened = open()
    const before = seen(opened)
    const [first, second] = opened.session.slate
    opened.session.answer(say('dislike', first!, second!))
    expect(opened.session.rankOf(first!)).toBe(0)
    expect(opened.session.order).toHaveLength(58)
    expect(seen(opened)).not.toEqual(before.slice(2))
  })

  it('gives rewards of the scale, and nothing for a skip', () => {
    const { session } = open()
    const [a, b, c, d] = session.slate
    const record = session.answer({
      responses: [
        { itemIndex: a!, feedback: 'like' },
        { itemIndex: b!, feedback: 'dislike' },
        { itemIndex: c!, feedback: 'skip' },
        { itemIndex: d!, feedback: 'rating', rating: 4 },
      ],
      leave: false,
    })
    expect(record.items.map((item) => item.reward)).toEqual([1, -1, 0, 0.5])
    expect(record.items.map((item) => item.rank)).toEqual([1, 2, 3, 4])
    expect(record.topBefore.slice(0, 4)).toEqual([a, b, c, d])
  })

  it.each([
    ['frozen', cold],
    ['learning', learns],
  ])('takes answers back to the very rankings before them, %s', (_, setup) => {
    const opened = open(setup)
    const rankings = [seen(opened)]
    for (let answer = 0; answer < 5; answer++) {
      const [first, second, third] = opened.session.slate
      opened.session.answer({
        responses: [...say('like', first!).responses, ...say('dislike', second!, third!).responses],
        leave: false,
      })
      rankings.push(seen(opened))
    }
    rankings.pop()
    while (rankings.length > 0) {
      opened.session.undo()
      expect(seen(opened)).toEqual(rankings.pop())
    }
    expect(() => opened.session.undo()).toThrow('There is no answer to take back.')
  })

  it('is the same session when it is played again, whatever was asked in between', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('like', 'dislike', 'skip'), { minLength: 1, maxLength: 6 }), (feedbacks) => {
        const one = open(learns)
        const other = open(learns)
        for (const feedback of feedbacks) {
          const item = one.session.slate[0]!
          one.session.answer(say(feedback, item))
          one.session.whatIf(one.session.records.length, item, 'dislike')
          other.session.answer(say(feedback, item))
        }
        expect(seen(one)).toEqual(seen(other))
      }),
      { numRuns: 8 },
    )
  })

  it('asks about any answer of a long session, and takes back on, without a trace of how far it went back', () => {
    const opened = open(learns)
    const rankings = [seen(opened)]
    const given: [LiveAnswer, number][] = []
    for (let answer = 0; answer < 40; answer++) {
      const item = opened.session.slate[0]!
      const said = say(answer % 3 === 0 ? 'dislike' : 'like', item)
      opened.session.answer(said)
      given.push([said, item])
      rankings.push(seen(opened))
    }
    for (const asked of [3, 18, 33, 40]) {
      const otherwise = open(learns)
      given.forEach(([said, item], at) => otherwise.session.answer(at === asked - 1 ? say('skip', item) : said))
      const { order, scores } = opened.session.whatIf(asked, given[asked - 1]![1], 'skip')
      expect([...order].map((item) => [item, scores[item]])).toEqual(seen(otherwise))
      expect(seen(opened)).toEqual(rankings[40])
    }
    for (let left = 39; left >= 0; left--) {
      opened.session.undo()
      expect(seen(opened)).toEqual(rankings[left])
    }
  })

  it('takes back further than it has kept states for', () => {
    const opened = open()
    const start = seen(opened)
    for (let answer = 0; answer < 20; answer++) opened.session.answer(say('like', opened.session.slate[0]!))
    for (let answer = 0; answer < 20; answer++) opened.session.undo()
    expect(seen(opened)).toEqual(start)
  })

  it('knows what would be, had an answer been another', () => {
    const opened = open(learns)
    const [first, second] = opened.session.slate
    opened.session.answer(say('like', first!, second!))
    const third = opened.session.slate[0]!
    opened.session.answer(say('dislike', third))
    const otherwise = open(learns)
    otherwise.session.answer({
      responses: [...say('dislike', first!).responses, ...say('like', second!).responses],
      leave: false,
    })
    otherwise.session.answer(say('dislike', third))
    const before = seen(opened)
    const { order, scores } = opened.session.whatIf(1, first!, 'dislike')
    expect([...order].map((item) => [item, scores[item]])).toEqual(seen(otherwise))
    expect(seen(opened)).toEqual(before)
    expect(opened.session.records).toHaveLength(2)
  })

  it.each([
    ['frozen', cold],
    ['learning', learns],
  ])('knows what would be, had an item never been answered: no answer to it, no update, still a candidate; %s', (_, setup) => {
    const opened = open(setup)
    const first = opened.session.slate[0]!
    opened.session.answer(say('like', first))
    const second = opened.session.slate[0]!
    opened.session.answer(say('dislike', second))
    const without = open(setup)
    without.session.answer({ responses: [], leave: false })
    without.session.answer(say('dislike', second))
    const { order, scores } = opened.session.whatIf(1, first, 'absent')
    expect([...order].map((item) => [item, scores[item]])).toEqual(seen(without))
    expect([...order]).toContain(first)
  })

  it('learns on line: the same answers give another ranking than frozen, and updates are counted', () => {
    const frozen = open()
    const learning = open(learns)
    const [first] = frozen.session.slate
    frozen.session.answer(say('dislike', first!))
    learning.session.answer(say('dislike', first!))
    expect(learning.session.updates).toBe(3)
    expect(frozen.session.updates).toBe(0)
    expect(seen(learning)).not.toEqual(seen(frozen))
  })

  it('goes back to the last finite weights when learning diverges, and says so', () => {
    const opened = open({ ...learns, learning: { updatesPerAnswer: 100, rateFactor: 1e30 } })
    opened.session.answer(say('like', opened.session.slate[0]!))
    expect(opened.session.remarks).toHaveLength(1)
    expect(opened.session.remarks[0]).toMatch(
      /^Learning on line broke off after answer 1: Training diverged at update .* with the last finite weights, frozen\.$/,
    )
    expect(seen(opened).every(([, score]) => Number.isFinite(score))).toBe(true)
    opened.session.answer(say('like', opened.session.slate[0]!))
    expect(opened.session.updates).toBe(0)
    opened.session.undo()
    opened.session.undo()
    expect(opened.session.remarks).toEqual([])
  })

  it('ends when the viewer leaves, and goes on when that is taken back', () => {
    const { session } = open()
    session.answer({ responses: [], leave: true })
    expect(session.state).toBe('left')
    expect(session.slate).toHaveLength(0)
    expect(() => session.answer(say('like', 0))).toThrow('The session is over: the viewer has left.')
    session.undo()
    expect(session.state).toBe('open')
  })

  it('ends when nothing is left to show', () => {
    const { session } = open({ ...cold, slate: 20 })
    while (session.slate.length > 0) session.answer(say('skip', ...session.slate))
    expect(session.state).toBe('exhausted')
  })

  it('is over before it begins where the viewer knows every item, and stands', () => {
    const everything = Array.from({ length: 60 }, (_, item) => item)
    const { session, model } = open({ ...learns, viewer: { kind: 'guest', favourites: everything } })
    expect(session.state).toBe('exhausted')
    expect(liveFrame(session, model)).toMatchObject({ slate: [], candidates: 0, diversity: null })
    expect(session.answer({ responses: [], leave: false }).updates).toBe(0)
    expect(() => session.answer(say('like', 3))).toThrow('Item 3 was answered before, or is known to the viewer.')
  })

  it('takes no second word on an item, the contrary neither, until the first is taken back', () => {
    const opened = open()
    const item = opened.session.slate[0]!
    opened.session.answer(say('like', item))
    const before = seen(opened)
    expect(() => opened.session.answer(say('dislike', item))).toThrow(
      `Item ${item} was answered before, or is known to the viewer. Take that answer back to change it.`,
    )
    expect(seen(opened)).toEqual(before)
    opened.session.undo()
    expect(opened.session.answer(say('dislike', item)).items[0]!.reward).toBe(-1)
  })

  it.each([
    ['an item that is not there', say('like', 60), 'There is no item 60 in the data set.'],
    ['two answers for one item', say('like', 2, 2), 'Item 2 is answered twice at once. Say one thing of it.'],
    [
      'a rating beyond the scale',
      { responses: [{ itemIndex: 2, feedback: 'rating', rating: 6 }], leave: false } satisfies LiveAnswer,
      'A rating lies between 1 and 5, not at 6.',
    ],
  ])('refuses %s and stays as it was', (_, answer, message) => {
    const opened = open()
    const before = seen(opened)
    expect(() => opened.session.answer(answer)).toThrow(message)
    expect(seen(opened)).toEqual(before)
    expect(opened.session.records).toHaveLength(0)
  })

  it('shows attention that sums to one over the history of each side, and values of items', () => {
    const { session, model } = open({ ...cold, viewer: { kind: 'user', userIndex: 1 } })
    session.answer(say('dislike', session.slate[0]!))
    const { positive, negative } = model.history()
    expect(positive!.attention!.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5)
    expect(negative!.items).toContain(session.records[0]!.items[0]!.item)
    const items = session.order.slice(0, 40)
    const values = new Float32Array(40)
    model.values!(items, 40, values)
    expect(new Set(values).size).toBeGreaterThan(1)
    expect(values.every(Number.isFinite)).toBe(true)
  })

  it('measures the policy on the same held-out users at any time, and leaves no trace', () => {
    const probe = ({ model }: ReturnType<typeof open>) => drain(model.probe!())
    const opened = open({ ...learns, learning: { updatesPerAnswer: 50, rateFactor: 20 } })
    const asTrained = probe(opened)
    expect(asTrained.users).toBeGreaterThan(0)
    opened.session.answer(say('like', opened.session.slate[0]!))
    const now = seen(opened)
    expect(probe(opened)).not.toEqual(asTrained)
    expect(seen(opened)).toEqual(now)
    opened.session.undo()
    expect(probe(opened)).toEqual(asTrained)
  })
})

describe('a model that cannot be played with', () => {
  const failure = (table: typeof world, bytes: Uint8Array) =>
    errorOf(() => createLiveSession(policy, table, bytes, cold, plainExecutor))

  it('was trained on another data set', () => {
    const other = starWorld({ users: 40, items: 61, perUser: 24 })
    expect(failure(other, policyBytes)).toMatchObject({
      code: 'CHECKPOINT_UNUSABLE',
      message:
        'The model cannot be used: it belongs to a run with another model, other parameters or another split. Start the run again.',
    })
  })

  it.each([
    ['cut short', () => policyBytes.slice(0, policyBytes.length / 2), 'it is damaged or cut short'],
    ['other bytes', () => new Uint8Array(64).fill(7), 'it does not begin as a checkpoint does'],
    ['nothing', () => new Uint8Array(0), 'it does not begin as a checkpoint does'],
  ])('is damaged: %s', (_, bytes, reason) => {
    const error = failure(world, bytes())
    expect(error.code).toBe('CHECKPOINT_UNUSABLE')
    expect(error.message).toContain(reason)
  })
})

describe.each(['deers', 'dqn'])('a live session with the Q-network %s', (modelId) => {
  const spec = specOf(modelId, { ...tinyParams, updates: 40, selectCheckpoint: false, learningStart: 20, validateEvery: 40 })
  let bytes: Uint8Array
  beforeAll(() => {
    bytes = train(spec)
  })
  const begin = (setup: LiveSetup) => createLiveSession(spec, world, bytes, setup, plainExecutor)
  const favourites: LiveSetup = { ...cold, viewer: { kind: 'guest', favourites: [3, 5] } }

  it('meets a guest: the row is folded in from favourites and answers, and history changes the values', () => {
    const opened = begin(favourites)
    expect(opened.session.order).toHaveLength(58)
    expect(opened.model.history().positive).toEqual({ items: [5, 3], attention: null })
    expect(opened.model.history().negative).toEqual(modelId === 'deers' ? { items: [], attention: null } : null)
    expect(opened.model.limits).toEqual([])
    const before = seen(opened)
    opened.session.answer(say('like', opened.session.slate[0]!))
    expect(seen(opened)).not.toEqual(before.slice(1))
  })

  it('a dislike changes the order of what is left only where dislikes are read', () => {
    const opened = begin({ ...favourites, userVector: 'fixed', viewer: { kind: 'user', userIndex: 2 } })
    const rest = seen(opened).slice(1)
    opened.session.answer(say('dislike', opened.session.slate[0]!))
    if (modelId === 'dqn') expect(seen(opened)).toEqual(rest)
    else expect(seen(opened)).not.toEqual(rest)
  })

  it('shows as value what it orders by', () => {
    const { session, model } = begin(favourites)
    const values = new Float32Array(session.order.length)
    model.values!(session.order, session.order.length, values)
    expect([...values]).toEqual([...session.order].map((item) => session.scoreOf(item)))
  })

  it('learns on line, differs from frozen, and takes every answer back to the very rankings before', () => {
    const [frozen, opened] = [begin(favourites), begin({ ...favourites, learning: { updatesPerAnswer: 3, rateFactor: 10 } })]
    const rankings = [seen(opened)]
    expect(rankings[0]).toEqual(seen(frozen))
    for (const feedback of ['like', 'dislike', 'skip', 'dislike'] as const) {
      const item = opened.session.slate[0]!
      frozen.session.answer(say(feedback, item))
      opened.session.answer(say(feedback, item))
      rankings.push(seen(opened))
    }
    expect(opened.session.updates).toBe(12)
    expect(rankings.pop()).not.toEqual(seen(frozen))
    while (rankings.length > 0) {
      opened.session.undo()
      expect(seen(opened)).toEqual(rankings.pop())
    }
  })

  it('is the same session when it is played again, whatever was asked in between', () => {
    const [one, other] = [begin({ ...learns, viewer: favourites.viewer }), begin({ ...learns, viewer: favourites.viewer })]
    for (const feedback of ['dislike', 'like', 'like'] as const) {
      const item = one.session.slate[1]!
      one.session.answer(say(feedback, item))
      one.session.whatIf(one.session.records.length, item, 'skip')
      other.session.answer(say(feedback, item))
    }
    expect(seen(one)).toEqual(seen(other))
  })

  it('measures drift: none before the first update', () => {
    const opened = begin({ ...learns, learning: { updatesPerAnswer: 50, rateFactor: 100 } })
    const probe = () => drain(opened.model.probe!())
    const asTrained = probe()
    expect(asTrained.users).toBeGreaterThan(0)
    opened.session.answer(say('like', opened.session.slate[0]!))
    expect(probe()).not.toEqual(asTrained)
    opened.session.undo()
    expect(probe()).toEqual(asTrained)
  })

  it('goes back to the last finite weights when learning diverges, and says so', () => {
    const opened = begin({ ...learns, learning: { updatesPerAnswer: 100, rateFactor: 1e30 } })
    opened.session.answer(say('like', opened.session.slate[0]!))
    expect(opened.session.remarks[0]).toMatch(/^Learning on line broke off after answer 1: Training diverged at update /)
    expect(seen(opened).every(([, score]) => Number.isFinite(score))).toBe(true)
  })
})

describe('exploration', () => {
  const explores: LiveSetup = { ...learns, exploration: 0.5 }
  const shown = ({ session }: ReturnType<typeof open>) => [...session.slate]

  it('shows items beyond the best, each once, with their true ranks', () => {
    const opened = open(explores)
    const ranks: number[] = []
    for (let answer = 0; answer < 8; answer++) {
      const slate = shown(opened)
      expect(new Set(slate).size).toBe(4)
      ranks.push(...slate.map((item) => opened.session.rankOf(item)))
      const frame = liveFrame(opened.session, opened.model)
      expect(frame.slate.map((at) => frame.ranking.items[at])).toEqual(slate)
      expect(frame.slate.map((at) => frame.ranking.ranks[at])).toEqual(slate.map((item) => opened.session.rankOf(item)))
      const record = opened.session.answer(say('like', slate[0]!, slate[1]!))
      expect(record.items.map(({ rank }) => rank)).toEqual(ranks.slice(-4, -2))
    }
    const beyond = ranks.filter((rank) => rank > 4).length
    expect(beyond).toBeGreaterThan(6)
    expect(beyond).toBeLessThan(26)
  })

  it('shows the same after the same answers: taken back, played again, and whatever was asked', () => {
    const one = open(explores)
    const other = open(explores)
    const slates: number[][] = []
    for (let answer = 0; answer < 3; answer++) {
      slates.push(shown(one))
      one.session.answer(say('dislike', shown(one)[2]!))
      one.session.whatIf(1, one.session.records[0]!.items[0]!.item, 'absent')
      other.session.answer(say('dislike', shown(other)[2]!))
      expect(shown(one)).toEqual(shown(other))
    }
    while (slates.length > 0) {
      one.session.undo()
      expect(shown(one)).toEqual(slates.pop())
    }
  })
})

it('with one card tells how different the first twenty are, with several how different these are', () => {
  const diversityOf = (slate: number) => {
    const { session, model } = open({ ...cold, slate })
    return { told: liveFrame(session, model).diversity, vectors: model.vectors!, order: session.order }
  }
  const one = diversityOf(1)
  expect(one.told).toBe(diversity(one.vectors, [...one.order.subarray(0, 20)]))
  const three = diversityOf(3)
  expect(three.told).toBe(diversity(three.vectors, [...three.order.subarray(0, 3)]))
  expect(three.told).not.toBe(one.told)
})

describe('limits of policies learnt from replay', () => {
  it.each(['mdrr-att', 'deers'])('%s at checkpoint 0 says that it is its linear base, unless it learns', (modelId) => {
    const spec = specOf(modelId, { ...tinyParams, residual: true, headRidge: 30, updates: 0, learningStart: 1 })
    const bytes = train(spec)
    const { model } = createLiveSession(spec, world, bytes, cold, plainExecutor)
    expect(createLiveSession(spec, world, bytes, learns, plainExecutor).model.limits).toEqual([])
    expect(model.limits).toEqual([
      "The weights that training chose correct nothing: this policy is its linear base. While it is frozen, answers move it through the user's vector alone; let that follow the answers, or let the policy learn on line.",
    ])
  })
})

describe('models that do not learn from replay', () => {
  it('a floor meets anybody and follows nobody', () => {
    const spec = specOf('popularity')
    const { session, model } = createLiveSession(spec, world, train(spec), cold, plainExecutor)
    const rest = [...session.order].slice(1)
    session.answer(say('dislike', session.slate[0]!))
    expect([...session.order]).toEqual(rest)
    expect(model.limits).toEqual(['This model orders once and does not follow answers.'])
  })

  it('a factorisation knows the users of its data set and says so to a guest', () => {
    const spec = specOf('biased-mf', { size: 4 })
    const bytes = train(spec)
    expect(() => createLiveSession(spec, world, bytes, cold, plainExecutor)).toThrow(
      'This model knows the users of its data set and nobody else.',
    )
    const user: LiveSetup = { ...cold, viewer: { kind: 'user', userIndex: 3 } }
    expect(createLiveSession(spec, world, bytes, user, plainExecutor).session.order.length).toBeGreaterThan(0)
  })

  it('a bandit follows answers by its own rules, and back', () => {
    const spec = specOf('linucb')
    const user: LiveSetup = { ...cold, viewer: { kind: 'user', userIndex: 3 } }
    const { session } = createLiveSession(spec, world, train(spec), user, plainExecutor)
    const scores = () => [...session.order].map((item) => [item, session.scoreOf(item)])
    const before = scores()
    session.answer(say('dislike', ...session.slate))
    expect(scores()).not.toEqual(before.slice(4))
    session.undo()
    expect(scores()).toEqual(before)
  })
})
