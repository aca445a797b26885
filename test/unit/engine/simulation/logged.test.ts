import { describe, expect, it } from 'vitest'
import type { ParamValues } from '../../../../src-main/contract/params.ts'
import { Rng } from '../../../../src-main/engine/core/rng.ts'
import type { SimulatedUsers, SimulatedWorld } from '../../../../src-main/engine/core/simulator.ts'
import { factorise, predict } from '../../../../src-main/engine/factorisation/als.ts'
import { refuseOwnModel, requireTrainingWorld } from '../../../../src-main/engine/simulation/_guards.ts'
import { learnEvaluationWorld, learnTrainingWorld } from '../../../../src-main/engine/simulation/_learn-world.ts'
import { drain, errorOf, starWorld, tableOf } from '../../../support/worlds.ts'

const train = tableOf(
  [
    [0, 0, 5],
    [0, 1, 2],
    [1, 0, 1],
  ],
  { users: 3, items: 4 },
)
const test = tableOf([[1, 2, 4]], { users: 3, items: 4 })

const evaluation = (given: ParamValues = {}, sides = { train, test }, seed = 0): SimulatedWorld =>
  drain(learnEvaluationWorld('logged', given, sides, seed))

function answerOf(users: SimulatedUsers, user: number, item: number) {
  users.begin(0, user)
  return { ...users.answer(0, item) }
}

describe('the simulator "logged"', () => {
  it('answers by the rating of either side where there is one: (rating - 3) / 2 of five stars', () => {
    const users = evaluation().users(1)
    expect(answerOf(users, 0, 0)).toEqual({ choice: 'rate', rating: 5, reward: 1 })
    expect(answerOf(users, 0, 1)).toEqual({ choice: 'rate', rating: 2, reward: -0.5 })
    expect(answerOf(users, 1, 0)).toEqual({ choice: 'rate', rating: 1, reward: -1 })
    expect(answerOf(users, 1, 2)).toEqual({ choice: 'rate', rating: 4, reward: 0.5 })
  })

  it('answers for training by training ratings alone: a test rating is predicted like any other', () => {
    const quiet = drain(learnTrainingWorld('logged', { noise: 0 }, train, 1))
    const users = quiet.users(1)
    expect(answerOf(users, 0, 0).rating).toBe(5)
    const predicted = new Float32Array(1)
    quiet.predict(1, Int32Array.of(2), 1, predicted)
    expect(answerOf(users, 1, 2).rating).toBeCloseTo(predicted[0]!, 6)
    expect(answerOf(users, 1, 2).rating).not.toBe(4)
  })

  it('predicts by a factorisation of its own ratings and its own stream', () => {
    const table = starWorld({ users: 20, items: 15, perUser: 8 })
    const options = { size: 2, lambda: 1, epochs: 5 }
    const world = evaluation({ ...options, noise: 0 }, { train: table, test: tableOf([], { users: 20, items: 15 }) }, 7)
    const { model } = factorise(table, { ...options, biased: true }, Rng.stream(7, 'simulator/logged/evaluation/factorisation'))
    const logged = new Set(Array.from(table.userIndex, (user, row) => user * 15 + table.itemIndex[row]!))
    const users = world.users(1)
    let compared = 0
    for (let item = 0; item < 15; item++) {
      if (logged.has(3 * 15 + item)) continue
      const expected = Math.min(5, Math.max(1, predict(model, 3, item)))
      expect(answerOf(users, 3, item).rating).toBeCloseTo(expected, 10)
      compared++
    }
    expect(compared).toBe(7)
  })

  it('has noise about the prediction, of the size that was asked for, cut to the scale', () => {
    const table = starWorld({ users: 40, items: 60, perUser: 10 })
    const nothing = tableOf([], { users: 40, items: 60 })
    const quiet = evaluation({ noise: 0, lambda: 3 }, { train: table, test: nothing }).users(1)
    const noisy = evaluation({ noise: 0.25, lambda: 3 }, { train: table, test: nothing }).users(1)
    const differences: number[] = []
    for (let user = 0; user < 40; user++) {
      for (let item = 0; item < 60; item++) {
        const [sure, said] = [answerOf(quiet, user, item).rating, answerOf(noisy, user, item).rating]
        expect(said).toBeGreaterThanOrEqual(1)
        expect(said).toBeLessThanOrEqual(5)
        if (sure !== said && sure > 2 && sure < 4) differences.push(said - sure)
      }
    }
    const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length
    const deviation = Math.sqrt(differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / differences.length)
    expect(differences.length).toBeGreaterThan(500)
    expect(mean).toBeCloseTo(0, 1)
    expect(deviation).toBeCloseTo(0.25, 1)
  })

  it('has one opinion of an item: in any order, slot and company, and in a world learnt again', () => {
    const asked = (users: SimulatedUsers, slot: number, items: readonly number[]) => {
      users.begin(slot, 2)
      return new Map(items.map((item) => [item, users.answer(slot, item).rating]))
    }
    const first = asked(evaluation().users(1), 0, [0, 1, 2, 3])
    expect(new Map([...asked(evaluation().users(3), 2, [3, 1, 0, 2])].sort())).toEqual(first)
    expect(asked(evaluation({}, { train, test }, 1).users(1), 0, [0, 1, 2, 3])).not.toEqual(first)
  })

  it('expects what it answers, but for the noise', () => {
    const users = evaluation({ noise: 0 }).users(2)
    users.begin(1, 1)
    const items = Int32Array.of(0, 1, 2, 3)
    const out = new Float32Array(4)
    users.expected(1, items, 4, out)
    expect([...out]).toEqual(Array.from(items, (item) => Math.fround(users.answer(1, item).reward)))
  })

  it('gives everybody the same where all ratings are equal', () => {
    const equal = tableOf(
      [
        [0, 0, 3],
        [1, 1, 3],
      ],
      { users: 2, items: 3 },
    )
    const users = evaluation({ noise: 0 }, { train: equal, test: tableOf([], { users: 2, items: 3 }) }).users(1)
    for (const item of [0, 1, 2]) expect(answerOf(users, 1, item)).toEqual({ choice: 'rate', rating: 3, reward: 0 })
  })

  it('is refused under a name that nobody has', () => {
    const error = errorOf(() => drain(learnTrainingWorld('ghost', {}, train, 1)))
    expect([error.code, error.message]).toEqual(['INPUT_INVALID', 'There is no simulator "ghost". Choose among logged, virtual.'])
  })
})

describe('the guards of simulated users', () => {
  const message =
    'The simulated users of training may know the training ratings alone, and these know others: what learns among them would learn the test. Nothing was trained.'

  it('refuse to train in the world of evaluation, or in one that knows other ratings', () => {
    const world = drain(learnTrainingWorld('logged', {}, train, 1))
    expect(() => requireTrainingWorld(world, train)).not.toThrow()
    expect(errorOf(() => requireTrainingWorld(evaluation(), train)).message).toBe(message)
    expect(errorOf(() => requireTrainingWorld(world, { ...train })).code).toBe('DATA_UNSUITABLE')
  })

  it("refuse the policy's own factorisation as the simulator's, biases and scale aside; not another of the same ratings", () => {
    const table = starWorld({ users: 30, items: 25, perUser: 15 })
    const options = { size: 2, lambda: 1, epochs: 8 }
    const world = evaluation(options, { train: table, test: tableOf([], { users: 30, items: 25 }) })
    const own = factorise(table, { ...options, biased: true }, Rng.stream(0, 'simulator/logged/evaluation/factorisation')).model
    const other = factorise(table, { ...options, biased: true }, Rng.stream(1, 'embedding/reference')).model
    const says = (model: typeof own, scale: number) => (user: number, items: Int32Array, count: number, out: Float32Array) => {
      for (let i = 0; i < count; i++) out[i] = scale * (predict(model, user, items[i]!) - model.userBias[user]!)
    }
    const error = errorOf(() => refuseOwnModel(world, says(own, 0.5)))
    expect([error.code, error.message]).toEqual([
      'DATA_UNSUITABLE',
      'The simulated users answer by the very factorisation that the model stands on: it would be judged by its own opinion. Give one of them another size or seed.',
    ])
    expect(() => refuseOwnModel(world, says(other, 1))).not.toThrow()
    expect(() => refuseOwnModel(world, (_user, _items, count, out) => void out.fill(1, 0, count))).not.toThrow()
  })
})
