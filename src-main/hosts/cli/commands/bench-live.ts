import { liveBench, type LiveBenchReport } from '../../../services/bench/live-bench.ts'
import { machineText } from '../../../services/bench/this-machine.ts'
import { usageError, wholeNumber } from '../arguments.ts'
import { exitOk } from '../exit-codes.ts'
import { runNamed } from '../find.ts'
import { serveLab } from '../served-lab.ts'
import type { CommandContext } from '../session.ts'
import { textTable } from '../text-table.ts'

export interface LiveBenchFlags {
  readonly run?: string
  readonly answers: string
  readonly learn: string
  readonly favourites: string
  readonly seed: string
}

/** Measures how long a person waits for the next ranking, over the same WebSocket as the window. */
export async function liveBenchCommand({ output, workspace }: CommandContext, flags: LiveBenchFlags): Promise<number> {
  if (flags.run === undefined) throw usageError('--run', 'Say which trained run is played with: --run RUN.')
  const options = {
    answers: wholeNumber('--answers', flags.answers, 10, 1000),
    updates: wholeNumber('--learn', flags.learn, 1, 100),
    favourites: wholeNumber('--favourites', flags.favourites, 0, 50),
    seed: wholeNumber('--seed', flags.seed, 0, 2 ** 31 - 1),
  }
  const lab = await serveLab(workspace)
  try {
    const client = await lab.connect()
    const run = runNamed(await client.runs.list(), flags.run)
    const report = await liveBench(client, { run, ...options, log: output.log })
    output.result({ ...report }, () => describe(report))
    return exitOk
  } finally {
    await lab.close()
  }
}

function describe({ machine, run, dataset, favourites, rows }: LiveBenchReport): string {
  const ms = (value: number) => value.toFixed(1)
  return [
    `${machineText(machine)}\nRun ${run.id} (${run.model}, ${run.preset}) on ${dataset}, a stranger with ${favourites} favourites, over a WebSocket`,
    textTable(
      ['updates per answer', 'answers', 'p50 ms', 'p95 ms', 'worst ms', 'undo ms', 'candidates'],
      rows.map((row) => [
        row.updatesPerAnswer === 0 ? 'frozen' : row.updatesPerAnswer,
        row.answers,
        ms(row.p50),
        ms(row.p95),
        ms(row.worst),
        ms(row.undo),
        row.candidates,
      ]),
    ),
    ...(rows[0]?.limits ?? []).map((limit) => `Note: ${limit}`),
  ].join('\n\n')
}
