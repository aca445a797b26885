import { axisLook, baseOption } from './base-option.ts'
import type { ChartOption, LineSeriesOption } from './echarts.ts'
import { chartInk } from './palette.ts'
import { tipContent } from './tooltip.ts'

export interface BandPoint {
  readonly x: number
  readonly mean: number
  readonly low: number | null
  readonly high: number | null
}

export interface BandSeries {
  readonly name: string
  readonly color: string
  readonly dash: 'solid' | 'dashed' | 'dotted'
  /** What others are measured against: thinner, with a fainter band. */
  readonly quiet: boolean
  readonly points: readonly BandPoint[]
}

export interface BandChartInput {
  readonly series: readonly BandSeries[]
  readonly dark: boolean
  readonly nameX: string
  readonly formatY: (y: number) => string
}

/** Lines with bands about them: means and their intervals over a whole-numbered x. */
export function bandOption({ series, dark, nameX, formatY }: BandChartInput): ChartOption {
  const look = axisLook(dark, false)
  const ink = chartInk(dark)
  const xs = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b)
  return {
    ...baseOption(dark),
    grid: { left: 6, right: 18, top: 14, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: {
      ...look,
      type: 'category',
      data: xs.map(String),
      boundaryGap: false,
      name: nameX,
      nameLocation: 'middle',
      nameGap: 24,
    },
    yAxis: {
      ...axisLook(dark, true),
      type: 'value',
      scale: true,
      splitNumber: 5,
      axisLabel: { ...look.axisLabel, formatter: formatY },
    },
    tooltip: {
      ...baseOption(dark).tooltip,
      trigger: 'axis',
      axisPointer: { type: 'line', lineStyle: { color: ink.floor, type: 'solid', width: 1 } },
      formatter: (params) => {
        const [hit] = Array.isArray(params) ? params : [params]
        const at = hit?.dataIndex ?? 0
        const rows = series.flatMap(({ name, color, points }) => {
          const point = points[at]
          return point ? [{ name, color, value: `${formatY(point.mean)}${intervalText(point, formatY)}` }] : []
        })
        return tipContent(`${nameX} ${xs[at] ?? ''}`, rows)
      },
    },
    series: series.flatMap((one, at) => [...bandOf(one, at), lineOf(one, at)]),
  }
}

function intervalText({ low, high }: BandPoint, formatY: (y: number) => string): string {
  return low === null || high === null ? '' : `  (${formatY(low)} to ${formatY(high)})`
}

/** Two lines that nobody sees: the lower end, and on top of it the width, which is filled. */
function bandOf({ color, points, quiet }: BandSeries, at: number): LineSeriesOption[] {
  const unseen = {
    type: 'line',
    stack: `band ${at}`,
    // Widths are added to lower ends of either sign.
    stackStrategy: 'all',
    symbol: 'none',
    silent: true,
    lineStyle: { opacity: 0 },
    emphasis: { disabled: true },
    z: 1,
  } as const
  return [
    { ...unseen, name: `low ${at}`, data: points.map(({ low, mean }) => low ?? mean) },
    {
      ...unseen,
      name: `band ${at}`,
      data: points.map(({ low, high }) => (low === null || high === null ? 0 : high - low)),
      areaStyle: { color, opacity: quiet ? 0.08 : 0.16 },
    },
  ]
}

function lineOf({ color, dash, quiet, points }: BandSeries, at: number): LineSeriesOption {
  return {
    name: String(at),
    type: 'line',
    data: points.map(({ mean }) => mean),
    showSymbol: points.length < 2,
    symbolSize: 5,
    lineStyle: { width: quiet ? 1.5 : 2.25, color, type: dash },
    itemStyle: { color },
    emphasis: { disabled: true },
    z: quiet ? 2 : 3,
  }
}
