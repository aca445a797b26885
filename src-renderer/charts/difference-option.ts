import type { UserDifferences } from '../../src-main/contract/dto/evaluation.ts'
import { formatInt, formatPercent, formatSigned } from '../composables/format.ts'
import { axisLook, baseOption } from './base-option.ts'
import type { ChartOption } from './echarts.ts'
import { chartInk, signColors } from './palette.ts'
import { tipContent } from './tooltip.ts'

export interface DifferenceInput {
  readonly differences: Pick<UserDifferences, 'bars' | 'users'>
  /** Number of the bar that is chosen. */
  readonly chosen: number | undefined
  /** What the two runs are called, the first minus the second. */
  readonly names: readonly [string, string]
  readonly dark: boolean
}

/** "−.0300 to −.0100" */
export function barRange({ from, to }: UserDifferences['bars'][number]): string {
  return `${formatSigned(from)} to ${formatSigned(to)}`
}

/** Users by how much higher the value of one run is than the other's; the side of the axis tells which. */
export function differenceOption({ differences, chosen, names, dark }: DifferenceInput): ChartOption {
  const { bars, users } = differences
  const ink = chartInk(dark)
  const colors = signColors(dark)
  const middle = ({ from, to }: (typeof bars)[number]) => (from + to) / 2
  return {
    ...baseOption(dark),
    grid: { left: 26, right: 14, top: 12, bottom: 24, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: {
      ...axisLook(dark, false),
      type: 'category',
      data: bars.map((bar) => (bar.bar === 0 ? '0' : formatSigned(middle(bar)))),
      name: `← ${names[1]} is higher        ${names[0]} is higher →`,
      nameLocation: 'middle',
      nameGap: 24,
      nameTextStyle: { color: ink.text, fontSize: 11 },
    },
    yAxis: {
      ...axisLook(dark, true),
      type: 'value',
      splitNumber: 4,
      minInterval: 1,
      name: 'users',
      nameLocation: 'middle',
      nameGap: 38,
      axisLabel: { ...axisLook(dark, true).axisLabel, formatter: formatInt },
    },
    tooltip: {
      ...baseOption(dark).tooltip,
      trigger: 'item',
      formatter: (params) => {
        const bar = bars[(Array.isArray(params) ? params[0] : params)?.dataIndex ?? 0]
        if (!bar) return ''
        return tipContent(barRange(bar), [
          { name: 'users', value: `${formatInt(bar.users)} (${formatPercent(bar.users / Math.max(1, users), 1)})` },
        ])
      },
    },
    series: [
      {
        id: 'users',
        type: 'bar',
        barCategoryGap: '8%',
        cursor: 'pointer',
        data: bars.map((bar) => ({
          value: bar.users,
          itemStyle: {
            color: bar.bar === 0 ? colors.same : bar.bar > 0 ? colors.higher : colors.lower,
            borderRadius: [2, 2, 0, 0],
            opacity: chosen === undefined || chosen === bar.bar ? 1 : 0.4,
            borderColor: ink.strong,
            borderWidth: chosen === bar.bar ? 1.5 : 0,
          },
        })),
        emphasis: { itemStyle: { opacity: 1 } },
      },
    ],
  }
}
