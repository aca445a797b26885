import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createRemovals, withOne } from '../../../../src-renderer/stores/listing.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const first = { id: 1, name: 'first' }
const second = { id: 2, name: 'second' }

test('what was removed is offered back until it was brought back or the offer was put away', async () => {
  const restored: number[] = []
  const { removed, remove, restore, forget } = createRemovals({
    remove: () => Promise.resolve(undefined),
    restore: (id) => Promise.resolve(restored.push(id)),
  })
  await remove(first)
  await remove(second)
  expect(removed.value).toEqual([first, second])
  await restore(1)
  expect([removed.value, restored]).toEqual([[second], [1]])
  forget(2)
  vi.advanceTimersByTime(1e9)
  expect([removed.value, restored]).toEqual([[], [1]])
})

test('the offer ends three seconds before the engine deletes', async () => {
  const { removed, remove } = createRemovals({ remove: () => Promise.resolve(10_000), restore: () => Promise.resolve() })
  await remove(first)
  vi.advanceTimersByTime(6999)
  expect(removed.value).toEqual([first])
  vi.advanceTimersByTime(1)
  expect(removed.value).toEqual([])
})

test('what could not be removed is not offered, and what could not be brought back still is', async () => {
  const refuse = () => Promise.reject(new Error('refused'))
  const stays = createRemovals({ remove: refuse, restore: refuse })
  await expect(stays.remove(first)).rejects.toThrow('refused')
  expect(stays.removed.value).toEqual([])
  const gone = createRemovals({ remove: () => Promise.resolve(undefined), restore: refuse })
  await gone.remove(first)
  await expect(gone.restore(1)).rejects.toThrow('refused')
  expect(gone.removed.value).toEqual([first])
})

test('a list has its newest first, and each once', () => {
  expect(withOne([second, first], { id: 3, name: 'third' }).map(({ id }) => id)).toEqual([3, 2, 1])
  expect(withOne([second, first], { id: 1, name: 'other' })).toEqual([second, { id: 1, name: 'other' }])
})
