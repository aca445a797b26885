import * as z from 'zod'
import { paramValue } from '../params.ts'
import { timeKind } from './dataset.ts'

/** Ratings over time, in bins that a chart can show. */
export const datasetActivity = z.object({
  timeKind,
  /** What a bin spans: calendar units in UTC, equal spans where times reach over centuries, per-user ranks, or rows. */
  unit: z.enum(['day', 'week', 'month', 'year', 'span', 'rank', 'row']),
  bins: z.array(
    z.object({
      /** Inclusive; unix seconds, a rank or a row number. */
      from: z.number(),
      /** Exclusive. */
      to: z.number(),
      ratings: z.int(),
      /** Users, and items, whose first rating falls into the bin. */
      newUsers: z.int(),
      newItems: z.int(),
    }),
  ),
})
export type DatasetActivity = z.infer<typeof datasetActivity>

/** Mean rating per genre, most rated first; an item of several genres counts in each. */
export const genreMean = z.object({
  /** Empty for items without a genre. */
  genre: z.string(),
  items: z.int(),
  ratings: z.int(),
  mean: z.number().nullable(),
  /** A 95 % interval of the mean with items as what is sampled; null below two rated items. */
  low: z.number().nullable(),
  high: z.number().nullable(),
})
export type GenreMean = z.infer<typeof genreMean>

/** Users by items, both most active first, as a coarse grid of counts. */
export const datasetSparsity = z.object({
  /** Where each row of cells begins among the users, and their number at the end. */
  userEdges: z.array(z.int()),
  itemEdges: z.array(z.int()),
  /** Ratings per cell, row by row. */
  ratings: z.array(z.int()),
  /** How many of the most active users, and of the most rated items, hold half of all ratings. */
  usersForHalf: z.int(),
  itemsForHalf: z.int(),
})
export type DatasetSparsity = z.infer<typeof datasetSparsity>

export const userRow = z.object({
  userIndex: z.int(),
  userId: z.string(),
  ratings: z.int(),
  meanRating: z.number().nullable(),
  positives: z.int(),
  negatives: z.int(),
})
export type UserRow = z.infer<typeof userRow>

export const timelineEvent = z.object({
  itemIndex: z.int(),
  itemId: z.string(),
  title: z.string().nullable(),
  genres: z.array(z.string()),
  rating: z.number(),
  /** By the data set's time kind. */
  time: z.number(),
  feedback: z.enum(['positive', 'negative', 'neutral']),
})
export type TimelineEvent = z.infer<typeof timelineEvent>

/** One user with everything that they rated, oldest first. */
export const userTimeline = userRow.extend({
  /** What the source says of the user: age, occupation. */
  attributes: z.record(z.string(), z.union([z.string(), z.number()])).nullable(),
  timeKind,
  events: z.array(timelineEvent),
})
export type UserTimeline = z.infer<typeof userTimeline>

/** An embedding that a run has trained and others use again. */
export const embeddingSummary = z.object({
  key: z.string(),
  kind: z.string(),
  params: z.record(z.string(), paramValue),
  /** Coordinates per item. */
  size: z.int(),
  validationRmse: z.number(),
  /** RMSE on its training ratings, per epoch. */
  lossCurve: z.array(z.number()),
  createdAt: z.int(),
})
export type EmbeddingSummary = z.infer<typeof embeddingSummary>

/** Items in the plane of the two directions in which their vectors differ most (PCA); the most rated ones. */
export const embeddingMap = z.object({
  key: z.string(),
  /** Share of the variance along each direction, 0..1 */
  explained: z.array(z.number()).length(2),
  /** Rated items of the data set; more than points when there are very many. */
  ratedItems: z.int(),
  points: z.array(
    z.object({
      itemId: z.string(),
      title: z.string().nullable(),
      genres: z.array(z.string()),
      ratings: z.int(),
      x: z.number(),
      y: z.number(),
    }),
  ),
})
export type EmbeddingMap = z.infer<typeof embeddingMap>
