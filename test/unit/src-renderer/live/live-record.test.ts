import { expect, test } from 'vitest'
import type { PastAnswer } from '../../../../src-main/contract/dto/live.ts'
import { curveOf, entriesOf, oppositeOf, overlapCurve, rankingThen } from '../../../../src-renderer/composables/live-record.ts'
import { replayWords } from '../../../../src-renderer/composables/live-words.ts'

const item = (itemIndex: number) => ({ itemIndex, itemId: String(itemIndex), title: `film ${itemIndex}` })
const past = (answer: number, before: number[], after: number[], meanReward: number | null = 0.5): PastAnswer => ({
  answer,
  at: 1000,
  leave: false,
  updates: 0,
  items: [{ ...item(before[0]!), feedback: 'like', rating: 5, reward: 1, rank: 1, score: 2 }],
  topBefore: before.map(item),
  topAfter: after.map(item),
  meanReward,
  precision: meanReward,
})

test('a past ranking knows where its items stood before the answer', () => {
  const history = [past(1, [1, 2, 3], [3, 2, 4]), past(2, [3, 2, 4], [4, 2, 5])]
  expect(rankingThen(history, 0)).toMatchObject({ compared: false, items: [{ itemIndex: 1, rank: 1, rankBefore: null }, {}, {}] })
  expect(rankingThen(history, 1).items.map(({ itemIndex, rankBefore }) => [itemIndex, rankBefore])).toEqual([
    [3, 3],
    [2, 2],
    [4, null],
  ])
  expect(rankingThen([], 0)).toEqual({ items: [], compared: false })
})

test('the overlap of two sessions: before the first answer and after each that both have', () => {
  const one = [past(1, [1, 2, 3, 4], [2, 3, 4, 5]), past(2, [2, 3, 4, 5], [3, 4, 5, 6])]
  const other = [past(1, [1, 2, 3, 9], [2, 8, 7, 9])]
  expect(overlapCurve(one, other)).toEqual([
    [0, 0.75],
    [1, 0.25],
  ])
  expect(overlapCurve(one, [])).toEqual([])
})

test('curves leave out what nothing was said of, entries keep what was', () => {
  expect(curveOf([past(1, [1], [2], null), past(2, [2], [3])], 'meanReward')).toEqual([[2, 0.5]])
  expect(entriesOf([past(1, [1], [2])])).toEqual([
    {
      answer: 1,
      items: [{ itemIndex: 1, title: 'film 1', feedback: 'like', rating: null, rank: 1 }],
      leave: false,
      meanReward: 0.5,
    },
  ])
})

test('asked first is the opposite of what was said, and of a skip that it was liked', () => {
  const scale = { min: 1, max: 5 }
  const said = [
    ['like', null],
    ['dislike', null],
    ['skip', null],
    ['rating', 4],
    ['rating', 3],
  ] as const
  expect(said.map(([feedback, rating]) => oppositeOf({ feedback, rating }, scale))).toEqual([
    'dislike',
    'like',
    'like',
    'dislike',
    'like',
  ])
})

test('what a replay found is said in words', () => {
  expect(replayWords({ answers: 1, identical: true, firstDifference: null })).toBe(
    '1 answer played again: every ranking is identical to what is stored.',
  )
  expect(replayWords({ answers: 4, identical: false, firstDifference: 3 })).toBe(
    'Played again, it differs from what is stored, first after answer 3 of 4. The program or the record has changed since.',
  )
})
