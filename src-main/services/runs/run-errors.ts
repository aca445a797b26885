import { PalateError } from '../../contract/errors.ts'
import type { RunState } from '../../contract/dto/run.ts'

export function runNotFound(runId: number): PalateError<'RUN_NOT_FOUND'> {
  return new PalateError('RUN_NOT_FOUND', `There is no run ${runId} in this workspace. Choose one from the list of runs.`, {
    run: String(runId),
  })
}

const advice: Partial<Record<RunState, string>> = {
  queued: 'It waits in the queue already.',
  running: 'Pause or stop it first.',
  diverged: 'The same settings and seed diverge again; start a new run with a lower learning rate or gradient clip.',
  finished: 'It has its results; start a new run to train again.',
}

/** @param wanted what was asked for, as a past participle: "paused", "resumed" … */
export function runState(run: { id: number }, state: RunState, wanted: string): PalateError<'RUN_STATE'> {
  const hint = advice[state] ?? 'Resume it first.'
  return new PalateError('RUN_STATE', `Run ${run.id} cannot be ${wanted}: it is ${state}. ${hint}`, {
    run: String(run.id),
    state,
    wanted,
  })
}
