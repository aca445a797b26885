import * as z from 'zod'
import { paramSpec, paramValues } from '../params.ts'

export const simulatorDescriptor = z.object({
  id: z.string(),
  title: z.string(),
  doc: z.string(),
  params: z.record(z.string(), paramSpec),
})
export type SimulatorDescriptor = z.infer<typeof simulatorDescriptor>

/** A stretch of the rating scale, from `low` up to but not including `high` (the last one includes it). */
const bin = { low: z.number(), high: z.number(), count: z.int() }

/** Can its answers be believed, and what can be earned among its users: to be read before any figure that was made with it. */
export const simulatorReport = z.object({
  simulator: z.string(),
  datasetName: z.string(),
  split: z.string(),
  settings: paramValues,
  /** The simulator taught by the training side alone, asked about the test ratings. */
  calibration: z.object({
    ratings: z.int(),
    rmse: z.number().nullable(),
    /** Mean prediction minus mean rating. */
    bias: z.number().nullable(),
    /** By prediction, cut to the scale. Means are null in an empty bin. */
    bins: z.array(z.object({ ...bin, meanPredicted: z.number().nullable(), meanRating: z.number().nullable() })),
  }),
  /**
   * The same, asked what the users would pay for items that they have rated in the test: the share of pairs, one liked and one disliked
   * by the same user, of which the liked one is worth more. 0.5 is chance; null without a pair.
   */
  agreement: z.object({ pairs: z.int(), share: z.number().nullable() }),
  /** What it says of items that the users never rated. */
  saturation: z.object({
    pairs: z.int(),
    /** Predictions of its factorisation, cut to the scale. */
    bins: z.array(z.object(bin)),
    /** Shares of the predictions, and of the answers to them as the first item shown (with noise), that lie on the ends of the scale; null without a pair. */
    predictedLowest: z.number().nullable(),
    predictedHighest: z.number().nullable(),
    answeredLowest: z.number().nullable(),
    answeredHighest: z.number().nullable(),
  }),
  /** From the weakest to the strongest by mean reward per step; the oracle takes what the users will like best. */
  earnings: z.array(
    z.object({
      model: z.string(),
      users: z.int(),
      /** Mean reward per step, in [-1, 1] but where leaving costs more, with its 95 % bootstrap interval over users (null below two users). */
      reward: z.number(),
      low: z.number().nullable(),
      high: z.number().nullable(),
      /** Of the middle half of the users. */
      interquartileMean: z.number(),
      /** Mean sum of rewards of an episode. */
      episodeReturn: z.number(),
      /** Mean items shown per episode: fewer than there are steps where users leave. */
      steps: z.number(),
      /** Mean liked (clicked) items per episode. */
      likes: z.number(),
    }),
  ),
})
export type SimulatorReport = z.infer<typeof simulatorReport>
