import type { CustomSeriesOption } from './echarts.ts'

/** The room between two lines: how far the seeds of a group lie apart. */
export interface Band {
  readonly name: string
  readonly color: string
  readonly points: readonly (readonly [x: number, low: number, high: number])[]
}

/**
 * A band as one filled outline. Stacked areas would do on a linear axis only: sums mean nothing on a logarithmic one.
 *
 * @param drawable whether the axis can show a value
 */
export function bandSeries(band: Band, index: number, drawable: (y: number) => boolean): CustomSeriesOption[] {
  const points = band.points.filter(([, low, high]) => drawable(low) && drawable(high))
  if (points.length < 2) return []
  return [
    {
      id: `band ${index} ${band.name}`,
      type: 'custom',
      silent: true,
      clip: true,
      tooltip: { show: false },
      data: points.map(([x, low, high]) => [x, low, high]),
      encode: { x: 0, y: [1, 2], tooltip: [] },
      z: 1,
      renderItem: (params, api) => {
        // One outline for all points, drawn with the first of them.
        if (params.dataIndexInside > 0) return null
        const lower = points.map(([x, low]) => api.coord([x, low]))
        const upper = points.map(([x, , high]) => api.coord([x, high]))
        return {
          type: 'polygon',
          shape: { points: [...upper, ...lower.reverse()] as [number, number][] },
          style: { fill: band.color, opacity: 0.16 },
        }
      },
    },
  ]
}
