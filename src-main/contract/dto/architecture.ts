import * as z from 'zod'

/** Which feedback reaches a part of a model: the items that were liked, those that were disliked, both, or neither. */
export const feedbackFlow = z.enum(['positive', 'negative', 'both', 'none'])
export type FeedbackFlow = z.infer<typeof feedbackFlow>

/** Sizes of the axes, outermost first; "B" is the batch, all others are numbers. `[]` is a single number. */
export const symbolicShape = z.array(z.string())

export const architectureParameter = z.object({ name: z.string(), shape: z.array(z.int()), count: z.number() })
export type ArchitectureParameter = z.infer<typeof architectureParameter>

/** A computation within a block, in order; what a recurrent unit repeats for each step is one layer. */
export const architectureLayer = z.object({
  title: z.string(),
  /** Of its result. */
  shape: symbolicShape,
  parameters: z.array(architectureParameter),
  /** Floating-point operations for one row of the batch. */
  flops: z.number(),
  /** How often it stands in the block. */
  times: z.int(),
})
export type ArchitectureLayer = z.infer<typeof architectureLayer>

/** What a block is to a reader; a drawing may give each a look of its own. */
export const blockKind = z.enum(['input', 'encoder', 'join', 'actor', 'critic', 'output', 'table'])
export type BlockKind = z.infer<typeof blockKind>

export const architectureBlock = z.object({
  /** As error messages name it: "actor.positive.encoder". */
  id: z.string(),
  title: z.string(),
  kind: blockKind,
  flow: feedbackFlow,
  /** Of what it hands on. */
  shape: symbolicShape,
  /** Trained numbers in it. */
  parameters: z.number(),
  flops: z.number(),
  layers: z.array(architectureLayer),
})
export type ArchitectureBlock = z.infer<typeof architectureBlock>

export const architectureEdge = z.object({ from: z.string(), to: z.string(), shape: symbolicShape, flow: feedbackFlow })
export type ArchitectureEdge = z.infer<typeof architectureEdge>

/** Something about the values as they stand together; an "error" cannot train, a "hint" has no effect or is likely a slip. */
export const architectureIssue = z.object({
  severity: z.enum(['error', 'hint']),
  /** The block that it concerns. */
  block: z.string(),
  /** The parameters to change. */
  params: z.array(z.string()),
  message: z.string(),
})
export type ArchitectureIssue = z.infer<typeof architectureIssue>

export const architectureMemory = z.object({ part: z.string(), bytes: z.number() })

/** How a model is built for given values and sizes of a data set: what its static graph says of itself. */
export const architecture = z.object({
  model: z.string(),
  /** How many users, items and ratings it was drawn for, and where these numbers are from. */
  sizes: z.object({ users: z.int(), items: z.int(), ratings: z.int(), source: z.string() }),
  /** False for models without a network: then blocks are tables. */
  network: z.boolean(),
  blocks: z.array(architectureBlock),
  edges: z.array(architectureEdge),
  /** What is fitted before the networks, or instead of them. */
  tables: z.array(z.object({ title: z.string(), shape: z.array(z.int()), count: z.number() })),
  /** Trained numbers of the networks, or of the tables where there are none. */
  parameters: z.number(),
  /** Floating-point operations of one gradient update; null where there are no such updates. */
  flopsPerUpdate: z.number().nullable(),
  /** Of one recommendation: a state and the scores of all items. */
  flopsPerAct: z.number().nullable(),
  /** Gradient updates or passes over the data, as set. */
  updates: z.int(),
  batchSize: z.int().nullable(),
  /** Width of the vectors that it works on; null where there are none. */
  width: z.int().nullable(),
  /** What training needs, by part. */
  memory: z.array(architectureMemory),
  notes: z.array(z.string()),
  issues: z.array(architectureIssue),
})
export type Architecture = z.infer<typeof architecture>

/** What training is expected to take on this machine. */
export const trainingEstimate = z.object({
  /** Null where nothing can be said. */
  ms: z.number().nullable(),
  memoryBytes: z.number(),
  /** Measured: floating-point operations per second in training steps of about this size. */
  flopsPerSecond: z.number().nullable(),
  device: z.string(),
  /** What the figures are based on, and what they leave out; whole sentences. */
  basis: z.string(),
})
export type TrainingEstimate = z.infer<typeof trainingEstimate>

/** A model with its values, as forms and the command line give them: what is left out is the preset's. */
export const describedModel = z.object({
  model: z.string(),
  preset: z.string().optional(),
  params: z.record(z.string(), z.unknown()).default({}),
  /** Name or number of the data set whose sizes count; without one, those of MovieLens-100k. */
  dataset: z.union([z.int(), z.string()]).optional(),
})
