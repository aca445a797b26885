import { axisLook, baseOption } from './base-option.ts'
import { bandSeries, type Band } from './line-bands.ts'
import type { ChartOption, LineSeriesOption, ScatterSeriesOption } from './echarts.ts'
import { levelSeries, type Level } from './level-option.ts'
import { chartInk } from './palette.ts'
import { tipContent, type TipRow } from './tooltip.ts'

export interface LineSeries {
  /** Stays with the line when others come and go; its place without one. Two lines may bear the same name. */
  readonly id?: string
  readonly name: string
  readonly color: string
  readonly dash?: 'solid' | 'dashed' | 'dotted'
  /** Drawn behind and faint: the raw values under a smoothed curve. Left out of the tooltip. */
  readonly faint?: boolean
  readonly points: readonly (readonly [x: number, y: number])[]
}

/** Something that happened at a point of a line, told by its shape. */
export interface Mark {
  readonly name: string
  readonly x: number
  readonly y: number
  readonly color: string
  readonly symbol: 'diamond' | 'cross'
}

/** Two strokes that cross; ECharts has no such symbol of its own. */
const cross = 'path://M0,1.6 L1.6,0 L5,3.4 L8.4,0 L10,1.6 L6.6,5 L10,8.4 L8.4,10 L5,6.6 L1.6,10 L0,8.4 L3.4,5 Z'

export interface LineChartInput {
  readonly series: readonly LineSeries[]
  readonly levels: readonly Level[]
  readonly bands?: readonly Band[] | undefined
  readonly marks?: readonly Mark[] | undefined
  readonly dark: boolean
  readonly logY: boolean
  /** Where the x axis begins and ends, so that charts side by side agree; by default where their lines do. */
  readonly extentX?: readonly [number, number] | undefined
  /** The part of the x axis that is shown; all of it by default. */
  readonly window?: readonly [number, number] | undefined
  /** Where the y axis ends, for values that have a natural end. */
  readonly maxY?: number | undefined
  readonly formatX: (x: number) => string
  readonly formatY: (y: number) => string
}

/** Lines over a numeric x axis. Values that a log axis cannot show are left out there. */
export function lineOption(input: LineChartInput): ChartOption {
  const { dark, logY, formatX, formatY } = input
  const drawable = (y: number) => Number.isFinite(y) && (!logY || y > 0)
  const levels = input.levels.filter((level) => drawable(level.value))
  const extent = input.extentX ?? extentOf(input.series)
  const byId = new Map(input.series.map((one, index) => [idOf(one, index), one]))
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
      min: input.extentX?.[0] ?? 'dataMin',
      max: input.extentX?.[1] ?? 'dataMax',
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
    dataZoom: [
      {
        type: 'inside',
        filterMode: 'none',
        zoomOnMouseWheel: 'ctrl',
        moveOnMouseWheel: false,
        moveOnMouseMove: false,
        ...(input.window ? { startValue: input.window[0], endValue: input.window[1] } : { start: 0, end: 100 }),
      },
    ],
    tooltip: {
      ...baseOption(dark).tooltip,
      trigger: 'axis',
      axisPointer: { type: 'line', lineStyle: { color: chartInk(dark).floor, type: 'solid', width: 1 } },
      formatter: (params) => {
        const hits = (Array.isArray(params) ? params : [params]).flatMap((hit) => {
          const one = byId.get(String(hit.seriesId))
          return one && !one.faint && Array.isArray(hit.value) ? [{ one, value: hit.value as number[] }] : []
        })
        const rows = hits.map(({ one, value }): TipRow => ({ name: one.name, color: one.color, value: formatY(value[1]!) }))
        const floors = levels.map((level) => ({ name: level.name, value: formatY(level.value) }))
        return tipContent(formatX(hits[0]?.value[0] ?? 0), [...rows, ...floors])
      },
    },
    series: [
      ...(input.bands ?? []).flatMap((band, index) => bandSeries(band, index, drawable)),
      ...input.series.map((one, index) => lineSeries(one, idOf(one, index), logY)),
      ...levelSeries(levels, extent, dark),
      ...markSeries((input.marks ?? []).filter((mark) => drawable(mark.y))),
    ],
  }
}

const idOf = (one: LineSeries, index: number) => one.id ?? String(index)
/** What was made of a line that has not changed since is handed out again: BaseChart draws anew what is another object. */
const made = new WeakMap<LineSeries, LineSeriesOption & { readonly log: boolean }>()

function lineSeries(one: LineSeries, id: string, logY: boolean): LineSeriesOption {
  const earlier = made.get(one)
  if (earlier?.log === logY && earlier.id === id) return earlier
  const series: LineSeriesOption & { log: boolean } = {
    log: logY,
    id,
    // The id, not the text: two runs may bear the same name.
    name: id,
    type: 'line',
    data: flat(one.points, logY),
    dimensions: ['x', 'y'],
    showSymbol: one.points.length < 2,
    symbolSize: 5,
    // The extremes of each pixel: nothing that stands out is lost, and of a million points no more are drawn than can be seen.
    sampling: 'minmax',
    lineStyle: { width: one.faint ? 1 : 1.75, color: one.color, type: one.dash ?? 'solid', opacity: one.faint ? 0.28 : 1 },
    itemStyle: { color: one.color },
    emphasis: { disabled: true },
    z: one.faint ? 2 : 3,
  }
  made.set(one, series)
  return series
}

/**
 * The points that the axis can show, one after the other. ECharts copies what it is given point by point with every change,
 * but takes typed arrays as they are; its types do not tell.
 */
function flat(points: LineSeries['points'], logY: boolean): NonNullable<LineSeriesOption['data']> {
  const numbers = new Float64Array(points.length * 2)
  let end = 0
  for (const [x, y] of points) {
    if (!Number.isFinite(y) || (logY && y <= 0)) continue
    numbers[end++] = x
    numbers[end++] = y
  }
  return numbers.subarray(0, end) as unknown as NonNullable<LineSeriesOption['data']>
}

function markSeries(marks: readonly Mark[]): ScatterSeriesOption[] {
  if (marks.length === 0) return []
  return [
    {
      id: 'marks',
      type: 'scatter',
      silent: true,
      data: marks.map(({ x, y, color, symbol }) => ({
        value: [x, y],
        symbol: symbol === 'cross' ? cross : 'diamond',
        symbolSize: symbol === 'cross' ? 9 : 10,
        itemStyle: { color },
      })),
      tooltip: { show: false },
      z: 4,
    },
  ]
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
export function extentOf(series: readonly LineSeries[]): readonly [number, number] {
  const ends = series.flatMap((one) => (one.points.length > 0 ? [one.points[0]![0], one.points.at(-1)![0]] : []))
  if (ends.length === 0) return [0, emptyWidth]
  const [first, last] = [Math.min(...ends), Math.max(...ends)]
  return [first, last > first ? last : first + emptyWidth]
}
