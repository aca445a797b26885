import { describe, expect, it } from 'vitest'
import type { ParamValues } from '../../../../src-main/contract/params.ts'
import type { InteractionTable } from '../../../../src-main/engine/data/interaction-table.ts'
import { createTrainingJob, evaluateSavedModel } from '../../../../src-main/engine/training/create-job.ts'
import { splitTables } from '../../../../src-main/engine/training/split-tables.ts'
import { run, runJob, specOf, valueOf } from '../../../support/job-lab.ts'
import { supervisedBudgets, withAttributes } from '../../../support/supervised-lab.ts'
import { errorOf, starWorld } from '../../../support/worlds.ts'

const world = withAttributes(starWorld({ users: 20, items: 24, perUser: 16 }))
/** So many ratings and coordinates that a pass takes several slices. */
const wide = starWorld({ users: 120, items: 220, perUser: 200 })
const small = withAttributes(starWorld({ users: 30, items: 60, perUser: 40 }))

const models = [
  ...Object.entries(supervisedBudgets),
  ['biased-mf', { size: 2, epochs: 2, selection: 'validation' }] as const,
  ['svd++', { size: 2, epochs: 3, patience: 1, selection: 'validation' }] as const,
]

function snapshotAfter(spec: ReturnType<typeof specOf>, table: InteractionTable, slices: number) {
  const job = createTrainingJob(spec, table)
  const points = []
  for (let slice = 0; slice < slices; slice++) {
    job.advance()
    points.push(...job.takePoints())
  }
  return { bytes: job.snapshot(), points, stage: job.progress.stage }
}

describe('a run that is cut and resumed is bit by bit the run that never was', () => {
  it.each(models)('%s, after any slice', (id, params) => {
    const spec = specOf(id, params, { protocols: ['rerank-oneshot'] })
    const whole = run(spec, world)
    for (const slices of [0, 2, 3, 4, 6, 9]) {
      const { bytes, points } = snapshotAfter(spec, world, slices)
      const rest = run(spec, world, { checkpoint: bytes })
      expect(rest.recommendations, `${slices}`).toEqual(whole.recommendations)
      expect([...points, ...rest.points], `${slices}`).toEqual(whole.points)
    }
  })

  it.each<[string, ParamValues, InteractionTable]>([
    ['pmf', { size: 512, epochs: 1 }, wide],
    ['svd++', { size: 512, epochs: 1 }, wide],
    ['fm', { size: 512, epochs: 1, batchSize: 8 }, small],
    ['gru4rec', { hidden: 64, size: 64, historyLength: 4, batchSize: 4, epochs: 1, events: 'all' }, small],
  ])('%s, in the middle of a pass', (id, params, table) => {
    const spec = specOf(id, params, { protocols: ['rerank-oneshot'] })
    const { bytes, points, stage } = snapshotAfter(spec, table, 3)
    expect([stage, points]).toEqual(['training', []])
    const whole = run(spec, table)
    const rest = run(spec, table, { checkpoint: bytes })
    expect([rest.recommendations, rest.points]).toEqual([whole.recommendations, whole.points])
  })
})

it.each(models)('%s learns nothing of a test rating: others in its place change no score', (id, params) => {
  const spec = specOf(id, params, { protocols: ['rerank-oneshot'] })
  const { test } = splitTables(world, spec.split, spec.seed)
  const tested = new Set(Array.from(test.rating, (_, row) => `${test.userIndex[row]}/${test.itemIndex[row]}`))
  const rating = world.rating.map((value, row) =>
    tested.has(`${world.userIndex[row]}/${world.itemIndex[row]}`) ? 6 - value : value,
  )
  const told = run(spec, { ...world, rating })
  const { recommendations, points } = run(spec, world)
  expect(told.recommendations.score).toEqual(recommendations.score)
  expect(told.points).toEqual(points)
  expect(told.recommendations.rating).not.toEqual(recommendations.rating)
})

describe('early stopping', () => {
  const spec = specOf('pmf', { size: 3, epochs: 80, learningRate: 0.05, lambda: 0, patience: 3 })

  it('keeps the epoch that was best on held-out training ratings, and fits all of them for as long', () => {
    const { points, remarks } = run(spec, world)
    const checks = points.filter(({ name }) => name === 'validationRmse').map(({ value }) => value)
    const best = checks.indexOf(Math.min(...checks)) + 1
    expect(checks.length).toBe(best + 3)
    expect(points.filter(({ name }) => name === 'trainRmse')).toHaveLength(checks.length + best)
    expect(remarks.at(-1)).toBe(
      `Epoch ${best} was the best on held-out training data (validationRmse ${checks[best - 1]!.toFixed(4)}); what scores was then fitted on all training data for as many epochs.`,
    )
  })

  it('scores with the best weights so far when the run is stopped before that', () => {
    const job = createTrainingJob(spec, world)
    for (let slice = 0; slice < 12; slice++) job.advance()
    job.stopEarly()
    const { remarks, recommendations } = runJob(job)
    expect(remarks.at(-1)).toMatch(/; its weights score, because fitting on all training data was stopped\.$/)
    expect(recommendations.score.every(Number.isFinite)).toBe(true)
  })
})

it('biased-mf picks what is best on held-out training ratings, and says so', () => {
  const picked = run(specOf('biased-mf', { size: 2, lambda: 4, epochs: 6, selection: 'validation' }), world)
  const checks = picked.points.filter(({ name }) => name === 'validationRmse').map(({ value }) => value)
  expect(checks).toHaveLength(7)
  const told = /size (\d+), lambda ([\d.]+), ([\d.]+) on biases \(RMSE ([\d.]+), 7 settings tried\)\.$/.exec(
    picked.remarks.at(-1)!,
  )!
  expect(told[4]).toBe(Math.min(...checks).toFixed(4))
  const [size, lambda, biasLambda] = told.slice(1).map(Number)
  const fixed = run(specOf('biased-mf', { size: size!, lambda: lambda!, biasLambda: biasLambda!, epochs: 6 }), world)
  expect(picked.recommendations).toEqual(fixed.recommendations)
})

describe('svd++ that tries two settings', () => {
  const tried = { epochs: 25, patience: 25, learningRate: 0.03, selection: 'validation' } as const
  const settings = [
    ['size 2, lambda 0.3', { size: 2, lambda: 0.3 }, {}],
    ['size 2, lambda 0.18', { size: 1, lambda: 0.3 }, { size: 2, lambda: 0.6 * 0.3, decay: 0.99 ** 3 }],
  ] as const

  it.each(settings)('scores with the better on held-out training ratings, %s, and says so', (label, given, alone) => {
    const picked = run(specOf('svd++', { ...tried, ...given }), world)
    const checks = picked.points.filter(({ name }) => name === 'validationRmse').map(({ value }) => value)
    expect(checks).toHaveLength(50)
    const best = Math.min(...checks)
    const epoch = (checks.indexOf(best) % 25) + 1
    expect(picked.remarks.at(-1)).toBe(
      `Epoch ${epoch} was the best on held-out training data (validationRmse ${best.toFixed(4)}, ${label}, of 2 settings); what scores was then fitted on all training data for as many epochs.`,
    )
    const fixed = run(specOf('svd++', { ...tried, ...given, ...alone, selection: 'fixed' }), world)
    expect(picked.recommendations).toEqual(fixed.recommendations)
  })

  it.each(settings)('without a refit scores with the weights of the better, %s, after save and load as well', (_label, given) => {
    const spec = specOf('svd++', { ...tried, ...given, refit: false })
    const job = createTrainingJob(spec, world)
    const { recommendations } = runJob(job)
    expect(evaluateSavedModel(spec, world, job.modelSnapshot()).recommendations).toEqual(recommendations)
  })
})

it('a rating of all-equal data is predicted as what it always is, by every model that predicts ratings', () => {
  const equal = { ...world, rating: world.rating.map(() => 4) }
  for (const [id, params] of models) {
    const { rows } = run(specOf(id, params, { protocols: ['rerank-oneshot'] }), equal)
    expect(
      rows.every(({ value }) => Number.isFinite(value)),
      id,
    ).toBe(true)
    if (!rows.some(({ metric, model }) => metric === 'rmse' && model === id)) continue
    expect(valueOf({ rows }, { model: id, metric: 'rmse', k: 3, protocol: 'rerank-oneshot' }), id).toBeLessThan(0.35)
  }
})

it('says that a rate is too high when steps run away', () => {
  const error = errorOf(() => run(specOf('pmf', { size: 4, learningRate: 1, lambda: 0 }), world))
  expect(error.code).toBe('RUN_DIVERGED')
  expect(error.message).toMatch(/Lower the learning rate or raise the regularisation, and start again\.$/)
})
