import { Rng } from '../../engine/core/rng.ts'
import { openStorage } from '../../storage/open.ts'
import { createGeneratedRows } from '../../storage/repositories/generated-rows.ts'
import { createRepositories } from '../../storage/repositories/repositories.ts'
import type { NewRun } from '../../storage/repositories/runs.ts'

export interface GeneratedRuns {
  readonly runs: number
  /** Of all curves of all runs. */
  readonly points: number
  /** Their names; others by default than any model's, but for one. */
  readonly curves?: readonly string[]
}

const KS = [5, 10, 20]
const METRICS = ['f1', 'map', 'ndcg', 'precision', 'recall']
const PROTOCOLS = ['rerank-oneshot', 'rerank-sequential']
/** As MDRR-att measures them. */
const CURVES = ['epsilon', 'loss/actor', 'loss/critic', 'q/mean', 'reward', 'reward/step', 'td/abs', 'validation/ndcg@20']
const MODELS = ['mdrr-att', 'mdrr-max', 'dqn', 'deers', 'biased-mf', 'svd++', 'popularity', 'item-mean']
const TAGS = ['paper', 'draft', 'ablation', 'table 2', 'rerun']
/** Of one transaction; some ten megabytes. */
const RUNS_AT_A_TIME = 50
const SEEDS_OF_A_GROUP = 5
const START = Date.UTC(2026, 0, 1)

/**
 * Fills a new workspace with finished runs by the real storage: the same rows for the same numbers on every machine. Five seeds
 * share a configuration; values and tags are spread, and mean nothing.
 */
export async function writeGeneratedRuns(
  folder: string,
  { runs: count, points, curves = CURVES }: GeneratedRuns,
  log: (line: string) => void,
): Promise<void> {
  const storage = await openStorage(folder)
  try {
    const repositories = createRepositories(storage)
    const rows = createGeneratedRows(storage.write)
    const datasetId = await repositories.datasets.store(tinyDataset())
    const ids = await repositories.runs.insert(Array.from({ length: count }, (_, at) => newRun(datasetId, at)))
    await rows.finish(ids)
    for (const [at, tag] of TAGS.entries()) {
      const tagged = ids.filter((id) => id % (at + 3) === 0)
      if (tagged.length > 0) await repositories.runs.label(tagged, { addTags: [tag] }, START)
    }
    await rows.results(ids, KS, METRICS, PROTOCOLS)
    const perCurve = Math.max(1, Math.ceil(points / count / curves.length))
    for (let start = 0; start < count; start += RUNS_AT_A_TIME) {
      await rows.metricPoints(ids.slice(start, start + RUNS_AT_A_TIME), curves, perCurve)
      const done = Math.min(count, start + RUNS_AT_A_TIME)
      if (done % 1000 < RUNS_AT_A_TIME) log(`${done} of ${count} runs, ${done * curves.length * perCurve} points`)
    }
  } finally {
    await storage.close()
  }
}

function newRun(datasetId: number, at: number): NewRun {
  const group = Math.floor(at / SEEDS_OF_A_GROUP)
  const seed = (at % SEEDS_OF_A_GROUP) + 1
  const modelId = MODELS[group % MODELS.length]!
  return {
    group: `group ${group}`,
    name: `${modelId} on generated, trial ${group} (seed ${seed})`,
    datasetId,
    modelId,
    modelVersion: 1,
    preset: group % 2 === 0 ? 'palate' : 'paper',
    params: {
      gamma: Math.round(Rng.stream(group, 'generated runs').uniform() * 100) / 100,
      batchSize: 32 * (1 + (group % 4)),
      trial: group,
    },
    split: `random:0.8@${seed}`,
    seed,
    protocols: [...PROTOCOLS],
    ks: KS,
    engineVersion: '0.1.0',
    executor: 'kernels',
    threads: null,
    datasetFingerprint: '0'.repeat(64),
    updatesTotal: 5000,
    createdAt: START + at * 60_000,
  }
}

/** Runs must be of some data set; the table asks nothing of it but its name. */
function tinyDataset() {
  return {
    name: 'generated',
    format: 'generated',
    source: 'palate bench window',
    createdAt: START,
    scale: { min: 1, max: 5, positiveFrom: 4, negativeTo: 2 },
    timeKind: 'file-order' as const,
    fingerprint: '0'.repeat(64),
    users: [{ userId: '1', attributes: null }],
    items: [{ itemId: '1', title: 'One', year: null, genres: [] }],
    columns: {
      userIndex: Int32Array.of(0),
      itemIndex: Int32Array.of(0),
      rating: Float32Array.of(4),
      time: Float64Array.of(0),
    },
    report: () => ({ read: 1, accepted: 1, rejected: 0, duplicates: 0, rejectedRows: [], durationMs: 0 }),
  }
}
