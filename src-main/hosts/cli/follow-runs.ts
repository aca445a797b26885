import type { RunState, RunSummary } from '../../contract/dto/run.ts'
import { ProgressBar, speedText, type ProgressLine } from './progress-bar.ts'
import type { Session } from './session.ts'

const atWork: ReadonlySet<RunState> = new Set<RunState>(['queued', 'running'])

/**
 * Shows the given runs' progress until none of them is queued or running any more, or until the session is interrupted.
 *
 * @param begin starts or resumes the runs; called once the subscription stands, so that no event is missed
 * @returns the runs as they are at the end
 */
export async function followRuns(session: Session, begin: () => Promise<RunSummary[]>): Promise<RunSummary[]> {
  const { handlers, interrupted, output } = session
  const events = handlers.runs.watch({}, { signal: interrupted })
  const bar = new ProgressBar()
  const runs = new Map<number, RunSummary>()
  const note = (run: RunSummary) => {
    const before = runs.get(run.id)
    runs.set(run.id, run)
    if (before?.state === run.state && (before.stage === run.stage || output.interactive)) return
    bar.clear()
    output.log(`${labelOf(run)}: ${stateText(run)}`)
  }
  const say = (run: RunSummary | undefined, text: string) => {
    if (!run) return
    bar.clear()
    output.log(`${labelOf(run)}: ${text}`)
  }
  try {
    for (const run of await begin()) note(run)
    while ([...runs.values()].some((run) => atWork.has(run.state))) {
      const event = await events.next()
      if (event.done) break
      if (event.value.kind === 'run' && runs.has(event.value.run.id)) note(event.value.run)
      if (event.value.kind === 'note') say(runs.get(event.value.runId), event.value.text)
      bar.draw([...runs.values()].filter((run) => run.state === 'running').map(progressLine))
    }
  } finally {
    bar.clear()
    await events.return()
  }
  if (!interrupted.aborted) return [...runs.values()]
  await session.interrupt()
  const all = await handlers.runs.list(undefined, {})
  return [...runs.keys()].flatMap((runId) => all.find((run) => run.id === runId) ?? [])
}

function labelOf(run: RunSummary): string {
  return `run ${run.id} (${run.modelId}, seed ${run.seed})`
}

function stateText(run: RunSummary): string {
  if (run.error) return `${run.state}: ${run.error.message}`
  if (run.state !== 'running' || !run.stage) return run.state
  return `running, ${run.stage === 'finished' ? 'storing the results' : run.stage}`
}

function progressLine(run: RunSummary): ProgressLine {
  return {
    label: labelOf(run),
    share: run.updatesTotal > 0 ? run.updatesDone / run.updatesTotal : 0,
    detail: [run.stage, speedText(run.updatesPerSecond, run.remainingMs)].filter(Boolean).join(', '),
  }
}
