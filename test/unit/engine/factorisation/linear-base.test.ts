import { describe, expect, it } from 'vitest'
import { solvePositiveDefinite } from '../../../../src-main/engine/core/linear-algebra.ts'
import type { InteractionTable } from '../../../../src-main/engine/data/interaction-table.ts'
import { FOLDS, fitEmbedding, tableOfFold, type Embedding } from '../../../../src-main/engine/factorisation/embedding.ts'
import { fitLinearBase as fittingLinearBase, plainBase } from '../../../../src-main/engine/factorisation/linear-base.ts'
import { drain, starWorld } from '../../../support/worlds.ts'

const train = starWorld({ users: 25, items: 20, perUser: 14 })
const embed = (foldEmbeddings: boolean) =>
  drain(fitEmbedding(train, { size: 2, lambda: 2, epochs: 6, bias: 'item', popularity: true, foldEmbeddings }, 1))

const fitLinearBase = (...args: Parameters<typeof fittingLinearBase>) => drain(fittingLinearBase(...args))

const rootMeanSquare = (values: readonly number[]) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length)
const userVector = (e: Embedding, row: number) => [...e.users.subarray(row * e.width, (row + 1) * e.width)]
const itemVector = (e: Embedding, table: number, item: number) => {
  const at = (table * (e.itemCount + 1) + item) * e.width
  return [...e.items.subarray(at, at + e.width)]
}
const inputs = (e: Embedding, row: number) => {
  const latent = userVector(e, row).slice(0, e.latent)
  const scale = rootMeanSquare(latent)
  return [1, ...latent.map((x) => (scale > 0 ? x / scale : 0))]
}

/** Ridge on explicit features x_a z_b, centred per user and fold: one long row per rating, nothing clever. */
function bruteForce(e: Embedding, table: InteractionTable, learns: (user: number) => boolean, ridge: number): number[] {
  const rows: { features: number[]; target: number }[] = []
  for (let user = 0; user < table.userCount; user++) {
    if (!learns(user)) continue
    for (let fold = 0; fold < FOLDS; fold++) {
      const t = tableOfFold(e, fold)
      const userRow = t * e.userCount + user
      const own = Array.from({ length: table.size }, (_, row) => row).filter(
        (row) => table.userIndex[row] === user && e.foldOf[row] === fold,
      )
      if (own.length < 2) continue
      const found = own.map((row) => {
        const z = itemVector(e, t, table.itemIndex[row]!)
        const predicted = z.reduce((sum, x, c) => sum + x * userVector(e, userRow)[c]!, 0)
        return { features: inputs(e, userRow).flatMap((x) => z.map((y) => x * y)), target: table.rating[row]! - predicted }
      })
      const meanOf = (get: (row: (typeof found)[0]) => number) => found.reduce((sum, row) => sum + get(row), 0) / found.length
      const centre = found[0]!.features.map((_, i) => meanOf((row) => row.features[i]!))
      const target = meanOf((row) => row.target)
      rows.push(...found.map((row) => ({ features: row.features.map((x, i) => x - centre[i]!), target: row.target - target })))
    }
  }
  const n = rows[0]!.features.length
  const normal = new Float64Array(n * n)
  const right = new Float64Array(n)
  for (const { features, target } of rows) {
    for (let i = 0; i < n; i++) {
      right[i]! += features[i]! * target
      for (let j = 0; j < n; j++) normal[i * n + j]! += features[i]! * features[j]!
    }
  }
  for (let i = 0; i < n; i++) normal[i * n + i]! += (ridge * normal[i * n + i]!) / rows.length + 1e-6
  solvePositiveDefinite(normal, right, n)
  return [...right]
}

describe('the linear base action', () => {
  it.each([
    [true, 30],
    [true, 3000],
    [false, 30],
  ])('is u + W [1, u / rms(u)] with the W of a brute-force ridge on explicit features (folds %s, ridge %d)', (folds, ridge) => {
    const embedding = embed(folds)
    const learns = (user: number) => user % 4 !== 0
    const weights = bruteForce(embedding, train, learns, ridge)
    const { actions, scales } = fitLinearBase(train, embedding, learns, ridge)
    for (let row = 0; row < embedding.tables * embedding.userCount; row++) {
      const u = userVector(embedding, row)
      expect(scales[row]).toBeCloseTo(rootMeanSquare(u.slice(0, embedding.latent)), 5)
      const x = inputs(embedding, row)
      u.forEach((value, out) => {
        const expected = x.reduce((sum, input, i) => sum + input * weights[i * embedding.width + out]!, value)
        expect(actions[row * embedding.width + out]).toBeCloseTo(expected, 4)
      })
    }
  })

  it('never sees the ratings of users kept from learning', () => {
    const embedding = embed(true)
    const learns = (user: number) => user !== 5
    const changed = { ...train, rating: train.rating.map((rating, row) => (train.userIndex[row] === 5 ? 6 - rating : rating)) }
    const base = fitLinearBase(train, embedding, learns, 30)
    expect(fitLinearBase(changed, embedding, learns, 30)).toEqual(base)
    expect(fitLinearBase(changed, embedding, () => true, 30)).not.toEqual(fitLinearBase(train, embedding, () => true, 30))
  })

  it('is the user vector itself when nobody may be learnt from, or under an endless ridge', () => {
    const embedding = embed(true)
    expect(fitLinearBase(train, embedding, () => false, 30)).toEqual(plainBase(embedding))
    const { actions } = fitLinearBase(train, embedding, () => true, 1e15)
    expect(Math.max(...actions.map((x, i) => Math.abs(x - embedding.users[i]!)))).toBeLessThan(1e-4)
    expect(plainBase(embedding).actions).toEqual(embedding.users)
    expect(plainBase(embedding).actions).not.toBe(embedding.users)
  })

  it('is finite for ratings that are all the same', () => {
    const flat = { ...train, rating: train.rating.map(() => 4) }
    const embedding = drain(
      fitEmbedding(flat, { size: 2, lambda: 2, epochs: 3, bias: 'item', popularity: true, foldEmbeddings: true }, 1),
    )
    const { actions, scales } = fitLinearBase(flat, embedding, () => true, 30)
    expect(actions.every(Number.isFinite) && scales.every((scale) => scale === 0)).toBe(true)
  })
})
