import { formatScore } from '../composables/format.ts'
import { axisLook, baseOption } from './base-option.ts'
import type { ChartOption } from './echarts.ts'
import { axisText, fitsLog, type PlotAxis } from './parallel-option.ts'
import { chartInk } from './palette.ts'
import { tipContent } from './tooltip.ts'

export interface ScatterPoint {
  readonly name: string
  readonly color: string
  /** A number, or a place among the choices of the axis. */
  readonly x: number
  readonly y: number
  /** Interval of y; null where there is none. */
  readonly low: number | null
  readonly high: number | null
}

export interface ScatterInput {
  readonly points: readonly ScatterPoint[]
  readonly x: PlotAxis
  readonly y: string
  readonly marked: number | undefined
  readonly dark: boolean
}

/** A parameter across, a figure up, a point for each run with the interval of its figure as a whisker. */
export function scatterOption({ points, x, y, marked, dark }: ScatterInput): ChartOption {
  const ink = chartInk(dark)
  const look = axisLook(dark, false)
  const named = { name: x.name, nameLocation: 'middle' as const, nameGap: 24, nameTextStyle: { color: ink.text, fontSize: 11 } }
  const log = x.kind === 'number' && x.log && fitsLog(points.map((point) => point.x))
  const whiskers = points.flatMap(({ x: at, low, high, color }) =>
    low === null || high === null ? [] : [{ at, low, high, color }],
  )
  return {
    ...baseOption(dark),
    grid: { left: 26, right: 20, top: 14, bottom: 24, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis:
      x.kind === 'choice'
        ? { ...look, ...named, type: 'category', data: [...x.choices] }
        : {
            ...look,
            ...named,
            type: log ? 'log' : 'value',
            scale: true,
            splitNumber: 6,
            axisLabel: {
              ...look.axisLabel,
              formatter: (value: number) => axisText(x, value),
              // The ends of a padded axis are no round numbers.
              showMinLabel: false,
              showMaxLabel: false,
            },
            ...roomAbout(
              points.map((point) => point.x),
              log,
            ),
          },
    yAxis: {
      ...axisLook(dark, true),
      type: 'value',
      scale: true,
      splitNumber: 4,
      name: y,
      nameLocation: 'middle',
      nameGap: 46,
      nameTextStyle: { color: ink.text, fontSize: 11 },
      axisLabel: { ...axisLook(dark, true).axisLabel, formatter: formatScore },
    },
    tooltip: {
      ...baseOption(dark).tooltip,
      trigger: 'item',
      formatter: (params) => {
        const point = points[(Array.isArray(params) ? params[0] : params)?.dataIndex ?? 0]
        if (!point) return ''
        const interval = point.low === null ? '' : ` (${formatScore(point.low)}–${formatScore(point.high)})`
        return tipContent(point.name, [
          { name: x.name, value: axisText(x, point.x) },
          { name: y, value: `${formatScore(point.y)}${interval}`, color: point.color },
        ])
      },
    },
    series: [
      {
        id: 'intervals',
        type: 'custom',
        silent: true,
        tooltip: { show: false },
        data: whiskers.map(({ at, low, high }) => [at, low, high]),
        encode: { x: 0, y: [1, 2], tooltip: [] },
        renderItem: (params, api) => {
          const { at, low, high, color } = whiskers[params.dataIndex]!
          const [left, bottom] = api.coord([at, low])
          const [, top] = api.coord([at, high])
          const line = (x1: number, y1: number, x2: number, y2: number) => ({
            type: 'line' as const,
            shape: { x1, y1, x2, y2 },
            style: { stroke: color, lineWidth: 1.25, opacity: 0.55 },
          })
          const [centre, foot, head] = [left!, bottom!, top!]
          return {
            type: 'group',
            children: [
              line(centre, foot, centre, head),
              line(centre - 4, foot, centre + 4, foot),
              line(centre - 4, head, centre + 4, head),
            ],
          }
        },
        z: 2,
      },
      {
        id: 'runs',
        type: 'scatter',
        data: points.map(({ x: at, y: value, color }, index) => ({
          value: [at, value],
          symbolSize: index === marked ? 15 : 10,
          itemStyle: { color, borderColor: index === marked ? ink.strong : ink.panel, borderWidth: index === marked ? 2 : 1 },
        })),
        z: 3,
      },
    ],
  }
}

/** Points on the frame of a chart are half hidden by it. */
function roomAbout(values: readonly number[], log: boolean): { min?: number; max?: number } {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  if (values.length === 0) return {}
  if (log) {
    const factor = Math.max(1.2, (high / low) ** 0.06)
    return { min: low / factor, max: high * factor }
  }
  const room = low === high ? Math.max(Math.abs(low) * 0.1, 1e-9) : (high - low) * 0.06
  return { min: low - room, max: high + room }
}
