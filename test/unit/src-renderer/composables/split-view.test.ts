import { expect, test } from 'vitest'
import type { SplitCheck } from '../../../../src-main/contract/dto/split.ts'
import { viewOfCheck } from '../../../../src-renderer/composables/split-view.ts'

const check: SplitCheck = {
  split: 'random:0.8@1',
  hash: 'c0ffee',
  trainRatings: 80,
  testRatings: 20,
  users: 10,
  usersWithTraining: 10,
  usersWithTest: 9,
  reproduced: null,
  findings: [{ kind: 'pair-on-both-sides', leak: true, count: 1, text: 'One.', examples: ['u, i'] }],
}

test('a split tells its sides, whom it tests, and whether runs have used its rows', () => {
  const view = viewOfCheck(check)
  expect(view.stats.map((stat) => [stat.label, stat.value, stat.note])).toEqual([
    ['Training side', '80', '80.0 % of the ratings'],
    ['Test side', '20', '20.0 % of the ratings'],
    ['Users that train', '10', '100.0 % of 10'],
    ['Users that are tested', '9', '90.0 % of 10'],
    ['Hash', 'c0ffee', 'no run has used it yet'],
  ])
  expect(viewOfCheck({ ...check, reproduced: true }).stats.at(-1)!.note).toBe('the rows that runs have used')
  expect(viewOfCheck({ ...check, reproduced: false }).stats.at(-1)!.note).toBe('runs have used other rows')
})

test('what was found has a title, and keeps its words and examples', () => {
  expect(viewOfCheck(check).findings).toEqual([{ ...check.findings[0], title: 'The same user and item on both sides' }])
})
