import type { RecommendedItem } from '../../../src-main/contract/dto/evaluation.ts'
import type { Handlers } from '../../../src-main/services/handlers.ts'
import { fakeItem } from './dataset-page.ts'
import type { FakeRun } from './world.ts'

const userCount = 120
const listLength = 20
const width = 0.02

/** 120 users whose differences lie about 0.02; lists of 20 that share most of their items. */
export function fakeSideBySide(
  runOf: (id: number) => FakeRun,
): Pick<Handlers['evaluation'], 'differences' | 'differentUsers' | 'recommendedUsers' | 'recommendations'> {
  const pairs = Array.from({ length: userCount }, (_, userIndex) => {
    const second = 0.6 + 0.3 * Math.sin(userIndex * 1.7)
    const difference = userIndex % 9 === 0 ? 0 : 0.02 + 0.09 * Math.sin(userIndex * 2.3) * Math.cos(userIndex)
    const first = second + difference
    return { userIndex, userId: `u${userIndex + 1}`, candidates: 20 + userIndex, first, second, difference }
  })
  const barOf = (difference: number) => Math.round(difference / width) + 0
  const count = (keep: (difference: number) => boolean) => pairs.filter((pair) => keep(pair.difference)).length
  const sorted = pairs.map((pair) => pair.difference).sort((a, b) => a - b)
  return {
    differences: ({ runIds }) => {
      const { detail } = runOf(runIds[0])
      runOf(runIds[1])
      const [low, high] = [barOf(sorted[0]!), barOf(sorted.at(-1)!)]
      return Promise.resolve({
        datasetId: detail.datasetId,
        datasetName: detail.datasetName,
        users: userCount,
        mean: sorted.reduce((sum, value) => sum + value, 0) / userCount,
        median: (sorted[59]! + sorted[60]!) / 2,
        higher: count((difference) => difference > 0),
        same: count((difference) => difference === 0),
        lower: count((difference) => difference < 0),
        width,
        bars: Array.from({ length: high - low + 1 }, (_, at) => {
          const bar = low + at
          return {
            bar,
            from: (bar - 0.5) * width,
            to: (bar + 0.5) * width,
            users: count((difference) => barOf(difference) === bar),
          }
        }),
      })
    },
    differentUsers: ({ bar = null, direction = 'desc', offset = 0, limit = 100 }) => {
      const sign = direction === 'asc' ? 1 : -1
      const found = pairs
        .filter((pair) => bar === null || barOf(pair.difference) === bar)
        .sort((a, b) => sign * (a.difference - b.difference))
      return Promise.resolve({ total: found.length, rows: found.slice(offset, offset + limit) })
    },
    recommendedUsers: ({ runIds, search = '', offset = 0, limit = 100 }) => {
      runIds.map(runOf)
      const found = pairs.filter((pair) => pair.userId.includes(search)).map(({ userIndex, userId }) => ({ userIndex, userId }))
      return Promise.resolve({ total: found.length, rows: found.slice(offset, offset + limit) })
    },
    recommendations: ({ runId, userIndex }) => {
      runOf(runId)
      const rows = Array.from({ length: listLength }, (_, at): RecommendedItem => {
        const item = fakeItem(((at * (runId % 2 === 0 ? 3 : 1) + (runId % 3) * 2) % 26) + userIndex)
        const { itemIndex, itemId, title, year } = item
        return {
          rank: at + 1,
          itemIndex,
          itemId,
          title,
          year,
          score: 1 - at / 25,
          rating: itemIndex % 4 === 0 ? null : (itemIndex % 5) + 1,
        }
      })
      return Promise.resolve({ total: rows.length, rows })
    },
  }
}
