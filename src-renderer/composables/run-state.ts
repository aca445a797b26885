import type { RunState } from '../../src-main/contract/dto/run.ts'

export type Tone = 'neutral' | 'primary' | 'success' | 'warning' | 'error' | 'info'

/** The text colour of a tone. */
export const toneText: Readonly<Record<Tone, string>> = {
  neutral: 'text-toned',
  primary: 'text-primary',
  success: 'text-success',
  warning: 'text-warning',
  error: 'text-error',
  info: 'text-info',
}

interface StateLook {
  readonly label: string
  readonly icon: string
  readonly tone: Tone
  /** One sentence for a person who has not met this state before. */
  readonly doc: string
}

export const runStates: Readonly<Record<RunState, StateLook>> = {
  queued: { label: 'Queued', icon: 'i-lucide-clock', tone: 'neutral', doc: 'Waits for its turn.' },
  running: { label: 'Running', icon: 'i-lucide-activity', tone: 'primary', doc: 'Trains now.' },
  paused: { label: 'Paused', icon: 'i-lucide-pause', tone: 'info', doc: 'Stands at a checkpoint; resume continues from there.' },
  stopped: { label: 'Stopped', icon: 'i-lucide-square', tone: 'neutral', doc: 'Ended early by you; evaluated as it stood.' },
  interrupted: {
    label: 'Interrupted',
    icon: 'i-lucide-unplug',
    tone: 'warning',
    doc: 'Palate closed while it ran; resume continues from the last checkpoint.',
  },
  diverged: {
    label: 'Diverged',
    icon: 'i-lucide-trending-up-down',
    tone: 'warning',
    doc: 'A value stopped being a finite number. That is a result: these settings do not train.',
  },
  failed: { label: 'Failed', icon: 'i-lucide-circle-x', tone: 'error', doc: 'Something went wrong; the message says what.' },
  finished: { label: 'Finished', icon: 'i-lucide-circle-check', tone: 'success', doc: 'Trained to the end and evaluated.' },
}

/** Trains or waits to train. */
export function isActive(state: RunState): boolean {
  return state === 'queued' || state === 'running'
}

/** What may be asked of a run in `state`; the engine decides, this only keeps useless buttons away. */
export function actionsFor(state: RunState): {
  pause: boolean
  resume: boolean
  stop: boolean
  retry: boolean
  remove: boolean
  evaluate: boolean
} {
  return {
    pause: state === 'running' || state === 'queued',
    resume: state === 'paused' || state === 'interrupted' || state === 'stopped' || state === 'failed',
    stop: state === 'running' || state === 'queued' || state === 'paused',
    retry: state === 'failed' || state === 'diverged' || state === 'interrupted' || state === 'stopped',
    remove: state !== 'running' && state !== 'queued',
    evaluate: state === 'finished' || state === 'stopped',
  }
}

/** Progress for a bar: null while a running run has made no update yet (it prepares, or fits its embedding). */
export function barShare(run: { updatesDone: number; updatesTotal: number; state: RunState }): number | null {
  return run.state === 'running' && run.updatesDone === 0 ? null : shareDone(run)
}

/** How much of a run is done, 0..1. A run without updates to do (a floor) has only "not yet" and "done". */
export function shareDone(run: { updatesDone: number; updatesTotal: number; state: RunState }): number {
  if (run.state === 'finished') return 1
  return run.updatesTotal > 0 ? Math.min(1, run.updatesDone / run.updatesTotal) : 0
}

/** How much of everything that trains or waits is done, 0..1; null when nothing trains. Runs count by their updates. */
export function overallShare(active: readonly { updatesDone: number; updatesTotal: number; state: RunState }[]): number | null {
  const counted = active.filter((run) => run.state !== 'paused')
  if (!counted.some((run) => run.state === 'running')) return null
  const total = counted.reduce((sum, run) => sum + Math.max(1, run.updatesTotal), 0)
  const done = counted.reduce((sum, run) => sum + Math.min(run.updatesDone, run.updatesTotal), 0)
  return done / total
}
