import { describe, expect, it } from 'vitest'
import { Rng } from '../../../../src-main/engine/core/rng.ts'
import { groupRows } from '../../../../src-main/engine/data/by-user.ts'
import { assignFolds } from '../../../../src-main/engine/data/folds.ts'
import { starWorld, tableOf } from '../../../support/worlds.ts'

const world = starWorld({ users: 20, items: 40, perUser: 17 })

describe('folds', () => {
  const grouping = groupRows(world.userIndex, world.userCount)

  it('spread each user’s ratings evenly, whoever has how many', () => {
    const uneven = tableOf(
      [1, 4, 5, 6, 23].flatMap((count, user) => Array.from({ length: count }, (_, item) => [user, item, 3] as const)),
    )
    const groups = groupRows(uneven.userIndex, uneven.userCount)
    const foldOf = assignFolds(groups.rows, groups.start, 5, Rng.stream(1, 'folds'))
    for (let user = 0; user < 5; user++) {
      const counts = new Array<number>(5).fill(0)
      for (let row = 0; row < uneven.size; row++) if (uneven.userIndex[row] === user) counts[foldOf[row]!]!++
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
    }
  })

  it('are the same for the same stream, others for another, and no fold is favoured', () => {
    const folds = (seed: number) => [...assignFolds(grouping.rows, grouping.start, 5, Rng.stream(seed, 'folds'))]
    expect(folds(1)).toEqual(folds(1))
    expect(folds(1)).not.toEqual(folds(2))
    const first = new Array<number>(5).fill(0)
    for (let seed = 0; seed < 500; seed++) first[folds(seed)[0]!]!++
    expect(Math.max(...first.map((count) => Math.abs(count - 100)))).toBeLessThan(40)
  })
})
