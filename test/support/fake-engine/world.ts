import type { DatasetDetail } from '../../../src-main/contract/dto/dataset.ts'
import type { MetricPoint, ResultRowWithInterval, RunDetail, RunState, RunSummary } from '../../../src-main/contract/dto/run.ts'
import type { RunTableView } from '../../../src-main/contract/dto/run-table.ts'
import { ownRunDefaults } from '../../../src-main/contract/dto/run-defaults.ts'
import type { Settings } from '../../../src-main/contract/dto/system.ts'

/** The clock's start in the fake world: a Sunday in March. */
export const worldStart = Date.UTC(2026, 2, 1, 12)

export interface FakeRun {
  detail: RunDetail
  points: MetricPoint[]
  rows: ResultRowWithInterval[]
}

/** Everything the fake engine knows; a test puts into it what it wants to see in the window. */
export interface World {
  datasets: DatasetDetail[]
  /** Deleted, and not yet for good. */
  removed: DatasetDetail[]
  notes: Map<number, string>
  /** Keys of the embeddings that every data set has; "damaged" is one without a map. */
  embeddings: string[]
  runs: Map<number, FakeRun>
  /** Deleted, and not yet for good. */
  removedRuns: Map<number, FakeRun>
  tableView: RunTableView | null
  settings: Settings
  nextRun: number
  /** Of downloads. It cuts the connection in the middle, or takes a second for each tenth. */
  network: 'up' | 'down' | 'cuts' | 'slow'
}

export const emptyWorld = (): World => ({
  datasets: [],
  removed: [],
  notes: new Map(),
  embeddings: [],
  runs: new Map(),
  removedRuns: new Map(),
  tableView: null,
  settings: {
    theme: 'system',
    concurrentRuns: 2,
    csvFormulaGuard: true,
    backend: 'auto',
    threads: 'auto',
    allowFallback: false,
    ...ownRunDefaults,
  },
  nextRun: 1,
  network: 'up',
})

export function fakeDataset(id: number, name: string): DatasetDetail {
  const counts = [610, 1137, 2714, 3417, 2120]
  const ranks = Array.from({ length: 60 }, (_, at) => Math.round(400 ** (at / 59)))
  return {
    id,
    name,
    format: 'sample-lab',
    source: 'generator, seed 1',
    createdAt: worldStart + id * 60_000,
    users: 300,
    items: 400,
    ratings: 9998,
    density: 9998 / 120_000,
    scale: { min: 1, max: 5, positiveFrom: 4, negativeTo: 2 },
    timeKind: 'unix-seconds',
    fingerprint: 'a'.repeat(64),
    ratingHistogram: counts.map((count, at) => ({ from: at + 1, to: at + 1, count })),
    meanRating: 3.53,
    positives: 5537,
    negatives: 1747,
    itemPopularity: ranks.map((rank) => ({ rank, count: Math.max(1, Math.round(260 / rank ** 0.7)) })),
    userActivity: ranks
      .filter((rank) => rank <= 300)
      .map((rank) => ({ rank, count: Math.max(2, Math.round(180 / rank ** 0.45)) })),
    report: {
      read: 10_004,
      accepted: 9998,
      rejected: 4,
      duplicates: 2,
      rejectedRows: [
        { file: 'u.data', line: 17, byteOffset: 402, reason: 'rating "x" is no number', rawText: '12\t99\tx\t881250949' },
      ],
      durationMs: 740,
    },
    runs: 0,
  }
}

export function fakeRun(id: number, dataset: DatasetDetail, state: RunState, part: Partial<RunDetail> = {}): FakeRun {
  const done = state === 'finished' ? 3000 : state === 'queued' ? 0 : 1400
  const ended = !['queued', 'running', 'paused'].includes(state)
  const summary: RunSummary = {
    id,
    group: `g${id}`,
    name: `mdrr-att on ${dataset.name}`,
    datasetId: dataset.id,
    datasetName: dataset.name,
    modelId: 'mdrr-att',
    modelVersion: 1,
    preset: 'palate',
    split: `random:0.8@${id}`,
    seed: id,
    state,
    createdAt: worldStart + id * 3_600_000,
    startedAt: state === 'queued' ? null : worldStart + id * 3_600_000 + 500,
    endedAt: ended ? worldStart + id * 3_600_000 + 93_000 : null,
    updatesDone: done,
    updatesTotal: 3000,
    updatesPerSecond: state === 'running' ? 61.4 : null,
    remainingMs: state === 'running' ? 26_000 : null,
    stage: state === 'running' ? 'training' : state,
    validationNdcg: done > 0 ? 0.902 : null,
    precision20: state === 'finished' ? 0.6871 : null,
    ndcg20: state === 'finished' ? 0.9032 : null,
    error: null,
    tags: [],
    comment: '',
    archived: false,
  }
  const detail: RunDetail = {
    ...summary,
    params: {
      updates: 3000,
      batchSize: 64,
      actorLearningRate: 1e-4,
      criticLearningRate: 1e-3,
      gamma: 0.9,
      tau: 1e-3,
      historyLength: 10,
      feedback: 'both',
      divideByN: false,
      residual: true,
    },
    protocols: ['rerank-sequential', 'rerank-oneshot'],
    ks: [5, 10, 20],
    engineVersion: '0.1.0',
    executor: 'kernels',
    device: 'WebAssembly with relaxed SIMD, 2 threads',
    executorVersions: { kernels: 'relaxed SIMD', v8: '13.6' },
    threads: null,
    datasetFingerprint: dataset.fingerprint,
    splitHash: 'b'.repeat(64),
    checkpoints: done > 0 ? [{ update: done, bytes: 3_400_000, createdAt: worldStart }] : [],
    notes: [{ at: summary.createdAt, text: 'Queued.' }],
    lineage: null,
    ...part,
  }
  return { detail, points: fakePoints(done, id), rows: state === 'finished' || state === 'stopped' ? fakeRows(detail) : [] }
}

/** Smooth, seed-dependent curves; no randomness, so that pictures stay the same. */
export function fakePoints(updates: number, seed: number): MetricPoint[] {
  const points: MetricPoint[] = []
  const add = (name: string, update: number, value: number) => points.push({ name, update, value, elapsedMs: update * 16 })
  for (const [model, value] of [
    ['popularity', 0.86],
    ['item-mean', 0.896],
    ['biased-mf', 0.903],
  ] as const) {
    if (updates > 0) add(`floor/${model}/validation/ndcg@20`, 0, value)
  }
  for (let update = 0; update <= updates; update += 20) {
    const ripple = Math.sin(update / 37 + seed) * Math.cos(update / 91 + seed * 3)
    add('reward', update, 0.35 * (1 - Math.exp(-update / 700)) + ripple * 0.06)
    add('loss/critic', update, 0.8 * Math.exp(-update / 500) + 0.03 + Math.abs(ripple) * 0.02)
    add('loss/actor', update, -0.4 * (1 - Math.exp(-update / 900)) + ripple * 0.03)
    add('q/mean', update, 1.2 * (1 - Math.exp(-update / 1100)) + ripple * 0.05)
    add('epsilon', update, Math.max(0.1, 1 - update / 2500))
    if (update % 200 === 0) add('validation/ndcg@20', update, 0.87 + 0.036 * (1 - Math.exp(-update / 600)) + ripple * 0.003)
  }
  return points
}

export function fakeRows(run: {
  modelId: string
  seed: number
  split: string
  protocols: string[]
  ks: number[]
}): ResultRowWithInterval[] {
  const ndcg: Record<string, number> = {
    random: 0.807,
    popularity: 0.86,
    'item-mean': 0.896,
    'biased-mf': 0.903,
    [run.modelId]: 0.9082 + run.seed * 1e-4,
    oracle: 1,
  }
  const precision: Record<string, number> = {
    random: 0.552,
    popularity: 0.625,
    'item-mean': 0.677,
    'biased-mf': 0.688,
    [run.modelId]: 0.6961,
    oracle: 0.838,
  }
  const rows: ResultRowWithInterval[] = []
  for (const protocol of run.protocols)
    for (const subset of ['all', 'full-length'] as const)
      for (const k of run.ks)
        for (const model of Object.keys(ndcg)) {
          const base = { model, seed: run.seed, split: run.split, protocol, subset, k, users: subset === 'all' ? 300 : 122 }
          const add = (metric: string, value: number) => {
            const half = model === 'oracle' && metric === 'ndcg' ? 0 : 0.006
            rows.push({ ...base, metric, value, low: Math.max(0, value - half), high: Math.min(1, value + half) })
          }
          const p = precision[model]! * (1 + (20 - k) / 100)
          add('precision', p)
          add('recall', p * 0.4 + k / 100)
          add('f1', (2 * p * (p * 0.4 + k / 100)) / (p + p * 0.4 + k / 100))
          add('ndcg', ndcg[model]!)
          add('map', ndcg[model]! - 0.12)
          if (model === 'biased-mf' || model === 'svd++') add('rmse', model === 'svd++' ? 0.905 : 0.912)
        }
  return rows
}
