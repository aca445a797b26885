import { exportDuelSteps } from '../export/duel-steps.ts'
import type { Handlers } from '../handlers.ts'
import type { Duels } from './duels.ts'

export function createDuelHandlers(duels: Duels, formulaGuard: () => Promise<boolean>): Handlers['duels'] {
  return {
    list: () => duels.list(),
    open: (input) => duels.open(input),
    view: ({ duelId }) => duels.view(duelId),
    answer: ({ duelId, ...answer }) => duels.answer(duelId, answer),
    undo: ({ duelId }) => duels.undo(duelId),
    finish: ({ duelId }) => duels.finish(duelId),
    standing: ({ duelId }) => duels.standing(duelId),
    steps: ({ duelId }) => duels.steps(duelId),
    autopilot: ({ duelId, ...how }, { signal }) => duels.autopilot(duelId, how, signal),
    rename: ({ duelId, name }) => duels.rename(duelId, name),
    remove: async ({ duelId }) => ({ removed: await duels.remove(duelId) }),
    restore: ({ duelId }) => duels.restore(duelId),
    exportSteps: ({ duelId }) => exportDuelSteps(() => duels.steps(duelId), formulaGuard),
    replay: ({ duelId }) => duels.replay(duelId),
  }
}
