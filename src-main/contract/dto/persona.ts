import * as z from 'zod'
import { paramValues } from '../params.ts'

/** From the first, up to but not including the second. */
const stretch = z.tuple([z.number(), z.number()])

/** What a persona says of an item of which everything holds that is named here. */
const tasteRule = z.object({
  say: z.enum(['like', 'dislike', 'skip']),
  /** It is of one of these. */
  genres: z.array(z.string()).min(1).optional(),
  /** Share of the items with fewer training ratings. */
  popularity: stretch.optional(),
  /** Share of the rated items with a lower mean training rating; an item that nobody rated is in no stretch. */
  esteem: stretch.optional(),
  /** Items that the persona was shown before this one. */
  shown: z.object({ from: z.int().min(0), to: z.int().min(1).optional() }).optional(),
})
export type TasteRule = z.infer<typeof tasteRule>

/** How a persona answers by itself. */
const personaTaste = z.discriminatedUnion('by', [
  /** The first rule that holds decides; where none does, the item is passed over. */
  z.object({ by: z.literal('rules'), rules: z.array(tasteRule).min(1).max(20) }),
  /** As a virtual user whose taste begins where the favourites lie; settings that differ from the simulator's defaults. */
  z.object({ by: z.literal('virtual'), settings: paramValues }),
])
export type PersonaTaste = z.infer<typeof personaTaste>

/** What a persona is on a certain data set and split: all that a session needs, so that it stays what it was when the rule behind it changes. */
export const livePersona = z.object({
  title: z.string(),
  /** Who it is, whatever the data set. */
  about: z.string(),
  /** What it shows about a policy. */
  shows: z.string(),
  /** What whoever plays it must know: "You love …, you are put off by …". */
  brief: z.string(),
  favourites: z.array(z.int().min(0)).min(1).max(50),
  taste: personaTaste,
})
export type LivePersona = z.infer<typeof livePersona>

/** A persona as it is offered; with a run, as it is on the run's data. */
export const personaOffer = z.object({
  id: z.string(),
  title: z.string(),
  about: z.string(),
  shows: z.string(),
  /** null without a run, and where there is none on its data. */
  cast: z
    .object({
      brief: z.string(),
      favourites: z.array(z.object({ itemIndex: z.int(), itemId: z.string(), title: z.string(), genres: z.array(z.string()) })),
    })
    .nullable(),
  /** Why there is none on this data; null where there is one, or no data was named. */
  unavailable: z.string().nullable(),
})
export type PersonaOffer = z.infer<typeof personaOffer>
