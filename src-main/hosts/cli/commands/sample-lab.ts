import { contract } from '../../../contract/api/contract.ts'
import { wholeNumber } from '../arguments.ts'
import { exitOk } from '../exit-codes.ts'
import { withSession, type CommandContext } from '../session.ts'
import { validated } from '../validated.ts'

export interface SampleLabOptions {
  readonly seed?: string
  readonly name?: string
}

export async function sampleLabCommand(context: CommandContext, options: SampleLabOptions): Promise<number> {
  const seed = options.seed === undefined ? undefined : wholeNumber('--seed', options.seed, 0, 2 ** 31 - 1)
  const input = await validated(contract.datasets.createSampleLab, { seed, name: options.name })
  return withSession(context, async ({ handlers, output }) => {
    const dataset = await handlers.datasets.createSampleLab(input, {})
    output.result(
      { ...dataset },
      () =>
        `"${dataset.name}" (data set ${dataset.id}): ${dataset.ratings} ratings by ${dataset.users} users of ${dataset.items} items.`,
    )
    return exitOk
  })
}
