import { exportLiveEvents } from '../export/live-events.ts'
import type { Handlers } from '../handlers.ts'
import type { Workspace } from '../workspace.ts'
import type { LiveSessions } from './live-sessions.ts'

export function createLiveHandlers(
  workspace: Workspace,
  sessions: LiveSessions,
  formulaGuard: () => Promise<boolean>,
): Handlers['live'] {
  return {
    list: () => sessions.list(),
    open: ({ runId, name, ...setup }) => sessions.open(runId, setup, name),
    view: ({ sessionId }) => sessions.view(sessionId),
    answer: ({ sessionId, ...answer }) => sessions.answer(sessionId, answer),
    undo: ({ sessionId }) => sessions.undo(sessionId),
    branch: ({ sessionId, answers }) => sessions.branch(sessionId, answers),
    whatIf: ({ sessionId, ...change }) => sessions.whatIf(sessionId, change),
    autopilot: ({ sessionId, ...how }, { signal }) => sessions.autopilot(sessionId, how, signal),
    drift: ({ sessionId }) => sessions.drift(sessionId),
    genreTest: ({ runId, ...wish }, { signal }) => sessions.testGenres(runId, wish, signal),
    continueTraining: ({ sessionId, ...wish }) => sessions.continueTraining(sessionId, wish),
    close: async ({ sessionId }) => ({ closed: await sessions.close(sessionId) }),
    rename: ({ sessionId, name }) => sessions.change(sessionId, { name }),
    setNotes: ({ sessionId, notes }) => sessions.change(sessionId, { notes }),
    remove: async ({ sessionId }) => ({ removed: await sessions.remove(sessionId) }),
    exportEvents: ({ sessionId }) => exportLiveEvents(workspace, sessionId, formulaGuard),
  }
}
