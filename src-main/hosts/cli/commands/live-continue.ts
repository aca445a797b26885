import { contract } from '../../../contract/api/contract.ts'
import { wholeNumber } from '../arguments.ts'
import { followRuns } from '../follow-runs.ts'
import { reportRuns } from '../report-runs.ts'
import { withSession, type CommandContext } from '../session.ts'
import { validated } from '../validated.ts'

export interface LiveContinueOptions {
  readonly updates?: string
  readonly name?: string
}

/** A run that goes on from a live session, trained to its end and reported as any run. */
export async function liveContinueCommand(
  context: CommandContext,
  sessionId: string,
  options: LiveContinueOptions,
): Promise<number> {
  const input = await validated(contract.live.continueTraining, {
    sessionId: wholeNumber('<session>', sessionId, 1, 2 ** 31 - 1),
    updates: options.updates === undefined ? undefined : wholeNumber('--updates', options.updates, 1, 1e8),
    name: options.name,
  })
  return withSession(context, async (session) => {
    const runs = await followRuns(session, async () => [await session.handlers.live.continueTraining(input, {})])
    return reportRuns(session, runs)
  })
}
