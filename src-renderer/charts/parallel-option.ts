import { formatScore, formatValue } from '../composables/format.ts'
import { axisLook, baseOption } from './base-option.ts'
import type { ChartOption } from './echarts.ts'
import { chartInk } from './palette.ts'
import { tipContent } from './tooltip.ts'

/** An axis of numbers, or of names in an order of their own. */
export type PlotAxis =
  | { readonly name: string; readonly kind: 'number'; readonly log: boolean; readonly score?: boolean }
  | { readonly name: string; readonly kind: 'choice'; readonly choices: readonly string[] }

/** A run: a value on each axis, numbers as such, names as places among the choices; null where it has none. */
export interface PlotLine {
  readonly name: string
  readonly color: string
  readonly dash: 'solid' | 'dashed' | 'dotted'
  readonly values: readonly (number | null)[]
}

export interface ParallelInput {
  readonly axes: readonly PlotAxis[]
  readonly lines: readonly PlotLine[]
  /** Whether a line is among what is marked; undefined: nothing is. */
  readonly marked: ReadonlySet<number> | undefined
  readonly dark: boolean
}

/** Whether a logarithmic axis can hold these values. */
export function fitsLog(values: readonly (number | null)[]): boolean {
  return values.every((value) => value === null || value > 0)
}

export function axisText(axis: PlotAxis, value: number | null): string {
  if (value === null) return '–'
  if (axis.kind === 'choice') return axis.choices[value] ?? '–'
  return axis.score ? formatScore(value) : formatValue(value)
}

/** Parameters and figures side by side, a line across them for each run. What is not marked steps back. */
export function parallelOption({ axes, lines, marked, dark }: ParallelInput): ChartOption {
  const ink = chartInk(dark)
  const look = axisLook(dark, false)
  const { grid: _, ...base } = baseOption(dark)
  return {
    ...base,
    parallel: {
      left: 48,
      right: 72,
      top: 34,
      bottom: 18,
      axisExpandable: false,
      parallelAxisDefault: {
        nameGap: 12,
        nameTextStyle: { color: ink.strong, fontSize: 11, width: 130, overflow: 'truncate' },
        axisLine: { lineStyle: { color: ink.line, width: 1.25 } },
        axisTick: { show: false },
        minorTick: { show: false },
        splitLine: { show: false },
        axisLabel: { ...look.axisLabel, textBorderColor: ink.panel, textBorderWidth: 3 },
        areaSelectStyle: { width: 18, borderWidth: 1, borderColor: ink.accent, color: ink.accent, opacity: 0.18 },
      },
    },
    parallelAxis: axes.map((axis, dim) => ({
      id: `axis ${dim}`,
      dim,
      name: axis.name,
      ...(axis.kind === 'choice'
        ? { type: 'category' as const, data: [...axis.choices] }
        : {
            type: axis.log && fitsLog(lines.map((line) => line.values[dim] ?? null)) ? ('log' as const) : ('value' as const),
            ...boundsOf(lines.map((line) => line.values[dim] ?? null)),
            axisLabel: {
              ...look.axisLabel,
              formatter: (value: number) => axisText(axis, value),
              textBorderColor: ink.panel,
              textBorderWidth: 3,
            },
          }),
    })),
    tooltip: {
      ...base.tooltip,
      trigger: 'item',
      formatter: (params) => {
        const line = lines[(Array.isArray(params) ? params[0] : params)?.dataIndex ?? 0]
        if (!line) return ''
        const rows = axes.map((axis, dim) => ({ name: axis.name, value: axisText(axis, line.values[dim] ?? null) }))
        return tipContent(line.name, rows)
      },
    },
    series: [
      {
        id: 'runs',
        type: 'parallel',
        progressive: 0,
        // What a brush leaves out is faded by `marked`, which the fields beside the chart set as well.
        inactiveOpacity: 1,
        activeOpacity: 1,
        emphasis: { lineStyle: { width: 3.5, opacity: 1 } },
        data: lines.map((line, index) => ({
          name: line.name,
          value: line.values.map((value) => value ?? '-'),
          lineStyle: {
            color: line.color,
            type: line.dash,
            width: marked?.has(index) ? 2.75 : 2,
            opacity: !marked || marked.has(index) ? 0.95 : 0.14,
          },
        })),
      },
    ],
  }
}

/** An axis from the lowest value to the highest; whole numbers have no ticks between them. */
function boundsOf(values: readonly (number | null)[]): { min?: number; max?: number; minInterval?: number } {
  const known = values.filter((value) => value !== null)
  const [low, high] = [Math.min(...known), Math.max(...known)]
  return { ...(low < high ? { min: low, max: high } : {}), ...(known.every(Number.isInteger) ? { minInterval: 1 } : {}) }
}
