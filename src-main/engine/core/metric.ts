/** One user's ordered list, as metrics see it. */
export interface RankedList {
  /** Ratings of the recommended items in the order of recommendation; at least min(k, candidates) long. */
  readonly ratings: Float32Array
  /** How many candidates the user had. */
  readonly candidates: number
  /** Ratings of all candidates, highest first: the ideal list. */
  readonly ideal: Float32Array
  /** How many candidates are relevant (rating at or above the positive threshold). */
  readonly relevant: number
  /** Whether a rating counts as relevant. */
  isRelevant(rating: number): boolean
  /** What a rating is worth in NDCG: itself, or its distance from the lowest where the scale reaches below zero; never negative. */
  gainOf(rating: number): number
}

/**
 * A metric is one file. `user` gives one user's value, or null where the metric has none for the user (recall without a
 * relevant item); the mean goes over the users that have one. `combine` metrics are made of others' means instead.
 */
export type MetricDefinition = {
  readonly id: string
  readonly title: string
  readonly doc: string
  readonly formula: string
} & (
  | { readonly kind: 'user'; user(list: RankedList, k: number): number | null }
  | { readonly kind: 'combined'; readonly of: readonly string[]; combine(means: readonly number[]): number }
)

export function defineMetric(definition: MetricDefinition): MetricDefinition {
  return definition
}
