import type { ResultRowWithInterval } from '../../contract/dto/run.ts'
import type { MetricDefinition, RankedList } from '../core/metric.ts'
import { Rng } from '../core/rng.ts'
import { isPositive } from '../data/interaction-table.ts'
import type { CandidateSets } from './candidate-sets.ts'
import { metrics } from './metrics/catalogue.gen.ts'
import type { RankedLists } from './rank.ts'

/** Values of one metric at one k, per evaluated user; NaN where the metric has no value for the user. */
export interface UserValues {
  readonly metric: string
  readonly k: number
  readonly values: Float64Array
}

/** Every user metric of the catalogue at every k. */
export function userValues(sets: CandidateSets, lists: RankedLists, ks: readonly number[]): UserValues[] {
  const userMetrics = metrics.filter((metric) => metric.kind === 'user')
  const columns = userMetrics.flatMap((metric) => ks.map((k) => ({ metric, k, values: new Float64Array(sets.users.length) })))
  const lowestGain = Math.min(0, sets.scale.min)
  for (let c = 0; c < sets.users.length; c++) {
    const list: RankedList = {
      ratings: lists.ratings.subarray(lists.start[c]!, lists.start[c + 1]!),
      candidates: sets.start[c + 1]! - sets.start[c]!,
      ideal: sets.ratings
        .slice(sets.start[c]!, sets.start[c + 1]!)
        .sort()
        .reverse(),
      relevant: sets.relevant[c]!,
      isRelevant: (rating) => isPositive(rating, sets.scale),
      gainOf: (rating) => rating - lowestGain,
    }
    for (const column of columns) column.values[c] = column.metric.user(list, column.k) ?? NaN
  }
  return columns.map(({ metric, k, values }) => ({ metric: metric.id, k, values }))
}

/** How many bootstrap samples make an interval: enough for the second decimal of its ends, cheap at 6,000 users. */
const RESAMPLES = 400

/**
 * Rows of all metrics at all k for both subsets of users, with percentile bootstrap intervals (95 %, over users).
 *
 * "full-length" are the users with at least k candidates; a subset without users has no rows. The bootstrap draws from
 * the stream "bootstrap" of the seed, the same draws for every model, so that its noise does not separate them.
 */
export function resultRows(
  labels: { model: string; seed: number; split: string; protocol: string },
  sets: CandidateSets,
  lists: RankedLists,
  ks: readonly number[],
): ResultRowWithInterval[] {
  const values = userValues(sets, lists, ks)
  const rows: ResultRowWithInterval[] = []
  for (const k of ks) {
    for (const subset of ['all', 'full-length'] as const) {
      const users = usersOf(sets, subset === 'all' ? 1 : k)
      if (users.length === 0) continue
      const columns = values.filter((column) => column.k === k)
      for (const summary of summarise(columns, users, labels.seed)) rows.push({ ...labels, subset, k, ...summary })
    }
  }
  return rows
}

/** Positions of the users with at least `least` candidates. */
function usersOf(sets: CandidateSets, least: number): Int32Array {
  return Int32Array.from(sets.users.keys()).filter((c) => sets.start[c + 1]! - sets.start[c]! >= least)
}

interface Summary {
  readonly metric: string
  readonly value: number
  readonly users: number
  readonly low: number | null
  readonly high: number | null
}

function summarise(columns: readonly UserValues[], users: Int32Array, seed: number): Summary[] {
  const means = columns.map((column) => meanOver(column.values, users))
  const drawn = columns.map(() => new Float64Array(RESAMPLES))
  if (users.length > 1) {
    const rng = Rng.stream(seed, 'bootstrap')
    const sample = new Int32Array(users.length)
    for (let b = 0; b < RESAMPLES; b++) {
      for (let i = 0; i < sample.length; i++) sample[i] = users[rng.below(users.length)]!
      columns.forEach((column, m) => (drawn[m]![b] = meanOver(column.values, sample).value))
    }
  }
  return metrics.flatMap((metric) => {
    const parts = metric.kind === 'user' ? [metric.id] : metric.of
    const at = parts.map((id) => columns.findIndex((column) => column.metric === id))
    const counted = Math.min(...at.map((m) => means[m]!.users))
    if (counted === 0) return []
    const value = valueOf(
      metric,
      at.map((m) => means[m]!.value),
    )
    const samples = Float64Array.from({ length: RESAMPLES }, (_, b) =>
      valueOf(
        metric,
        at.map((m) => drawn[m]![b]!),
      ),
    )
      .filter(Number.isFinite)
      .sort()
    const interval = users.length > 1 && samples.length > 0
    return [
      {
        metric: metric.id,
        value,
        users: counted,
        low: interval ? samples[Math.floor(0.025 * (samples.length - 1))]! : null,
        high: interval ? samples[Math.ceil(0.975 * (samples.length - 1))]! : null,
      },
    ]
  })
}

function valueOf(metric: MetricDefinition, parts: readonly number[]): number {
  return metric.kind === 'user' ? parts[0]! : metric.combine(parts)
}

/** Mean over those of the named positions that have a value. */
function meanOver(values: Float64Array, positions: Int32Array): { value: number; users: number } {
  let sum = 0
  let users = 0
  for (let i = 0; i < positions.length; i++) {
    const value = values[positions[i]!]!
    if (value === value) {
      sum += value
      users++
    }
  }
  return { value: users === 0 ? NaN : sum / users, users }
}
