import type { RunSummary } from '../../src-main/contract/dto/run.ts'
import type { ParamValue } from '../../src-main/contract/params.ts'
import type { PlotAxis, PlotLine } from '../charts/parallel-option.ts'
import { runStyle } from '../charts/palette.ts'
import type { ParamLine } from './compare-params.ts'
import { runLabel } from './run-table.ts'

/** A parameter, or a figure, of all runs, as an axis of a plot. */
export interface PlotColumn {
  readonly name: string
  readonly axis: PlotAxis
  /** In the order of the runs: numbers, or places among the choices of the axis; null where a run has none. */
  readonly values: readonly (number | null)[]
}

/** Beyond so many axes, lines cannot be followed; the rest can be chosen in place of others. */
export const mostAxes = 8

/** A parameter as an axis: numbers as such, everything else as names in the order in which they come. */
export function paramColumn(line: ParamLine): PlotColumn {
  const numeric = line.values.every((value) => value === undefined || typeof value === 'number')
  if (numeric) {
    const log = line.spec !== undefined && 'scale' in line.spec && line.spec.scale === 'log'
    const values = line.values.map((value) => (typeof value === 'number' ? value : null))
    return { name: line.name, axis: { name: line.label, kind: 'number', log }, values }
  }
  const text = (value: ParamValue) => (typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value))
  const choices = [...new Set(line.values.flatMap((value) => (value === undefined ? [] : [text(value)])))]
  const values = line.values.map((value) => (value === undefined ? null : choices.indexOf(text(value))))
  return { name: line.name, axis: { name: line.label, kind: 'choice', choices }, values }
}

/** What may stand on an axis: parameters that differ and the seed, the first ones as they are listed. */
export function plottable(lines: readonly ParamLine[]): PlotColumn[] {
  const idle = new Set(['Version of the model', 'Computed by', 'Computed on', 'Version of Palate', 'Split', 'Updates done'])
  return lines.filter((line) => line.differs && !(line.group === 'Run' && idle.has(line.name))).map(paramColumn)
}

export function plotLines(runs: readonly RunSummary[], columns: readonly PlotColumn[], dark: boolean): PlotLine[] {
  return runs.map((run, at) => ({
    name: runLabel(run),
    ...runStyle(run.id, dark),
    values: columns.map((column) => column.values[at] ?? null),
  }))
}

export type Interval = readonly [low: number, high: number]

/** The runs that lie within the marked stretches of all axes that have some; undefined when nothing is marked. */
export function markedRuns(
  columns: readonly PlotColumn[],
  intervals: ReadonlyMap<string, readonly Interval[]>,
): ReadonlySet<number> | undefined {
  const asked = columns.filter((column) => (intervals.get(column.name)?.length ?? 0) > 0)
  if (asked.length === 0) return undefined
  const count = asked[0]!.values.length
  const inside = (column: PlotColumn, at: number) => {
    const value = column.values[at] ?? null
    return value !== null && intervals.get(column.name)!.some(([low, high]) => value >= low && value <= high)
  }
  return new Set(Array.from({ length: count }, (_, at) => at).filter((at) => asked.every((column) => inside(column, at))))
}
