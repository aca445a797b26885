import { formatInt, formatPercent } from '../composables/format.ts'
import { axisLook, baseOption } from './base-option.ts'
import type { ChartOption } from './echarts.ts'
import { chartInk, rampColors } from './palette.ts'
import { tipContent } from './tooltip.ts'

export interface SparsityPicture {
  readonly userEdges: readonly number[]
  readonly itemEdges: readonly number[]
  readonly ratings: readonly number[]
}

/** Most names along an axis. */
const AXIS_LABELS = 8

interface Cell {
  readonly row: number
  readonly column: number
  readonly count: number
  /** Ratings per pair. */
  readonly fill: number
}

export function cellsOf({ userEdges, itemEdges, ratings }: SparsityPicture): Cell[] {
  const columns = itemEdges.length - 1
  return ratings.map((count, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns]
    const pairs = (userEdges[row + 1]! - userEdges[row]!) * (itemEdges[column + 1]! - itemEdges[column]!)
    return { row, column, count, fill: count / Math.max(1, pairs) }
  })
}

/** The colour goes by the square root, so that the many thin cells differ too; steps of the legend follow it. */
export function legendSteps(most: number, steps = 5): number[] {
  return Array.from({ length: steps }, (_, at) => (at / (steps - 1)) ** 2 * most)
}

/** A heat map of who rated what: users down, items across, the busiest in the upper left corner. */
export function sparsityOption(picture: SparsityPicture, dark: boolean): ChartOption {
  const { userEdges, itemEdges } = picture
  const cells = cellsOf(picture)
  const most = cells.reduce((high, cell) => Math.max(high, cell.fill), 0)
  const axis = (edges: readonly number[], name: string) => ({
    ...axisLook(dark, false),
    axisLabel: { ...axisLook(dark, false).axisLabel, interval: Math.ceil((edges.length - 1) / AXIS_LABELS) - 1 },
    type: 'category' as const,
    data: edges.slice(0, -1).map((edge) => formatInt(edge + 1)),
    name,
    nameLocation: 'middle' as const,
    nameTextStyle: { color: chartInk(dark).text, fontSize: 11 },
  })
  const span = (edges: readonly number[], at: number) => {
    const [from, to] = [edges[at]! + 1, edges[at + 1]!]
    return from === to ? formatInt(from) : `${formatInt(from)}–${formatInt(to)}`
  }
  return {
    ...baseOption(dark),
    grid: { left: 22, right: 8, top: 4, bottom: 22, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: { ...axis(itemEdges, 'Items, most rated first'), nameGap: 24 },
    yAxis: { ...axis(userEdges, 'Users, most active first'), nameGap: 40, inverse: true },
    visualMap: { show: false, min: 0, max: Math.sqrt(most) || 1, dimension: 2, inRange: { color: rampColors(dark) } },
    tooltip: {
      ...baseOption(dark).tooltip,
      formatter: (params) => {
        const cell = cells[(Array.isArray(params) ? params[0] : params)?.dataIndex ?? 0]
        if (!cell) return ''
        return tipContent(`Users ${span(userEdges, cell.row)}, items ${span(itemEdges, cell.column)}`, [
          { name: 'rated', value: formatPercent(cell.fill, cell.fill < 0.1 ? 2 : 0) },
          { name: 'ratings', value: formatInt(cell.count) },
        ])
      },
    },
    series: [
      {
        type: 'heatmap',
        data: cells.map((cell) => [cell.column, cell.row, Math.sqrt(cell.fill)]),
        emphasis: { itemStyle: { borderColor: chartInk(dark).strong, borderWidth: 1 } },
        progressive: 0,
      },
    ],
  }
}
