import type { ResultRowWithInterval } from '../../contract/dto/run.ts'
import type { MetricDefinition, RankedList } from '../core/metric.ts'
import { Rng } from '../core/rng.ts'
import { isPositive, rewardOf } from '../data/interaction-table.ts'
import { bootstrapMeans } from './bootstrap-means.ts'
import { candidateCount, type CandidateSets } from './candidate-sets.ts'
import { metrics } from './metrics/catalogue.gen.ts'
import type { RankedLists } from './rank.ts'
import { percentileInterval } from './statistics/interval.ts'
import { middleOf } from './statistics/middle.ts'
import type { TrainingCounts } from './training-counts.ts'

/** Values of one metric at one k, per evaluated user; NaN where the metric has no value for the user. */
export interface UserValues {
  readonly metric: string
  readonly k: number
  readonly values: Float64Array
}

/**
 * The user metrics of the catalogue (or only those wanted, by id) at every k.
 * @param training what metrics that look at popularity count by; without it they have no value
 */
export function userValues(
  sets: CandidateSets,
  lists: RankedLists,
  ks: readonly number[],
  { training, wanted }: { training?: TrainingCounts; wanted?: readonly string[] } = {},
): UserValues[] {
  const userMetrics = metrics
    .filter((metric) => metric.kind === 'user')
    .filter(({ id, episodesOnly }) => (wanted?.includes(id) ?? true) && (!episodesOnly || sets.episodes === true))
  const columns = userMetrics.flatMap((metric) => ks.map((k) => ({ metric, k, values: new Float64Array(sets.users.length) })))
  const judgement = judgementOf(sets, training)
  for (let c = 0; c < sets.users.length; c++) {
    const list: RankedList = {
      ...judgement,
      items: lists.items.subarray(lists.start[c]!, lists.start[c + 1]!),
      ratings: lists.ratings.subarray(lists.start[c]!, lists.start[c + 1]!),
      candidates: candidateCount(sets, c),
      ideal: sets.ratings
        .slice(sets.start[c]!, sets.start[c + 1]!)
        .sort()
        .reverse(),
      relevant: sets.relevant[c]!,
    }
    for (const column of columns) column.values[c] = column.metric.user(list, column.k) ?? NaN
  }
  return columns.map(({ metric, k, values }) => ({ metric: metric.id, k, values }))
}

type Judgement = Pick<RankedList, 'isRelevant' | 'gainOf' | 'rewardOf' | 'surpriseOf'>

/**
 * What ratings and items are worth. Where unrated items are candidates, a rating below the positive threshold is worth no more
 * than none: otherwise a list would earn by naming what the user disliked.
 */
function judgementOf({ scale, pool }: CandidateSets, training: TrainingCounts | undefined): Judgement {
  const lowestGain = Math.min(0, scale.min)
  const isRelevant = (rating: number) => isPositive(rating, scale)
  return {
    isRelevant,
    gainOf: (rating) => (Number.isNaN(rating) || (pool && !isRelevant(rating)) ? 0 : rating - lowestGain),
    rewardOf: (rating) => rewardOf(rating, scale),
    surpriseOf: (item) => (training ? -Math.log2((training.raters[item]! + 1) / (training.users + 1)) : null),
  }
}

/** How many bootstrap samples make an interval: enough for the second decimal of its ends, cheap at 6,000 users. */
export const RESAMPLES = 400

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
  training?: TrainingCounts,
): ResultRowWithInterval[] {
  const values = userValues(sets, lists, ks, training ? { training } : {})
  const rows: ResultRowWithInterval[] = []
  for (const k of ks) {
    const columns = values.filter((column) => column.k === k)
    const [all, full] = [usersOf(sets, 1), usersOf(sets, k)]
    const episodes = sets.episodes === true
    const ofAll = all.length === 0 ? [] : summarise(columns, all, labels.seed, episodes)
    // Over the whole catalogue everybody has k candidates: the same users, the same draws, the same figures.
    const ofFull = full.length === all.length ? ofAll : full.length === 0 ? [] : summarise(columns, full, labels.seed, episodes)
    for (const summary of ofAll) rows.push({ ...labels, subset: 'all', k, ...summary })
    for (const summary of ofFull) rows.push({ ...labels, subset: 'full-length', k, ...summary })
  }
  return rows
}

/** Positions of the users with at least `least` candidates. */
export function usersOf(sets: CandidateSets, least: number): Int32Array {
  return Int32Array.from(sets.users.keys()).filter((c) => candidateCount(sets, c) >= least)
}

interface Summary {
  readonly metric: string
  readonly value: number
  readonly users: number
  readonly low: number | null
  readonly high: number | null
}

function summarise(columns: readonly UserValues[], users: Int32Array, seed: number, episodes: boolean): Summary[] {
  const means = columns.map((column) => meanOver(column.values, users))
  const values = columns.map((column) => column.values)
  const drawn = users.length > 1 ? bootstrapMeans(values, users, RESAMPLES, Rng.stream(seed, 'bootstrap')) : []
  return metrics.flatMap((metric) => {
    if (metric.kind === 'prediction' || metric.kind === 'catalogue') return []
    if (metric.kind === 'middle') {
      if (!episodes) return []
      const column = columns.find(({ metric: id }) => id === metric.of)!
      const middle = middleOf(column.values, users, RESAMPLES, Rng.stream(seed, 'bootstrap'))
      return middle ? [{ metric: metric.id, ...middle }] : []
    }
    const parts = metric.kind === 'user' ? [metric.id] : metric.of
    const at = parts.map((id) => columns.findIndex((column) => column.metric === id))
    if (at.includes(-1)) return []
    const counted = Math.min(...at.map((m) => means[m]!.users))
    if (counted === 0) return []
    const value = valueOf(
      metric,
      at.map((m) => means[m]!.value),
    )
    if (users.length === 1) return [{ metric: metric.id, value, users: counted, low: null, high: null }]
    const samples = Float64Array.from({ length: RESAMPLES }, (_, b) =>
      valueOf(
        metric,
        at.map((m) => drawn[m]![b]!),
      ),
    )
    return [{ metric: metric.id, value, users: counted, ...percentileInterval(samples) }]
  })
}

function valueOf(metric: Extract<MetricDefinition, { kind: 'user' | 'combined' }>, parts: readonly number[]): number {
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
