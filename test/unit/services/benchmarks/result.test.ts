import { describe, expect, it, onTestFinished } from 'vitest'
import { benchmarkResult } from '../../../../src-main/contract/dto/benchmark.ts'
import { runOfCell } from '../../../../src-main/services/benchmarks/cell-runs.ts'
import { defineRecipe, type RecipeDefinition } from '../../../../src-main/services/benchmarks/recipe.ts'
import { resultOf } from '../../../../src-main/services/benchmarks/result.ts'
import { loadStanding, type BenchmarkHost } from '../../../../src-main/services/benchmarks/standing.ts'
import { createDatasetHandlers } from '../../../../src-main/services/datasets.ts'
import { engineCatalogue } from '../../../../src-main/services/models.ts'
import { defaultSettings } from '../../../../src-main/services/settings.ts'
import { openWorkspace } from '../../../../src-main/services/workspace.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

const published = {
  id: 'by-hand',
  paper: 'A paper',
  table: 'Table 1',
  page: null,
  title: 'By hand',
  caution: null,
  columns: [{ data: 'sample', metric: 'ndcg', k: 2, protocol: 'rerank-sequential' }],
  rows: [{ name: 'MDRR-att', values: [0.9013] }],
}

const definition: RecipeDefinition = {
  id: 'by-hand',
  title: 'By hand',
  doc: 'Values of users that a person wrote.',
  data: [{ id: 'sample', title: 'The sample lab', is: ({ format }) => format === 'sample-lab' }],
  split: 'random:0.8',
  protocols: ['rerank-sequential', 'rerank-oneshot'],
  measures: [
    { metric: 'ndcg', k: 2 },
    { metric: 'f1', k: 2, subsets: ['all'] },
  ],
  rows: [
    { model: 'mdrr', title: 'MDRR', presets: ['palate'] },
    { model: 'mdrr-att', title: 'MDRR-att', presets: ['palate'], published: 'MDRR-att' },
  ],
  ablation: { of: 'mdrr-att', models: ['mdrr'] },
  tested: [{ metric: 'ndcg', k: 2, subset: 'full-length' }],
  defaultSeeds: 2,
  published: [published],
}

/** Of a row, seed and protocol: the value of each user, and how many candidates all of them have. */
interface Evaluated {
  readonly metric: string
  readonly protocol?: string
  readonly values: readonly number[]
  /** Of each user; default 2. */
  readonly candidates?: readonly number[]
}

async function lab() {
  const workspace = await openWorkspace(await tempFolder())
  onTestFinished(() => workspace.close())
  const dataset = await createDatasetHandlers(workspace).createSampleLab({ seed: 1, name: 'Sample lab' }, {})
  const host: BenchmarkHost = {
    workspace,
    catalogue: engineCatalogue(),
    recipes: [defineRecipe(definition)],
    version: '0.0.0-test',
    settings: () => Promise.resolve(defaultSettings()),
    live: () => ({}),
  }
  const wanted = { recipe: 'by-hand', datasetId: dataset.id, seeds: [1, 2], rows: null }
  const id = await workspace.repositories.benchmarks.begin(wanted, 0)
  const fill = async (rowId: string, seed: number, evaluated: readonly Evaluated[]) => {
    const { plan } = await loadStanding(host, id)
    const row = plan.rows.find((one) => one.id === rowId)!
    const facts = {
      dataset,
      catalogue: host.catalogue,
      choice: {},
      engineVersion: '0',
      backend: 'auto',
      threads: 'auto',
      at: 0,
    } as const
    const [runId] = await workspace.repositories.runs.insert([runOfCell(plan, row, seed, facts)])
    await workspace.repositories.runs.update(runId!, { state: 'finished' })
    for (const { metric, values, protocol = 'rerank-sequential', candidates } of evaluated) {
      await workspace.repositories.userMetrics.save(runId!, {
        model: values.map(() => row.model!),
        protocol: values.map(() => protocol),
        userIndex: Int32Array.from(values, (_, user) => user),
        candidates: Int32Array.from(values, (_, user) => candidates?.[user] ?? 2),
        k: new Int32Array(values.length).fill(2),
        metric: values.map(() => metric),
        value: Float64Array.from(values),
      })
    }
    await workspace.repositories.benchmarks.setCell(id, { row: rowId, seed, runId: runId!, error: null })
  }
  const result = async () => {
    const found = await resultOf(host, await loadStanding(host, id), undefined)
    expect(benchmarkResult.parse(found)).toEqual(found)
    return found
  }
  return { fill, result }
}

const ndcg = (values: readonly number[], more: Partial<Evaluated> = {}): Evaluated => ({ metric: 'ndcg', values, ...more })
const spread = (shift: number) => Array.from({ length: 60 }, (_, user) => 0.5 + 0.3 * Math.sin(user * 1.3) + shift)

describe('the table of a benchmark', () => {
  it('has the mean over seeds and users, and that of users with full lists apart', async () => {
    const { fill, result } = await lab()
    await fill('mdrr-att/palate', 1, [ndcg([0.2, 0.4, 0.9], { candidates: [2, 3, 1] })])
    await fill('mdrr-att/palate', 2, [ndcg([0.4, 0.6, 0.5], { candidates: [2, 2, 1] })])
    const { rows, columns } = await result()
    expect(columns.map((column) => column.id)).toEqual([
      'ndcg@2.rerank-sequential.full-length',
      'ndcg@2.rerank-sequential.all',
      'f1@2.rerank-sequential.all',
    ])
    const [full, all, f1] = rows.find((row) => row.id === 'mdrr-att/palate')!.figures
    expect(full).toMatchObject({ published: 0.9013, users: 2, seeds: 2 })
    expect(full!.mean).toBeCloseTo((0.2 + 0.4 + 0.4 + 0.6) / 4, 12)
    expect(all).toMatchObject({ published: 0.9013, users: 3, seeds: 2 })
    expect(all!.mean).toBeCloseTo(3 / 6, 12)
    // Neither a published nor a measured value.
    expect(f1).toEqual({ published: null, mean: null, low: null, high: null, users: 0, seeds: 0 })
  })

  it('has an interval that tells of users and of seeds: seeds that differ widen it', async () => {
    const { fill, result } = await lab()
    for (const seed of [1, 2]) await fill('mdrr/palate', seed, [ndcg(spread(0))])
    await fill('mdrr-att/palate', 1, [ndcg(spread(0.1))])
    await fill('mdrr-att/palate', 2, [ndcg(spread(-0.1))])
    const { rows } = await result()
    const width = (id: string) => {
      const [figure] = rows.find((row) => row.id === id)!.figures
      return figure!.high! - figure!.low!
    }
    // Standard error of the mean over 60 users with deviation .3 / sqrt 2: .027, so that 95 % are about .107 wide.
    expect(width('mdrr/palate')).toBeGreaterThan(0.09)
    expect(width('mdrr/palate')).toBeLessThan(0.125)
    // Of two seeds both are drawn as the same one half of the time: .2 lies between these.
    expect(width('mdrr-att/palate')).toBeGreaterThan(0.2)
  })

  it('has F1 of the mean precision and the mean recall', async () => {
    const { fill, result } = await lab()
    await fill('popularity', 1, [
      { metric: 'precision', values: [1, 0] },
      { metric: 'recall', values: [0.5, 0] },
    ])
    const f1 = (await result()).rows.find((row) => row.id === 'popularity')!.figures[2]!
    expect(f1.mean).toBeCloseTo((2 * 0.5 * 0.25) / 0.75, 12)
    expect([f1.low, f1.high!]).toEqual([0, expect.closeTo((2 * 1 * 0.5) / 1.5, 12)])
  })

  it('tests learned models against the tuned factorisation, a policy against itself in one shot, and ablations', async () => {
    const { fill, result } = await lab()
    for (const seed of [1, 2]) {
      await fill('biased-mf/tuned', seed, [ndcg(spread(0))])
      await fill('mdrr-att/palate', seed, [ndcg(spread(0.02)), ndcg(spread(0.02), { protocol: 'rerank-oneshot' })])
      // Half of the users gain what the other half loses.
      const wavering = spread(0).map((value, user) => value + (user % 2 ? 0.01 : -0.01))
      await fill('mdrr/palate', seed, [ndcg(wavering), ndcg(spread(-0.02), { protocol: 'rerank-oneshot' })])
    }
    const { tests, claims, remarks } = await result()
    expect(claims.map(({ claim }) => claim)).toEqual(['tuned-mf', 'sequential', 'ablation'])
    const told = tests.map(({ claim, a, b, difference, verdict }) => [claim, a, b, Math.round(difference * 1e6) / 1e6, verdict])
    expect(told).toEqual([
      ['tuned-mf', 'mdrr/palate', 'biased-mf/tuned', 0, 'not distinguishable'],
      ['tuned-mf', 'mdrr-att/palate', 'biased-mf/tuned', 0.02, 'higher'],
      ['sequential', 'mdrr/palate', 'mdrr/palate', 0.02, 'higher'],
      ['sequential', 'mdrr-att/palate', 'mdrr-att/palate', 0, 'not distinguishable'],
      ['ablation', 'mdrr/palate', 'mdrr-att/palate', -0.02, 'lower'],
    ])
    expect(tests.every(({ users, seeds }) => users === 60 && seeds === 2)).toBe(true)
    // Holm within the claim: of two tests the smaller p counts twice, and the larger may not fall below it.
    const [weak, strong] = tests
    expect(strong!.p).toBeCloseTo(1 / 4001, 12)
    expect(strong!.correctedP).toBeCloseTo(2 / 4001, 12)
    expect(weak!.correctedP).toBe(weak!.p)
    // A family of one stays as it is.
    expect(tests[4]!.correctedP).toBe(tests[4]!.p)
    expect(remarks).toEqual(['8 of 14 cells are not filled yet.'])
  })

  it('says so where two learned rows are one: the same value for every user', async () => {
    const { fill, result } = await lab()
    await fill('biased-mf/tuned', 1, [ndcg([0.1, 0.2])])
    await fill('mdrr/palate', 1, [ndcg([0.1, 0.2])])
    expect((await result()).remarks).toEqual(['12 of 14 cells are not filled yet.'])
    await fill('mdrr-att/palate', 1, [ndcg([0.1, 0.2])])
    expect((await result()).remarks).toEqual([
      '11 of 14 cells are not filled yet.',
      'mdrr/palate and mdrr-att/palate have the same ndcg@2 for every user and seed: the notes of their runs say what scores.',
    ])
  })

  it('pairs only the seeds and users that both have', async () => {
    const { fill, result } = await lab()
    await fill('biased-mf/tuned', 1, [ndcg([0.1, 0.2])])
    await fill('biased-mf/tuned', 2, [ndcg([0.9, 0.9])])
    await fill('mdrr/palate', 1, [ndcg([0.3, 0.3, 0.7])])
    const { tests, rows } = await result()
    const [test] = tests
    expect(test).toMatchObject({ claim: 'tuned-mf', users: 2, seeds: 1 })
    expect(test!.difference).toBeCloseTo((0.2 + 0.1) / 2, 12)
    expect(rows.map((row) => [row.id, row.state])).toContainEqual(['mdrr/palate', 'partly'])
    expect(rows.map((row) => [row.id, row.state])).toContainEqual(['oracle', 'waiting'])
  })
})
