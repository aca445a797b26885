import * as z from 'zod'
import { queueMove, queueState } from '../dto/queue.ts'
import { procedure } from './base.ts'

export const queueApi = {
  /** Changes are told by `runs.watch`. */
  get: procedure.output(queueState),
  /** Refused for a run that does not wait; one that is at the end already stays there. */
  move: procedure.input(z.object({ runId: z.int(), to: queueMove })).output(queueState),
  /** Every run at work hands over a checkpoint and pauses; nothing starts until `resumeAll`. */
  pauseAll: procedure.output(queueState),
  /** Lets the queue go; what `pauseAll` had paused goes on first. Runs that somebody paused one by one stay paused. */
  resumeAll: procedure.output(queueState),
  /** Takes runs that have ended off the list of the queue. The runs themselves stay. */
  clearEnded: procedure.output(queueState),
}
