import { extname } from 'node:path'
import { contract } from '../../../contract/api/contract.ts'
import type {
  BenchmarkCell,
  BenchmarkExportFormat,
  BenchmarkProgress,
  BenchmarkRecipe,
  BenchmarkSummary,
} from '../../../contract/dto/benchmark.ts'
import { PalateError, toErrorRecord } from '../../../contract/errors.ts'
import { names, usageError, wholeNumber } from '../arguments.ts'
import { computeOptions, type ComputeOptions } from '../compute-options.ts'
import { formatDuration } from '../duration.ts'
import { exitFailed, exitOk } from '../exit-codes.ts'
import { ProgressBar } from '../progress-bar.ts'
import { cancelled, withSession, type CommandContext, type Session } from '../session.ts'
import { writeTextFile } from '../text-file.ts'
import { textTable } from '../text-table.ts'
import { validated } from '../validated.ts'
import { sayReplaced } from './export.ts'
import { checkpointOption } from './train.ts'

export interface TableOptions {
  readonly csv?: boolean
  readonly markdown?: boolean
  readonly latex?: boolean
  readonly out?: string
}

export interface BenchmarkRunOptions extends ComputeOptions, TableOptions {
  readonly dataset?: string
  readonly seeds?: string
  readonly rows?: string
  readonly budget?: string
  readonly checkpointEvery?: string
}

export function benchmarkListCommand(context: CommandContext): Promise<number> {
  return withSession(context, async ({ handlers, output }) => {
    const benchmarks = await handlers.benchmarks.list(undefined, {})
    output.result({ benchmarks }, () =>
      textTable(
        ['id', 'title', 'data sets', 'rows', 'started'],
        benchmarks.map(({ id, title, data, rows, started }) => [
          id,
          title,
          data.map((one) => one.id).join(', '),
          rows.length,
          started.map(summaryText).join('; '),
        ]),
      ),
    )
    return exitOk
  })
}

/** What was begun already is not done again: the same command line goes on where it was. */
export async function benchmarkRunCommand(
  context: CommandContext,
  recipe: string,
  options: BenchmarkRunOptions,
): Promise<number> {
  const format = formatOf(context, options)
  const count = options.seeds === undefined ? undefined : wholeNumber('--seeds', options.seeds, 1, 100)
  const input = await validated(contract.benchmarks.start, {
    recipe,
    dataset: options.dataset,
    seeds: count === undefined ? undefined : Array.from({ length: count }, (_, at) => at + 1),
    rows: options.rows === undefined ? undefined : names('--rows', options.rows),
    budgetMinutes: options.budget === undefined ? undefined : wholeNumber('--budget', options.budget, 1, 100_000),
    ...computeOptions(options),
  })
  const run = async (session: Session) => {
    const begun = await session.handlers.benchmarks.start(input, {})
    const { result, problem } = await follow(session, begun)
    await reportTable(session, result.id, format, options.out, problem)
    return problem ? exitFailed : exitOk
  }
  return withSession(context, run, checkpointOption(options.checkpointEvery))
}

/** The table as far as it stands, or what the recipe would measure where nothing of it was started. */
export function benchmarkShowCommand(
  context: CommandContext,
  recipe: string,
  options: TableOptions & { readonly dataset?: string },
): Promise<number> {
  const format = formatOf(context, options)
  return withSession(context, async (session) => {
    const recipes = await session.handlers.benchmarks.list(undefined, {})
    const found = recipes.find((one) => one.id === recipe)
    if (!found) throw notFound(recipe, recipes)
    const { dataset } = options
    const started = found.started.filter(
      (one) => dataset === undefined || [one.datasetName, String(one.datasetId)].includes(dataset),
    )
    if (started.length > 1) {
      const known = started.map((one) => one.datasetName).join(', ')
      throw usageError('--dataset', `"${recipe}" was started on several data sets (${known}). Name one with --dataset.`)
    }
    const [only] = started
    if (only) await reportTable(session, only.id, format, options.out, null)
    else session.output.result({ benchmark: found }, () => recipeText(found))
    return exitOk
  })
}

function notFound(recipe: string, recipes: readonly BenchmarkRecipe[]): PalateError<'BENCHMARK_NOT_FOUND'> {
  const known = recipes.map((one) => one.id)
  return new PalateError('BENCHMARK_NOT_FOUND', `There is no benchmark "${recipe}". Choose one of: ${known.join(', ')}.`, {
    benchmark: recipe,
    known,
  })
}

const extensions: Readonly<Record<string, BenchmarkExportFormat>> = {
  '.csv': 'csv',
  '.json': 'json',
  '.md': 'markdown',
  '.tex': 'latex',
}

/** As asked for; without a flag as the file is called. */
function formatOf({ output }: CommandContext, options: TableOptions): BenchmarkExportFormat {
  const asked = (['csv', 'markdown', 'latex'] as const).filter((format) => options[format])
  // With --out the document on stdout tells of the file only.
  if (asked.length + (output.json && options.out === undefined ? 1 : 0) > 1) {
    throw usageError('format', 'The table has one format: give one of --json, --csv, --markdown and --latex.')
  }
  const byName = options.out === undefined ? undefined : extensions[extname(options.out).toLowerCase()]
  return asked[0] ?? (output.json && options.out === undefined ? 'json' : (byName ?? (output.json ? 'json' : 'text')))
}

/** Logs each cell that begins or ends, until the benchmark is not at work any more. */
async function follow(
  session: Session,
  begun: BenchmarkProgress,
): Promise<{ result: BenchmarkProgress; problem: PalateError | null }> {
  const { handlers, interrupted, output } = session
  const states = new Map<string, BenchmarkCell['state']>()
  const bar = new ProgressBar()
  const note = (progress: BenchmarkProgress) => {
    for (const cell of progress.cells) {
      const key = `${cell.row} ${cell.seed}`
      if (states.get(key) === cell.state) continue
      const first = !states.has(key)
      states.set(key, cell.state)
      if (cell.state === 'waiting' || (first && cell.state !== 'running')) continue
      bar.clear()
      output.log(`${cell.row}, seed ${cell.seed}: ${cellText(cell)}`)
    }
    bar.draw([
      { label: progress.recipe, share: progress.cellsDone / Math.max(1, progress.cellsTotal), detail: progressText(progress) },
    ])
  }
  let last = begun
  output.log(`${begun.title} on ${begun.datasetName}: ${begun.cellsDone} of ${begun.cellsTotal} cells are filled.`)
  for await (const progress of handlers.benchmarks.watch({ benchmarkId: begun.id }, { signal: interrupted })) {
    last = progress
    note(progress)
    if (interrupted.aborted) break
  }
  bar.clear()
  if (interrupted.aborted) {
    await session.interrupt()
    last = await handlers.benchmarks.get({ benchmarkId: begun.id }, {})
  }
  return { result: last, problem: problemOf(last, interrupted.aborted) }
}

function cellText({ state, durationMs, error }: BenchmarkCell): string {
  if (error) return `${state}: ${error.message}`
  return durationMs === null ? state : `${state} in ${formatDuration(durationMs)}`
}

function progressText({ cellsDone, cellsTotal, remainingMs }: BenchmarkProgress): string {
  const left = remainingMs === null ? '' : `, about ${formatDuration(remainingMs)} left`
  return `${cellsDone} of ${cellsTotal} cells${left}`
}

/** A time that was given is no failure when it is over. */
function problemOf(progress: BenchmarkProgress, interrupted: boolean): PalateError | null {
  const { recipe, datasetName, cellsFailed, cellsTotal, state } = progress
  const again = `Go on with: palate benchmark run ${recipe} --dataset "${datasetName}"`
  if (interrupted) return cancelled(`The benchmark "${recipe}"`, again)
  const failed = progress.cells.find((cell) => cell.state === 'failed')
  if (failed?.error) {
    const message = `${cellsFailed} of ${cellsTotal} cells failed, the first (${failed.row}, seed ${failed.seed}) because: ${failed.error.message}`
    return new PalateError('RUN_STATE', message, { run: String(failed.runId ?? failed.row), state: 'failed', wanted: 'finished' })
  }
  if (state === 'finished' || state === 'out-of-time') return null
  return new PalateError('RUN_STATE', `The benchmark "${recipe}" is ${state}. ${again}`, {
    run: recipe,
    state,
    wanted: 'finished',
  })
}

async function reportTable(
  session: Session,
  benchmarkId: number,
  format: BenchmarkExportFormat,
  out: string | undefined,
  problem: PalateError | null,
): Promise<void> {
  const { handlers, output } = session
  const error = problem ? { error: toErrorRecord(problem) } : {}
  const text = handlers.benchmarks.export({ benchmarkId, format }, {})
  if (out !== undefined) {
    const { file, ...written } = await writeTextFile(out, text)
    sayReplaced(output, { file, ...written })
    output.result({ file, bytes: written.bytes, format, ...error }, () => `Wrote the table to ${file}.`)
  } else if (format === 'json') output.result({ ...(await handlers.benchmarks.result({ benchmarkId }, {})), ...error }, () => '')
  else output.result({}, await textOf(text))
  if (problem) output.failure(problem)
}

async function textOf(chunks: AsyncIterable<string>): Promise<() => string> {
  let text = ''
  for await (const chunk of chunks) text += chunk
  return () => text
}

function summaryText({ datasetName, state, cellsDone, cellsTotal }: BenchmarkSummary): string {
  return `${datasetName}: ${cellsDone} of ${cellsTotal} cells, ${state}`
}

function recipeText(recipe: BenchmarkRecipe): string {
  const data = recipe.data.map(({ title, datasets }) => {
    const here = datasets.map(({ name }) => name).join(', ')
    return `${title} (${here === '' ? 'not in this workspace' : `here: ${here}`})`
  })
  return [
    `${recipe.title}: ${recipe.doc}`,
    `Data: ${data.join('; ')}. Split ${recipe.split}, ${recipe.defaultSeeds} seeds, protocols ${recipe.protocols.join(', ')}.`,
    ...recipe.remarks,
    textTable(
      ['row', 'title', 'role', 'note'],
      recipe.rows.map(({ id, title, role, unavailable }) => [id, title, role, unavailable]),
    ),
    ...recipe.citations.map(({ paper, table, caution }) => `${paper}. ${table}.${caution === null ? '' : ` ${caution}`}`),
    `Run it with: palate benchmark run ${recipe.id} --dataset NAME`,
  ].join('\n')
}
