import type { MetricDescriptor } from '../../contract/dto/evaluation.ts'

/** One user's ordered list, as metrics see it. */
export interface RankedList {
  /** The recommended items in the order of recommendation; at least min(k, candidates) long. */
  readonly items: Int32Array
  /** Their ratings; NaN where none is known (a candidate that the user never rated), which counts as not relevant. */
  readonly ratings: Float32Array
  /** How many candidates the user had. */
  readonly candidates: number
  /** Known ratings of the candidates, highest first: the ideal list, which those without a rating would follow. */
  readonly ideal: Float32Array
  /** How many candidates are relevant (rating at or above the positive threshold). */
  readonly relevant: number
  /** Whether a rating counts as relevant. */
  isRelevant(rating: number): boolean
  /**
   * What a rating is worth in NDCG: itself, or its distance from the lowest where the scale reaches below zero; never negative.
   * An unknown rating is worth nothing; where unrated items are candidates, neither is one below the positive threshold.
   */
  gainOf(rating: number): number
  /** The reward of a known rating, in [-1, 1]. */
  rewardOf(rating: number): number
  /** How surprising an item is, in bits: -log2 of the share of users that know it; null where nobody counted. */
  surpriseOf(itemIndex: number): number | null
}

/**
 * A metric is one file. `user` gives one user's value, or null where the metric has none for the user (recall without a
 * relevant item); the mean goes over the users that have one. `combine` metrics are made of others' means instead.
 * `catalogue` metrics look at all lists together: how often each item was recommended. They have no interval: fewer different
 * users, as a bootstrap draws them, always reach fewer items.
 * `middle` metrics are the mean of the middle half of the users' values of another metric, in episodes with simulated users.
 * `prediction` metrics measure scores that are expected ratings, over all candidates of the users; k does not matter to them.
 */
export type MetricDefinition = {
  /** Default: higher. "neither": it describes a list, it does not judge it. */
  readonly better?: MetricDescriptor['better']
  readonly id: string
  readonly title: string
  readonly doc: string
  readonly formula: string
  /** It belongs to a convention: only protocols that name it have it. */
  readonly onlyNamed?: true
} & (
  | {
      readonly kind: 'user'
      /** Has a meaning in episodes with simulated users alone. */
      readonly episodesOnly?: boolean
      user(list: RankedList, k: number): number | null
    }
  | { readonly kind: 'combined'; readonly of: readonly string[]; combine(means: readonly number[]): number }
  | { readonly kind: 'middle'; readonly of: string }
  | { readonly kind: 'catalogue'; ofCounts(counts: Int32Array): number | null }
  | { readonly kind: 'prediction'; error(predicted: number, rating: number): number; ofMean(meanError: number): number }
)

export function defineMetric(definition: MetricDefinition): MetricDefinition {
  return definition
}

/** What crosses the wire of a metric: how to read it. Beside that it still has its functions, which parsing leaves out. */
export function describeMetric(metric: MetricDefinition): MetricDescriptor {
  const { better = 'higher', kind } = metric
  return { ...metric, better, perUser: kind === 'user', atK: kind !== 'prediction' }
}
