import { axisLook, baseOption } from './base-option.ts'
import type { ChartOption } from './echarts.ts'
import { feedbackLooks } from './palette.ts'
import { tipContent } from './tooltip.ts'

export interface TimelinePoint {
  readonly x: number
  readonly rating: number
  readonly feedback: 'positive' | 'negative' | 'neutral'
  readonly title: string
  readonly when: string
}

export interface TimelineInput {
  readonly points: readonly TimelinePoint[]
  readonly scale: { readonly min: number; readonly max: number }
  readonly formatX: (x: number) => string
  readonly dark: boolean
}

const kinds = ['neutral', 'negative', 'positive'] as const

/** One mark per rating, its colour and shape by the feedback that it stands for; titles on hover. */
export function timelineOption({ points, scale, formatX, dark }: TimelineInput): ChartOption {
  const looks = feedbackLooks(dark)
  const sets = kinds.map((kind) => points.filter((point) => point.feedback === kind))
  const room = (scale.max - scale.min) * 0.08
  const size = points.length > 600 ? 5 : points.length > 150 ? 6 : 8
  return {
    ...baseOption(dark),
    xAxis: {
      ...axisLook(dark, false),
      type: 'value',
      scale: true,
      splitNumber: 6,
      axisLabel: { ...axisLook(dark, false).axisLabel, formatter: formatX },
    },
    yAxis: {
      ...axisLook(dark, true),
      splitLine: { ...axisLook(dark, true).splitLine, showMinLine: false, showMaxLine: false },
      type: 'value',
      min: scale.min - room,
      max: scale.max + room,
      axisLabel: { ...axisLook(dark, true).axisLabel, showMinLabel: false, showMaxLabel: false },
      splitNumber: 5,
    },
    tooltip: {
      ...baseOption(dark).tooltip,
      trigger: 'item',
      formatter: (params) => {
        const hit = Array.isArray(params) ? params[0] : params
        const point = sets[hit?.seriesIndex ?? 0]?.[hit?.dataIndex ?? 0]
        if (!point) return ''
        const { color, label } = looks[point.feedback]
        return tipContent(point.title, [
          { name: label, color, value: String(Number(point.rating.toFixed(3))) },
          { name: point.when, value: '' },
        ])
      },
    },
    series: kinds.map((kind, at) => ({
      type: 'scatter' as const,
      data: sets[at]!.map((point) => [point.x, point.rating]),
      symbol: looks[kind].symbol,
      symbolSize: size,
      itemStyle: { color: looks[kind].color, opacity: 0.85 },
      emphasis: { scale: 1.5 },
    })),
  }
}
