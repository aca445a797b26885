import { contract } from '../../../contract/api/contract.ts'
import {
  genreTestColumns,
  genreTestRecords,
  type GenreEstimate,
  type GenreTestReport,
  type GenreTestRow,
} from '../../../contract/dto/genre-test.ts'
import { csvChunks } from '../../../services/export/csv.ts'
import { names, wholeNumber } from '../arguments.ts'
import { exitOk } from '../exit-codes.ts'
import { findRun } from '../find.ts'
import { withSession, type CommandContext, type Session } from '../session.ts'
import { writeTextFile } from '../text-file.ts'
import { textTable } from '../text-table.ts'
import { validated } from '../validated.ts'

export interface GenreTestOptions {
  readonly genres: string
  readonly question: string
  readonly viewers: string
  readonly count: string
  readonly answers?: string
  readonly slate: string
  readonly others: string
  readonly learn?: string
  readonly rate: string
  readonly seed: string
  readonly csv?: string
}

interface Tested {
  readonly run: string
  readonly model: string
  readonly report: GenreTestReport
}

/** The same viewers and answers for every run named; one table. */
export async function genreTestCommand(
  context: CommandContext,
  runs: readonly string[],
  options: GenreTestOptions,
): Promise<number> {
  return withSession(context, async (session) => {
    const tested: Tested[] = []
    for (const name of runs) tested.push(await testRun(session, name, options))
    const { csvFormulaGuard } = await session.handlers.system.getSettings(undefined, {})
    const written =
      options.csv === undefined
        ? null
        : await writeTextFile(
            options.csv,
            csvChunks(genreTestColumns, tested.flatMap(records), { formulaGuard: csvFormulaGuard }),
          )
    session.output.result({ tested, ...(written && { csv: written.file }) }, () => reportText(tested))
    return exitOk
  })
}

async function testRun(session: Session, name: string, options: GenreTestOptions): Promise<Tested> {
  const { handlers, output, interrupted } = session
  const run = await findRun(session, name)
  const input = await validated(contract.live.genreTest, {
    runId: run.id,
    question: options.question,
    genres: names('--genres', options.genres),
    viewers: options.question === 'favourites' ? 'guests' : options.viewers,
    count: wholeNumber('--count', options.count, 2, 500),
    answers: wholeNumber('--answers', options.answers ?? (options.question === 'favourites' ? '20' : '10'), 1, 100),
    slate: wholeNumber('--slate', options.slate, 1, 20),
    others: options.others,
    updatesPerAnswer: wholeNumber('--learn', options.learn ?? '10', 0, 100),
    rateFactor: Number(options.rate),
    seed: wholeNumber('--seed', options.seed, 0, 2 ** 31 - 1),
  })
  let said = 0
  for await (const step of handlers.live.genreTest(input, { signal: interrupted })) {
    if (step.kind === 'report') return { run: run.name, model: run.modelId, report: step.report }
    if (step.share - said < 0.1) continue
    said = step.share
    output.log(`${run.name}: ${Math.round(100 * said)} %`)
  }
  throw new TypeError('a genre test ended without a report')
}

const records = ({ run, model, report }: Tested) => genreTestRecords(run, model, report)

function reportText(tested: readonly Tested[]): string {
  const { question, answers } = tested[0]!.report.wish
  const rows = tested.flatMap(({ run, report }) => report.rows.map((row) => textRow(run, row, question === 'dislikes' ? 3 : 1)))
  const head =
    question === 'dislikes'
      ? `Share of the genre in the first 20, before and after ${answers} dislikes of its highest items behind them; effect: against passing the same items over.`
      : `Mean rank of items of the genre that were never shown, before and after ${answers} answers of newcomers who like it; effect: against the frozen policy.`
  return [
    `${head} 95 % intervals over viewers; below 0: the share of viewers whose effect is.`,
    textTable(['run', 'what moves', 'genre', 'viewers', 'before', 'after', 'change', 'effect', 'below 0'], rows),
    ...tested.flatMap(({ run, report }) => report.limits.map((limit) => `Note on ${run}: ${limit}`)),
  ].join('\n')
}

function textRow(run: string, { arm, genre, viewers, before, after, change, effect, below }: GenreTestRow, digits: number) {
  const told = (estimate: GenreEstimate | null) =>
    estimate &&
    `${signed(estimate.value, digits)} [${[estimate.low, estimate.high].map((end) => (end === null ? 'unknown' : signed(end, digits))).join(', ')}]`
  const share = below === null ? null : `${Math.round(100 * below)} %`
  return [run, arm, genre ?? 'all', viewers, before.toFixed(digits), after.toFixed(digits), told(change), told(effect), share]
}

function signed(value: number, digits: number): string {
  const text = value.toFixed(digits)
  return value > 0 ? `+${text}` : text
}
