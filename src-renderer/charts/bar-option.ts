import { formatInt } from '../composables/format.ts'
import { axisLook, baseOption } from './base-option.ts'
import type { ChartOption } from './echarts.ts'
import { tipContent, type TipRow } from './tooltip.ts'

export interface Bar {
  /** For the axis. */
  readonly tick: string
  /** For the tooltip. */
  readonly name: string
  readonly value: number
  readonly more?: readonly TipRow[]
}

/** Bars side by side in the order given; their names are categories. */
export function barOption(bars: readonly Bar[], unit: string, color: string, dark: boolean): ChartOption {
  return {
    ...baseOption(dark),
    xAxis: { ...axisLook(dark, false), type: 'category', data: bars.map((bar) => bar.tick) },
    yAxis: {
      ...axisLook(dark, true),
      type: 'value',
      splitNumber: 3,
      axisLabel: { ...axisLook(dark, true).axisLabel, formatter: formatInt },
    },
    tooltip: {
      ...baseOption(dark).tooltip,
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { opacity: 0.5 } },
      formatter: (params) => {
        const bar = bars[(Array.isArray(params) ? params[0] : params)?.dataIndex ?? 0]
        return bar ? tipContent(bar.name, [{ name: unit, value: formatInt(bar.value), color }, ...(bar.more ?? [])]) : ''
      },
    },
    series: [
      {
        type: 'bar',
        barCategoryGap: bars.length > 120 ? '0%' : '14%',
        data: bars.map((bar) => bar.value),
        itemStyle: { color, borderRadius: bars.length > 120 ? 0 : [1.5, 1.5, 0, 0] },
        emphasis: { disabled: true },
      },
    ],
  }
}
