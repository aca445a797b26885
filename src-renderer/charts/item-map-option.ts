import { formatInt, formatPercent } from '../composables/format.ts'
import { axisLook, baseOption } from './base-option.ts'
import type { ChartOption } from './echarts.ts'
import { chartInk } from './palette.ts'
import { tipContent } from './tooltip.ts'

export interface MapPoint {
  readonly x: number
  readonly y: number
  readonly name: string
  readonly genres: readonly string[]
  readonly ratings: number
  readonly color: string
  /** Drawn behind and faint. */
  readonly faint: boolean
}

/** Items in a plane; the size of a mark goes by how often it is rated, titles on hover. */
export function itemMapOption(points: readonly MapPoint[], explained: readonly number[], dark: boolean): ChartOption {
  const most = points.reduce((high, point) => Math.max(high, point.ratings), 1)
  const layers = [points.filter((point) => point.faint), points.filter((point) => !point.faint)]
  const axis = (name: string, share: number, gap: number) => ({
    ...axisLook(dark, true),
    type: 'value' as const,
    scale: true,
    axisLabel: { show: false },
    axisLine: { show: false },
    name: `${name} component, ${formatPercent(share)} of the variance`,
    nameLocation: 'middle' as const,
    nameGap: gap,
  })
  return {
    ...baseOption(dark),
    grid: { left: 26, right: 10, top: 8, bottom: 26 },
    xAxis: axis('First', explained[0] ?? 0, 10),
    yAxis: axis('Second', explained[1] ?? 0, 10),
    dataZoom: [
      { type: 'inside', xAxisIndex: 0, filterMode: 'none', zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false },
      { type: 'inside', yAxisIndex: 0, filterMode: 'none', zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false },
    ],
    tooltip: {
      ...baseOption(dark).tooltip,
      trigger: 'item',
      formatter: (params) => {
        const hit = Array.isArray(params) ? params[0] : params
        const point = layers[hit?.seriesIndex ?? 0]?.[hit?.dataIndex ?? 0]
        if (!point) return ''
        return tipContent(point.name, [
          { name: point.genres.join(', ') || 'no genre', color: point.color, value: '' },
          { name: 'ratings', value: formatInt(point.ratings) },
        ])
      },
    },
    series: layers.map((layer, at) => ({
      type: 'scatter' as const,
      // Scatters of thousands are otherwise drawn in portions, the last of them after a click elsewhere.
      progressive: 0,
      data: layer.map((point) => ({
        value: [point.x, point.y],
        symbolSize: 3.5 + 9 * Math.sqrt(point.ratings / most),
        itemStyle: { color: point.color, opacity: at === 0 ? 0.25 : 0.72 },
      })),
      itemStyle: { borderColor: chartInk(dark).panel, borderWidth: 0.5 },
      emphasis: { scale: 1.4 },
      z: 2 + at,
    })),
  }
}
