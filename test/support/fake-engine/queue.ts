import type { QueueState } from '../../../src-main/contract/dto/queue.ts'
import type { RunEvent } from '../../../src-main/contract/dto/run.ts'
import type { Handlers } from '../../../src-main/services/handlers.ts'
import type { World } from './world.ts'

/** A queue whose runs wait as long as the test says that they are queued. */
export function fakeQueue(world: World, tell: (event: RunEvent) => void): Handlers['queue'] {
  let order: number[] = []
  let held = false
  let clearedAt = 0
  const state = (): QueueState => {
    const waiting = [...world.runs.values()].filter((run) => run.detail.state === 'queued').map((run) => run.detail.id)
    order = [...order.filter((id) => waiting.includes(id)), ...waiting.filter((id) => !order.includes(id))]
    return { waiting: [...order], held, clearedAt }
  }
  const told = () => {
    tell({ kind: 'queue', queue: state() })
    return Promise.resolve(state())
  }
  return {
    get: () => Promise.resolve(state()),
    move: ({ runId, to }) => {
      const { waiting } = state()
      const at = waiting.indexOf(runId)
      waiting.splice(at, 1)
      const places = { up: Math.max(0, at - 1), down: at + 1, first: 0, last: waiting.length }
      waiting.splice(typeof to === 'string' ? places[to] : waiting.indexOf(to.before), 0, runId)
      order = waiting
      return told()
    },
    pauseAll: () => {
      held = true
      return told()
    },
    resumeAll: () => {
      held = false
      return told()
    },
    clearEnded: () => {
      clearedAt = Date.now()
      return told()
    },
  }
}
