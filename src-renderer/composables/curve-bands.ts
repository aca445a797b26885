import type { Band } from '../charts/line-bands.ts'
import type { LineSeries } from '../charts/line-option.ts'
import { smooth, valueAt } from './curve.ts'
import { linesOf, xsOf, type CurveSource, type XAxis } from './curve-view.ts'

/** What is drawn about the mean of a group: nothing (then each run stands for itself), all of it, or a 95 % interval of the mean. */
export type BandKind = 'off' | 'range' | 'interval'

/** Places at which curves are compared that were not measured at the same ones. */
const gridSize = 400
/** 97.5 % points of Student's t by degrees of freedom, from 1; as many seeds as are compared at a time. */
const student = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101,
  2.093,
]

interface Member {
  readonly xs: readonly number[]
  readonly values: readonly number[]
}

/**
 * Groups over seeds: their mean as a line, how far the seeds lie apart as a band, the seeds themselves faint behind. A group
 * ends where its shortest run ends, since a mean of fewer runs is another mean. A run without company is drawn as it is.
 */
export function bandsOf(
  sources: readonly CurveSource[],
  name: string,
  xAxis: XAxis,
  smoothing: number,
  kind: BandKind,
): { lines: LineSeries[]; bands: Band[] } {
  if (kind === 'off') return { lines: linesOf(sources, name, xAxis, smoothing), bands: [] }
  const lines: LineSeries[] = []
  const bands: Band[] = []
  for (const [key, group] of Map.groupBy(sources, (source) => source.group?.key ?? source.id)) {
    const members = group.flatMap((source) => memberOf(source, name, xAxis, smoothing) ?? [])
    const grid = members.length > 1 ? commonGrid(members) : []
    if (grid.length < 2) {
      lines.push(...linesOf(group, name, xAxis, smoothing))
      continue
    }
    lines.push(...linesOf(group, name, xAxis, 0).map((line) => ({ ...line, id: `${line.id ?? ''} raw`, faint: true })))
    const [first] = group
    const label = `${first!.group?.label ?? first!.name} (${members.length})`
    const points = grid.map((x) =>
      spread(
        members.map(({ xs, values }) => valueAt(xs, values, x)),
        kind,
      ),
    )
    lines.push({
      id: `mean ${key}`,
      name: label,
      color: first!.color,
      dash: first!.dash,
      points: grid.map((x, at) => [x, points[at]!.mean] as const),
    })
    bands.push({ name: label, color: first!.color, points: grid.map((x, at) => [x, points[at]!.low, points[at]!.high] as const) })
  }
  return { lines, bands }
}

function memberOf(source: CurveSource, name: string, xAxis: XAxis, smoothing: number): Member | undefined {
  const xs = xsOf(source, name, xAxis)
  const values = source.curves.get(name)?.value
  return xs && values ? { xs, values: smooth(values, values.length > 4 ? smoothing : 0) } : undefined
}

/** The places of the points where all members have the same ones, else even steps; within what all of them cover. */
function commonGrid(members: readonly Member[]): number[] {
  const from = Math.max(...members.map(({ xs }) => xs[0]!))
  const to = Math.min(...members.map(({ xs }) => xs.at(-1)!))
  if (to <= from) return []
  const inside = members.map(({ xs }) => xs.filter((x) => x >= from && x <= to))
  const [first, ...others] = inside
  if (others.every((xs) => xs.length === first!.length && xs.every((x, at) => x === first![at]))) return first!
  return Array.from({ length: gridSize }, (_, at) => from + ((to - from) * at) / (gridSize - 1))
}

function spread(values: readonly number[], kind: BandKind): { mean: number; low: number; high: number } {
  const count = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  if (kind === 'range') return { mean, low: Math.min(...values), high: Math.max(...values) }
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1)
  const half = (student[count - 2] ?? 1.96) * Math.sqrt(variance / count)
  return { mean, low: mean - half, high: mean + half }
}
