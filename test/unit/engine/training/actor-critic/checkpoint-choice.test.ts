import { describe, expect, it } from 'vitest'
import { decodeState, encodeState } from '../../../../../src-main/engine/core/state-codec.ts'
import { CheckpointChoice } from '../../../../../src-main/engine/training/actor-critic/checkpoint-choice.ts'

const weights = (number: number) => Float32Array.of(number)
const values = (...numbers: number[]) => Float64Array.from(numbers)

describe('the choice among checkpoints', () => {
  it('starts with the untrained actor and keeps it against what is not better', () => {
    const choice = new CheckpointChoice()
    expect(choice.update).toBe(-1)
    expect(choice.offer(0, weights(0), values(0.5, 0.6))).toBe(true)
    expect(choice.offer(10, weights(1), values(0.5, 0.6))).toBe(false)
    expect(choice.offer(20, weights(2), values(0.4, 0.6))).toBe(false)
    expect([choice.update, choice.weights[0]]).toEqual([0, 0])
  })

  it('asks for more than one standard error of the paired differences from the first', () => {
    // Differences .1, -.05, .02, .01: mean .02, standard error .0268.
    const noisy = new CheckpointChoice()
    noisy.offer(0, weights(0), values(0.5, 0.5, 0.5, 0.5))
    expect(noisy.offer(10, weights(1), values(0.6, 0.45, 0.52, 0.51))).toBe(false)
    // Differences .03, .01, .02, .02: the same mean, standard error .0035.
    const clear = new CheckpointChoice()
    clear.offer(0, weights(0), values(0.5, 0.5, 0.5, 0.5))
    expect(clear.offer(10, weights(1), values(0.53, 0.51, 0.52, 0.52))).toBe(true)
  })

  it('then takes the highest mean, not the latest', () => {
    const choice = new CheckpointChoice()
    choice.offer(0, weights(0), values(0.5, 0.5))
    expect(choice.offer(10, weights(1), values(0.7, 0.71))).toBe(true)
    expect(choice.offer(20, weights(2), values(0.6, 0.61))).toBe(false)
    expect(choice.offer(30, weights(3), values(0.72, 0.7))).toBe(true)
    expect([choice.update, choice.weights[0]]).toEqual([30, 3])
  })

  it('keeps a copy: weights that go on learning do not change what was chosen', () => {
    const choice = new CheckpointChoice()
    const live = weights(1)
    choice.offer(0, live, values(0.5))
    live[0] = 9
    expect(choice.weights[0]).toBe(1)
  })

  it('takes the latest where no user is held out: nothing speaks against it', () => {
    const choice = new CheckpointChoice()
    for (const update of [0, 10, 20]) expect(choice.offer(update, weights(update), values())).toBe(true)
    expect([choice.update, choice.weights[0]]).toEqual([20, 20])
  })

  it('goes on the same after save and restore, also before the first offer', () => {
    for (const offered of [0, 1, 2]) {
      const choice = new CheckpointChoice()
      const copy = new CheckpointChoice()
      const all = [values(0.5, 0.5), values(0.6, 0.61), values(0.55, 0.56), values(0.7, 0.7)]
      all.slice(0, offered).forEach((value, i) => choice.offer(10 * i, weights(i), value))
      copy.restore(decodeState(encodeState(choice.save())))
      all.slice(offered).forEach((value, i) => {
        const at = 10 * (i + offered)
        expect(copy.offer(at, weights(at), value)).toBe(choice.offer(at, weights(at), value))
      })
      expect([copy.update, copy.weights]).toEqual([choice.update, choice.weights])
    }
  })
})
