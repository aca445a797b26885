import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { toldTogether } from '../../../../src-renderer/composables/told-together.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('news that come within a moment are told together, the latest of each; what has become old is not', () => {
  const told: [number, string][][] = []
  const news = toldTogether<string>(250, (all) => told.push([...all]))
  news.add(1, 'a')
  news.add(2, 'b')
  vi.advanceTimersByTime(200)
  news.add(1, 'c')
  news.add(3, 'd')
  news.drop(2)
  expect(told).toEqual([])
  vi.advanceTimersByTime(50)
  expect(told).toEqual([[[1, 'c'], [3, 'd']]]) // prettier-ignore
  news.add(1, 'e')
  news.clear()
  vi.advanceTimersByTime(250)
  expect(told, 'nothing is left to tell').toHaveLength(1)
  news.add(2, 'f')
  vi.advanceTimersByTime(250)
  expect(told[1]).toEqual([[2, 'f']])
})
