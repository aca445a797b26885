import { describe, expect, it } from 'vitest'
import { Rng } from '../../../../src-main/engine/core/rng.ts'
import type { InteractionTable } from '../../../../src-main/engine/data/interaction-table.ts'
import { decodeState, encodeState } from '../../../../src-main/engine/core/state-codec.ts'
import {
  AlsFit,
  factorise,
  predict,
  restoreAls,
  rmse,
  saveAls,
  type Factorisation,
} from '../../../../src-main/engine/factorisation/als.ts'
import { checkerboard, plantedWorld, starWorld, tableOf } from '../../../support/worlds.ts'

const start = () => Rng.stream(1, 'als')

/** sum (r - prediction)^2 + lambda (all factors and biases squared), written down without a look at the fit. */
function objective(model: Factorisation, table: InteractionTable, lambda: number): number {
  let sum = 0
  for (let row = 0; row < table.size; row++) {
    const [user, item] = [table.userIndex[row]!, table.itemIndex[row]!]
    let predicted = model.mean + model.userBias[user]! + model.itemBias[item]!
    for (let c = 0; c < model.size; c++)
      predicted += model.userFactors[user * model.size + c]! * model.itemFactors[item * model.size + c]!
    sum += (table.rating[row]! - predicted) ** 2
  }
  for (const part of [model.userFactors, model.itemFactors, model.userBias, model.itemBias])
    for (const x of part) sum += lambda * x * x
  return sum
}

describe('alternating least squares', () => {
  it.each([
    { size: 3, lambda: 2, biased: true },
    { size: 3, lambda: 2, biased: false },
    { size: 1, lambda: 0.01, biased: true },
    { size: 8, lambda: 50, biased: true },
  ])('brings its own objective down in every epoch: %o', (options) => {
    const table = starWorld({ users: 30, items: 25, perUser: 12 })
    const fit = new AlsFit(table, { ...options, epochs: 12 }, start())
    let before = Infinity
    while (!fit.finished) {
      fit.epoch()
      const now = objective(fit.result, table, options.lambda)
      expect(now).toBeLessThanOrEqual(before * (1 + 1e-12))
      before = now
    }
    expect(fit.epochsDone).toBe(12)
  })

  it('comes to rest where no small change of any factor or bias is better', () => {
    const table = starWorld({ users: 12, items: 10, perUser: 6 })
    const { model } = factorise(table, { size: 2, lambda: 1, epochs: 2000, biased: true }, start())
    const best = objective(model, table, 1)
    for (const part of [model.userFactors, model.itemFactors, model.userBias, model.itemBias]) {
      for (let at = 0; at < part.length; at++) {
        for (const step of [-1e-3, 1e-3]) {
          part[at]! += step
          expect(objective(model, table, 1)).toBeGreaterThan(best)
          part[at]! -= step
        }
      }
    }
  })

  it('recovers a planted matrix of low rank on ratings it has never seen', () => {
    const size = { users: 60, items: 50, rank: 2, seed: 3 }
    const all = plantedWorld({ ...size, perUser: 50 })
    const known: number[] = []
    const hidden: number[] = []
    for (let row = 0; row < all.size; row++) (row % 5 === 0 ? hidden : known).push(row)
    const part = (rows: number[]) =>
      tableOf(
        rows.map((row) => [all.userIndex[row]!, all.itemIndex[row]!, all.rating[row]!]),
        { users: 60, items: 50 },
      )
    const { model } = factorise(part(known), { size: 3, lambda: 0.1, epochs: 60, biased: true }, start())
    const constant = {
      ...model,
      userFactors: model.userFactors.map(() => 0),
      userBias: model.userBias.map(() => 0),
      itemBias: model.itemBias.map(() => 0),
    }
    // The planted ratings are cut to 1..5, which costs the last hundredths.
    expect(rmse(model, part(hidden))).toBeLessThan(0.25 * rmse(constant, part(hidden)))
  })

  it('learns a checkerboard, which biases alone cannot', () => {
    const table = checkerboard({ users: 20, items: 20, perUser: 14 })
    const { model, lossCurve } = factorise(table, { size: 2, lambda: 0.5, epochs: 20, biased: true }, start())
    expect(lossCurve.at(-1)).toBeLessThan(0.3)
    expect(predict(model, 0, 2)).toBeGreaterThan(4)
    expect(predict(model, 0, 1)).toBeLessThan(2)
  })

  it('predicts users and items without a rating by biases alone: their factors are zero', () => {
    const table = tableOf(
      [
        [0, 0, 5],
        [0, 1, 1],
        [1, 0, 4],
        [1, 1, 2],
      ],
      { users: 4, items: 5 },
    )
    const { model } = factorise(table, { size: 3, lambda: 1, epochs: 5, biased: true }, start())
    for (const item of [2, 3, 4]) expect(predict(model, 0, item)).toBe(model.mean + model.userBias[0]!)
    for (const user of [2, 3]) expect(predict(model, user, 0)).toBe(model.mean + model.itemBias[0]!)
    expect(predict(model, 3, 4)).toBe(3)
  })

  it('gives the same bits for the same start, and goes on the same after save and restore', () => {
    const table = starWorld({ users: 15, items: 12, perUser: 8 })
    const options = { size: 3, lambda: 1, epochs: 6, biased: true }
    const whole = factorise(table, options, start())
    expect(factorise(table, options, start())).toEqual(whole)
    const first = new AlsFit(table, options, start())
    for (let epoch = 0; epoch < 2; epoch++) first.epoch()
    const second = new AlsFit(table, options, Rng.stream(99, 'another start'))
    second.restore(first.epochsDone, (name) => first.result[name])
    while (!second.finished) second.epoch()
    expect(second.result).toEqual(whole.model)
  })

  it('goes on the same when it is saved within a pass, among the users and among the items', () => {
    const table = starWorld({ users: 200, items: 150, perUser: 60 })
    const options = { size: 70, lambda: 1, epochs: 1, biased: true }
    const whole = factorise(table, options, start()).model
    const first = new AlsFit(table, options, start())
    const sides = new Set<number>()
    while (first.advance() === null) {
      const { side } = first.position
      if (sides.has(side)) continue
      sides.add(side)
      const second = new AlsFit(table, options, Rng.stream(99, 'another start'))
      restoreAls(second, decodeState(encodeState(saveAls(first))))
      while (second.advance() === null) expect(second.finished).toBe(false)
      expect(second.result).toEqual(whole)
    }
    expect(sides).toEqual(new Set([0, 1]))
    expect(first.result).toEqual(whole)
  })

  it('measures errors of predictions that are cut to the scale', () => {
    const flat: Factorisation = {
      size: 0,
      mean: 7,
      userCount: 1,
      itemCount: 2,
      userFactors: new Float64Array(0),
      itemFactors: new Float64Array(0),
      userBias: new Float64Array(1),
      itemBias: Float64Array.of(0, -9),
    }
    // Predictions 7 and -2 count as 5 and 1: errors 1 and 1.
    const table = tableOf([
      [0, 0, 4],
      [0, 1, 2],
    ])
    expect(rmse(flat, table)).toBe(1)
    expect(rmse(flat, tableOf([], { users: 1, items: 2 }))).toBe(0)
  })
})
