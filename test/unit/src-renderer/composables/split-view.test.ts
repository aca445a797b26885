import { expect, test } from 'vitest'
import { viewOfPreview, viewOfReport } from '../../../../src-renderer/composables/split-view.ts'

const preview = {
  split: 'random:0.8@1',
  train: 80,
  test: 20,
  users: 10,
  usersWithTrain: 10,
  usersWithTest: 9,
  hash: 'c0ffee',
  reproduced: null,
  findings: [{ kind: 'pair-on-both-sides' as const, severity: 'leak' as const, count: 1, message: 'One.', examples: ['u, i'] }],
}

test('a random split tells whom it tests and whether runs have used its rows', () => {
  const view = viewOfPreview(preview)
  expect(view.stats.map((stat) => [stat.label, stat.value, stat.note])).toEqual([
    ['Training side', '80', '80.0 % of the ratings'],
    ['Test side', '20', '20.0 % of the ratings'],
    ['Users that train', '10', '100.0 % of 10'],
    ['Users that are tested', '9', '90.0 % of 10'],
    ['Hash', 'c0ffee', 'no run has used it yet'],
  ])
  expect(view.findings).toEqual([
    { kind: 'pair-on-both-sides', leak: true, title: 'The same user and item on both sides', text: 'One.', examples: ['u, i'] },
  ])
  expect(viewOfPreview({ ...preview, reproduced: true }).stats.at(-1)!.note).toBe('the rows that runs have used')
  expect(viewOfPreview({ ...preview, reproduced: false }).stats.at(-1)!.note).toBe('runs have used other rows')
})

test('a split by time tells its sides, its rows and what was found', () => {
  const findings = [{ kind: 'order-of-file' as const, leak: false, count: 100, text: 'No times.' }]
  const view = viewOfReport({ split: 'time:0.7', hash: 'f4c3', trainRatings: 70, testRatings: 30, users: 10, findings })
  expect(view).toMatchObject({ split: 'time:0.7', train: 70, test: 30 })
  expect(view.findings).toEqual([
    {
      kind: 'order-of-file',
      leak: false,
      title: 'No times: the order of the file stands for them',
      text: 'No times.',
      examples: [],
    },
  ])
})
