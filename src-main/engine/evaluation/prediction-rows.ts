import type { ResultRowWithInterval } from '../../contract/dto/run.ts'
import type { MetricDefinition } from '../core/metric.ts'
import type { Scorer } from '../core/model.ts'
import { Rng } from '../core/rng.ts'
import type { CandidateSets } from './candidate-sets.ts'
import { metrics } from './metrics/catalogue.gen.ts'
import { RESAMPLES, usersOf } from './score-lists.ts'

type PredictionMetric = Extract<MetricDefinition, { kind: 'prediction' }>

/**
 * Rows of all prediction metrics for both subsets of users, with percentile bootstrap intervals (95 %, over users): the
 * errors of all candidates are pooled, so that a rating weighs the same whoever gave it. A scorer that predicts no ratings
 * has none. The value changes with k through the subset alone.
 *
 * The bootstrap draws from the stream "bootstrap" of the seed.
 */
export function predictionRows(
  labels: { model: string; seed: number; split: string; protocol: string },
  sets: CandidateSets,
  scorer: Scorer,
  ks: readonly number[],
): ResultRowWithInterval[] {
  if (!scorer.predictsRatings) return []
  const predicted = predictAll(sets, scorer)
  return metrics
    .filter((metric) => metric.kind === 'prediction')
    .flatMap((metric) => {
      const sums = errorSums(metric, sets, predicted)
      return ks.flatMap((k) =>
        (['all', 'full-length'] as const).flatMap((subset) => {
          const users = usersOf(sets, subset === 'all' ? 1 : k)
          if (users.length === 0) return []
          const value = pooled(metric, sets, sums, users)
          const [low, high] = interval(metric, sets, sums, users, labels.seed)
          return [{ ...labels, subset, k, metric: metric.id, value, users: users.length, low, high }]
        }),
      )
    })
}

/** The scores of all candidates, cut to the scale. */
function predictAll(sets: CandidateSets, scorer: Scorer): Float32Array {
  const predicted = new Float32Array(sets.items.length)
  for (let c = 0; c < sets.users.length; c++) {
    const [from, to] = [sets.start[c]!, sets.start[c + 1]!]
    scorer.score(sets.users[c]!, sets.items.subarray(from, to), to - from, predicted.subarray(from, to))
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

function interval(
  metric: PredictionMetric,
  sets: CandidateSets,
  sums: Float64Array,
  users: Int32Array,
  seed: number,
): [low: number | null, high: number | null] {
  if (users.length < 2) return [null, null]
  const rng = Rng.stream(seed, 'bootstrap')
  const sample = new Int32Array(users.length)
  const drawn = new Float64Array(RESAMPLES)
  for (let b = 0; b < RESAMPLES; b++) {
    for (let i = 0; i < sample.length; i++) sample[i] = users[rng.below(users.length)]!
    drawn[b] = pooled(metric, sets, sums, sample)
  }
  drawn.sort()
  return [drawn[Math.floor(0.025 * (RESAMPLES - 1))]!, drawn[Math.ceil(0.975 * (RESAMPLES - 1))]!]
}
