import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { genreTestStep, genreTestWish } from '../dto/genre-test.ts'
import {
  liveAnswer,
  liveDrift,
  liveGenres,
  liveReplay,
  liveSession,
  liveSetup,
  liveView,
  pastAnswer,
  whatIfInstead,
  whatIfResult,
} from '../dto/live.ts'
import { personaOffer } from '../dto/persona.ts'
import { runSummary } from '../dto/run.ts'
import { procedure } from './base.ts'

const sessionRef = z.object({ sessionId: z.int() })
/** What changes a session may say how many answers it has seen, and is refused where there are others by now (LIVE_SESSION_MOVED). */
const changedRef = sessionRef.extend({ seen: z.int().min(0).optional() })

export const liveApi = {
  /** All sessions, the latest first. */
  list: procedure.output(z.array(liveSession)),
  /** The personas there are; with a run each as it is on the run's training ratings, or why there is none. @throws RUN_NOT_FOUND */
  personas: procedure
    .input(z.object({ runId: z.int().optional(), seed: z.int().min(0).max(1_000_000).default(1) }))
    .output(z.array(personaOffer)),
  /** Begins a session with the trained model of a run. */
  open: procedure.input(liveSetup.extend({ runId: z.int(), name: z.string().trim().max(200).optional() })).output(liveView),
  /** The session as it stands; one that was closed, or lost in a crash, is played up to there again. */
  view: procedure.input(sessionRef).output(liveView),
  /** Stored before it comes back: a crash loses nothing. */
  answer: procedure.input(changedRef.extend(liveAnswer.shape)).output(liveView),
  /** Takes the last answer back: the ranking before it is there again, bit by bit. */
  undo: procedure.input(changedRef).output(liveView),
  /** A session of its own that shares the first `answers` answers. */
  branch: procedure.input(sessionRef.extend({ answers: z.int().min(0) })).output(liveView),
  /** How the ranking would be now, had an item been answered otherwise, or not at all. Changes nothing. */
  whatIf: procedure
    .input(sessionRef.extend({ answer: z.int().min(1), itemIndex: z.int().min(0), instead: whatIfInstead }))
    .output(whatIfResult),
  /**
   * A simulated user answers in the viewer's place (the logged ratings where there are some, otherwise what other ratings let expect):
   * so many answers, or until nothing is left; every view as it comes. Ends when the subscriber leaves.
   *
   * `as`: whom a guest answers like; a user of the data set answers as that user, a virtual one and a persona as itself, and may leave. `perSecond`: 0 as fast as it goes.
   */
  autopilot: procedure
    .input(
      sessionRef.extend({
        as: z.int().min(0).optional(),
        answers: z.int().min(1).max(1000),
        perSecond: z.number().min(0).max(50).default(0),
      }),
    )
    .output(eventIterator(liveView)),
  /** Measures the policy on held-out users, as it was trained and as it is now. */
  drift: procedure.input(sessionRef).output(liveDrift),
  /** Measures how the genres of which something was said have moved, beside the same answers with everything held still. */
  genres: procedure.input(sessionRef).output(liveGenres),
  /** Measures what disliking or liking a genre does to a run's rankings; stores nothing. Ends when the subscriber leaves. */
  genreTest: procedure.input(genreTestWish.extend({ runId: z.int() })).output(eventIterator(genreTestStep)),
  /**
   * A new run that begins with the session's present weights and whose replay begins with its transitions; on the same split, trained and
   * evaluated as any run, with schedules that begin anew. The session stays as it is.
   *
   * `updates`: as many as the run before it, if left out.
   */
  continueTraining: procedure
    .input(sessionRef.extend({ updates: z.int().min(1).max(1e8).optional(), name: z.string().trim().max(200).optional() }))
    .output(runSummary),
  /** Lets the session's process go; the session stays and can be viewed again. */
  close: procedure.input(sessionRef).output(z.object({ closed: z.boolean() })),
  rename: procedure.input(sessionRef.extend({ name: z.string().trim().min(1).max(200) })).output(liveSession),
  setNotes: procedure.input(sessionRef.extend({ notes: z.string().max(20_000) })).output(liveSession),
  /** Hides it; `restore` brings it back until the workspace is opened again. */
  remove: procedure.input(sessionRef).output(z.object({ removed: z.boolean() })),
  restore: procedure.input(sessionRef).output(liveSession),
  /** What was said so far, and what it did to the ranking: the record of the session, without its process. */
  history: procedure.input(sessionRef).output(z.array(pastAnswer)),
  /** Plays the whole session again and compares every ranking with what is stored. */
  replay: procedure.input(sessionRef).output(liveReplay),
  /** Every response of a session as CSV text, in chunks. */
  exportEvents: procedure.input(sessionRef).output(eventIterator(z.string())),
  /** All of a session as one JSON document, in chunks: setup, answers, heads of the rankings, drift. */
  exportJson: procedure.input(sessionRef).output(eventIterator(z.string())),
  /** A row per session as CSV text, in chunks. */
  exportSessions: procedure.output(eventIterator(z.string())),
}
