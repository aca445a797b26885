import { contract } from '../../../contract/api/contract.ts'
import type { SimulatorReport } from '../../../contract/dto/simulator.ts'
import { assignments, wholeNumber } from '../arguments.ts'
import { exitOk } from '../exit-codes.ts'
import { withSession, type CommandContext } from '../session.ts'
import { textTable } from '../text-table.ts'
import { validated } from '../validated.ts'

export interface SimulatorOptions {
  readonly dataset: string
  readonly split?: string
  readonly seed?: string
  readonly set: readonly string[]
  readonly simulator?: string
}

/** The report card of simulated users: whether their answers can be believed, and what can be earned among them. */
export async function simulatorReportCommand(context: CommandContext, options: SimulatorOptions): Promise<number> {
  const input = await validated(contract.simulators.report, {
    dataset: options.dataset,
    split: options.split,
    seed: options.seed === undefined ? undefined : wholeNumber('--seed', options.seed, 0, 2 ** 31 - 1),
    settings: {
      ...(options.simulator === undefined ? {} : { simulator: options.simulator }),
      ...assignments('--set', options.set),
    },
  })
  return withSession(context, async ({ handlers, output, interrupted }) => {
    output.log('learning the users, and letting floors and oracle play')
    const report = await handlers.simulators.report(input, { signal: interrupted })
    output.result({ ...report }, () => reportText(report))
    return exitOk
  })
}

function reportText({ simulator, datasetName, split, calibration, agreement, saturation, earnings }: SimulatorReport): string {
  const { ratings, rmse, bias, bins } = calibration
  const stretch = ({ low, high }: { low: number; high: number }) => `${low.toFixed(2)} to ${high.toFixed(2)}`
  const percent = (share: number | null) => (share === null ? 'none' : `${(100 * share).toFixed(1)} %`)
  return [
    `Simulator "${simulator}" on ${datasetName}, ${split}`,
    `\nCalibration: taught by the training side, asked about ${ratings} test ratings; RMSE ${rmse?.toFixed(4) ?? 'unknown'}, bias ${bias?.toFixed(4) ?? 'unknown'}`,
    textTable(
      ['predicted', 'ratings', 'mean predicted', 'mean rating'],
      bins.map((bin) => [stretch(bin), bin.count, bin.meanPredicted, bin.meanRating]),
    ),
    `\nAgreement: of ${agreement.pairs} pairs of a liked and a disliked test item of the same user, ${percent(agreement.share)} have the liked one worth more (chance: 50 %)`,
    `\nSaturation: ${saturation.pairs} items that their users never rated`,
    textTable(
      ['predicted', 'items'],
      saturation.bins.map((bin) => [stretch(bin), bin.count]),
    ),
    `On the lowest rating: ${percent(saturation.predictedLowest)} of the predictions, ${percent(saturation.answeredLowest)} of the answers; on the highest: ${percent(saturation.predictedHighest)} and ${percent(saturation.answeredHighest)}.`,
    `\nEarnings: mean reward per step, 95 % interval over users, middle half of the users; sum, items shown and items liked per episode`,
    textTable(
      ['model', 'reward', 'low', 'high', 'middle half', 'episode', 'shown', 'liked', 'users'],
      earnings.map((one) => [
        ...[one.model, one.reward, one.low, one.high, one.interquartileMean],
        ...[one.episodeReturn, one.steps, one.likes, one.users],
      ]),
    ),
  ].join('\n')
}
