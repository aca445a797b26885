import type { ChartOption } from './echarts.ts'
import { chartInk } from './palette.ts'

const font = 'Inter Variable, Inter, system-ui, sans-serif'

/** What all charts share: fonts, ink, a grid that holds its labels, a tooltip box in the colours of the panel. */
export function baseOption(dark: boolean): ChartOption {
  const ink = chartInk(dark)
  return {
    animation: false,
    textStyle: { fontFamily: font, fontSize: 11, color: ink.text },
    grid: { left: 8, right: 14, top: 12, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    tooltip: {
      confine: true,
      backgroundColor: ink.panel,
      borderColor: ink.line,
      borderWidth: 1,
      padding: [6, 9],
      extraCssText: 'box-shadow: 0 4px 16px rgb(0 0 0 / 0.14); border-radius: 6px;',
      transitionDuration: 0,
    },
  }
}

/** The look of an axis; spread it before `type`, `name` and the rest. */
export function axisLook(dark: boolean, gridLines: boolean) {
  const ink = chartInk(dark)
  return {
    axisLine: { show: !gridLines, lineStyle: { color: ink.line } },
    axisTick: { show: false },
    splitLine: { show: gridLines, lineStyle: { color: ink.grid } },
    axisLabel: { color: ink.text, fontSize: 11, hideOverlap: true },
    nameTextStyle: { color: ink.text, fontSize: 11 },
  }
}
