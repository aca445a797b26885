import { afterAll, describe, expect, test } from 'vitest'
import type { MfProblem, SvdppProblem } from '../../../../src-main/engine/compute/factorisation.types.ts'
import { createKernelExecutor } from '../../../../src-main/engine/compute/kernels/kernel-executor.ts'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import { GraphError } from '../../../../src-main/engine/compute/types.ts'
import { Rng } from '../../../../src-main/engine/core/rng.ts'
import { createKernelRuntime } from '../../../../src-main/services/compute/kernel-runtime.ts'
import { expectClose, expectSameBits } from './support/compare.ts'
import {
  changedArrays,
  inMemory,
  korensEpoch,
  randomMf,
  randomSvdpp,
  ratingsOf,
  shuffled,
} from './support/factorisation-problems.ts'

const relaxed = createKernelRuntime({ features: 'relaxed SIMD' })
const simd = createKernelRuntime({ features: 'SIMD' })
afterAll(() => Promise.all([relaxed.close(), simd.close()]))

const kernels = [
  { name: 'the kernels with relaxed SIMD', executor: createKernelExecutor(relaxed) },
  { name: 'the kernels with SIMD', executor: createKernelExecutor(simd) },
]
const all = [{ name: 'plain JavaScript', executor: plainExecutor }, ...kernels]
const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 23, 37, 100]

describe.each(all)('$name', ({ executor: { factorisation, memory } }) => {
  test('moves factors and biases after one rating as reckoned by hand', () => {
    const { problem } = inMemory(memory, {
      size: 2,
      users: Float32Array.of(9, 9, 1, 2),
      items: Float32Array.of(3, -1),
      userBias: Float32Array.of(9, 0.5),
      itemBias: Float32Array.of(-0.25),
      userIds: Int32Array.of(1),
      itemIds: Int32Array.of(0),
      ratings: Float32Array.of(5),
      mean: 3,
      learningRate: 0.1,
      lambda: 0.5,
    })
    // 5 - 3 - .5 + .25 - (1 x 3 - 2 x 1) = .75
    expect(factorisation.mfEpoch(problem)).toBeCloseTo(0.5625, 6)
    expectClose(problem.users, [9, 9, 1.175, 1.825], 'users', 1e-6)
    expectClose(problem.items, [2.925, -0.8], 'items', 1e-6)
    expectClose(problem.userBias!, [9, 0.55], 'user biases', 1e-6)
    expectClose(problem.itemBias!, [-0.1625], 'item biases', 1e-6)
  })

  test('moves implicit factors too in SVD++, and by the old item factors', () => {
    const { problem } = inMemory(memory, {
      size: 2,
      users: Float32Array.of(1, 1),
      items: Float32Array.of(2, -1),
      implicit: Float32Array.of(0, 1),
      userBias: null,
      itemBias: null,
      userStart: Int32Array.of(0, 1),
      itemIds: Int32Array.of(0),
      ratings: Float32Array.of(4),
      mean: 3,
      learningRate: 0.1,
      lambda: 0.5,
    })
    // 4 - 3 - ((1 + 0) x 2 - (1 + 1) x 1) = 1
    expect(factorisation.svdppEpoch(problem)).toBeCloseTo(1, 6)
    expectClose(problem.users, [1.15, 0.85], 'users', 1e-6)
    expectClose(problem.items, [2, -0.75], 'items', 1e-6)
    expectClose(problem.implicit, [0.2, 0.85], 'implicit factors', 1e-6)
  })

  test.each([1, 3, 8, 10])('gives with k %i what Koren gets by moving every implicit factor after every rating', (size) => {
    const { problem } = inMemory(memory, randomSvdpp({ size, biased: true, seed: 5 }))
    const expected = randomSvdpp({ size, biased: true, seed: 5 })
    const squares = korensEpoch(expected)
    expectClose([factorisation.svdppEpoch(problem)], [squares], 'squares')
    for (const [name, values] of changedArrays(expected)) expectClose(changedArrays(problem).get(name)!, values, name)
  })

  test('recovers a matrix of rank 2', () => {
    const { problem } = inMemory(
      memory,
      ratingsOf((user, item) => user.a * item.a + user.b * item.b, { size: 2, biased: false }),
    )
    expect(rmseAfter(300, problem, factorisation.mfEpoch)).toBeLessThan(0.05)
  })

  test('needs biases for what users and items have of their own', () => {
    const own = (biased: boolean): MfProblem =>
      inMemory(
        memory,
        ratingsOf((user, item) => 3 + user.a + item.a + 0.5 * user.b * item.b, { size: 1, biased }),
      ).problem
    expect(rmseAfter(300, own(true), factorisation.mfEpoch)).toBeLessThan(0.05)
    expect(rmseAfter(300, own(false), factorisation.mfEpoch)).toBeGreaterThan(0.2)
  })

  test('learns by SVD++ too', () => {
    const given = randomSvdpp({ size: 6, biased: true, seed: 9 })
    const { problem } = inMemory(memory, { ...given, learningRate: 0.02, lambda: 0 })
    const first = factorisation.svdppEpoch(problem)
    let last = first
    for (let epoch = 0; epoch < 300; epoch++) last = factorisation.svdppEpoch(problem)
    expect(Math.sqrt(last / problem.ratings.length)).toBeLessThan(0.05)
    expect(first).toBeGreaterThan(100 * last)
  })

  test('computes no NaN without a penalty, for a user without ratings, or for no rating at all', () => {
    const mf = inMemory(memory, { ...randomMf({ size: 5, biased: true, seed: 1 }), lambda: 0 }).problem
    const svdpp = inMemory(memory, { ...randomSvdpp({ size: 5, biased: true, seed: 1 }), lambda: 0 }).problem
    expect(svdpp.userStart[1], 'the first user has no rating').toBe(0)
    for (let epoch = 0; epoch < 20; epoch++) {
      expect(factorisation.mfEpoch(mf)).toBeGreaterThan(0)
      expect(factorisation.svdppEpoch(svdpp)).toBeGreaterThan(0)
    }
    for (const values of [...changedArrays(mf).values(), ...changedArrays(svdpp).values()]) {
      expect(values.every(Number.isFinite)).toBe(true)
    }
    const none = { itemIds: memory.ints(0), ratings: memory.floats(0) }
    expect(factorisation.mfEpoch({ ...mf, ...none, userIds: memory.ints(0) })).toBe(0)
    expect(factorisation.svdppEpoch({ ...svdpp, ...none, userStart: memory.ints(svdpp.userStart.length) })).toBe(0)
  })

  test('names an id that is out of range and its position, and changes nothing', () => {
    const given = inMemory(memory, randomMf({ size: 3, biased: false, seed: 2 })).problem
    const before = given.users.slice()
    given.userIds[7] = 6
    expect(() => factorisation.mfEpoch(given)).toThrow(
      new GraphError('mfEpoch was given the user 6 at position 7; allowed are 0 to 5.'),
    )
    given.userIds[7] = 0
    given.itemIds[199] = -1
    expect(() => factorisation.mfEpoch(given)).toThrow(
      new GraphError('mfEpoch was given the item -1 at position 199; allowed are 0 to 8.'),
    )
    expectSameBits(given.users, before, 'users')
    const svdpp = inMemory(memory, randomSvdpp({ size: 3, biased: false, seed: 2 })).problem
    svdpp.itemIds[0] = 9
    expect(() => factorisation.svdppEpoch(svdpp)).toThrow(
      new GraphError('svdppEpoch was given the item 9 at position 0; allowed are 0 to 8.'),
    )
  })

  test.each([
    { starts: [1, 2, 2], message: 'svdppEpoch was given the start 1 at position 0 of "userStart"; allowed are 0 to 0.' },
    { starts: [0, 3, 2], message: 'svdppEpoch was given the start 3 at position 1 of "userStart"; allowed are 0 to 2.' },
    { starts: [0, 1, 0], message: 'svdppEpoch was given the start 0 at position 2 of "userStart"; allowed are 1 to 2.' },
    { starts: [0, 1, 1], message: 'svdppEpoch: "userStart" ends at 1, but there are 2 ratings.' },
    { starts: [0, 2], message: 'svdppEpoch: "userStart" has 2 values and should have 3.' },
  ])('refuses users that begin at $starts among two ratings', ({ starts, message }) => {
    const { problem } = inMemory(memory, {
      ...randomSvdpp({ size: 2, biased: false, seed: 3 }),
      users: new Float32Array(4),
      userStart: Int32Array.from(starts),
      itemIds: Int32Array.of(0, 1),
      ratings: Float32Array.of(3, 4),
    })
    expect(() => factorisation.svdppEpoch(problem)).toThrow(new GraphError(message))
  })

  test('refuses arrays whose lengths do not agree', () => {
    const given = randomMf({ size: 4, biased: true, seed: 4 })
    const refused = (change: Partial<MfProblem>) => expect(() => factorisation.mfEpoch({ ...given, ...change }))
    refused({ size: 0 }).toThrow('mfEpoch: the size must be a whole number from 1 on, not 0.')
    refused({ users: new Float32Array(23) }).toThrow('mfEpoch: "users" has 23 values, which are no whole rows of 4.')
    refused({ userBias: new Float32Array(5) }).toThrow('mfEpoch: "userBias" has 5 values and should have 6.')
    refused({ itemBias: new Float32Array(8) }).toThrow('mfEpoch: "itemBias" has 8 values and should have 9.')
    refused({ userIds: new Int32Array(199) }).toThrow('mfEpoch: "userIds" has 199 values and should have 200.')
    refused({ itemIds: new Int32Array(201) }).toThrow('mfEpoch: "itemIds" has 201 values and should have 200.')
  })
})

describe.each(kernels)('$name', ({ executor: { factorisation, memory } }) => {
  describe.each([{ biased: true }, { biased: false }])('biased: $biased', ({ biased }) => {
    test.each(sizes)('give the numbers of plain JavaScript with k %i, and touch nothing beside the arrays', (size) => {
      for (const given of [randomMf({ size, biased, seed: size }), randomSvdpp({ size, biased, seed: size })]) {
        const { problem, expectGuardsWhole } = inMemory(memory, given)
        const squares = epochOf(plainExecutor.factorisation, given)
        expectClose([epochOf(factorisation, problem)], [squares], 'squares')
        for (const [name, values] of changedArrays(given)) expectClose(changedArrays(problem).get(name)!, values, name)
        expectGuardsWhole()
      }
    })
  })

  test('leave a problem with an array elsewhere to plain JavaScript', () => {
    for (const given of [randomMf({ size: 7, biased: true, seed: 8 }), randomSvdpp({ size: 7, biased: true, seed: 8 })]) {
      const { problem } = inMemory(memory, given)
      epochOf(factorisation, { ...problem, ratings: given.ratings })
      epochOf(plainExecutor.factorisation, given)
      for (const [name, values] of changedArrays(given)) expectSameBits(changedArrays(problem).get(name)!, values, name)
    }
  })

  test('take no memory for an epoch whose rows are no longer than any before', () => {
    const { problem } = inMemory(memory, randomSvdpp({ size: 100, biased: true, seed: 1 }))
    factorisation.svdppEpoch(problem)
    const before = memory.floats(16).byteOffset
    for (let epoch = 0; epoch < 3; epoch++) factorisation.svdppEpoch(problem)
    expect(memory.floats(16).byteOffset).toBe(before + 64)
  })
})

function epochOf(of: typeof plainExecutor.factorisation, problem: MfProblem | SvdppProblem): number {
  return 'userIds' in problem ? of.mfEpoch(problem) : of.svdppEpoch(problem)
}

/** Of the last epoch, each rating's error before its own step; the ratings are shuffled before each epoch. */
function rmseAfter(epochs: number, problem: MfProblem, epoch: (problem: MfProblem) => number): number {
  const rng = Rng.stream(1, 'order')
  let squares = 0
  for (let index = 0; index < epochs; index++) {
    shuffled(problem, rng)
    squares = epoch(problem)
  }
  return Math.sqrt(squares / problem.ratings.length)
}
