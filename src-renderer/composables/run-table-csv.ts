import type { CsvCell } from '../../src-main/contract/csv.ts'
import type { RunSummary } from '../../src-main/contract/dto/run.ts'
import type { RunColumn } from './run-columns.ts'
import type { RunFacts } from './run-facts.ts'
import { groupCell, type TableLine } from './run-table.ts'
import { runDuration } from './run-duration.ts'
import { csvText } from './table-text.ts'

export interface ShownTable {
  /** In the order of the table. */
  readonly lines: readonly TableLine[]
  readonly columns: readonly RunColumn[]
  readonly facts: RunFacts
  readonly now: number
  readonly grouped: boolean
  /** What figures are measured against; undefined: nothing is pinned. */
  readonly baseline?: {
    readonly label: string
    readonly runIds: ReadonlySet<number>
    value(figure: string): number | null
  }
  modelTitle(id: string): string
  /** Whether figures of a column's protocol must not be compared with others. */
  notComparable(column: RunColumn): boolean
}

/**
 * The table of runs as it is shown: its lines and columns in their order, figures in full precision, times as ISO texts,
 * durations in seconds. With groups, a line says what it is and of how many runs, and a figure has the 95 % interval over seeds
 * and its n; with a baseline, the difference from it.
 */
export function shownTableCsv(table: ShownTable, formulaGuard: boolean): string {
  const heads = headsOf(table)
  const head = table.columns.flatMap((column, at) => [
    heads[at]!,
    ...(column.figure === undefined ? [] : besides(heads[at]!, table)),
  ])
  const rows = table.lines.map((line) => [
    ...(table.grouped ? kindOf(line) : []),
    ...table.columns.flatMap((column) => cellsOf(line, column, table)),
  ])
  return csvText([...(table.grouped ? ['line', 'runs'] : []), ...head], rows, formulaGuard)
}

/** As the table calls its columns; two that would be called the same say what they are. */
function headsOf({ columns, notComparable }: ShownTable): string[] {
  return columns.map((column) => {
    const twice = columns.some((other) => other !== column && other.label === column.label)
    const unit = column.id === 'duration' ? ' (seconds)' : notComparable(column) ? ' (not comparable)' : ''
    return `${column.label}${twice ? ` (${column.id})` : ''}${unit}`
  })
}

/** What stands beside a figure. */
function besides(head: string, { grouped, baseline }: ShownTable): string[] {
  const interval = grouped ? ['low', 'high', 'n'].map((part) => `${head} ${part}`) : []
  return baseline ? [...interval, `${head} minus ${baseline.label}`] : interval
}

function kindOf(line: TableLine): CsvCell[] {
  return line.kind === 'group' ? ['group', line.group.runs.length] : [line.inGroup ? 'run of the group' : 'run', 1]
}

function cellsOf(line: TableLine, column: RunColumn, table: ShownTable): CsvCell[] {
  const { facts, now, grouped, baseline } = table
  if (column.figure === undefined) return [line.kind === 'run' ? runCell(line.run, column, table) : headCell(line, column, table)]
  const runs = line.kind === 'run' ? [line.run] : line.group.runs
  const cell = groupCell({ key: line.key, runs }, column, facts, now)
  const { mean, low, high, n } = cell.kind === 'figure' ? cell : { mean: null, low: null, high: null, n: 0 }
  const interval = grouped ? [low, high, n] : []
  if (!baseline) return [mean, ...interval]
  const base = runs.some((run) => baseline.runIds.has(run.id)) ? null : baseline.value(column.figure)
  return [mean, ...interval, mean === null || base === null ? null : mean - base]
}

function runCell(run: RunSummary, column: RunColumn, { facts, now, modelTitle }: ShownTable): CsvCell {
  if (column.id === 'created') return new Date(run.createdAt).toISOString()
  if (column.id === 'model') return modelTitle(run.modelId)
  if (column.id !== 'duration') return column.key(run, facts)
  const duration = runDuration(run, now)
  return duration === null ? null : Math.round(duration) / 1000
}

/** What the runs of a group have in common, as its head says it. */
function headCell(line: TableLine & { kind: 'group' }, column: RunColumn, table: ShownTable): CsvCell {
  const { group } = line
  const first = group.runs[0]!
  if (column.id === 'name') return `${table.modelTitle(first.modelId)} (${first.preset})`
  const cells = group.runs.map((run) => runCell(run, column, table))
  if (cells.every((cell) => cell === cells[0])) return cells[0]
  const cell = groupCell(group, column, table.facts, table.now)
  return cell.kind === 'text' ? cell.text : cell.mean
}
