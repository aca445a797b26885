import * as z from 'zod'
import { paramSpec } from '../params.ts'

export const protocolDescriptor = z.object({
  id: z.string(),
  title: z.string(),
  doc: z.string(),
  /** Why its figures must not be compared with others; shown wherever they stand. */
  caution: z.string().optional(),
  sequential: z.boolean(),
  /** The metrics that it has; absent: all but those that only named ones have. */
  metrics: z.array(z.string()).optional(),
  /** What can be set, written after the id: see `protocol-text.ts`. Absent where nothing can. */
  params: z.record(z.string(), paramSpec).optional(),
})
export type ProtocolDescriptor = z.infer<typeof protocolDescriptor>

export const metricDescriptor = z.object({
  id: z.string(),
  title: z.string(),
  doc: z.string(),
  formula: z.string(),
  /** Only protocols that name it have it. */
  onlyNamed: z.boolean().optional(),
  /** Every user has a value of its own, by which models can be compared; otherwise it is a figure of all users together. */
  perUser: z.boolean(),
  /** Which of two values is the better one; "neither": it describes a list, it does not judge it. */
  better: z.enum(['higher', 'lower', 'neither']),
  /** Whether the list length k matters to it. */
  atK: z.boolean(),
})
export type MetricDescriptor = z.infer<typeof metricDescriptor>

/** Of the first against the second of a pair. Whether higher is better, the metric says. */
export const verdict = z.enum(['higher', 'lower', 'not distinguishable'])
export type Verdict = z.infer<typeof verdict>

/** 95 % bootstrap interval over seeds and users; null below two users. */
const interval = { low: z.number().nullable(), high: z.number().nullable() }

/** Runs of one model, preset and parameters: they differ in seed or split. */
export const contender = z.object({
  label: z.string(),
  model: z.string(),
  preset: z.string(),
  runIds: z.array(z.int()),
  mean: z.number(),
  /** Mean of the middle half of the users: for rewards, null for other metrics. */
  interquartileMean: z.number().nullable(),
  users: z.int(),
  ...interval,
})
export type Contender = z.infer<typeof contender>

export const comparedPair = z.object({
  /** Positions among the contenders. */
  a: z.int(),
  b: z.int(),
  /** Mean of a minus mean of b over the users that both have. */
  difference: z.number(),
  ...interval,
  users: z.int(),
  /** By the paired bootstrap; null below two users. */
  p: z.number().nullable(),
  /** After Holm's correction for the number of pairs. */
  correctedP: z.number().nullable(),
  verdict,
})
export type ComparedPair = z.infer<typeof comparedPair>

export const comparison = z.object({
  datasetName: z.string(),
  metric: z.string(),
  k: z.int(),
  protocol: z.string(),
  caution: z.string().optional(),
  subset: z.enum(['all', 'full-length']),
  /** The runs in which the contenders meet: split and seed. */
  trials: z.array(z.object({ split: z.string(), seed: z.int() })),
  contenders: z.array(contender),
  pairs: z.array(comparedPair),
  /** What a reader must know beside the figures. */
  remarks: z.array(z.string()),
})
export type Comparison = z.infer<typeof comparison>

/** What two runs did for their users, user by user: the first run's value minus the second's. */
export const userDifferences = z.object({
  datasetId: z.int(),
  datasetName: z.string(),
  /** Users who have a value in both runs. */
  users: z.int(),
  mean: z.number(),
  median: z.number(),
  /** Users for whom the first run is higher, the same, lower. */
  higher: z.int(),
  same: z.int(),
  lower: z.int(),
  /** Of a bar; the bar with number 0 has no difference in its middle. */
  width: z.number().positive(),
  /** From the lowest to the highest, the empty ones between them as well. */
  bars: z.array(z.object({ bar: z.int(), from: z.number(), to: z.number(), users: z.int() })),
})
export type UserDifferences = z.infer<typeof userDifferences>

export const userDifference = z.object({
  userIndex: z.int(),
  userId: z.string(),
  candidates: z.int(),
  first: z.number(),
  second: z.number(),
  difference: z.number(),
})
export type UserDifference = z.infer<typeof userDifference>

/** A place in the list that a run made for a user in evaluation. */
export const recommendedItem = z.object({
  /** From 1. */
  rank: z.int(),
  itemIndex: z.int(),
  itemId: z.string(),
  title: z.string().nullable(),
  year: z.int().nullable(),
  score: z.number(),
  /** What the user rated it; null where they never did. */
  rating: z.number().nullable(),
})
export type RecommendedItem = z.infer<typeof recommendedItem>
