import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { createArena } from '../../../../src-main/engine/compute/arena.ts'
import { firstNonFinite } from '../../../../src-main/engine/compute/finite.ts'
import { createAdagrad } from '../../../../src-main/engine/compute/optimisers/adagrad.ts'
import { createAdam } from '../../../../src-main/engine/compute/optimisers/adam.ts'
import { clipGlobalNorm, globalNorm } from '../../../../src-main/engine/compute/optimisers/clipping.ts'
import type { Optimiser } from '../../../../src-main/engine/compute/optimisers/optimiser.types.ts'
import { createRmsprop } from '../../../../src-main/engine/compute/optimisers/rmsprop.ts'
import { createSgd } from '../../../../src-main/engine/compute/optimisers/sgd.ts'
import { softUpdate } from '../../../../src-main/engine/compute/optimisers/soft-update.ts'
import type { ParameterArena, ParameterSpec } from '../../../../src-main/engine/compute/types.ts'
import { Rng } from '../../../../src-main/engine/core/rng.ts'
import { expectClose, randomValues } from './support/compare.ts'
import './support/tfjs-oracle.ts'

const specs: ParameterSpec[] = [
  { name: 'w', shape: [3, 4], initial: { kind: 'xavier-uniform' } },
  { name: 'b', shape: [4], initial: { kind: 'zeros' } },
]

function filled(seed: number): ParameterArena {
  const arena = createArena(specs)
  arena.values.set(randomValues(arena.values.length, Rng.stream(seed, 'values')))
  return arena
}

describe('an arena', () => {
  test('is one flat array with a lasting view for each name', () => {
    const arena = createArena(specs)
    expect(arena.entries.map(({ name, offset, size }) => ({ name, offset, size }))).toEqual([
      { name: 'w', offset: 0, size: 12 },
      { name: 'b', offset: 12, size: 4 },
    ])
    arena.values[13] = 7
    expect([...arena.view('b')]).toEqual([0, 7, 0, 0])
    expect(arena.view('b')).toBe(arena.view('b'))
    expect(() => arena.view('c')).toThrow('The arena holds no parameter "c". It holds w, b.')
    expect(() => createArena([specs[0]!, specs[0]!])).toThrow('An arena cannot hold two parameters named "w".')
  })

  test('clones under a prefix without sharing values', () => {
    const arena = filled(1)
    const target = arena.clone('target.')
    expect(target.entries.map((entry) => entry.name)).toEqual(['target.w', 'target.b'])
    expect(target.values).toEqual(arena.values)
    arena.values.fill(0)
    expect(target.values).not.toEqual(arena.values)
    arena.copyFrom(target)
    expect(target.values).toEqual(arena.values)
    expect(() => arena.copyFrom(createArena([specs[1]!]))).toThrow(
      'Two arenas of different layouts cannot be combined: [3, 4] [4] and [4].',
    )
  })

  test('draws its initial values within the stated bounds, the same for the same seed', () => {
    const big: ParameterSpec[] = [
      { name: 'xavier', shape: [100, 50], initial: { kind: 'xavier-uniform', scale: 0.1 } },
      { name: 'he', shape: [100, 50], initial: { kind: 'he-normal' } },
      { name: 'flat', shape: [50], initial: { kind: 'constant', value: 3 } },
      { name: 'uniform', shape: [2000], initial: { kind: 'uniform', limit: 0.25 } },
      { name: 'normal', shape: [5000], initial: { kind: 'normal', deviation: 2 } },
    ]
    const draw = (seed: number): ParameterArena => {
      const arena = createArena(big)
      arena.initialise(Rng.stream(seed, 'init'))
      return arena
    }
    const arena = draw(1)
    const deviation = (name: string): number => {
      const values = arena.view(name)
      return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
    }
    const limit = 0.1 * Math.sqrt(6 / 150)
    expect(Math.max(...arena.view('xavier').map(Math.abs))).toBeLessThanOrEqual(Math.fround(limit))
    expect(deviation('xavier')).toBeCloseTo(limit / Math.sqrt(3), 3)
    expect(deviation('he') / Math.sqrt(2 / 100)).toBeCloseTo(1, 1)
    expect(new Set(arena.view('flat'))).toEqual(new Set([3]))
    expect(deviation('uniform') / (0.25 / Math.sqrt(3))).toBeCloseTo(1, 1)
    expect(deviation('normal') / 2).toBeCloseTo(1, 1)
    expect(draw(1).values).toEqual(arena.values)
    expect(draw(2).values).not.toEqual(arena.values)
  })
})

describe('optimisers', () => {
  function follow(optimiser: (arena: ParameterArena) => Optimiser, reference: tf.Optimizer): void {
    const arena = filled(2)
    const ours = optimiser(arena)
    const theirs = tf.variable(tf.tensor1d(arena.values.slice()), true, 'w')
    for (let update = 0; update < 20; update++) {
      const gradients = filled(100 + update)
      ours.update(arena, gradients)
      reference.applyGradients({ w: tf.tensor1d(gradients.values) })
    }
    expectClose(arena.values, theirs.dataSync(), 'parameters after 20 updates')
    theirs.dispose()
  }

  test('Adam moves as the Adam of TensorFlow.js', () => {
    follow((arena) => createAdam(arena, { learningRate: 0.01 }), tf.train.adam(0.01, 0.9, 0.999, 1e-8))
  })

  test('SGD with momentum moves as that of TensorFlow.js', () => {
    follow((arena) => createSgd(arena, { learningRate: 0.01, momentum: 0.9 }), tf.train.momentum(0.01, 0.9))
  })

  test('Adagrad moves as written out by hand', () => {
    const arena = filled(2)
    const expected = Float64Array.from(arena.values)
    const sums = new Float64Array(expected.length)
    const adagrad = createAdagrad(arena, { learningRate: 0.1 })
    for (let update = 0; update < 20; update++) {
      const gradients = filled(100 + update)
      adagrad.update(arena, gradients)
      gradients.values.forEach((g, i) => {
        sums[i]! += g * g
        expected[i]! -= (0.1 * g) / (Math.sqrt(sums[i]!) + 1e-8)
      })
    }
    expectClose(arena.values, expected, 'parameters after 20 updates', 1e-5)
  })

  test('the first update of Adagrad has the size of the learning rate, whatever the gradient', () => {
    const arena = filled(2)
    const before = arena.values.slice()
    createAdagrad(arena, { learningRate: 0.1 }).update(arena, filled(3))
    expectClose(
      arena.values.map((value, i) => Math.abs(value - before[i]!)),
      before.map(() => 0.1),
      'moves',
      1e-4,
    )
  })

  test('RMSProp moves as written out by hand', () => {
    const arena = filled(2)
    const expected = Float64Array.from(arena.values)
    const squares = new Float64Array(expected.length)
    const rmsprop = createRmsprop(arena, { learningRate: 0.01, decay: 0.8 })
    for (let update = 0; update < 20; update++) {
      const gradients = filled(100 + update)
      rmsprop.update(arena, gradients)
      gradients.values.forEach((g, i) => {
        squares[i] = 0.8 * squares[i]! + (1 - 0.8) * g * g
        expected[i]! -= (0.01 * g) / (Math.sqrt(squares[i]!) + 1e-8)
      })
    }
    expectClose(arena.values, expected, 'parameters after 20 updates', 1e-5)
  })

  test.each<[string, (arena: ParameterArena, l2: number) => Optimiser]>([
    ['Adam', (arena, l2) => createAdam(arena, { learningRate: 0.01, l2 })],
    ['SGD', (arena, l2) => createSgd(arena, { learningRate: 0.01, momentum: 0.5, l2 })],
    ['Adagrad', (arena, l2) => createAdagrad(arena, { learningRate: 0.01, l2 })],
    ['RMSProp', (arena, l2) => createRmsprop(arena, { learningRate: 0.01, l2 })],
  ])('the L2 penalty of %s joins the gradient', (_name, create) => {
    const penalised = filled(3)
    const explicit = filled(3)
    const [first, second] = [create(penalised, 0.1), create(explicit, 0)]
    for (let update = 0; update < 5; update++) {
      const gradients = filled(50 + update)
      const sum = gradients.clone()
      for (let index = 0; index < sum.values.length; index++)
        sum.values[index] = gradients.values[index]! + 0.1 * explicit.values[index]!
      first.update(penalised, gradients)
      second.update(explicit, sum)
    }
    expectClose(penalised.values, explicit.values, 'parameters', 1e-5)
  })

  test.each<[string, (arena: ParameterArena) => Optimiser]>([
    ['Adam', (arena) => createAdam(arena, { learningRate: 0.01 })],
    ['SGD', (arena) => createSgd(arena, { learningRate: 0.01, momentum: 0.9 })],
    ['Adagrad', (arena) => createAdagrad(arena, { learningRate: 0.01 })],
    ['RMSProp', (arena) => createRmsprop(arena, { learningRate: 0.01 })],
  ])('%s goes on from a saved state with the same bits', (_name, create) => {
    const arena = filled(4)
    const optimiser = create(arena)
    for (let update = 0; update < 3; update++) optimiser.update(arena, filled(update))
    const saved = optimiser.save()
    const resumed = arena.clone()
    const other = create(resumed)
    other.restore(saved)
    for (let update = 3; update < 6; update++) {
      optimiser.update(arena, filled(update))
      other.update(resumed, filled(update))
    }
    expect(resumed.values).toEqual(arena.values)
    expect(other.save().updates).toBe(6)
  })

  test('refuse values of another size', () => {
    const optimiser = createAdam(filled(1), { learningRate: 0.01 })
    const small = createArena([specs[1]!])
    expect(() => optimiser.update(filled(1), small)).toThrow(
      'An optimiser made for 16 values was given 16 parameters and 4 gradients.',
    )
    expect(() => optimiser.restore({ updates: 1, slots: { mean: new Float32Array(4) } })).toThrow(
      'The saved optimiser state has 4 values for "mean" where 16 are needed.',
    )
  })
})

describe('passes over whole arenas', () => {
  test('a soft update goes the tau-th part of the way', () => {
    const [target, source] = [filled(5).clone('target.'), filled(6)]
    const before = target.values.slice()
    softUpdate(target, source, 0.25)
    expectClose(
      target.values,
      before.map((value, index) => 0.75 * value + 0.25 * source.values[index]!),
      'target',
      1e-6,
    )
    softUpdate(target, source, 1)
    expectClose(target.values, source.values, 'copy', 1e-6)
    expect(() => softUpdate(target, createArena([specs[1]!]), 0.1)).toThrow('Two arenas of different layouts cannot be combined')
  })

  test('the norm is taken over all arenas together and clipped only above the limit', () => {
    const [a, b] = [createArena([specs[1]!]), createArena([specs[1]!])]
    a.values.set([3, 0, 0, 0])
    b.values.set([0, 4, 0, 0])
    expect(globalNorm([a, b])).toBe(5)
    expect(clipGlobalNorm([a, b], 6)).toBe(5)
    expect([...a.values]).toEqual([3, 0, 0, 0])
    expect(clipGlobalNorm([a, b], 2.5)).toBe(5)
    expect([...a.values, ...b.values]).toEqual([1.5, 0, 0, 0, 0, 2, 0, 0])
    a.values[2] = Infinity
    expect(clipGlobalNorm([a, b], 1)).toBe(Infinity)
    expect([...b.values]).toEqual([0, 2, 0, 0])
  })

  test('the first tensor that is not finite is named', () => {
    const arena = filled(7)
    expect(firstNonFinite(arena)).toBeNull()
    arena.view('b')[3] = NaN
    expect(firstNonFinite(arena)).toBe('b')
    arena.view('w')[0] = -Infinity
    expect(firstNonFinite(arena)).toBe('w')
  })
})
