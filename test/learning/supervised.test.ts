import { describe, expect, it } from 'vitest'
import type { ParamValues } from '../../src-main/contract/params.ts'
import { Rng } from '../../src-main/engine/core/rng.ts'
import { sideFeaturesOf } from '../../src-main/engine/data/side-features.ts'
import { fitted, scoresOf } from '../support/fit-lab.ts'
import { run, specOf, valueOf } from '../support/job-lab.ts'
import { withAttributes } from '../support/supervised-lab.ts'
import { plantedWorld, tableOf, type Row } from '../support/worlds.ts'

describe('ratings of rank two, without noise', () => {
  const world = withAttributes(plantedWorld({ users: 60, items: 50, perUser: 30, rank: 2 }))
  const rmseOf = (id: string, params: ParamValues) => {
    const outcome = run(specOf(id, params, { protocols: ['rerank-oneshot'] }), world)
    const value = (model: string) => valueOf(outcome, { model, metric: 'rmse', k: 3, protocol: 'rerank-oneshot' })
    return { own: value(id), itemMean: value('item-mean') }
  }

  it.each<[string, ParamValues, number]>([
    ['pmf', { size: 2, learningRate: 0.02, lambda: 0.01, epochs: 200 }, 0.3],
    ['svd++', { size: 2, learningRate: 0.02, lambda: 0.01, decay: 1, epochs: 200, patience: 20 }, 0.3],
    ['biased-mf', { size: 2, lambda: 0.5, epochs: 20 }, 0.3],
    ['biased-mf', { size: 1, lambda: 2, epochs: 20, selection: 'validation' }, 0.4],
    ['fm', { size: 4, learningRate: 0.01, batchSize: 64, l2: 0.0001, epochs: 200 }, 0.4],
    ['deepfm', { size: 4, hidden: 16, dropout: 0, learningRate: 0.01, batchSize: 64, l2: 0.0001, epochs: 200 }, 0.5],
    ['afm', { size: 8, attention: 8, dropout: 0, learningRate: 0.01, batchSize: 64, l2: 0.0001, epochs: 200 }, 0.5],
  ])('%s predicts those that it has not seen (%#)', (id, params, most) => {
    const { own, itemMean } = rmseOf(id, params)
    expect(own).toBeLessThan(most)
    expect(itemMean).toBeGreaterThan(0.7)
  })
})

describe('tastes that attributes decide: women like drama, men like crime', () => {
  const rng = Rng.stream(4, 'attributes')
  const [users, items, cold] = [40, 30, 6]
  const likes = (user: number, item: number) => (user % 2 === item % 2 ? 5 : 1)
  const rows = Array.from({ length: users }, (_, user) =>
    Array.from({ length: items - cold }, (_, item): Row => [user, item, likes(user, item)]).filter(() => rng.chance(0.5)),
  ).flat()
  const features = sideFeaturesOf({
    users: Array.from({ length: users }, (_, user) => ({ attributes: { gender: user % 2 === 0 ? 'F' : 'M' } })),
    items: Array.from({ length: items }, (_, item) => ({ year: null, genres: [item % 2 === 0 ? 'Drama' : 'Crime'] })),
  })
  const world = { ...tableOf(rows, { users, items }), features }
  const unrated = Array.from({ length: cold }, (_, i) => items - cold + i)
  const wrong = (id: string, params: ParamValues) => {
    const fit = fitted(id, params, world)
    const errors = Array.from({ length: users }, (_, user) =>
      scoresOf(fit, user, unrated).map((score, i) => Math.abs(score - likes(user, unrated[i]!))),
    )
    return Math.max(...errors.flat())
  }

  it.each(['fm', 'deepfm', 'afm'])('%s knows them for items that nobody has rated', (id) => {
    const params = { size: 4, batchSize: 32, learningRate: 0.02, l2: 0.005, epochs: 100, ...(id === 'fm' ? {} : { dropout: 0 }) }
    expect(wrong(id, params)).toBeLessThan(1.5)
  })

  it('matrix factorisation cannot: for it all of them are alike', () => {
    expect(wrong('biased-mf', { size: 2, lambda: 1 })).toBeGreaterThan(1.9)
    const scores = scoresOf(fitted('svd++', { size: 2 }, world), 0, unrated)
    expect(new Set(scores.map((score) => score.toFixed(5))).size).toBe(1)
  })
})

describe('a chain: every item is always followed by the same', () => {
  const items = 12
  const chain = (user: number, step: number) => (5 * step + user) % items
  const rows = Array.from({ length: 30 }, (_, user) =>
    Array.from({ length: 8 }, (_, step): Row => [user, chain(user, step), 5, step]),
  ).flat()
  const params = { size: 8, hidden: 16, negatives: 8, historyLength: 8, batchSize: 8, learningRate: 0.02, dropout: 0, epochs: 60 }

  it.each(['cross-entropy', 'bpr'])('gru4rec knows the next item, and the one after that (%s)', (loss) => {
    const fit = fitted('gru4rec', { ...params, loss }, tableOf(rows, { items }))
    if (!('policy' in fit)) throw new Error('gru4rec acts.')
    const policy = fit.policy()
    const all = Int32Array.from({ length: items }, (_, item) => item)
    const out = new Float32Array(items)
    const best = () => {
      policy.act(Int32Array.of(3), 1)
      policy.score(3, all, items, out)
      return out.indexOf(Math.max(...out))
    }
    let right = 0
    for (let user = 0; user < items; user++) {
      policy.begin(3, user)
      if (best() === chain(user, 8)) right++
      policy.observe(3, chain(user, 8), 5)
      if (best() === chain(user, 9)) right++
      // What is not liked is no event, and changes nothing.
      policy.observe(3, chain(user, 2), 1)
      if (best() === chain(user, 9)) right++
    }
    expect(right).toBeGreaterThanOrEqual(3 * items - 2)
  })
})

describe('feedback within the list', () => {
  // Two tastes that are each other's opposite, and users of whom training knows next to nothing.
  const items = 20
  const taste = (user: number, item: number) => (user % 2 === item % 2 ? 5 : 1)
  const warm = Array.from({ length: 40 }, (_, user) =>
    Array.from({ length: items }, (_, item): Row => [user, item, taste(user, item)]),
  ).flat()
  const world = tableOf([...warm, [40, 0, 3], [41, 1, 3]], { users: 42, items })

  it.each<[string, ParamValues]>([
    ['linucb', { size: 2, lambda: 1, ridge: 1, alpha: 0.1 }],
    ['greedy-reward', { size: 2, lambda: 1, ridge: 100 }],
  ])('tells %s in two items what a new user likes, and no other user hears of it', (id, params) => {
    const fit = fitted(id, params, world)
    if (!('policy' in fit)) throw new Error(`${id} acts.`)
    const policy = fit.policy()
    const rest = Int32Array.from({ length: items - 4 }, (_, i) => i + 4)
    const scores = (slot: number) => {
      const out = new Float32Array(rest.length)
      policy.act(Int32Array.of(slot), 1)
      policy.score(slot, rest, rest.length, out)
      return out
    }
    const meanOf = (values: Float32Array, parity: number) =>
      values.reduce((sum, value, i) => sum + (rest[i]! % 2 === parity ? value : 0), 0) / (rest.length / 2)
    policy.begin(0, 40)
    policy.begin(1, 41)
    const before = scores(1)
    expect(Math.abs(meanOf(scores(0), 0) - meanOf(scores(0), 1))).toBeLessThan(0.3)
    policy.observe(0, 3, 1)
    policy.observe(0, 2, 5)
    expect(meanOf(scores(0), 0)).toBeGreaterThan(meanOf(scores(0), 1) + 0.3)
    expect(scores(1)).toEqual(before)
  })
})
