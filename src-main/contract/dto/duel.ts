import * as z from 'zod'
import { feedbackKind, liveResponse, liveSetup } from './live.ts'
import { livePersona } from './persona.ts'

/** The two policies, in the order in which they were named. */
export const duelPolicyName = z.enum(['first', 'second'])
export type DuelPolicyName = z.infer<typeof duelPolicyName>

export const duelPreference = z.enum(['left', 'right', 'tie'])
export type DuelPreference = z.infer<typeof duelPreference>

const setupFields = liveSetup.omit({ exploration: true }).extend({
  /** Of each policy where they stand side by side; of the one slate where they are interleaved. */
  slate: z.int().min(1).max(10),
  /**
   * parallel: each policy shows its own slate and hears what is said of it. interleaved: one slate drafted from both rankings, each
   * item credited to the policy that brought it; both hear everything.
   */
  mode: z.enum(['parallel', 'interleaved']),
  /** What decides a step: the slate that is preferred, or likes less dislikes of what each policy is credited with. */
  decides: z.enum(['preference', 'likes']),
  /** Names are withheld, and sides shuffled per step, until the duel is over. */
  blind: z.boolean(),
  /** Steps to take, fixed before the first: a test that may stop when it pleases finds what it wants. */
  planned: z.int().min(1).max(1000),
})
const oneSlate = 'An interleaved slate has no sides to prefer: likes decide.'
const hasSides = ({ mode, decides }: { mode: string; decides: string }) => mode === 'parallel' || decides === 'likes'

export const duelSetup = setupFields.refine(hasSides, { path: ['decides'], message: oneSlate })
export type DuelSetup = z.infer<typeof duelSetup>

export const openDuelInput = setupFields
  .extend({ first: z.int(), second: z.int(), name: z.string().trim().max(200).optional() })
  .refine(hasSides, { path: ['decides'], message: oneSlate })
export type OpenDuelInput = z.infer<typeof openDuelInput>

/** complete: as many steps as were planned, or nothing left to show. over: ended, and with that unveiled. */
export const duelState = z.enum(['open', 'complete', 'over'])
export type DuelState = z.infer<typeof duelState>

export const duelPolicy = z.object({ sessionId: z.int(), runId: z.int(), runName: z.string(), model: z.string() })
export type DuelPolicy = z.infer<typeof duelPolicy>

export const duelSummary = z.object({
  id: z.int(),
  name: z.string(),
  datasetId: z.int(),
  setup: duelSetup,
  /** Who the persona of the setup is on the data; null where none watches. */
  persona: livePersona.nullable(),
  state: duelState,
  createdAt: z.number(),
  changedAt: z.number(),
  steps: z.int(),
  /** The first and the second; null while they are withheld. */
  policies: z.tuple([duelPolicy, duelPolicy]).nullable(),
  /** The steps that had been taken when somebody first looked at the counts of a blind duel; null: nobody did. */
  lookedAfter: z.int().nullable(),
})
export type DuelSummary = z.infer<typeof duelSummary>

/** An item as a viewer may see it: a score would give its policy away. */
export const duelItem = z.object({
  itemIndex: z.int(),
  itemId: z.string(),
  title: z.string(),
  year: z.int().nullable(),
  genres: z.array(z.string()),
  /** Whom it is credited to; null while that is withheld. */
  by: duelPolicyName.nullable(),
})
export type DuelItem = z.infer<typeof duelItem>

/** Two numbers, of the first policy and of the second; while the names are withheld, of the one that leads and of the other. */
const pair = z.tuple([z.int(), z.int()])

export const duelStanding = z.object({
  wins: pair,
  ties: z.int(),
  likes: pair,
  dislikes: pair,
  /** Of the two-sided sign test over the steps that were decided; null where none was. */
  p: z.number().nullable(),
  /** Whether chance alone is an unlikely explanation (p below .05). */
  distinguishable: z.boolean(),
  /** The wins that would have been enough among as many decided steps; null where even all would not. */
  winsNeeded: z.int().nullable(),
})
export type DuelStanding = z.infer<typeof duelStanding>

export const duelView = z.object({
  duel: duelSummary,
  /** Left and right, or the one that is interleaved; empty when nothing is to be said. */
  slates: z.array(z.array(duelItem)),
  /** null while the names are withheld: ask for it by itself. */
  standing: duelStanding.nullable(),
  /** What these policies cannot do, and what must be known of them; withheld with the names. */
  remarks: z.array(z.string()),
})
export type DuelView = z.infer<typeof duelView>

/** What is said in a step. Of an item of which nothing is said, it counts as passed over. */
export const duelAnswer = z.object({
  /** From 1; the step that this answers. One that was taken already is refused: a key may be held down. */
  step: z.int().min(1),
  responses: z.array(liveResponse).max(20),
  /** null where likes decide. */
  preference: duelPreference.nullable(),
})
export type DuelAnswer = z.infer<typeof duelAnswer>

const shownItem = duelItem.extend({
  side: z.enum(['left', 'right']).nullable(),
  feedback: feedbackKind,
  rating: z.number().nullable(),
})

/** A step that was taken. */
export const duelStep = z.object({
  step: z.int(),
  at: z.number(),
  preference: duelPreference.nullable(),
  /** null while that is withheld. */
  winner: z.enum(['first', 'second', 'tie']).nullable(),
  shown: z.array(shownItem),
})
export type DuelStep = z.infer<typeof duelStep>

/** Whether what is stored is what the policies do again. */
export const duelReplay = z.object({
  steps: z.int(),
  identical: z.boolean(),
  /** The first step that came out otherwise; null where none did. */
  firstDifference: z.int().nullable(),
})
export type DuelReplay = z.infer<typeof duelReplay>
