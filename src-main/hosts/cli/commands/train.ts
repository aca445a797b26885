import { contract } from '../../../contract/api/contract.ts'
import { assignments, names, wholeNumber, wholeNumbers } from '../arguments.ts'
import { computeOptions, type ComputeOptions } from '../compute-options.ts'
import { followRuns } from '../follow-runs.ts'
import { reportRuns } from '../report-runs.ts'
import { withSession, type CommandContext, type Session } from '../session.ts'
import { validated } from '../validated.ts'

export interface TrainOptions extends ComputeOptions {
  readonly dataset: string
  readonly model: string
  readonly preset?: string
  readonly split?: string
  readonly seeds?: string
  readonly set: readonly string[]
  readonly updates?: string
  readonly protocols?: string
  readonly k?: string
  readonly name?: string
  readonly checkpointEvery?: string
}

/** Everything that was typed is understood and checked before the workspace is opened. */
export async function trainCommand(context: CommandContext, options: TrainOptions): Promise<number> {
  const input = await validated(contract.runs.start, {
    dataset: options.dataset,
    model: options.model,
    preset: options.preset,
    params: assignments('--set', options.set),
    split: options.split,
    seeds: options.seeds === undefined ? undefined : wholeNumbers('--seeds', options.seeds, 0, 2 ** 31 - 1),
    updates: options.updates === undefined ? undefined : wholeNumber('--updates', options.updates, 0, 1e9),
    protocols: options.protocols === undefined ? undefined : names('--protocols', options.protocols),
    ks: options.k === undefined ? undefined : wholeNumbers('--k', options.k, 1, 10_000),
    name: options.name,
    ...computeOptions(options),
  })
  const train = async (session: Session) => {
    const runs = await followRuns(session, () => session.handlers.runs.start(input, {}))
    return reportRuns(session, runs)
  }
  return withSession(context, train, checkpointOption(options.checkpointEvery))
}

/** @param seconds of `--checkpoint-every` */
export function checkpointOption(seconds: string | undefined): { checkpointEveryMs?: number } {
  return seconds === undefined ? {} : { checkpointEveryMs: wholeNumber('--checkpoint-every', seconds, 1, 86_400) * 1000 }
}
