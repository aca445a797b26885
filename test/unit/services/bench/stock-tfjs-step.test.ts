import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import { createReferenceStep } from '../../../../src-main/engine/training/reference-step/reference-step.ts'
import { createStockStep } from '../../../../src-main/services/bench/stock-tfjs-step.ts'
import { registerTfjsGradients } from '../../../../src-main/services/bench/tfjs-gradients.ts'

const work = { k: 12, batch: 16, seed: 5 }

beforeAll(async () => {
  tf.env().set('IS_TEST', true)
  await registerTfjsGradients()
  await tf.setBackend('wasm')
})

/** The largest number of `ours` and the largest difference, both without sign. */
function compare(ours: Float32Array, other: Float32Array): { largest: number; worst: number } {
  let largest = 0
  let worst = 0
  for (let index = 0; index < ours.length; index++) {
    largest = Math.max(largest, Math.abs(ours[index]!))
    worst = Math.max(worst, Math.abs(ours[index]! - other[index]!))
  }
  return { largest, worst }
}

describe('stock TensorFlow.js as a yardstick', () => {
  it('does the same work: the gradients of the first step are those of the reference step', () => {
    const reference = createReferenceStep(plainExecutor, work)
    reference.step()
    const theirs = new Map<string, Float32Array>()
    const stock = createStockStep({
      ...work,
      watch(gradients) {
        for (const [name, gradient] of Object.entries(gradients)) theirs.set(name, gradient.dataSync().slice() as Float32Array)
      },
    })
    stock.step()
    stock.dispose()
    for (const arena of [reference.gradients.actor, reference.gradients.critic]) {
      for (const { name } of arena.entries) {
        if (name.endsWith('.itemWeight')) continue
        const ours = name.endsWith('.userWeight')
          ? Float32Array.of(...arena.view(name), ...arena.view(name.replace('.userWeight', '.itemWeight')))
          : arena.view(name)
        const other = theirs.get(name.replace('.userWeight', '.weight'))!
        expect(other.length, name).toBe(ours.length)
        const { largest, worst } = compare(ours, other)
        expect(largest, `${name} gets a gradient`).toBeGreaterThan(0)
        expect(worst / largest, name).toBeLessThan(1e-4)
      }
    }
  })

  it('learns as the reference step does: the losses agree for ten updates', () => {
    const reference = createReferenceStep(plainExecutor, work)
    const stock = createStockStep(work)
    for (let update = 0; update < 10; update++) {
      reference.step()
      stock.step()
      expect(Math.abs(stock.criticLoss() / reference.criticLoss() - 1)).toBeLessThan(1e-3)
    }
    stock.dispose()
  })

  it('frees what it takes', () => {
    const before = tf.memory().numTensors
    const stock = createStockStep(work)
    stock.step()
    const afterOne = tf.memory().numTensors
    for (let update = 0; update < 3; update++) stock.step()
    expect(tf.memory().numTensors).toBe(afterOne)
    stock.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})
