import type { Handlers } from '../handlers.ts'
import type { RunManager } from './run-manager.ts'

export function createQueueHandlers(manager: RunManager): Handlers['queue'] {
  return {
    get: () => Promise.resolve(manager.queueState),
    move: ({ runId, to }) => manager.moveInQueue(runId, to),
    pauseAll: () => manager.pauseAll(),
    resumeAll: () => manager.resumeAll(),
    clearEnded: () => Promise.resolve(manager.clearEnded()),
  }
}
