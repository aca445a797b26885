import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Rng } from '../../../../../src-main/engine/core/rng.ts'
import { decodeState, encodeState } from '../../../../../src-main/engine/core/state-codec.ts'
import { PrioritisedReplay, Transitions } from '../../../../../src-main/engine/training/actor-critic/replay.ts'
import { SumTree } from '../../../../../src-main/engine/training/actor-critic/sum-tree.ts'
import { chiSquare } from '../../../../support/worlds.ts'

describe('the tree of sums', () => {
  it('holds exact sums after any changes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.tuple(fc.nat(39), fc.integer({ min: 0, max: 1000 })), { maxLength: 80 }),
        (capacity, changes) => {
          const tree = new SumTree(capacity)
          const plain = new Array<number>(capacity).fill(0)
          for (const [at, priority] of changes) {
            tree.set(at % capacity, priority)
            plain[at % capacity] = priority
          }
          expect(plain.map((_, at) => tree.get(at))).toEqual(plain)
          expect(tree.total).toBe(plain.reduce((sum, x) => sum + x, 0))
        },
      ),
      { numRuns: 200, seed: 1 },
    )
  })

  it('does not gather rounding errors: a hundred thousand changes later the sum is that of the leaves', () => {
    const tree = new SumTree(13)
    const rng = Rng.stream(1, 'tree')
    for (let i = 0; i < 100_000; i++) tree.set(rng.below(13), rng.uniform() * 1e6)
    for (let at = 0; at < 13; at++) tree.set(at, 0)
    expect(tree.total).toBe(0)
  })

  it.each([[[1, 2, 3, 4, 10]], [[5, 0, 0, 1, 0, 2, 0]], [[1e-9, 1, 1e-9]], [[7]]])(
    'draws in proportion to the priorities %j',
    (priorities) => {
      const tree = new SumTree(priorities.length)
      priorities.forEach((priority, at) => tree.set(at, priority))
      const counts = new Array<number>(priorities.length).fill(0)
      const rng = Rng.stream(2, 'tree')
      for (let i = 0; i < 20_000; i++) counts[tree.sample(rng)]!++
      const total = priorities.reduce((sum, x) => sum + x, 0)
      const likely = priorities.map((priority, at) => ({ expected: (20_000 * priority) / total, count: counts[at]! }))
      for (const { expected, count } of likely) if (expected === 0) expect(count).toBe(0)
      const counted = likely.filter(({ expected }) => expected > 5)
      // At most 4 degrees of freedom, one in a thousand.
      expect(
        chiSquare(
          counted.map(({ count }) => count),
          counted.map(({ expected }) => expected),
        ),
      ).toBeLessThan(18.5)
    },
  )

  it('comes back from save with the same sums', () => {
    const tree = new SumTree(6)
    for (let at = 0; at < 5; at++) tree.set(at, at + 0.5)
    const copy = new SumTree(6)
    copy.set(5, 99)
    copy.restore(tree.save(5))
    expect([copy.total, copy.get(5)]).toEqual([tree.total, 0])
  })
})

const layout = { historyLength: 2, actionWidth: 3, candidates: 2 }

/** A transition whose every column shows the number. */
function transition(number: number): Transitions {
  const one = new Transitions(1, layout)
  one.userRow[0] = number
  for (const list of [one.positive, one.negative, one.nextPositive, one.nextNegative, one.candidates, one.nextCandidates])
    list.fill(number)
  one.action.fill(number / 2)
  one.item[0] = number
  one.reward[0] = -number
  one.terminated[0] = number % 2
  return one
}

function replayOf(count: number, capacity = 8, alpha = 1): PrioritisedReplay {
  const replay = new PrioritisedReplay(capacity, layout, alpha)
  for (let number = 0; number < count; number++) replay.add(transition(number))
  return replay
}

const draw = (replay: PrioritisedReplay, size: number, beta: number, rng = Rng.stream(1, 'replay')) => {
  const batch = new Transitions(size, layout)
  const indexes = new Int32Array(size)
  const weights = new Float32Array(size)
  replay.sample(batch, indexes, weights, beta, rng)
  return { batch, indexes, weights }
}

describe('prioritised replay', () => {
  it('gives back transitions whole: every column comes from the same one', () => {
    const { batch, indexes } = draw(replayOf(6), 50, 1)
    for (let i = 0; i < 50; i++) {
      const expected = transition(indexes[i]!)
      const row = new Transitions(1, layout)
      row.copy(batch, i, 0)
      expect(row).toEqual(expected)
    }
    expect(new Set(indexes).size).toBe(6)
  })

  it('overwrites the oldest when full', () => {
    const replay = replayOf(11, 8)
    expect(replay.count).toBe(8)
    expect([...replay.columns.userRow]).toEqual([8, 9, 10, 3, 4, 5, 6, 7])
    expect([...draw(replay, 300, 1).batch.userRow].every((number) => number >= 3)).toBe(true)
  })

  it('never draws a place that has not been filled', () => {
    expect(new Set(draw(replayOf(3, 64), 300, 1).indexes)).toEqual(new Set([0, 1, 2]))
  })

  it('draws by (|TD error| + 0.001)^alpha, with weights (N P)^-beta over the largest of the batch', () => {
    const replay = replayOf(4, 8, 0.5)
    replay.setPriorities(Int32Array.of(0, 1, 2, 3), Float32Array.of(0.999, -3.999, 8.999, 0))
    // Roots of 1, 4, 9, 0.001.
    const p = [1, 2, 3, Math.sqrt(0.001)]
    const total = p.reduce((sum, x) => sum + x, 0)
    const { indexes, weights } = draw(replay, 20_000, 0.7)
    const counts = [0, 0, 0, 0]
    for (const index of indexes) counts[index]!++
    expect(
      chiSquare(
        counts,
        p.map((x) => (20_000 * x) / total),
      ),
    ).toBeLessThan(16.3)
    const raw = p.map((x) => ((4 * x) / total) ** -0.7)
    const largest = Math.max(...raw.filter((_, index) => counts[index]! > 0))
    indexes.forEach((index, i) => expect(weights[i]).toBeCloseTo(raw[index]! / largest, 5))
  })

  it('weighs everything the same for beta 0 or alpha 0', () => {
    const replay = replayOf(4)
    replay.setPriorities(Int32Array.of(0, 1, 2, 3), Float32Array.of(1, 2, 3, 4))
    expect(new Set(draw(replay, 50, 0).weights)).toEqual(new Set([1]))
    const uniform = replayOf(4, 8, 0)
    uniform.setPriorities(Int32Array.of(0, 1, 2, 3), Float32Array.of(1, 2, 3, 400))
    const { indexes, weights } = draw(uniform, 8000, 1)
    expect(new Set(weights)).toEqual(new Set([1]))
    const counts = [0, 0, 0, 0]
    for (const index of indexes) counts[index]!++
    expect(chiSquare(counts, [2000, 2000, 2000, 2000])).toBeLessThan(16.3)
  })

  it('adds newcomers with the largest priority seen, so that each is soon looked at', () => {
    const replay = replayOf(3, 8, 1)
    replay.setPriorities(Int32Array.of(0, 1, 2), Float32Array.of(9.999, 0, 0))
    replay.add(transition(3))
    replay.setPriorities(Int32Array.of(0), Float32Array.of(0))
    const priorities = (decodeState(encodeState(replay.save()))['priorities'] as Float64Array).slice()
    expect(priorities[3]).toBeCloseTo(10, 4)
    expect(priorities[0]).toBeCloseTo(0.001, 8)
  })

  describe('a transition that stands for several copies', () => {
    const copies = 5
    const tdErrors = [0.4, 2, 0.7, 3]
    /** Transitions 2 and 3 five times over: by one row each, or by rows of their own. */
    const replays = (alpha: number) => {
      const standing = replayOf(2, 16, alpha)
      for (const number of [2, 3]) standing.add(transition(number), copies)
      const repeated = replayOf(2, 16, alpha)
      for (const number of [2, 3]) for (let copy = 0; copy < copies; copy++) repeated.add(transition(number))
      return { standing, repeated }
    }
    const heard = ({ standing, repeated }: ReturnType<typeof replays>) => {
      standing.setPriorities(Int32Array.of(0, 1, 2, 3), Float32Array.from(tdErrors))
      const numbers = [...repeated.columns.userRow.subarray(0, repeated.count)]
      repeated.setPriorities(
        Int32Array.from(numbers, (_, at) => at),
        Float32Array.from(numbers, (number) => tdErrors[number]!),
      )
    }

    it.each([
      ['new', () => undefined],
      ['learnt from', heard],
    ])('is drawn as often as these together, and each draw weighs as much, when it is %s', (_, before) => {
      const both = replays(0.6)
      before(both)
      const drawn = [both.standing, both.repeated].map((replay) => {
        const { batch, weights } = draw(replay, 20_000, 0.7)
        const counts = [0, 0, 0, 0]
        const weightOf = [0, 0, 0, 0]
        batch.userRow.forEach((number, i) => {
          counts[number]!++
          weightOf[number] = weights[i]!
        })
        return { counts, weightOf }
      })
      const [standing, repeated] = drawn
      standing!.weightOf.forEach((weight, number) => expect(weight).toBeCloseTo(repeated!.weightOf[number]!, 6))
      // The draws are the same numbers, and the rows stand in the same order: only rounding at a boundary could differ.
      standing!.counts.forEach((count, number) => expect(Math.abs(count - repeated!.counts[number]!)).toBeLessThan(3))
      expect(standing!.counts[2]).toBeGreaterThan(2 * standing!.counts[0]!)
    })

    it('counts no more once it was overwritten or forgotten', () => {
      const replay = replayOf(2, 4)
      replay.add(transition(2), copies)
      for (let number = 3; number < 7; number++) replay.add(transition(number))
      const plain = replayOf(7, 4)
      expect(draw(replay, 50, 1)).toEqual(draw(plain, 50, 1))
      replay.clear()
      replay.add(transition(0))
      expect(replay.save()).toEqual(replayOf(1, 4).save())
    })

    it('leaves nothing in what is saved where there is none', () => {
      expect(Object.keys(replayOf(3).save())).toEqual(['next', 'count', 'largest', 'priorities', 'columns'])
    })
  })

  it('goes on identically after save and restore, also when it has wrapped around', () => {
    for (const [count, copies] of [[5], [11], [5, 4], [11, 4]] as const) {
      const replay = replayOf(count)
      replay.add(transition(19), copies)
      replay.setPriorities(Int32Array.of(1, 2), Float32Array.of(5, 0.1))
      const copy = replayOf(2)
      copy.restore(decodeState(encodeState(replay.save())))
      for (let round = 0; round < 3; round++) {
        for (const one of [replay, copy]) one.add(transition(20 + round))
        const [a, b] = [draw(replay, 30, 0.5), draw(copy, 30, 0.5)]
        expect(b).toEqual(a)
        replay.setPriorities(a.indexes, a.batch.reward)
        copy.setPriorities(b.indexes, b.batch.reward)
      }
    }
  })
})
