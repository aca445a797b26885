import type { ResultRowWithInterval } from '../../contract/dto/run.ts'
import type { MetricDefinition } from '../core/metric.ts'
import type { Scorer } from '../core/model.ts'
import { Rng } from '../core/rng.ts'
import { bootstrapMeans } from './bootstrap-means.ts'
import type { CandidateSets } from './candidate-sets.ts'
import { metrics } from './metrics/catalogue.gen.ts'
import { RESAMPLES, usersOf } from './score-lists.ts'
import { percentileInterval } from './statistics/interval.ts'

type PredictionMetric = Extract<MetricDefinition, { kind: 'prediction' }>

/** What is predicted before others get a turn. */
const RATINGS_PER_TURN = 100_000

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
  const measured = metrics.filter(({ kind }) => kind === 'prediction') as PredictionMetric[]
  const errors = measured.map((metric) => errorSums(metric, sets, predicted))
  const sizes = Float64Array.from(sets.users.keys(), (c) => sets.start[c + 1]! - sets.start[c]!)
  // By their number: of two sets of users that have at least so many candidates, one holds the other.
  const known = new Map<number, readonly Summary[]>()
  const rows: ResultRowWithInterval[] = []
  for (const k of ks) {
    for (const subset of ['all', 'full-length'] as const) {
      const users = usersOf(sets, subset === 'all' ? 1 : k)
      if (users.length === 0) continue
      const summaries = known.get(users.length) ?? (yield* summarise(measured, errors, sizes, users, labels.seed))
      known.set(users.length, summaries)
      for (const summary of summaries) rows.push({ ...labels, subset, k, ...summary })
    }
  }
  return rows
}

type Summary = Pick<ResultRowWithInterval, 'metric' | 'value' | 'users' | 'low' | 'high'>

/** The metrics over some users: of a mean error, the sum of all errors over the number of ratings. */
function* summarise(
  measured: readonly PredictionMetric[],
  errors: readonly Float64Array[],
  sizes: Float64Array,
  users: Int32Array,
  seed: number,
): Generator<void, Summary[]> {
  const [meanSizes, ...meanErrors] =
    users.length < 2 ? [] : yield* bootstrapMeans([sizes, ...errors], users, RESAMPLES, Rng.stream(seed, 'bootstrap'))
  const sum = (values: Float64Array) => users.reduce((total, c) => total + values[c]!, 0)
  return measured.map((metric, m) => {
    const value = metric.ofMean(sum(errors[m]!) / sum(sizes))
    const drawn = meanErrors[m]?.map((error, b) => metric.ofMean(error / meanSizes![b]!))
    const { low, high } = drawn ? percentileInterval(drawn) : { low: null, high: null }
    return { metric: metric.id, value, users: users.length, low, high }
  })
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
