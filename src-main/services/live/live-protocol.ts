import * as z from 'zod'
import { genreMove, liveAnswer, liveState, whatIfInstead } from '../../contract/dto/live.ts'
import { paramValues } from '../../contract/params.ts'
import type { LiveSide } from '../../engine/core/live-model.ts'
import type { Neighbour } from '../../engine/live/likeness.ts'
import type { FrameRanking, LiveFrame } from '../../engine/live/live-frame.ts'
import type { ContinuedTraining } from '../../engine/training/live/continue-training.ts'
import type { AnsweredItem, AnswerRecord } from '../../engine/live/live-session.ts'

/** What is asked of a live session in its process; one question at a time. */
export const liveRequest = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('frame') }),
  z.object({ ask: z.literal('answer'), answer: liveAnswer }),
  z.object({ ask: z.literal('undo') }),
  z.object({
    ask: z.literal('what-if'),
    answer: z.int().min(1),
    item: z.int().min(0),
    instead: whatIfInstead,
  }),
  z.object({ ask: z.literal('drift') }),
  z.object({ ask: z.literal('genres') }),
  /** The beginning of a run that goes on from here; the session stays as it is. */
  z.object({ ask: z.literal('continue'), updates: z.int().min(1).nullable() }),
  /**
   * What a user of the data set, or (null) the virtual user or persona who watches, would answer to these items, or else to the present slate;
   * nothing changes.
   */
  z.object({
    ask: z.literal('simulate'),
    user: z.int().min(0).nullable(),
    items: z.array(z.int().min(0)).max(20).optional(),
  }),
])
export type LiveRequest = z.infer<typeof liveRequest>

const int32: z.ZodType<Int32Array> = z.instanceof(Int32Array)
const float32: z.ZodType<Float32Array> = z.instanceof(Float32Array)

const neighbour: z.ZodType<Neighbour> = z.object({ item: z.int(), similarity: z.number() })
const side: z.ZodType<LiveSide> = z.object({ items: z.array(z.int()), attention: z.array(z.number()).nullable() })

const ranking: z.ZodType<FrameRanking> = z.object({
  items: int32,
  ranks: int32,
  scores: float32,
  ranksBefore: int32,
  values: float32.nullable(),
  nearestLiked: z.array(neighbour.nullable()),
  nearestDisliked: z.array(neighbour.nullable()),
})

const frame: z.ZodType<LiveFrame> = z.object({
  state: liveState,
  ranking,
  slate: z.array(z.int()),
  candidates: z.int(),
  positive: side.nullable(),
  negative: side.nullable(),
  diversity: z.number().nullable(),
  updates: z.int(),
  remarks: z.array(z.string()),
  limits: z.array(z.string()),
})

const answeredItem: z.ZodType<AnsweredItem> = z.object({
  item: z.int(),
  feedback: z.enum(['like', 'dislike', 'skip', 'rating']),
  rating: z.number().nullable(),
  reward: z.number(),
  rank: z.int(),
  score: z.number(),
})

const answerRecord: z.ZodType<AnswerRecord> = z.object({
  answer: liveAnswer,
  items: z.array(answeredItem),
  updates: z.int(),
  topBefore: z.array(z.int()),
  topAfter: z.array(z.int()),
})

const bytes: z.ZodType<Uint8Array> = z.instanceof(Uint8Array)

const continuedTraining: z.ZodType<ContinuedTraining> = z.object({
  params: paramValues,
  checkpoint: bytes,
  points: z.array(z.object({ name: z.string(), update: z.int(), value: z.number() })),
})

/** What came of it. */
export const liveReply = z.discriminatedUnion('reply', [
  z.object({ reply: z.literal('frame'), frame }),
  z.object({ reply: z.literal('answered'), frame, record: answerRecord }),
  z.object({ reply: z.literal('what-if'), ranking }),
  z.object({ reply: z.literal('simulated'), answer: liveAnswer }),
  z.object({ reply: z.literal('continued'), begun: continuedTraining }),
  z.object({ reply: z.literal('genres'), moves: z.array(genreMove).nullable() }),
  z.object({ reply: z.literal('drift'), before: z.number(), after: z.number(), users: z.int() }),
])
export type LiveReply = z.infer<typeof liveReply>
