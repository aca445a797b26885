import type { RunSummary } from '../../../contract/dto/run.ts'
import { computeOptions, type ComputeOptions } from '../compute-options.ts'
import { findRun } from '../find.ts'
import { followRuns } from '../follow-runs.ts'
import { reportRuns } from '../report-runs.ts'
import { withSession, type CommandContext } from '../session.ts'
import { checkpointOption } from './train.ts'

export interface ResumeOptions extends ComputeOptions {
  readonly checkpointEvery?: string
}

/** Without `--backend` a run goes on on the executor that it began with. */
export async function resumeCommand(
  context: CommandContext,
  runTexts: readonly string[],
  options: ResumeOptions,
): Promise<number> {
  const compute = computeOptions(options)
  return withSession(
    context,
    async (session) => {
      const found: RunSummary[] = []
      for (const text of runTexts) found.push(await findRun(session, text))
      const runs = await followRuns(session, async () => {
        const resumed: RunSummary[] = []
        for (const run of found) resumed.push(await session.handlers.runs.resume({ runId: run.id, ...compute }, {}))
        return resumed
      })
      return reportRuns(session, runs)
    },
    checkpointOption(options.checkpointEvery),
  )
}
