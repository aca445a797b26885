import { contract } from '../../../contract/api/contract.ts'
import type { LiveBatchResult, LiveBatchView } from '../../../contract/dto/live-batch.ts'
import { fromErrorRecord } from '../../../contract/errors.ts'
import { assignments, names, wholeNumber } from '../arguments.ts'
import { formatDuration } from '../duration.ts'
import { exitOk } from '../exit-codes.ts'
import { findRuns } from '../find.ts'
import { ProgressBar } from '../progress-bar.ts'
import { cancelled, withSession, type CommandContext, type Session } from '../session.ts'
import { writeTextFile } from '../text-file.ts'
import { textTable } from '../text-table.ts'
import { validated } from '../validated.ts'
import { figure, pairsText } from './compare.ts'

/** Options of its own. */
export interface BatchOptions {
  readonly runs: string
  readonly users: string
  readonly simulator: string
  readonly name?: string
  readonly usersCsv?: string
}

/** Those that a single session has as well. */
export interface SharedOptions {
  readonly steps: string
  readonly set: readonly string[]
  readonly learn?: string
  readonly rate: string
  readonly seed: string
  readonly csv?: string
}

type LiveBatchOptions = BatchOptions & SharedOptions

/** Simulated users play several policies. The batch stays in the workspace and can be looked at in the window. */
export function liveBatchCommand(context: CommandContext, options: LiveBatchOptions): Promise<number> {
  return withSession(context, async (session) => {
    const { handlers, output } = session
    const runs = (await findRuns(session, names('--runs', options.runs))).map((run) => run.id)
    const begun = await handlers.liveBatches.start(await validated(contract.liveBatches.start, { runs, ...inputOf(options) }), {})
    const { batch, result } = await follow(session, begun)
    if (!result) throw batch.error ? fromErrorRecord(batch.error) : cancelled('batch', 'Start it again.')
    const write = async (file: string | undefined, what: 'curves' | 'users') =>
      file === undefined ? null : (await writeTextFile(file, handlers.liveBatches.export({ batchId: batch.id, what }, {}))).file
    const files = { csv: await write(options.csv, 'curves'), usersCsv: await write(options.usersCsv, 'users') }
    output.result({ batch, result, ...files }, () => batchText(batch, result))
    return exitOk
  })
}

function inputOf(options: LiveBatchOptions) {
  return {
    users: wholeNumber('--users', options.users, 2, 10_000),
    steps: wholeNumber('--steps', options.steps, 1, 500),
    simulator: options.simulator,
    settings: assignments('--set', options.set),
    seed: wholeNumber('--seed', options.seed, 0, 2 ** 31 - 1),
    learning:
      options.learn === undefined
        ? null
        : { updatesPerAnswer: wholeNumber('--learn', options.learn, 1, 100), rateFactor: Number(options.rate) },
    ...(options.name === undefined ? {} : { name: options.name }),
  }
}

async function follow({ handlers, output, interrupted }: Session, begun: LiveBatchView): Promise<LiveBatchView> {
  const bar = new ProgressBar()
  const { id: batchId } = begun.batch
  output.log(`batch ${batchId}: ${begun.batch.setup.users} users play`)
  let last = begun
  let player = ''
  for await (const view of handlers.liveBatches.watch({ batchId }, { signal: interrupted })) {
    last = view
    if (!view.progress) continue
    if (view.progress.player !== player) {
      bar.clear()
      output.log(`batch ${batchId}: ${(player = view.progress.player)}`)
    }
    bar.draw([{ label: `batch ${batchId}`, share: view.progress.share, detail: player }])
  }
  bar.clear()
  return interrupted.aborted ? handlers.liveBatches.cancel({ batchId }, {}) : last
}

function batchText({ id, name, datasetName, elapsedMs, setup }: LiveBatchView['batch'], result: LiveBatchResult): string {
  const { players, pairs, remarks, users, split } = result
  const learning = setup.learning ? `${setup.learning.updatesPerAnswer} updates per answer` : 'frozen'
  return [
    `Batch ${id} (${name}): ${users} ${setup.simulator} users, at most ${setup.steps} steps, ${learning}; ${datasetName}, ${split}; ${formatDuration(elapsedMs)}`,
    'Sum of rewards of an episode with its 95 % interval over users',
    textTable(
      ['player', 'model', 'episode', 'low', 'high', 'shown', 'liked', 'ended early', 'updates'],
      players.map((one) => [
        ...[one.name, one.model, figure(one.episode.mean), figure(one.episode.low), figure(one.episode.high)],
        ...[one.steps.toFixed(2), one.likes.toFixed(2), `${(100 * one.endedEarly).toFixed(1)} %`, one.updates],
      ]),
    ),
    '',
    'Paired differences with 95 % bootstrap intervals over users, p values corrected after Holm',
    pairsText(
      players.map((one) => one.name),
      pairs,
    ),
    ...remarks.map((remark) => `Note: ${remark}`),
  ].join('\n')
}
