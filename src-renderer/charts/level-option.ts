import type { LineSeriesOption } from './echarts.ts'
import { chartInk } from './palette.ts'

/** A value that does not change: a floor, drawn as a dotted line with its name at the end. */
export interface Level {
  readonly name: string
  readonly value: number
}

/** Floors as dotted lines from edge to edge. Their names stand at the right end and move apart where they would collide. */
export function levelSeries(levels: readonly Level[], extent: readonly [number, number], dark: boolean): LineSeriesOption[] {
  const ink = chartInk(dark)
  return levels.map((level) => ({
    id: `level ${level.name}`,
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
