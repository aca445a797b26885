import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Rng } from '../../../../../src-main/engine/core/rng.ts'
import type { DatasetContent } from '../../../../../src-main/engine/data/reading/dataset-content.ts'
import { makeSampleLab } from '../../../../../src-main/engine/data/sample-lab/sample-lab.ts'

const hashOf = (lab: DatasetContent) => {
  const hash = createHash('sha256').update(JSON.stringify([lab.users, lab.items]))
  for (const column of [lab.userIndex, lab.itemIndex, lab.rating, lab.time]) hash.update(new Uint8Array(column.buffer))
  return hash.digest('hex')
}

const countBy = (index: ArrayLike<number>, size: number) => {
  const counts = new Int32Array(size)
  for (const at of Array.from(index)) counts[at]! += 1
  return counts
}

const lab = makeSampleLab(1)

describe('the sample lab', () => {
  it('is the same for the same seed and another for another seed', () => {
    expect(hashOf(makeSampleLab(1))).toBe(hashOf(lab))
    expect(hashOf(makeSampleLab(2))).not.toBe(hashOf(lab))
  })

  it('has never changed since it was first released: runs on it stay comparable', () => {
    expect(hashOf(lab)).toBe('99f22605aed492b9b68ecc79537a9b51c4aa82ccd0d8a38679a41281bd20f2f0')
  })

  it.each([1, 2, 3, 2 ** 31 - 1])('has 300 users, 400 items and exactly 20,000 ratings, no pair twice (seed %i)', (seed) => {
    const { users, items, userIndex, itemIndex, rating } = makeSampleLab(seed)
    expect([users.length, items.length, rating.length]).toEqual([300, 400, 20_000])
    expect(new Set(Array.from(userIndex, (user, row) => user * 400 + itemIndex[row]!)).size).toBe(20_000)
    expect(new Set(users.map((user) => user.userId)).size).toBe(300)
    expect(new Set(items.map((item) => item.itemId)).size).toBe(400)
  })

  it('gives every film a title of its own, a year that the title ends with, and one to three genres', () => {
    expect(new Set(lab.items.map((item) => item.title)).size).toBe(400)
    for (const { title, year, genres } of lab.items) {
      expect(title).toMatch(/^(The |An? )?[A-Z].* \(\d{4}\)$/)
      expect(title!.endsWith(`(${year})`)).toBe(true)
      expect(year).toBeGreaterThanOrEqual(1962)
      expect(year).toBeLessThanOrEqual(2015)
      expect(genres.length).toBeGreaterThanOrEqual(1)
      expect(new Set(genres).size).toBe(genres.length)
    }
  })

  it.each([1, 2, 3])('has feedback of every kind, and whole stars only (seed %i)', (seed) => {
    const stars = countBy(makeSampleLab(seed).rating, 6)
    expect(stars[0]).toBe(0)
    const share = (from: number, to: number) => stars.slice(from, to + 1).reduce((a, b) => a + b, 0) / 20_000
    expect(share(4, 5)).toBeGreaterThan(0.4)
    expect(share(4, 5)).toBeLessThan(0.65)
    expect(share(3, 3)).toBeGreaterThan(0.2)
    expect(share(1, 2)).toBeGreaterThan(0.1)
    for (let star = 1; star <= 5; star++) expect(share(star, star)).toBeGreaterThan(0.01)
  })

  it.each([1, 2, 3])('has active and less active users, and a long tail of items (seed %i)', (seed) => {
    const { userIndex, itemIndex } = makeSampleLab(seed)
    const perUser = countBy(userIndex, 300).sort()
    expect(perUser[0]).toBeGreaterThanOrEqual(20)
    expect(perUser[299]).toBeLessThanOrEqual(220)
    expect(perUser[299]! / perUser[30]!).toBeGreaterThan(3)
    const perItem = countBy(itemIndex, 400).sort().reverse()
    const headShare = perItem.slice(0, 40).reduce((a, b) => a + b, 0) / 20_000
    expect(headShare).toBeGreaterThan(0.2)
    expect(headShare).toBeLessThan(0.5)
    expect(perItem.filter((count) => count === 0).length).toBeLessThan(10)
  })

  it('has Unix times that rise strictly within a user, rows in the order of time', () => {
    const last = new Map<number, number>()
    lab.time.forEach((time, row) => {
      expect(time).toBeGreaterThan(last.get(lab.userIndex[row]!) ?? 1_420_070_400 - 1)
      last.set(lab.userIndex[row]!, time)
      if (row > 0) expect(time).toBeGreaterThanOrEqual(lab.time[row - 1]!)
    })
    expect(lab.timeKind).toBe('unix-seconds')
  })

  it('has tastes that drift: what a taste learned from the early half says fits the late half less well', () => {
    const drift = [1, 2, 3].map((seed) => {
      const { order, table } = inUserOrder(makeSampleLab(seed))
      const [early, middle, late] = [0.0, 0.5, 0.75].map((from) =>
        order.filter(({ share }) => share >= from && share < from + (from === 0 ? 0.5 : 0.25)),
      )
      const model = fitBiasedMf(
        table,
        early!.map(({ row }) => row),
        300,
        400,
      )
      const error = (rows: { row: number }[]) =>
        Math.sqrt(
          rows.reduce(
            (sum, { row }) => sum + (table.rating[row]! - model(table.userIndex[row]!, table.itemIndex[row]!)) ** 2,
            0,
          ) / rows.length,
        )
      return error(late!) - error(middle!)
    })
    expect(drift.reduce((a, b) => a + b, 0) / drift.length).toBeGreaterThan(0.01)
  })

  it.each([1, 2, 3])('can be learned: random < popularity < item mean < biased MF in re-ranking (seed %i)', (seed) => {
    const table = makeSampleLab(seed)
    const rng = Rng.stream(seed, 'test/split')
    const rows = rng.shuffle(Int32Array.from({ length: table.rating.length }, (_, row) => row))
    const train = Array.from(rows.subarray(0, 16_000))
    const test = Array.from(rows.subarray(16_000))
    const counts = countBy(
      train.map((row) => table.itemIndex[row]!),
      400,
    )
    const sums = new Float64Array(400)
    for (const row of train) sums[table.itemIndex[row]!]! += table.rating[row]!
    const mf = fitBiasedMf(table, train, 300, 400)
    const precision = {
      random: precisionAt5(table, test, () => rng.uniform()),
      popularity: precisionAt5(table, test, (_, item) => counts[item]!),
      itemMean: precisionAt5(table, test, (_, item) => (sums[item]! + 5 * 3.5) / (counts[item]! + 5)),
      biasedMf: precisionAt5(table, test, mf),
    }
    expect(precision.popularity).toBeGreaterThan(precision.random + 0.02)
    expect(precision.itemMean).toBeGreaterThan(precision.popularity + 0.02)
    expect(precision.biasedMf).toBeGreaterThan(precision.itemMean + 0.04)
  })

  it('is made in well under two seconds', () => {
    const startedAt = performance.now()
    makeSampleLab(7)
    expect(performance.now() - startedAt).toBeLessThan(2000)
  })
})

/** Rows with their place in the history of their user, 0..1. */
function inUserOrder(table: DatasetContent) {
  const totals = countBy(table.userIndex, 300)
  const seen = new Int32Array(300)
  const order = Array.from(table.userIndex, (user, row) => ({ row, share: seen[user]!++ / totals[user]! }))
  return { order, table }
}

/** Share of liked items among the first five of each user's re-ranked test items, over users with at least ten of them. */
function precisionAt5(table: DatasetContent, test: readonly number[], score: (user: number, item: number) => number): number {
  const byUser = Map.groupBy(test, (row) => table.userIndex[row]!)
  const precisions = [...byUser].flatMap(([user, rows]) => {
    if (rows.length < 10) return []
    const ranked = rows
      .map((row) => ({ liked: table.rating[row]! >= 4, score: score(user, table.itemIndex[row]!) }))
      .sort((a, b) => b.score - a.score)
    return ranked.slice(0, 5).filter(({ liked }) => liked).length / 5
  })
  return precisions.reduce((a, b) => a + b, 0) / precisions.length
}

/** Plain matrix factorisation with biases by stochastic gradient descent: independent of the engine's own. */
function fitBiasedMf(table: DatasetContent, train: readonly number[], users: number, items: number) {
  const size = 6
  const rng = Rng.stream(5, 'test/mf')
  const p = Float64Array.from({ length: users * size }, () => 0.1 * rng.normal())
  const q = Float64Array.from({ length: items * size }, () => 0.1 * rng.normal())
  const userBias = new Float64Array(users)
  const itemBias = new Float64Array(items)
  const mean = train.reduce((sum, row) => sum + table.rating[row]!, 0) / train.length
  const score = (user: number, item: number) => {
    let sum = mean + userBias[user]! + itemBias[item]!
    for (let k = 0; k < size; k++) sum += p[user * size + k]! * q[item * size + k]!
    return sum
  }
  const rate = 0.02
  for (let epoch = 0; epoch < 40; epoch++) {
    for (const row of train) {
      const user = table.userIndex[row]!
      const item = table.itemIndex[row]!
      const error = table.rating[row]! - score(user, item)
      userBias[user]! += rate * (error - 0.02 * userBias[user]!)
      itemBias[item]! += rate * (error - 0.02 * itemBias[item]!)
      for (let k = 0; k < size; k++) {
        const pk = p[user * size + k]!
        const qk = q[item * size + k]!
        p[user * size + k]! += rate * (error * qk - 0.08 * pk)
        q[item * size + k]! += rate * (error * pk - 0.08 * qk)
      }
    }
  }
  return score
}
