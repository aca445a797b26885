import { describe, expect, it } from 'vitest'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import type { Executor } from '../../../../src-main/engine/compute/types.ts'
import { createReferenceData } from '../../../../src-main/engine/training/reference-step/reference-data.ts'
import { createReferenceStep } from '../../../../src-main/engine/training/reference-step/reference-step.ts'

const small = { k: 8, batch: 16, seed: 3 }

describe('the reference step', () => {
  it('learns: with one and the same reward everywhere the loss of the critic falls below a tenth', () => {
    const data = createReferenceData(small.k, small.seed)
    data.rewards.fill(1)
    const reference = createReferenceStep(plainExecutor, { ...small, data })
    reference.step()
    const first = reference.criticLoss()
    expect(first).toBeGreaterThan(0.1)
    for (let update = 1; update < 150; update++) reference.step()
    expect(reference.criticLoss()).toBeLessThan(first / 10)
    // Earning 1 for ever is worth more than nothing, and the actor's loss is minus the value.
    expect(reference.actorLoss()).toBeLessThan(-0.5)
  })

  it('does the work that its name stands for: 542 MFLOP at k = 100 and a batch of 64', () => {
    const { flops, parameters } = createReferenceStep(plainExecutor, { k: 100, batch: 64, seed: 1 })
    expect(Math.round(flops / 1e6)).toBe(542)
    expect(parameters.actor.values.length).toBe(2 * (200 * 64 + 64 + 64 + 300 * 256 + 256 + 256 * 256 + 256 + 256 * 100 + 100))
    expect(parameters.critic.values.length).toBe(700 * 512 + 512 + 512 * 256 + 256 + 256 + 1)
  })

  it('is the same for the same seed, and another for another', () => {
    const after = (seed: number) => {
      const reference = createReferenceStep(plainExecutor, { ...small, seed })
      for (let update = 0; update < 3; update++) reference.step()
      return { loss: reference.criticLoss(), item: reference.actedItem(), weights: reference.parameters.actor.values.slice() }
    }
    expect(after(1)).toEqual(after(1))
    expect(after(1).loss).not.toBe(after(2).loss)
  })

  it('takes all memory when it is made and none in a step', () => {
    let taken = 0
    const { memory } = plainExecutor
    const counting: Executor = {
      ...plainExecutor,
      memory: {
        floats: (size) => (taken++, memory.floats(size)),
        ints: (size) => (taken++, memory.ints(size)),
      },
    }
    const reference = createReferenceStep(counting, small)
    expect(taken).toBeGreaterThan(0)
    taken = 0
    for (let update = 0; update < 3; update++) reference.step()
    expect(taken).toBe(0)
  })
})
