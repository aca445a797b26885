import { PalateError } from '../../../src-main/contract/errors.ts'
import type {
  BenchmarkCell,
  BenchmarkColumn,
  BenchmarkFigure,
  BenchmarkProgress,
  BenchmarkRecipe,
  BenchmarkResult,
  BenchmarkRow,
  BenchmarkRowPlan,
  BenchmarkSummary,
} from '../../../src-main/contract/dto/benchmark.ts'
import type { Handlers } from '../../../src-main/services/handlers.ts'
import { worldStart, type World } from './world.ts'

const plan = (id: string, title: string, role: BenchmarkRowPlan['role'], unavailable: string | null = null): BenchmarkRowPlan => {
  const [model = '', preset] = id.split('/')
  return role === 'published'
    ? { id, title, role, unavailable, model: null, preset: null }
    : { id, title, role, unavailable, model, preset: preset ?? 'default' }
}

const rows: BenchmarkRowPlan[] = [
  plan('random', 'Random', 'floor'),
  plan('popularity', 'Popularity', 'floor'),
  plan('item-mean', 'Item mean', 'floor'),
  plan('biased-mf/palate', 'Biased MF', 'static'),
  plan('pmf/paper', 'PMF', 'published', 'Printed by the paper; its settings are not given.'),
  plan('ddpg/paper', 'DDPG', 'policy'),
  plan('mdrr-att/paper', 'MDRR-att', 'policy'),
  plan('mdrr-att/palate', 'MDRR-att', 'policy'),
  plan('deers/paper', 'DEERS', 'policy', 'The model deers is not in the catalogue.'),
  plan('oracle', 'Oracle', 'ceiling'),
]
/** What the paper prints and what comes out: precision and NDCG. */
const figures: Readonly<Record<string, readonly [published: readonly [number, number] | null, ours: readonly [number, number]]>> =
  {
    random: [null, [0.552, 0.807]],
    popularity: [
      [0.5012, 0.8301],
      [0.625, 0.86],
    ],
    'item-mean': [null, [0.677, 0.896]],
    'biased-mf/palate': [null, [0.692, 0.912]],
    'pmf/paper': [
      [0.5987, 0.8731],
      [0, 0],
    ],
    'ddpg/paper': [
      [0.6061, 0.8722],
      [0.641, 0.871],
    ],
    'mdrr-att/paper': [
      [0.6525, 0.9013],
      [0.6402, 0.8733],
    ],
    'mdrr-att/palate': [null, [0.6961, 0.9128]],
    'deers/paper': [
      [0.6201, 0.8834],
      [0, 0],
    ],
    oracle: [null, [0.838, 1]],
  }

const columns: BenchmarkColumn[] = (['rerank-sequential', 'sampled'] as const).flatMap((protocol) =>
  (['full-length', 'all'] as const).flatMap((subset) =>
    (['precision', 'ndcg'] as const).map((metric) => ({
      id: `${metric}@20.${protocol}.${subset}`,
      title: `${metric}@20, ${subset}`,
      metric,
      k: 20,
      protocol,
      subset,
      ...(protocol === 'sampled' ? { caution: 'The paper re-ranks logged items: a drawn sample is another task.' } : {}),
    })),
  ),
)

const recipes: Omit<BenchmarkRecipe, 'data' | 'started'>[] = [
  {
    id: 'mdrr-table2',
    title: 'MDRR-att, Table 2',
    doc: 'Precision and NDCG of MDRR-att and its baselines on MovieLens, re-ranking the test items.',
    citations: [
      {
        paper: 'Multi-agent deep reinforcement recommendation with attention. Made-up Journal 12 (2023).',
        table: 'Table 2',
        page: '7',
        caution: 'The paper names neither its split nor which users count.',
      },
    ],
    split: 'random:0.8',
    protocols: ['rerank-sequential', 'sampled'],
    columns,
    rows,
    defaultSeeds: 3,
    remarks: ['Users with fewer than k candidates have the same precision under any order.'],
  },
  {
    id: 'drr-gru-jester',
    title: 'DRR-GRU, Table X',
    doc: 'Precision of DRR-GRU and DRR-Max on Jester.',
    citations: [{ paper: 'DRR-GRU. Made-up Letters 3 (2024).', table: 'Table X', page: null, caution: null }],
    split: 'random:0.8',
    protocols: ['rerank-sequential'],
    columns: columns.slice(0, 2),
    rows: [rows[0]!, rows[1]!, plan('drr-gru/paper', 'DRR-GRU', 'policy')],
    defaultSeeds: 1,
    remarks: [],
  },
]

interface FakeBenchmark {
  summary: BenchmarkSummary
  cells: BenchmarkCell[]
  wake: Set<() => void>
}

/** Fills a cell each `tickMs`; the cell of DDPG with seed 2 fails. */
export function fakeBenchmarks(world: World, tickMs = 150): Handlers['benchmarks'] {
  const known = new Map<number, FakeBenchmark>()
  const of = (id: number) => {
    const found = known.get(id)
    if (!found) throw new PalateError('INPUT_INVALID', `There is no benchmark ${id}.`, { issues: [] })
    return found
  }
  const recipeOf = (id: string) => recipes.find((recipe) => recipe.id === id)!
  const tell = ({ wake }: FakeBenchmark) => wake.forEach((call) => call())
  const progressOf = ({ summary, cells }: FakeBenchmark): BenchmarkProgress => {
    const count = (state: BenchmarkCell['state']) => cells.filter((cell) => cell.state === state).length
    const left = count('waiting') + count('running') + count('paused')
    return {
      ...summary,
      cellsDone: count('done'),
      cellsFailed: count('failed'),
      cellsTotal: cells.length - count('unavailable'),
      rows: recipeOf(summary.recipe).rows,
      cells: cells.map((cell) => ({ ...cell })),
      deadline: null,
      remainingMs: count('done') > 0 ? left * tickMs : null,
    }
  }

  async function fill(benchmark: FakeBenchmark) {
    for (const cell of benchmark.cells) {
      if (cell.state !== 'waiting' && cell.state !== 'paused') continue
      for (const share of [0.3, 0.8]) {
        Object.assign(cell, { state: 'running', stage: 'training', share })
        tell(benchmark)
        await new Promise((resolve) => setTimeout(resolve, tickMs / 2))
        if (benchmark.summary.state === 'running') continue
        cell.state = 'paused'
        return tell(benchmark)
      }
      const fails = cell.row === 'ddpg/paper' && cell.seed === 2
      Object.assign(cell, { state: fails ? 'failed' : 'done', share: 1, stage: '', durationMs: 61_000 })
      if (fails)
        cell.error = {
          code: 'RUN_DIVERGED',
          message: 'The critic loss stopped being a finite number at update 900.',
          details: { run: '7', update: 900, quantity: 'criticLoss' },
        }
      tell(benchmark)
    }
    benchmark.summary.state = 'finished'
    tell(benchmark)
  }

  return {
    list: () =>
      Promise.resolve(
        recipes.map((recipe, at) => ({
          ...recipe,
          data: [
            {
              id: at === 0 ? 'ml-100k' : 'jester',
              title: at === 0 ? 'MovieLens 100k' : 'Jester',
              datasets: at === 0 ? world.datasets.map(({ id, name }) => ({ id, name })) : [],
            },
          ],
          started: [...known.values()].filter((one) => one.summary.recipe === recipe.id).map((one) => progressOf(one)),
        })),
      ),
    start: ({ recipe: id, dataset, seeds = [1, 2, 3], rows: wanted }) => {
      const recipe = recipeOf(id)
      const data = world.datasets.find((one) => one.id === dataset)!
      const started = [...known.values()].find((one) => one.summary.recipe === id && one.summary.datasetId === data.id)
      const benchmark: FakeBenchmark = started ?? {
        summary: {
          id: known.size + 1,
          recipe: id,
          title: recipe.title,
          datasetId: data.id,
          datasetName: data.name,
          seeds,
          state: 'running',
          cellsDone: 0,
          cellsFailed: 0,
          cellsTotal: 0,
          createdAt: worldStart,
          updatedAt: worldStart,
        },
        cells: [],
        wake: new Set(),
      }
      known.set(benchmark.summary.id, benchmark)
      Object.assign(benchmark.summary, { state: 'running', seeds })
      const isWanted = (row: BenchmarkRowPlan) =>
        row.role === 'floor' || row.role === 'ceiling' || (wanted?.includes(row.id) ?? true)
      for (const row of recipe.rows.filter((one) => one.role !== 'published'))
        for (const seed of seeds)
          if (isWanted(row) && !benchmark.cells.some((cell) => cell.row === row.id && cell.seed === seed))
            benchmark.cells.push({
              row: row.id,
              seed,
              state: row.unavailable ? 'unavailable' : 'waiting',
              runId: row.unavailable ? null : benchmark.cells.length + 1,
              share: 0,
              stage: '',
              durationMs: null,
              error: null,
            })
      void fill(benchmark)
      return Promise.resolve(progressOf(benchmark))
    },
    get: ({ benchmarkId }) => Promise.resolve(progressOf(of(benchmarkId))),
    watch: async function* ({ benchmarkId }, { signal }) {
      const benchmark = of(benchmarkId)
      let changed = true
      let wake = () => {}
      const listener = () => {
        changed = true
        wake()
      }
      benchmark.wake.add(listener)
      signal?.addEventListener('abort', listener)
      try {
        while (!signal?.aborted) {
          if (!changed) await new Promise<void>((resolve) => (wake = resolve))
          changed = false
          if (signal?.aborted) return
          yield progressOf(benchmark)
          if (benchmark.summary.state !== 'running') return
        }
      } finally {
        benchmark.wake.delete(listener)
      }
    },
    cancel: ({ benchmarkId }) => {
      const benchmark = of(benchmarkId)
      benchmark.summary.state = 'cancelled'
      tell(benchmark)
      return Promise.resolve(progressOf(benchmark))
    },
    result: ({ benchmarkId }) => Promise.resolve(resultOf(progressOf(of(benchmarkId)), recipeOf(of(benchmarkId).summary.recipe))),
    export: async function* ({ benchmarkId, format }) {
      const { summary } = of(benchmarkId)
      yield format === 'csv' ? 'row,metric,published,mean\r\n' : `${summary.title}\n`
      yield format === 'csv' ? 'mdrr-att/palate,ndcg,,0.9128\r\n' : `${format}\n`
      await Promise.resolve()
    },
    remove: ({ benchmarkId }) => Promise.resolve({ removed: known.delete(benchmarkId) }),
  }
}

function resultOf(benchmark: BenchmarkProgress, recipe: Omit<BenchmarkRecipe, 'data' | 'started'>): BenchmarkResult {
  const filled = (row: string) => benchmark.cells.filter((cell) => cell.row === row && cell.state === 'done').length
  const figureOf = (row: BenchmarkRowPlan, column: BenchmarkColumn): BenchmarkFigure => {
    const [published, ours] = figures[row.id] ?? [null, [0.6, 0.88]]
    const at = column.metric === 'ndcg' ? 1 : 0
    const seeds = filled(row.id)
    const value = column.subset === 'all' ? ours[at]! * 0.98 : ours[at]!
    return {
      published: column.protocol === 'sampled' || column.subset === 'all' ? null : (published?.[at] ?? null),
      mean: seeds > 0 ? value : null,
      low: seeds > 0 ? value - 0.006 : null,
      high: seeds > 0 ? Math.min(1, value + 0.006) : null,
      users: seeds > 0 ? 122 : 0,
      seeds,
    }
  }
  const stateOf = (row: BenchmarkRowPlan): BenchmarkRow['state'] => {
    const own = benchmark.cells.filter((cell) => cell.row === row.id)
    if (row.unavailable) return 'unavailable'
    if (own.every((cell) => cell.state === 'done')) return 'done'
    return filled(row.id) > 0 ? 'partly' : 'waiting'
  }
  const test = (claim: 'tuned-mf' | 'sequential', b: string, bProtocol: string, difference: number, p: number) => ({
    claim,
    a: 'mdrr-att/palate',
    b,
    aProtocol: 'rerank-sequential',
    bProtocol,
    metric: 'ndcg',
    k: 20,
    subset: 'full-length' as const,
    difference,
    low: difference - 0.001,
    high: difference + 0.001,
    users: 122,
    seeds: 3,
    p,
    correctedP: p,
    verdict: p < 0.05 ? ('higher' as const) : ('not distinguishable' as const),
  })
  const complete = filled('mdrr-att/palate') > 0
  return {
    benchmark,
    citations: recipe.citations,
    columns: recipe.columns,
    rows: recipe.rows.map((row) => ({
      ...row,
      state: stateOf(row),
      error: benchmark.cells.find((cell) => cell.row === row.id && cell.error)?.error?.message ?? null,
      figures: recipe.columns.map((column) => figureOf(row, column)),
    })),
    claims: [
      { claim: 'tuned-mf', title: 'Learned policy against tuned MF', doc: 'The policy against biased MF of the same splits.' },
      {
        claim: 'sequential',
        title: 'Sequential against one-shot',
        doc: 'The same policy with and without feedback within the list.',
      },
    ],
    tests: complete
      ? [
          test('tuned-mf', 'biased-mf/palate', 'rerank-sequential', 0.0008, 0.21),
          test('sequential', 'mdrr-att/palate', 'rerank-oneshot', 0.0031, 0.004),
        ]
      : [],
    remarks: recipe.remarks,
  }
}
