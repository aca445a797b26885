import * as z from 'zod'
import { paramSpec, paramValues } from '../params.ts'

/** What a model must be given: rated pairs, ordered transitions with feedback, item features … */
export const modelNeed = z.enum(['ratings', 'transitions', 'item-embeddings', 'test-ratings', 'side-features', 'time-order'])
export type ModelNeed = z.infer<typeof modelNeed>

/** The needs for a person: what the data set must have. */
export const modelNeedTexts: Readonly<Record<ModelNeed, { readonly title: string; readonly doc: string }>> = {
  ratings: { title: 'Ratings', doc: 'Rated pairs of users and items; any data set has them.' },
  transitions: { title: 'Transitions', doc: "Each user's ratings in their order, from which episodes with feedback are made." },
  'item-embeddings': {
    title: 'Item vectors',
    doc: 'Fitted on the training side when the run starts; nothing has to be brought.',
  },
  'test-ratings': { title: 'Test ratings', doc: 'It is given the answers: a ceiling, no model.' },
  'side-features': { title: 'Side features', doc: 'Attributes of users or items, such as genres, gender, age, occupation.' },
  'time-order': { title: 'Order in time', doc: 'Timestamps, or at least the order in which each user rated.' },
}

/** What a model is built like: how lists of models are grouped. */
export const modelFamily = z.enum(['actor-critic', 'q-network', 'bandit', 'sequence', 'factorisation', 'features', 'frame'])
export type ModelFamily = z.infer<typeof modelFamily>

/** The families in the order of a list, each with a heading. */
export const modelFamilyTitles: Readonly<Record<ModelFamily, string>> = {
  'actor-critic': 'Actor-critic policies',
  'q-network': 'Q-networks',
  bandit: 'Bandits and greedy policies',
  sequence: 'Next item',
  factorisation: 'Matrix factorisation',
  features: 'Factorisation machines',
  frame: 'Floors and ceiling',
}

/** Which feedback a model sees; "choice": one of its parameters says. */
export const feedbackSides = z.enum(['both', 'positive', 'negative', 'choice', 'ratings', 'none'])
export type FeedbackSides = z.infer<typeof feedbackSides>

export const feedbackTexts: Readonly<Record<FeedbackSides, { readonly title: string; readonly doc: string }>> = {
  both: { title: 'Likes and dislikes', doc: 'What a user liked and what a user disliked, each in a list of its own.' },
  positive: { title: 'Likes', doc: 'Only what a user liked; a dislike changes nothing.' },
  negative: { title: 'Dislikes', doc: 'Only what a user disliked; a like changes nothing.' },
  choice: { title: 'As set', doc: 'One of its parameters says which feedback it sees.' },
  ratings: { title: 'Rating values', doc: 'How high each rating is, without a threshold between likes and dislikes.' },
  none: { title: 'None', doc: 'What a user rated high or low does not matter to it.' },
}

export const modelKind = z.enum(['policy', 'static', 'floor', 'ceiling'])

export const modelKindTexts: Readonly<Record<z.infer<typeof modelKind>, string>> = {
  policy: 'Policy: adapts within a list',
  static: 'Static: orders once',
  floor: 'Floor: what a model must pass',
  ceiling: 'Ceiling: what no model can pass',
}

export const presetDescriptor = z.object({
  id: z.string(),
  title: z.string(),
  doc: z.string(),
  /** Only what differs from the defaults. */
  values: paramValues,
})

/** A model as the renderer, the command line and the docs see it: plain data. */
export const modelDescriptor = z.object({
  id: z.string(),
  version: z.int(),
  title: z.string(),
  summary: z.string(),
  /** "policy" adapts within an episode; "static" orders once; "floor" and "ceiling" frame every table. */
  kind: modelKind,
  family: modelFamily,
  feedback: feedbackSides,
  needs: z.array(modelNeed),
  source: z.object({ paper: z.string(), title: z.string(), equations: z.string().optional() }),
  deviations: z.array(z.string()),
  params: z.record(z.string(), paramSpec),
  presets: z.array(presetDescriptor),
  defaultPreset: z.string(),
  /** Names of the metric points it streams while training, with axis label and unit. */
  curves: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      unit: z.string().optional(),
      scale: z.enum(['linear', 'log']).default('linear'),
    }),
  ),
})
export type ModelDescriptor = z.infer<typeof modelDescriptor>
