import type { RunSummary } from '../../contract/dto/run.ts'
import { PalateError } from '../../contract/errors.ts'
import type { Session } from './session.ts'

/** @param text a run's number, or a name that only one run bears */
export async function findRun({ handlers }: Session, text: string): Promise<RunSummary> {
  return runNamed(await handlers.runs.list(undefined, {}), text)
}

/** Each of them, in order, from one list. @throws PalateError RUN_NOT_FOUND for the first that is not there */
export async function findRuns({ handlers }: Session, texts: readonly string[]): Promise<RunSummary[]> {
  const runs = await handlers.runs.list(undefined, {})
  return texts.map((text) => runNamed(runs, text))
}

/** The same among these runs. @throws PalateError RUN_NOT_FOUND */
export function runNamed(runs: readonly RunSummary[], text: string): RunSummary {
  const byNumber = runs.find((run) => String(run.id) === text)
  if (byNumber) return byNumber
  const named = runs.filter((run) => run.name === text)
  if (named.length === 1) return named[0]!
  const why =
    named.length > 1
      ? `${named.length} runs are called "${text}" (${named.map((run) => run.id).join(', ')}). Give the number of one.`
      : `There is no run "${text}" in this workspace. List the runs with: palate runs`
  throw new PalateError('RUN_NOT_FOUND', why, { run: text })
}
