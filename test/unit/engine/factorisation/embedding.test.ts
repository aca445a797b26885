import { describe, expect, it } from 'vitest'
import type { EmbeddingOptions } from '../../../../src-main/engine/core/actor-critic-recipe.ts'
import { decodeState, encodeState } from '../../../../src-main/engine/core/state-codec.ts'
import type { InteractionTable } from '../../../../src-main/engine/data/interaction-table.ts'
import { factorise, rmse } from '../../../../src-main/engine/factorisation/als.ts'
import { Rng } from '../../../../src-main/engine/core/rng.ts'
import {
  assertNoLeak,
  FOLDS,
  fitEmbedding,
  restoreEmbedding,
  saveEmbedding,
  tableOfFold,
  type Embedding,
} from '../../../../src-main/engine/factorisation/embedding.ts'
import { drain, errorOf, starWorld } from '../../../support/worlds.ts'

const options: EmbeddingOptions = { size: 3, lambda: 2, epochs: 8, bias: 'item', popularity: true, foldEmbeddings: true }
const world = starWorld({ users: 40, items: 30, perUser: 20 })
const embed = (table: InteractionTable, change: Partial<EmbeddingOptions> = {}, seed = 1) =>
  drain(fitEmbedding(table, { ...options, ...change }, seed))
const embedding = embed(world)

const itemsOf = (e: Embedding, table: number) => {
  const size = (e.itemCount + 1) * e.width
  return e.items.subarray(table * size, (table + 1) * size)
}
const usersOf = (e: Embedding, table: number) => {
  const size = e.userCount * e.width
  return e.users.subarray(table * size, (table + 1) * size)
}

/** The same table with the ratings of one fold turned upside down. */
const turned = (fold: number): InteractionTable => ({
  ...world,
  rating: world.rating.map((rating, row) => (embedding.foldOf[row] === fold ? 6 - rating : rating)),
})

describe('fold embeddings', () => {
  it('do not know the ratings of their fold: turned upside down, they leave its table bit by bit the same', () => {
    const other = embed(turned(2))
    const table = tableOfFold(embedding, 2)
    const latent = (values: Float32Array) => values.filter((_, at) => at % embedding.width < embedding.latent)
    // Each table is rotated onto the reference, which has seen the turned ratings: compared is what a rotation keeps.
    expect(gram(other, table)).toEqual(closeTo(gram(embedding, table), 1e-5))
    expect(biases(other, table)).toEqual(biases(embedding, table))
    // The negative control: all other tables have seen them.
    for (let fold = 0; fold < FOLDS; fold++) {
      if (fold === 2) continue
      expect(biases(other, tableOfFold(other, fold))).not.toEqual(biases(embedding, tableOfFold(embedding, fold)))
    }
    expect(latent(itemsOf(other, 0))).not.toEqual(latent(itemsOf(embedding, 0)))
  })

  it('give the same predictions for the fold whatever its ratings are', () => {
    const other = embed(turned(4))
    const table = tableOfFold(embedding, 4)
    const largestChange = (table: number) => {
      let most = 0
      for (let user = 0; user < 40; user++) {
        for (let item = 0; item < 30; item++) {
          most = Math.max(most, Math.abs(product(other, table, user, item) - product(embedding, table, user, item)))
        }
      }
      return most
    }
    expect(largestChange(table)).toBeLessThan(1e-5)
    expect(largestChange(0)).toBeGreaterThan(0.1)
    expect(largestChange(tableOfFold(other, 0))).toBeGreaterThan(0.1)
  })

  it('start from numbers of their own and are turned onto the reference: their item factors lie near those of table 0', () => {
    const distance = (a: Float32Array, b: Float32Array) => Math.sqrt(a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0))
    const reference = latentItems(embedding, 0)
    const norm = distance(reference, new Float32Array(reference.length))
    for (let fold = 0; fold < FOLDS; fold++) {
      const own = latentItems(embedding, tableOfFold(embedding, fold))
      expect(distance(own, reference)).toBeLessThan(0.7 * norm)
      expect(distance(own, reference)).toBeGreaterThan(0.001 * norm)
    }
  })

  it('count in the popularity coordinate only what stands outside the fold', () => {
    const at = embedding.latent + 1
    for (let table = 0; table < embedding.tables; table++) {
      const counts = new Array<number>(30).fill(0)
      for (let row = 0; row < world.size; row++) {
        if (table === 0 || embedding.foldOf[row] !== table - 1) counts[world.itemIndex[row]!]!++
      }
      const logs = counts.map((count) => Math.log(1 + count))
      const mean = logs.reduce((sum, x) => sum + x, 0) / 30
      const deviation = Math.sqrt(logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 30)
      logs.forEach((x, item) => {
        expect(itemsOf(embedding, table)[item * embedding.width + at]).toBeCloseTo((0.25 * (x - mean)) / deviation, 5)
      })
    }
  })

  it('predict their folds worse than they predict what they were fitted on, and no better than held-out ratings allow', () => {
    expect(embedding.crossFitRmse).toBeGreaterThan(embedding.lossCurve.at(-1)!)
    expect(() => assertNoLeak(embedding.crossFitRmse, embedding.validationRmse, world.size)).not.toThrow()
  })

  it('are not suspected for the size of the rating scale: the same ratings times five are as honest', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const wide = {
        ...world,
        scale: { min: -10, max: 10, positiveFrom: 4, negativeTo: -4 },
        rating: world.rating.map((r) => 5 * (r - 3)),
      }
      expect(() => embed(wide, {}, seed)).not.toThrow()
    }
    for (const unit of [0.01, 1, 5]) {
      expect(() => assertNoLeak(0.93 * unit, unit, 100_000)).toThrow('The fold embeddings know their own folds')
      expect(() => assertNoLeak(0.99 * unit, unit, 100_000)).not.toThrow()
    }
  })

  it('are refused when they know their folds: a table that was fitted on its own fold is a leak', () => {
    const big = starWorld({ users: 150, items: 60, perUser: 40, seed: 5 })
    const honest = embed(big, { size: 8, lambda: 0.1, epochs: 10 })
    const { model } = factorise(big, { size: 8, lambda: 0.1, epochs: 10, biased: true }, Rng.stream(1, 'leaky'))
    const planted = rmse(model, big)
    const error = errorOf(() => assertNoLeak(planted, honest.validationRmse, big.size))
    expect([error.code, error.message]).toEqual([
      'DATA_UNSUITABLE',
      `The fold embeddings know their own folds: they predict them with an error of ${planted.toFixed(4)}, below the ${honest.validationRmse.toFixed(4)} on held-out ratings. ` +
        'Remove duplicate ratings from the data set, or train without fold embeddings.',
    ])
  })
})

describe('an embedding', () => {
  it.each([
    ['item', true, 5],
    ['item', false, 4],
    ['none', true, 4],
    ['none', false, 3],
  ] as const)('has coordinates for bias "%s" and popularity %s as asked', (bias, popularity, width) => {
    const found = embed(world, { bias, popularity, foldEmbeddings: false, epochs: 2 })
    expect([found.width, found.latent, found.tables]).toEqual([width, 3, 1])
    const user = usersOf(found, 0).subarray(0, width)
    if (bias === 'item') expect(user[3]).toBe(1)
    if (popularity) expect(user[width - 1]).toBe(0)
    expect([...itemsOf(found, 0).subarray(30 * width)]).toEqual(new Array(width).fill(0))
    expect(found.crossFitRmse).toBeNaN()
    expect(tableOfFold(found, 3)).toBe(0)
  })

  it('orders a user’s items as biased matrix factorisation does', () => {
    const { model } = factorise(world, { ...options, biased: true }, Rng.stream(1, 'embedding/reference'))
    for (let item = 1; item < 30; item++) {
      let factors = 0
      for (let c = 0; c < 3; c++) factors += model.userFactors[7 * 3 + c]! * model.itemFactors[item * 3 + c]!
      expect(product(embedding, 0, 7, item)).toBeCloseTo(factors + model.itemBias[item]!, 5)
    }
  })

  it('is the same for the same seed and another for another', () => {
    expect(embed(world)).toEqual(embedding)
    expect(embed(world, {}, 2).items).not.toEqual(embedding.items)
  })

  it.each([true, false])('comes back from storage bit by bit the same (fold embeddings: %s)', (foldEmbeddings) => {
    const one = foldEmbeddings ? embedding : embed(world, { foldEmbeddings })
    expect(restoreEmbedding(decodeState(encodeState(saveEmbedding(one))))).toEqual(one)
  })

  it('says how far it is, from above 0 to 1', () => {
    const shares: number[] = []
    const fit = fitEmbedding(world, { ...options, epochs: 3 }, 1)
    for (let next = fit.next(); !next.done; next = fit.next()) shares.push(next.value)
    expect(shares).toHaveLength(7 * 3)
    expect(shares.every((share, i) => share > (shares[i - 1] ?? 0))).toBe(true)
    expect(shares.at(-1)).toBeCloseTo(1, 12)
  })

  it('survives ratings that are all the same, and items that nobody rated', () => {
    const flat = { ...world, itemCount: 35, rating: world.rating.map(() => 3) }
    const found = embed(flat)
    for (const values of [found.items, found.users, found.lossCurve]) expect(values.every(Number.isFinite)).toBe(true)
  })
})

function product(e: Embedding, table: number, user: number, item: number): number {
  const u = usersOf(e, table).subarray(user * e.width, (user + 1) * e.width)
  const i = itemsOf(e, table).subarray(item * e.width, (item + 1) * e.width)
  return u.reduce((sum, x, c) => sum + x * i[c]!, 0)
}

/** Inner products of latent item vectors with each other: what no rotation changes. */
function gram(e: Embedding, table: number): number[] {
  const items = itemsOf(e, table)
  const out: number[] = []
  for (let a = 0; a < e.itemCount; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0
      for (let c = 0; c < e.latent; c++) sum += items[a * e.width + c]! * items[b * e.width + c]!
      out.push(sum)
    }
  }
  return out
}

function biases(e: Embedding, table: number): Float32Array {
  return itemsOf(e, table).filter((_, at) => at % e.width >= e.latent)
}

function latentItems(e: Embedding, table: number): Float32Array {
  return itemsOf(e, table).filter((_, at) => at % e.width < e.latent)
}

function closeTo(values: number[], tolerance: number): unknown {
  return values.map((value) => expect.closeTo(value, -Math.log10(2 * tolerance)) as unknown)
}
