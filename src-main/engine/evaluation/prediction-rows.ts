import type { ResultRowWithInterval } from '../../contract/dto/run.ts'
import type { MetricDefinition } from '../core/metric.ts'
import type { Scorer } from '../core/model.ts'
import { Rng } from '../core/rng.ts'
import type { CandidateSets } from './candidate-sets.ts'
import { metrics } from './metrics/catalogue.gen.ts'
import { RESAMPLES, usersOf } from './score-lists.ts'

type PredictionMetric = Extract<MetricDefinition, { kind: 'prediction' }>

/** What is predicted, and drawn, before others get a turn. */
const RATINGS_PER_TURN = 100_000
const USERS_PER_TURN = 1e6

/**
 * Rows of all prediction metrics for both subsets of users, with percentile bootstrap intervals (95 %, over users): the
 * errors of all candidates are pooled, so that a rating weighs the same whoever gave it. A scorer that predicts no ratings
 * has none. The value changes with k through the subset alone.
 *
 * Yields between slices of work. The bootstrap draws from the stream "bootstrap" of the seed.
 */
export function* predictionRows(
  labels: { model: string; seed: number; split: string; protocol: string },
  sets: CandidateSets,
  scorer: Scorer,
  ks: readonly number[],
): Generator<void, ResultRowWithInterval[]> {
  if (!scorer.predictsRatings) return []
  const predicted = yield* predictAll(sets, scorer)
  const rows: ResultRowWithInterval[] = []
  for (const metric of metrics.filter(({ kind }) => kind === 'prediction') as PredictionMetric[]) {
    const sums = errorSums(metric, sets, predicted)
    for (const k of ks) {
      for (const subset of ['all', 'full-length'] as const) {
        const users = usersOf(sets, subset === 'all' ? 1 : k)
        if (users.length === 0) continue
        const value = pooled(metric, sets, sums, users)
        const [low, high] = yield* interval(metric, sets, sums, users, labels.seed)
        rows.push({ ...labels, subset, k, metric: metric.id, value, users: users.length, low, high })
      }
    }
  }
  return rows
}

/** The scores of all candidates, cut to the scale. */
function* predictAll(sets: CandidateSets, scorer: Scorer): Generator<void, Float32Array> {
  const predicted = new Float32Array(sets.items.length)
  for (let c = 0; c < sets.users.length; c++) {
    const [from, to] = [sets.start[c]!, sets.start[c + 1]!]
    scorer.score(sets.users[c]!, sets.items.subarray(from, to), to - from, predicted.subarray(from, to))
    if (Math.floor(to / RATINGS_PER_TURN) > Math.floor(from / RATINGS_PER_TURN)) yield
  }
  const { min, max } = sets.scale
  return predicted.map((value) => Math.min(max, Math.max(min, value)))
}

function errorSums(metric: PredictionMetric, sets: CandidateSets, predicted: Float32Array): Float64Array {
  const sums = new Float64Array(sets.users.length)
  for (let c = 0; c < sums.length; c++) {
    for (let i = sets.start[c]!; i < sets.start[c + 1]!; i++) sums[c]! += metric.error(predicted[i]!, sets.ratings[i]!)
  }
  return sums
}

function pooled(metric: PredictionMetric, sets: CandidateSets, sums: Float64Array, users: Int32Array): number {
  let sum = 0
  let count = 0
  for (let i = 0; i < users.length; i++) {
    const c = users[i]!
    sum += sums[c]!
    count += sets.start[c + 1]! - sets.start[c]!
  }
  return metric.ofMean(sum / count)
}

function* interval(
  metric: PredictionMetric,
  sets: CandidateSets,
  sums: Float64Array,
  users: Int32Array,
  seed: number,
): Generator<void, [low: number | null, high: number | null]> {
  if (users.length < 2) return [null, null]
  const rng = Rng.stream(seed, 'bootstrap')
  const sample = new Int32Array(users.length)
  const drawn = new Float64Array(RESAMPLES)
  const samplesPerTurn = Math.ceil(USERS_PER_TURN / users.length)
  for (let b = 0; b < RESAMPLES; b++) {
    for (let i = 0; i < sample.length; i++) sample[i] = users[rng.below(users.length)]!
    drawn[b] = pooled(metric, sets, sums, sample)
    if (b % samplesPerTurn === samplesPerTurn - 1) yield
  }
  drawn.sort()
  return [drawn[Math.floor(0.025 * (RESAMPLES - 1))]!, drawn[Math.ceil(0.975 * (RESAMPLES - 1))]!]
}
