import * as z from 'zod'
import { paramValues } from '../params.ts'
import { livePersona } from './persona.ts'

/** What a person may say of an item that is shown; "rating" says it on the data set's own scale. */
export const feedbackKind = z.enum(['like', 'dislike', 'skip', 'rating'])
export type FeedbackKind = z.infer<typeof feedbackKind>

export const liveResponse = z
  .object({ itemIndex: z.int().min(0), feedback: feedbackKind, rating: z.number().optional() })
  .refine(
    ({ feedback, rating }) => (feedback === 'rating') === (rating !== undefined),
    'A rating belongs to the feedback "rating", and to no other.',
  )
export type LiveResponse = z.infer<typeof liveResponse>

/** Who sits before the screen. */
export const liveViewer = z.discriminatedUnion('kind', [
  /** A user of the data set, with the training history that the model knows. */
  z.object({ kind: z.literal('user'), userIndex: z.int().min(0) }),
  /** Somebody whom nobody knows: nothing, or some favourites. */
  z.object({ kind: z.literal('guest'), favourites: z.array(z.int().min(0)).max(50) }),
  /** A stranger of the simulator "virtual", told apart by the seed; settings that differ from its defaults. The model meets a guest. */
  z.object({ kind: z.literal('virtual'), seed: z.int().min(0).max(1_000_000), settings: paramValues }),
  /** A kind of viewer of the catalogue, told apart by the seed. The model meets a guest with its favourites. */
  z.object({ kind: z.literal('persona'), persona: z.string().min(1).max(100), seed: z.int().min(0).max(1_000_000) }),
])
export type LiveViewer = z.infer<typeof liveViewer>

/** Learning on line; null leaves the policy frozen. */
export const liveLearning = z
  .object({
    updatesPerAnswer: z.int().min(1).max(100),
    /** The learning rates of training times this. */
    rateFactor: z.number().min(0.01).max(100),
  })
  .nullable()
export type LiveLearning = z.infer<typeof liveLearning>

/**
 * Whether the user's vector stays as it was trained, or follows the answers: fitted anew to history and answers by a step of the
 * factorisation, as far as the model's feedback sides admit them. A guest's follows also when it is "fixed", because nothing was
 * trained; "initial" leaves a guest's as the favourites made it, and is "fixed" for a user.
 */
export const userVector = z.enum(['fixed', 'follows', 'initial'])
export type UserVector = z.infer<typeof userVector>

export const liveSetup = z.object({
  viewer: liveViewer,
  userVector,
  learning: liveLearning,
  /** Items shown at once. */
  slate: z.int().min(1).max(20),
  /**
   * Probability that a place of the slate is given to chance, as training does it; left out: none is. An item that is shown though its
   * rank lies beyond the slate is shown by chance.
   */
  exploration: z.number().min(0).max(1).optional(),
  seed: z.int().min(0),
})
export type LiveSetup = z.infer<typeof liveSetup>

/** One answer: what was said of the slate. `leave` ends the session. */
export const liveAnswer = z.object({ responses: z.array(liveResponse).max(20), leave: z.boolean() })
export type LiveAnswer = z.infer<typeof liveAnswer>

export const liveState = z.enum(['open', 'left', 'exhausted'])
export type LiveState = z.infer<typeof liveState>

export const liveSession = z.object({
  id: z.int(),
  name: z.string(),
  notes: z.string(),
  runId: z.int(),
  runName: z.string(),
  model: z.string(),
  datasetId: z.int(),
  setup: liveSetup,
  /** Who the persona of the setup is on the run's data, as it was when the session was opened; null where none watches. */
  persona: livePersona.nullable(),
  state: liveState,
  createdAt: z.number(),
  changedAt: z.number(),
  answers: z.int(),
  likes: z.int(),
  dislikes: z.int(),
  skips: z.int(),
  /** Of the items that were answered; null before the first. */
  meanReward: z.number().nullable(),
  /** The session and the answer after which this one went its own way. */
  branchOf: z.object({ sessionId: z.int(), answers: z.int() }).nullable(),
  /** The duel that it plays in, and goes on in alone; null when it plays alone. */
  duelId: z.int().nullable(),
})
export type LiveSession = z.infer<typeof liveSession>

/** Two items that are alike: the cosine of their vectors. */
const neighbour = z.object({ itemIndex: z.int(), title: z.string(), similarity: z.number() })
export type LiveNeighbour = z.infer<typeof neighbour>

export const liveItem = z.object({
  itemIndex: z.int(),
  itemId: z.string(),
  title: z.string(),
  year: z.int().nullable(),
  genres: z.array(z.string()),
  /** From 1. */
  rank: z.int(),
  /** Before the last answer; null before the first. */
  rankBefore: z.int().nullable(),
  score: z.number(),
  /** The critic's value of recommending it; null where the model has none. */
  value: z.number().nullable(),
  nearestLiked: neighbour.nullable(),
  nearestDisliked: neighbour.nullable(),
})
export type LiveItem = z.infer<typeof liveItem>

/** An item of the viewer's history as the model sees it. */
export const historyItem = z.object({
  itemIndex: z.int(),
  title: z.string(),
  genres: z.array(z.string()),
  /** Of the model's attention on this side, sums to 1; null where it has none. */
  attention: z.number().nullable(),
  /** The answer that it came with, from 1; null where it was there before the session. */
  answer: z.int().nullable(),
})
export type HistoryItem = z.infer<typeof historyItem>

/** NDCG@20 of the policy on the same held-out users: as it was trained, and now. */
export const liveDrift = z.object({ before: z.number(), after: z.number(), users: z.int() })
export type LiveDrift = z.infer<typeof liveDrift>

/** What became of a genre in a session. */
export const genreMove = z.object({
  genre: z.string(),
  /** Favourites of the genre that the viewer named in the beginning. */
  favourites: z.int(),
  /** Answers that liked, and that disliked, an item of the genre. */
  likes: z.int(),
  dislikes: z.int(),
  /** Items of the genre that were never shown. */
  items: z.int(),
  /** Their mean rank, from 1, among all that were never shown: in the opening ranking, and now. */
  before: z.number(),
  after: z.number(),
})
export type GenreMove = z.infer<typeof genreMove>

/** How the genres of which a viewer said something have moved. */
export const liveGenres = z.object({
  /** After how many answers. */
  answers: z.int(),
  /**
   * null where the items have no genres. `held`: how far the same answers move them where neither the vector of the viewer follows nor the
   * weights learn, the control.
   */
  moves: z.array(genreMove.extend({ held: z.number() })).nullable(),
})
export type LiveGenres = z.infer<typeof liveGenres>

export const liveView = z.object({
  session: liveSession,
  /** The items to be answered, best first but for those shown by chance; empty when the session is over. */
  slate: z.array(liveItem),
  /** The first of the whole ranking. */
  ranking: z.array(liveItem),
  candidates: z.int(),
  liked: z.array(historyItem),
  disliked: z.array(historyItem),
  figures: z.object({
    reward: z.number().nullable(),
    /** Share of liked ones among the answered items. */
    precision: z.number().nullable(),
    /** Mean of 1 - cosine over the pairs of the slate, with one card of the first 20; null where the model has no item vectors. */
    diversity: z.number().nullable(),
  }),
  /** Updates made on line so far. */
  updates: z.int(),
  /** What must be known of the present policy, for instance that learning broke off. */
  remarks: z.array(z.string()),
  /** What this model cannot do in a live session, in words; empty when it can do everything. */
  limits: z.array(z.string()),
})
export type LiveView = z.infer<typeof liveView>

/** What would have been said of an item; "absent": it was never answered, nothing was learnt from it, and it is still a candidate. */
export const whatIfInstead = z.enum(['like', 'dislike', 'skip', 'absent'])
export type WhatIfInstead = z.infer<typeof whatIfInstead>

/** How the present ranking would be, had one answer been another. */
export const whatIfResult = z.object({
  answer: z.int(),
  itemIndex: z.int(),
  instead: whatIfInstead,
  ranking: z.array(liveItem),
})
export type WhatIfResult = z.infer<typeof whatIfResult>

/** A past answer, with what was ranked first before and after it. */
const rankedItem = z.object({ itemIndex: z.int(), itemId: z.string(), title: z.string() })
export const pastAnswer = z.object({
  /** From 1. */
  answer: z.int(),
  at: z.number(),
  leave: z.boolean(),
  /** Made after it. */
  updates: z.int(),
  items: z.array(
    rankedItem.extend({
      feedback: feedbackKind,
      rating: z.number().nullable(),
      reward: z.number(),
      rank: z.int(),
      score: z.number(),
    }),
  ),
  topBefore: z.array(rankedItem),
  topAfter: z.array(rankedItem),
  /** Over all items answered so far; null while there is none. */
  meanReward: z.number().nullable(),
  /** Share of liked ones among the items answered so far. */
  precision: z.number().nullable(),
})
export type PastAnswer = z.infer<typeof pastAnswer>

/** Whether what is stored is what the policy does again, bit by bit. */
export const liveReplay = z.object({
  answers: z.int(),
  identical: z.boolean(),
  /** The first answer after which something came out otherwise; null where nothing did. */
  firstDifference: z.int().nullable(),
})
export type LiveReplay = z.infer<typeof liveReplay>
