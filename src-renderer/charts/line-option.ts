import { axisLook, baseOption } from './base-option.ts'
import type { ChartOption, LineSeriesOption } from './echarts.ts'
import { chartInk } from './palette.ts'
import { tipContent, type TipRow } from './tooltip.ts'

export interface LineSeries {
  readonly name: string
  readonly color: string
  readonly dash?: 'solid' | 'dashed' | 'dotted'
  /** Drawn behind and faint: the raw values under a smoothed curve. Left out of the tooltip. */
  readonly faint?: boolean
  readonly points: readonly (readonly [x: number, y: number])[]
}

/** A value that does not change: a floor, drawn as a dotted line with its name at the end. */
export interface Level {
  readonly name: string
  readonly value: number
}

export interface LineChartInput {
  readonly series: readonly LineSeries[]
  readonly levels: readonly Level[]
  readonly dark: boolean
  readonly logY: boolean
  /** Where the y axis ends, for values that have a natural end. */
  readonly maxY?: number | undefined
  readonly formatX: (x: number) => string
  readonly formatY: (y: number) => string
}

/** Lines over a numeric x axis. Values that a log axis cannot show are left out there. */
export function lineOption(input: LineChartInput): ChartOption {
  const { dark, logY, formatX, formatY } = input
  const drawable = (y: number) => Number.isFinite(y) && (!logY || y > 0)
  const lines = input.series.map((one) => lineSeries(one, drawable))
  const levels = input.levels.filter((level) => drawable(level.value))
  const carrier = levelSeries(levels, extentOf(input.series), dark)
  const names = new Map(input.series.map((one, index) => [String(index), one]))
  return {
    ...baseOption(dark),
    grid: {
      left: 6,
      right: levels.length > 0 ? 92 : 14,
      top: 12,
      bottom: 2,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    xAxis: {
      ...axisLook(dark, false),
      type: 'value',
      min: 'dataMin',
      max: 'dataMax',
      axisLabel: { ...axisLook(dark, false).axisLabel, formatter: formatX, showMaxLabel: false },
    },
    yAxis: {
      ...axisLook(dark, true),
      type: logY ? 'log' : 'value',
      scale: true,
      ...roomFor(input.series, levels),
      splitNumber: 4,
      // Quarters: the ticks that ECharts chooses do not end where the axis does.
      ...(input.maxY === undefined ? {} : { max: input.maxY, interval: input.maxY / 4 }),
      axisLabel: { ...axisLook(dark, true).axisLabel, formatter: formatY },
    },
    dataZoom: [{ type: 'inside', filterMode: 'none', zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false, moveOnMouseMove: false }],
    tooltip: {
      ...baseOption(dark).tooltip,
      trigger: 'axis',
      axisPointer: { type: 'line', lineStyle: { color: chartInk(dark).floor, type: 'solid', width: 1 } },
      formatter: (params) => {
        const hits = (Array.isArray(params) ? params : [params]).filter(
          (hit) => Array.isArray(hit.value) && !names.get(String(hit.seriesName))?.faint,
        )
        const rows: TipRow[] = hits.flatMap((hit) => {
          const one = names.get(String(hit.seriesName))
          return one ? [{ name: one.name, color: one.color, value: formatY(Number((hit.value as number[])[1])) }] : []
        })
        const x = hits[0] ? Number((hits[0].value as number[])[0]) : 0
        return tipContent(formatX(x), [...rows, ...levels.map((level) => ({ name: level.name, value: formatY(level.value) }))])
      },
    },
    series: [...lines, ...carrier],
  }

  function lineSeries(one: LineSeries, keep: (y: number) => boolean): LineSeriesOption {
    return {
      // The index, not the text: two runs may bear the same name.
      name: String(input.series.indexOf(one)),
      type: 'line',
      data: one.points.filter(([, y]) => keep(y)).map(([x, y]) => [x, y]),
      showSymbol: one.points.length < 2,
      symbolSize: 5,
      sampling: 'lttb',
      lineStyle: { width: one.faint ? 1 : 1.75, color: one.color, type: one.dash ?? 'solid', opacity: one.faint ? 0.28 : 1 },
      itemStyle: { color: one.color },
      emphasis: { disabled: true },
      z: one.faint ? 2 : 3,
    }
  }
}

/** Floors as dotted lines from edge to edge. Their names stand at the right end and move apart where they would collide. */
function levelSeries(levels: readonly Level[], extent: readonly [number, number], dark: boolean): LineSeriesOption[] {
  const ink = chartInk(dark)
  return levels.map((level) => ({
    name: `level ${level.name}`,
    type: 'line',
    data: [
      [extent[0], level.value],
      [extent[1], level.value],
    ],
    silent: true,
    symbol: 'none',
    tooltip: { show: false },
    lineStyle: { type: [2, 4], color: ink.floor, width: 1.25 },
    itemStyle: { color: ink.floor },
    endLabel: {
      show: true,
      formatter: () => level.name,
      color: ink.text,
      fontSize: 10.5,
      distance: 5,
      width: 86,
      overflow: 'truncate',
    },
    labelLayout: { moveOverlap: 'shiftY' },
    emphasis: { disabled: true },
    z: 1,
  }))
}

/** A flat line gets an axis about its value; ECharts' own would reach from half of it to its double. */
export function roomFor(series: readonly LineSeries[], levels: readonly Level[]): { min?: number; max?: number } {
  let low = Infinity
  let high = -Infinity
  const see = (y: number) => {
    if (!Number.isFinite(y)) return
    low = Math.min(low, y)
    high = Math.max(high, y)
  }
  for (const one of series) for (const [, y] of one.points) see(y)
  for (const level of levels) see(level.value)
  const size = Math.max(Math.abs(low), Math.abs(high))
  if (low > high || size === 0 || high - low > size * 1e-3) return {}
  return { min: low - size * 0.02, max: high + size * 0.02 }
}

/** Updates, or milliseconds: how wide a chart is that holds one point at most. */
const emptyWidth = 1000

/** From the first x to the last of all lines; an empty chart has some width too, so that its floors can be seen. */
function extentOf(series: readonly LineSeries[]): readonly [number, number] {
  const ends = series.flatMap((one) => (one.points.length > 0 ? [one.points[0]![0], one.points.at(-1)![0]] : []))
  if (ends.length === 0) return [0, emptyWidth]
  const [first, last] = [Math.min(...ends), Math.max(...ends)]
  return [first, last > first ? last : first + emptyWidth]
}
