import type { RunState } from '../../contract/dto/run.ts'
import type { ErrorRecord } from '../../contract/errors.ts'

const texts: Readonly<Partial<Record<RunState, string>>> = {
  paused: 'Paused at a checkpoint.',
  stopped: 'Ended early as asked, and evaluated as it stood.',
  interrupted: 'Interrupted: Palate closed while it ran.',
  finished: 'Trained to the end and evaluated.',
}

/** Why a run left the processor, in a sentence. */
export function endText(state: RunState, error: ErrorRecord | null): string {
  return error?.message ?? texts[state] ?? state
}
