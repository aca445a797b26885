import { describe, expect, it } from 'vitest'
import { plainExecutor } from '../../../../../src-main/engine/compute/plain/plain-executor.ts'
import { readNumber, readTree } from '../../../../../src-main/engine/core/state-codec.ts'
import { plainBase } from '../../../../../src-main/engine/factorisation/linear-base.ts'
import { ActorCriticTraining, dealUsers } from '../../../../../src-main/engine/training/actor-critic/actor-critic-training.ts'
import { TrainingEpisodes } from '../../../../../src-main/engine/training/actor-critic/environment.ts'
import { UpdateSchedule } from '../../../../../src-main/engine/training/actor-critic/update-schedule.ts'
import { recipeOf, tinyAgent, tinyWorld } from '../../../../support/tiny-agent.ts'

/** Updates after each of some steps of all environments together. */
function updatesAfterEach(schedule: UpdateSchedule, steps: number, environments: number): number[] {
  return Array.from({ length: steps }, () => {
    let updates = 0
    for (schedule.stepped(environments); schedule.due; schedule.updated()) updates++
    return updates
  })
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

describe('the schedule of updates', () => {
  it('makes two updates after each step of eight environments at a quarter of an update per step', () => {
    expect(new Set(updatesAfterEach(new UpdateSchedule(0.25), 1000, 8))).toEqual(new Set([2]))
  })

  it('spreads fractions evenly: at a quarter, one environment learns after each fourth step', () => {
    expect(updatesAfterEach(new UpdateSchedule(0.25), 9, 1)).toEqual([0, 0, 0, 1, 0, 0, 0, 1, 0])
    expect(updatesAfterEach(new UpdateSchedule(0.3), 3, 4)).toEqual([1, 1, 1])
    expect(updatesAfterEach(new UpdateSchedule(0.3), 10, 1)).toEqual([0, 0, 0, 1, 0, 0, 1, 0, 0, 1])
  })

  it.each([0.01, 0.1, 0.25, 0.7, 1, 3, 99.9])(
    'owes nothing and is owed nothing after a million steps at %f',
    (updatesPerStep) => {
      // A sum of floating-point tenths would be off by now.
      const schedule = new UpdateSchedule(updatesPerStep)
      expect(sum(updatesAfterEach(schedule, 200_000, 5))).toBe(Math.round(updatesPerStep * 1_000_000))
      expect(schedule.owed).toBe(0)
    },
  )

  it('goes on where another one stood', () => {
    const whole = updatesAfterEach(new UpdateSchedule(0.3), 20, 1)
    const first = new UpdateSchedule(0.3)
    updatesAfterEach(first, 7, 1)
    const second = new UpdateSchedule(0.3)
    second.owed = first.owed
    expect(updatesAfterEach(second, 13, 1)).toEqual(whole.slice(7))
    // The negative control: one that forgets what was owed falls behind.
    expect(updatesAfterEach(new UpdateSchedule(0.3), 13, 1)).not.toEqual(whole.slice(7))
  })
})

describe('training', () => {
  const { embedding } = tinyAgent()

  it.each([
    [0.25, 1, 250],
    [0.25, 8, 250],
    [1, 1, 1000],
    [1, 8, 1000],
    [3, 1, 3000],
    [3, 8, 3000],
  ])(
    'at %f updates per step with %i environments makes its %i updates in 1000 steps',
    (updatesPerStep, environments, updates) => {
      const recipe = recipeOf({ updates, updatesPerStep, environments, learningStart: 16, validateEvery: 100_000 })
      const episodes = new TrainingEpisodes(tinyWorld, embedding)
      const training = new ActorCriticTraining(
        recipe,
        episodes,
        dealUsers(episodes, 0.2, 1),
        plainBase(embedding),
        plainExecutor,
        1,
        function* () {
          yield
          return new Float64Array(0)
        },
      )
      while (!training.finished) training.advance()
      const saved = training.save()
      expect(training.updatesDone).toBe(updates)
      expect(readNumber(readTree(saved, 'rollout'), 'steps') - 16).toBe(1000)
      expect(readNumber(saved, 'owed')).toBe(0)
    },
  )
})
