import type { RunSummary } from '../../../contract/dto/run.ts'
import { computeOptions, type ComputeOptions } from '../compute-options.ts'
import { findRuns } from '../find.ts'
import { followRuns } from '../follow-runs.ts'
import { reportRuns } from '../report-runs.ts'
import { withSession, type CommandContext, type Session } from '../session.ts'
import { checkpointOption } from './train.ts'

export interface ResumeOptions extends ComputeOptions {
  readonly checkpointEvery?: string
}

/** Without `--backend` a run goes on on the executor that it began with. */
export function resumeCommand(context: CommandContext, runTexts: readonly string[], options: ResumeOptions): Promise<number> {
  const compute = computeOptions(options)
  return each(context, runTexts, options, ({ handlers }, run) => handlers.runs.resume({ runId: run.id, ...compute }, {}))
}

/** New runs with the configurations of old ones. */
export function retryCommand(context: CommandContext, runTexts: readonly string[], options: ResumeOptions): Promise<number> {
  return each(context, runTexts, options, ({ handlers }, run) => handlers.runs.retry({ runId: run.id }, {}))
}

function each(
  context: CommandContext,
  runTexts: readonly string[],
  options: ResumeOptions,
  begin: (session: Session, run: RunSummary) => Promise<RunSummary>,
): Promise<number> {
  return withSession(
    context,
    async (session) => {
      const found = await findRuns(session, runTexts)
      const runs = await followRuns(session, async () => {
        const begun: RunSummary[] = []
        for (const run of found) begun.push(await begin(session, run))
        return begun
      })
      return reportRuns(session, runs)
    },
    checkpointOption(options.checkpointEvery),
  )
}
