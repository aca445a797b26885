import { expect, test } from 'vitest'
import type { LiveBatchPlayer } from '../../../../src-main/contract/dto/live-batch.ts'
import type { RunSummary } from '../../../../src-main/contract/dto/run.ts'
import { bandOption } from '../../../../src-renderer/charts/band-option.ts'
import {
  batchFormProblems,
  batchSetupOf,
  groupsOf,
  newBatchForm,
  toggled,
} from '../../../../src-renderer/composables/batch-form.ts'
import { byEarnings, reachOf, rewardText, setupWords, signedReward } from '../../../../src-renderer/composables/batch-view.ts'

const run = (id: number, split: string, state = 'finished', datasetId = 1) =>
  ({ id, split, state, datasetId, datasetName: `data ${datasetId}` }) as RunSummary
const runs = [
  run(5, 'random:0.8@1'),
  run(4, 'random:0.8@2'),
  run(3, 'random:0.8@1', 'diverged'),
  run(2, 'random:0.8@1', 'stopped'),
]

test('runs that can meet the same users stand together; those that cannot be played with are left out', () => {
  expect(groupsOf(runs).map(({ title, runs: own }) => [title, own.map(({ id }) => id)])).toEqual([
    ['data 1 · random:0.8@1', [5, 2]],
    ['data 1 · random:0.8@2', [4]],
  ])
})

test('a run of another split begins a new choice', () => {
  const [first, second] = groupsOf(runs)
  expect(toggled([5], 2, first!)).toEqual([5, 2])
  expect(toggled([5, 2], 5, first!)).toEqual([2])
  expect(toggled([5, 2], 4, second!)).toEqual([4])
})

test('the form says what is wrong, and sends sliders with virtual users alone', () => {
  const form = { ...newBatchForm(), traits: { boredom: 4 } }
  expect(batchFormProblems(form)).toEqual({ runs: 'Choose at least one trained run.' })
  expect(batchFormProblems({ ...form, runs: [1], users: '1', steps: '0', learns: true, rate: '' })).toEqual({
    users: 'A whole number from 2 to 10,000.',
    steps: 'A whole number from 1 to 500.',
    rate: 'A number from 0.01 to 100.',
  })
  const setup = { runs: [1, 2], users: 100, steps: 20, simulator: 'logged', settings: {}, seed: 0, learning: null } as const
  expect(batchSetupOf({ ...form, runs: [1, 2] })).toEqual(setup)
  expect(batchSetupOf({ ...form, runs: [1, 2], simulator: 'virtual', learns: true })).toEqual({
    ...setup,
    simulator: 'virtual',
    settings: { boredom: 4 },
    learning: { updatesPerAnswer: 5, rateFactor: 1 },
  })
})

test('a setup in words, and rewards with a true minus', () => {
  const setup = { ...batchSetupOf({ ...newBatchForm(), runs: [1], simulator: 'virtual', traits: { boredom: 4 } }) }
  expect(setupWords({ setup })).toBe('100 virtual users, 20 steps, frozen, 1 setting changed')
  const learning = { updatesPerAnswer: 1, rateFactor: 1 }
  expect(setupWords({ setup: { ...setup, settings: {}, learning } })).toBe('100 virtual users, 20 steps, 1 update an answer')
  expect([rewardText(-0.5), rewardText(12.156), rewardText(null)]).toEqual(['−0.50', '12.16', '–'])
  expect([signedReward(0.358), signedReward(-1.2), signedReward(0.001)]).toEqual(['+0.36', '−1.20', '±0'])
})

test('the best stands first, and the scale holds every interval', () => {
  const player = (mean: number) => ({ episode: { mean, low: mean - 1, high: mean + 2 } }) as LiveBatchPlayer
  const players = [player(1), player(5), player(1), player(-2)]
  expect(byEarnings(players)).toEqual([1, 0, 2, 3])
  expect(reachOf(players)).toEqual([-3, 7])
})

test('a band is a lower line that nobody sees and its width on top of it, below nought as well', () => {
  const points = [
    { x: 1, mean: 0.5, low: -0.5, high: 1 },
    { x: 2, mean: 2, low: null, high: null },
  ]
  const { series } = bandOption({
    series: [{ name: 'a', color: '#123456', dash: 'solid', quiet: false, points }],
    dark: false,
    nameX: 'Step',
    formatY: String,
  })
  const [low, width, line] = series as { data: number[]; stack?: string; stackStrategy?: string }[]
  expect([low!.data, width!.data, line!.data]).toEqual([
    [-0.5, 2],
    [1.5, 0],
    [0.5, 2],
  ])
  expect([low!.stack, low!.stackStrategy]).toEqual([width!.stack, 'all'])
})
