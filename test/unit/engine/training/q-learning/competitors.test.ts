import { describe, expect, it } from 'vitest'
import { sideFeaturesOf } from '../../../../../src-main/engine/data/side-features.ts'
import type { Embedding } from '../../../../../src-main/engine/factorisation/embedding.ts'
import { TrainingEpisodes } from '../../../../../src-main/engine/training/actor-critic/environment.ts'
import {
  categoriesOf,
  competitorItem,
  competitorNow,
  competitorsOf,
  competitorSign,
} from '../../../../../src-main/engine/training/q-learning/competitors.ts'
import { fiveStars, tableOf, type Row } from '../../../../support/worlds.ts'

/** Items 0 to 3 are dramas, 4 and 5 comedies (5 a drama besides), of 6 nothing is known. */
const genres = [['Drama'], ['Drama'], ['Drama'], ['Drama'], ['Comedy'], ['Comedy', 'Drama'], []]
const features = sideFeaturesOf({ users: [], items: genres.map((own) => ({ year: null, genres: own })) })

/** Item, or -1, and the sign, by row. @param folds of the rows; default: one fold */
function competitors(rows: readonly Row[], folds = rows.map(() => 0)): [item: number, sign: number][] {
  const table = { ...tableOf(rows, { items: 7 }), features }
  const embedding = { foldOf: Uint8Array.from(folds) } as Embedding
  const found = competitorsOf(new TrainingEpisodes(table, embedding))
  return Array.from(found!, (competitor) => [competitorItem(competitor), competitorSign(competitor)])
}

const NONE = [-1, 0]

describe('the competitor of a rating', () => {
  it('is the opposite feedback on the same category that is closest in time, before or after', () => {
    expect(
      competitors([
        [0, 0, 5, 100],
        [0, 1, 1, 130],
        [0, 2, 2, 80],
        [0, 3, 4, 135],
      ]),
    ).toEqual([
      [2, 1],
      [3, -1],
      [0, -1],
      [1, 1],
    ])
  })

  it('is the earlier one of two as close', () => {
    const found = competitors([
      [0, 0, 1, 90],
      [0, 1, 5, 100],
      [0, 2, 1, 110],
    ])
    expect(found[1]).toEqual([0, 1])
  })

  it('is never neutral, of the same kind, of another user, of another first genre or of another fold', () => {
    const rows: Row[] = [
      [0, 0, 5, 100],
      [0, 1, 3, 101],
      [0, 2, 4, 102],
      [1, 3, 1, 100],
      [0, 5, 1, 103],
      [0, 6, 1, 104],
    ]
    expect(competitors(rows)).toEqual(rows.map(() => NONE))
    const pair: Row[] = [
      [0, 4, 5, 100],
      [0, 5, 1, 101],
    ]
    expect(competitors(pair, [0, 1])).toEqual([NONE, NONE])
    // The negative control: in one fold they are each other's.
    expect(competitors(pair, [1, 1])).toEqual([
      [5, 1],
      [4, -1],
    ])
  })

  it('is nothing at all in a data set without genres', () => {
    const table = tableOf([
      [0, 0, 5, 1],
      [0, 1, 1, 2],
    ])
    expect(competitorsOf(new TrainingEpisodes(table, { foldOf: new Uint8Array(2) } as Embedding))).toBeNull()
  })
})

describe('the competitor of an answer in a live session', () => {
  const categories = categoriesOf({ ...tableOf([], { items: 7 }), features })!
  const now = (item: number, rating: number, ...earlier: [item: number, rating: number][]) =>
    competitorNow(
      categories,
      fiveStars,
      { item, rating },
      earlier.map(([other, said]) => ({ item: other, rating: said })),
    )

  it('is the latest answer before it of the opposite kind on the same category, or none', () => {
    expect(now(0, 5, [1, 1], [2, 2], [3, 5], [4, 1])).toBe(3)
    expect(now(0, 1, [1, 4], [2, 1])).toBe(-2)
    expect(now(0, 3, [1, 1], [2, 5])).toBe(0)
    expect(now(0, 5, [4, 1], [6, 1])).toBe(0)
    expect(now(6, 5, [6, 1])).toBe(0)
  })
})
