import { expect, test } from 'vitest'
import { ratingOfDigit, ratingSteps } from '../../../../src-renderer/composables/live-rating.ts'
import { opinionWords, ratingText, saidOf } from '../../../../src-renderer/composables/live-words.ts'

test('stars are offered whole or by halves as the scale has them, and a wide scale in eleven steps', () => {
  expect(ratingSteps({ min: 1, max: 5 })).toEqual([1, 2, 3, 4, 5])
  expect(ratingSteps({ min: 0.5, max: 5 })).toEqual([0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5])
  expect(ratingSteps({ min: 0, max: 10 })).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(ratingSteps({ min: -10, max: 10 })).toEqual([-10, -8, -6, -4, -2, 0, 2, 4, 6, 8, 10])
  const [lowest, ...others] = ratingSteps({ min: 0.2, max: 0.7 })
  expect([lowest, others.length, others.at(-1)]).toEqual([0.2, 10, 0.7])
})

test('where there is only good and bad, like and dislike say it', () => {
  expect(ratingSteps({ min: 0, max: 1 })).toEqual([])
})

test('a digit is the rating that it names, and 0 is ten where there is a ten', () => {
  expect(ratingOfDigit(4, [1, 2, 3, 4, 5])).toBe(4)
  expect(ratingOfDigit(0, [1, 2, 3, 4, 5])).toBeUndefined()
  expect(ratingOfDigit(0, ratingSteps({ min: 0, max: 10 }))).toBe(10)
  expect(ratingOfDigit(0, ratingSteps({ min: 0, max: 5 }))).toBe(0)
})

test('ratings are told in words, without digits that nobody gave', () => {
  expect(opinionWords(3.5)).toBe('Rated 3.5')
  expect(opinionWords('skip')).toBe('Skipped')
  expect(ratingText(0.1 + 0.2)).toBe('0.3')
  expect(saidOf({ feedback: 'rating', rating: 4 })).toBe('Rated 4')
  expect(saidOf({ feedback: 'like', rating: 5 })).toBe('Liked')
})
