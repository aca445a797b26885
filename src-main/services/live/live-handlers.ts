import { exportLiveEvents } from '../export/live-events.ts'
import { liveSessionJson, liveSessionsCsv } from '../export/live-record.ts'
import type { Handlers } from '../handlers.ts'
import type { Workspace } from '../workspace.ts'
import type { DuelGuard } from './duel-guard.ts'
import { pastAnswers } from './live-history.ts'
import type { LiveSessions } from './live-sessions.ts'

export interface LiveHandlerOptions {
  readonly workspace: Workspace
  readonly sessions: LiveSessions
  readonly guard: DuelGuard
  readonly formulaGuard: () => Promise<boolean>
}

export function createLiveHandlers({ workspace, sessions, guard, formulaGuard }: LiveHandlerOptions): Handlers['live'] {
  const history = async (sessionId: number) => {
    const { datasetId } = await sessions.get(sessionId)
    const { liveSessions, items } = workspace.repositories
    return pastAnswers(await liveSessions.answers(sessionId), await items.labels(datasetId))
  }
  type Ref = { readonly sessionId: number }
  /** For what reads a session, and for what changes it. */
  const reading =
    <I extends Ref, T>(work: (input: I) => Promise<T>) =>
    async (input: I): Promise<T> => {
      await guard.readable(input.sessionId)
      return work(input)
    }
  const changing =
    <I extends Ref, T>(work: (input: I) => Promise<T>) =>
    async (input: I): Promise<T> => {
      await guard.playable(input.sessionId)
      return work(input)
    }
  return {
    list: () => sessions.list(),
    personas: ({ runId, seed }) => sessions.personas.offers(runId, seed),
    open: ({ runId, name, ...setup }) => sessions.open(runId, setup, name),
    view: reading(({ sessionId }) => sessions.view(sessionId)),
    answer: changing(({ sessionId, seen, ...answer }) => sessions.answer(sessionId, answer, seen)),
    undo: changing(({ sessionId, seen }) => sessions.undo(sessionId, seen)),
    branch: reading(({ sessionId, answers }) => sessions.branch(sessionId, answers)),
    whatIf: reading(({ sessionId, ...change }) => sessions.whatIf(sessionId, change)),
    autopilot: async function* ({ sessionId, ...how }, { signal }) {
      await guard.playable(sessionId)
      yield* sessions.autopilot(sessionId, how, signal)
    },
    drift: reading(({ sessionId }) => sessions.drift(sessionId)),
    genres: reading(({ sessionId }) => sessions.genres(sessionId)),
    genreTest: ({ runId, ...wish }, { signal }) => sessions.testGenres(runId, wish, signal),
    continueTraining: reading(({ sessionId, ...wish }) => sessions.continueTraining(sessionId, wish)),
    close: reading(async ({ sessionId }) => ({ closed: await sessions.close(sessionId) })),
    rename: reading(({ sessionId, name }) => sessions.change(sessionId, { name })),
    setNotes: reading(({ sessionId, notes }) => sessions.change(sessionId, { notes })),
    remove: changing(async ({ sessionId }) => ({ removed: await sessions.remove(sessionId) })),
    restore: changing(({ sessionId }) => sessions.restore(sessionId)),
    history: reading(({ sessionId }) => history(sessionId)),
    replay: reading(({ sessionId }) => sessions.replay(sessionId)),
    exportEvents: async function* ({ sessionId }) {
      await guard.readable(sessionId)
      yield* exportLiveEvents(workspace, sessionId, formulaGuard)
    },
    exportJson: async function* ({ sessionId }) {
      await guard.readable(sessionId)
      const [session, answers] = [await sessions.get(sessionId), await history(sessionId)]
      const drift = await sessions.drift(sessionId)
      yield* liveSessionJson(session, answers, drift.users === 0 ? null : drift)
    },
    exportSessions: async function* () {
      yield* liveSessionsCsv(await sessions.list(), { formulaGuard: await formulaGuard() })
    },
  }
}
