import { contract } from '../../../contract/api/contract.ts'
import { wholeNumber } from '../arguments.ts'
import { exitFailed, exitOk } from '../exit-codes.ts'
import { withSession, type CommandContext } from '../session.ts'
import { validated } from '../validated.ts'

export interface SplitOptions {
  readonly dataset: string
  readonly seed?: string
}

/** Makes a split without training on it, and says what the leakage check finds; a leak is a failure. */
export async function splitCommand(context: CommandContext, split: string, options: SplitOptions): Promise<number> {
  const input = await validated(contract.evaluation.checkSplit, {
    dataset: options.dataset,
    split,
    seed: options.seed === undefined ? undefined : wholeNumber('--seed', options.seed, 0, 2 ** 31 - 1),
  })
  return withSession(context, async ({ handlers, output }) => {
    const report = await handlers.evaluation.checkSplit(input, {})
    output.result({ ...report }, () =>
      [
        `${report.split}: ${report.trainRatings} ratings train, ${report.testRatings} test, of ${report.users} users (hash ${report.hash})`,
        ...(report.findings.length === 0
          ? ['The leakage check found nothing.']
          : report.findings.map(({ text, examples }) =>
              examples.length > 0 ? `${text} For instance ${examples.join('; ')}.` : text,
            )),
      ].join('\n'),
    )
    return report.findings.some((finding) => finding.leak) ? exitFailed : exitOk
  })
}
