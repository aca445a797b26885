import type { RunState, RunSummary } from '../../src-main/contract/dto/run.ts'
import { formatInt, formatScore } from './format.ts'
import { runStates } from './run-state.ts'

/** How long a note stays in the corner of the window. */
export const noteMs = 8000
/** Runs that end in one go arrive one after another. */
const settleMs = 300

export type EndedRun = Pick<RunSummary, 'id' | 'name' | 'state' | 'ndcg20' | 'precision20' | 'error'>

/** What is said of runs that have ended, and where that can be looked at. */
export interface EndingNote {
  readonly title: string
  readonly description: string
  readonly icon: string
  /** One of them failed or diverged. */
  readonly bad: boolean
  readonly link: { readonly label: string; readonly to: string }
}

const isBad = ({ state }: EndedRun) => state === 'failed' || state === 'diverged'
const reasonOf = (run: EndedRun) => run.error?.message ?? runStates[run.state].doc
const order: readonly RunState[] = ['finished', 'stopped', 'interrupted', 'diverged', 'failed']

/** @param runs at least one */
export function endingNote(runs: readonly EndedRun[]): EndingNote {
  const [run] = runs
  if (run && runs.length === 1) return noteOfOne(run)
  const counts = order.flatMap((state) => {
    const count = runs.filter((one) => one.state === state).length
    return count > 0 ? [`${formatInt(count)} ${runStates[state].label.toLowerCase()}`] : []
  })
  const bad = runs.find(isBad)
  return {
    title: `${formatInt(runs.length)} runs have ended: ${counts.join(', ')}`,
    description: bad ? `${bad.name}: ${reasonOf(bad)}` : '',
    icon: runStates[bad?.state ?? 'finished'].icon,
    bad: bad !== undefined,
    link: { label: 'Show the runs', to: '/runs' },
  }
}

function noteOfOne(run: EndedRun): EndingNote {
  const look = runStates[run.state]
  const figures = run.ndcg20 === null ? '' : ` NDCG@20 ${formatScore(run.ndcg20)}, precision@20 ${formatScore(run.precision20)}.`
  const bad = isBad(run)
  return {
    title: `${run.name}: ${look.label.toLowerCase()}`,
    description: bad ? reasonOf(run) : `${look.doc}${figures}`,
    icon: look.icon,
    bad,
    link: { label: 'Open the run', to: `/runs/${run.id}` },
  }
}

/**
 * Gathers runs that end within a short time, so that nine seeds are one note and not nine.
 *
 * @param tell is given all that ended since the corner of the window was last empty, the first to end first
 * @returns to be called with each run that ends
 */
export function createEndings<R extends EndedRun>(tell: (runs: readonly R[]) => void): (run: R) => void {
  const together = new Map<number, R>()
  let settling: ReturnType<typeof setTimeout> | undefined
  let forgetting: ReturnType<typeof setTimeout> | undefined
  return (run) => {
    together.set(run.id, run)
    clearTimeout(forgetting)
    settling ??= setTimeout(() => {
      settling = undefined
      tell([...together.values()])
      forgetting = setTimeout(() => together.clear(), noteMs)
    }, settleMs)
  }
}
