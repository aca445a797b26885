import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { duelAnswer, duelReplay, duelStanding, duelStep, duelSummary, duelView, openDuelInput } from '../dto/duel.ts'
import { procedure } from './base.ts'

const duelRef = z.object({ duelId: z.int() })

/** Two policies before one viewer. Until a blind duel is over, nothing that comes from here tells them apart. */
export const duelsApi = {
  /** All duels, the latest first. */
  list: procedure.output(z.array(duelSummary)),
  /** Two runs of one data set meet the same viewer. */
  open: procedure.input(openDuelInput).output(duelView),
  /** The duel as it stands; one that was closed, or lost in a crash, is played up to there again. */
  view: procedure.input(duelRef).output(duelView),
  /** Stored before it comes back: a crash loses nothing, and leaves no half of a step. */
  answer: procedure.input(duelRef.extend(duelAnswer.shape)).output(duelView),
  /** Takes the last step back: its slates are there again. What was said blind stands once the names are known. */
  undo: procedure.input(duelRef).output(duelView),
  /** Ends the duel and unveils it. An open duel goes on when that is taken back. */
  finish: procedure.input(duelRef).output(duelView),
  /** The counts so far; that somebody looked at those of a blind duel is kept with it. */
  standing: procedure.input(duelRef).output(duelStanding),
  /** What was shown and said, step by step. */
  steps: procedure.input(duelRef).output(z.array(duelStep)),
  /**
   * A simulated user answers in the viewer's place: so many steps, or to the end; every view as it comes. Where a preference
   * decides, the slate with the higher sum of rewards is preferred.
   *
   * `as`: whom a guest answers like; a user of the data set answers as that user, a virtual one as itself, and may leave.
   * `perSecond`: 0 as fast as it goes.
   */
  autopilot: procedure
    .input(
      duelRef.extend({
        as: z.int().min(0).optional(),
        steps: z.int().min(1).max(1000),
        perSecond: z.number().min(0).max(50).default(0),
      }),
    )
    .output(eventIterator(duelView)),
  rename: procedure.input(duelRef.extend({ name: z.string().trim().min(1).max(200) })).output(duelSummary),
  /** Removes the duel and its two sessions; `restore` brings all back until the workspace is opened again. */
  remove: procedure.input(duelRef).output(z.object({ removed: z.boolean() })),
  restore: procedure.input(duelRef).output(duelSummary),
  /** Every shown item of every step as CSV text, in chunks; what is withheld stays empty. */
  exportSteps: procedure.input(duelRef).output(eventIterator(z.string())),
  /** Plays the whole duel again and compares every slate with what is stored. */
  replay: procedure.input(duelRef).output(duelReplay),
}
