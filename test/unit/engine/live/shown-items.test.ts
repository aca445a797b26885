import { expect, test } from 'vitest'
import { shownItems } from '../../../../src-main/engine/live/shown-items.ts'

const order = Int32Array.from({ length: 200 }, (_, at) => 199 - at)
const at = (given: number) => ({ seed: 3, given })

test('nothing by chance: the best of the ranking, and no more than there are', () => {
  expect([...shownItems(order, 3, 0, at(0))]).toEqual([199, 198, 197])
  expect([...shownItems(order.subarray(0, 2), 3, 0, at(0))]).toEqual([199, 198])
  expect([...shownItems(new Int32Array(0), 3, 1, at(0))]).toEqual([])
})

test('all by chance: every candidate once, where there are as many as places', () => {
  expect([...shownItems(order.subarray(0, 20), 20, 1, at(5))].sort((a, b) => a - b)).toEqual(
    Array.from({ length: 20 }, (_, item) => 180 + item),
  )
})

test('places that are not given to chance go to the best, in order', () => {
  const slates = Array.from({ length: 50 }, (_, given) => [...shownItems(order, 10, 0.3, at(given))])
  for (const shown of slates) expect(new Set(shown).size).toBe(10)
  const inOrder = slates.filter((shown) => {
    const best = shown.filter((item) => item >= 190)
    return best.every((item, place) => item === 199 - place)
  })
  // Chance draws one of the best itself now and then: three draws of 200 items, ten of them the best.
  expect(inOrder.length).toBeGreaterThan(35)
})

test('of many places about so many are given to chance, differently after every answer, alike for the same seed', () => {
  const beyond = Array.from(
    { length: 400 },
    (_, given) => shownItems(order, 5, 0.2, at(given)).filter((item) => item < 195).length,
  )
  const share = beyond.reduce((sum, one) => sum + one, 0) / 2000
  // 0.2 of the places, and 195 of 200 items lie beyond the head; three standard errors are 0.027.
  expect(Math.abs(share - 0.2 * (195 / 200))).toBeLessThan(0.027)
  expect(new Set(beyond).size).toBeGreaterThan(2)
  expect(shownItems(order, 5, 0.2, at(7))).toEqual(shownItems(order, 5, 0.2, at(7)))
})
