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

/** Values of one metric at one k, by list; NaN where the metric has no value for the list. */
export interface UserValues {
  readonly metric: string
  readonly k: number
  readonly values: Float64Array
}

/** Lists that are judged before others get a turn. */
const LISTS_PER_TURN = 4000

/** The metrics of a protocol that names none. */
const commonMetrics: readonly string[] = metrics.filter(({ onlyNamed }) => !onlyNamed).map(({ id }) => id)

/**
 * The user metrics of the catalogue (or only those wanted, by id) at every k, for every list. Yields after some thousand.
 * @param training what metrics that look at popularity count by; without it they have no value
 */
export function* userValues(
  sets: CandidateSets,
  lists: RankedLists,
  ks: readonly number[],
  { training, wanted = commonMetrics }: ScoringOptions = {},
): Generator<void, UserValues[]> {
  const userMetrics = metrics
    .filter((metric) => metric.kind === 'user')
    .filter(({ id, episodesOnly }) => wanted.includes(id) && (!episodesOnly || sets.episodes === true))
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
    if (c % LISTS_PER_TURN === LISTS_PER_TURN - 1) yield
  }
  return columns.map(({ metric, k, values }) => ({ metric: metric.id, k, values }))
}

export interface ScoringOptions {
  readonly training?: TrainingCounts | undefined
  /** Ids of metrics; default: all but those that only named ones have. */
  readonly wanted?: readonly string[] | undefined
}

/** Values by user: of several lists of a user the mean of those that have a value. */
export interface ByUser {
  readonly users: Int32Array
  /** Of the user's shortest list. */
  readonly candidates: Int32Array
  readonly columns: readonly UserValues[]
}

export function byUser(sets: CandidateSets, columns: readonly UserValues[]): ByUser {
  const counts = Int32Array.from(sets.users.keys(), (c) => candidateCount(sets, c))
  const firsts = firstLists(sets)
  if (firsts.length === sets.users.length) return { users: sets.users, candidates: counts, columns }
  const endOf = (i: number) => firsts[i + 1] ?? sets.users.length
  const mean = (values: Float64Array, from: number, to: number) => {
    const known = values.subarray(from, to).filter((value) => !Number.isNaN(value))
    return known.length === 0 ? NaN : known.reduce((sum, value) => sum + value, 0) / known.length
  }
  return {
    users: firsts.map((c) => sets.users[c]!),
    candidates: firsts.map((c, i) => Math.min(...counts.subarray(c, endOf(i)))),
    columns: columns.map((column) => ({
      ...column,
      values: Float64Array.from(firsts, (c, i) => mean(column.values, c, endOf(i))),
    })),
  }
}

/** The first list of every user. */
export function firstLists({ users }: CandidateSets): Int32Array {
  return Int32Array.from(users.keys()).filter((c) => c === 0 || users[c] !== users[c - 1])
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
 * the stream "bootstrap" of the seed, the same draws for every model, so that its noise does not separate them. Yields between slices of work.
 */
export function* resultRows(
  labels: { model: string; seed: number; split: string; protocol: string },
  sets: CandidateSets,
  lists: RankedLists,
  ks: readonly number[],
  { wanted = commonMetrics, training }: ScoringOptions = {},
): Generator<void, ResultRowWithInterval[]> {
  const values = byUser(sets, yield* userValues(sets, lists, ks, { wanted, training }))
  const rows: ResultRowWithInterval[] = []
  for (const k of ks) {
    const columns = values.columns.filter((column) => column.k === k)
    const episodes = sets.episodes === true
    const [all, full] = [positionsOf(values.candidates, 1), positionsOf(values.candidates, k)]
    const ofAll = all.length === 0 ? [] : yield* summarise(columns, all, labels.seed, wanted, episodes)
    // Over the whole catalogue everybody has k candidates: the same users, the same draws, the same figures.
    const ofFull =
      full.length === all.length ? ofAll : full.length === 0 ? [] : yield* summarise(columns, full, labels.seed, wanted, episodes)
    for (const summary of ofAll) rows.push({ ...labels, subset: 'all', k, ...summary })
    for (const summary of ofFull) rows.push({ ...labels, subset: 'full-length', k, ...summary })
  }
  return rows
}

/** The lists of at least `least` candidates. */
export function usersOf(sets: CandidateSets, least: number): Int32Array {
  return Int32Array.from(sets.users.keys()).filter((c) => candidateCount(sets, c) >= least)
}

function positionsOf(candidates: Int32Array, least: number): Int32Array {
  return Int32Array.from(candidates.keys()).filter((position) => candidates[position]! >= least)
}

interface Summary {
  readonly metric: string
  readonly value: number
  readonly users: number
  readonly low: number | null
  readonly high: number | null
}

function* summarise(
  columns: readonly UserValues[],
  users: Int32Array,
  seed: number,
  wanted: readonly string[],
  episodes: boolean,
): Generator<void, Summary[]> {
  const means = columns.map((column) => meanOver(column.values, users))
  const values = columns.map((column) => column.values)
  const drawn = users.length > 1 ? yield* bootstrapMeans(values, users, RESAMPLES, Rng.stream(seed, 'bootstrap')) : []
  return metrics.flatMap((metric) => {
    if (metric.kind === 'prediction' || metric.kind === 'catalogue' || !wanted.includes(metric.id)) return []
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
