import type { ResultRowWithInterval, RunSummary } from '../../contract/dto/run.ts'
import { fromErrorRecord, PalateError } from '../../contract/errors.ts'
import { exitFailed, exitOk } from './exit-codes.ts'
import { cautionsOf, resultText, sortRows } from './result-rows.ts'
import { cancelled, type Session } from './session.ts'

/**
 * The result of `train` and `resume`: the rows of every run that was evaluated, and how each run ended.
 *
 * @returns the exit code: 1 when any of them did not reach its evaluation
 */
export async function reportRuns(session: Session, runs: readonly RunSummary[]): Promise<number> {
  const { handlers, output } = session
  const evaluated = runs.filter((run) => run.state === 'finished' || run.state === 'stopped')
  const rows: ResultRowWithInterval[] = []
  for (const run of evaluated) rows.push(...(await handlers.runs.results({ runId: run.id }, {})))
  const protocols = await handlers.models.protocols(undefined, {})
  const problem = evaluated.length === runs.length ? null : problemOf(session, runs)
  const document = { rows: sortRows(rows), runs, cautions: cautionsOf(rows, protocols) }
  output.result(problem ? { ...document, error: problemRecord(problem) } : document, () =>
    rows.length > 0 ? resultText(rows, protocols) : '',
  )
  if (problem) output.failure(problem)
  return problem ? exitFailed : exitOk
}

function problemOf(session: Session, runs: readonly RunSummary[]): PalateError {
  const open = runs.filter((run) => run.state !== 'finished' && run.state !== 'stopped')
  if (session.interrupted.aborted) {
    const ids = open.map((run) => run.id)
    return cancelled(
      `Training of ${ids.length === 1 ? `run ${ids[0]}` : `runs ${ids.join(', ')}`}`,
      `Continue with: ${ids.map((id) => `palate resume ${id}`).join(' and ')}`,
    )
  }
  const broken = open.find((run) => run.error)
  if (broken?.error) return fromErrorRecord(broken.error)
  const first = open[0]!
  return new PalateError(
    'RUN_STATE',
    `Run ${first.id} is ${first.state} and has no results. Continue it with: palate resume ${first.id}`,
    {
      run: String(first.id),
      state: first.state,
      wanted: 'finished',
    },
  )
}

function problemRecord({ code, message, details }: PalateError) {
  return { code, message, details }
}
