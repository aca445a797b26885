import { BarChart, LineChart, ScatterChart } from 'echarts/charts'
import { DataZoomInsideComponent, GridComponent, TooltipComponent } from 'echarts/components'
import { LabelLayout } from 'echarts/features'
import { connect, init, use, type ComposeOption, type EChartsType } from 'echarts/core'
import type { BarSeriesOption, LineSeriesOption, ScatterSeriesOption } from 'echarts/charts'
import type { DataZoomComponentOption, GridComponentOption, TooltipComponentOption } from 'echarts/components'
import { CanvasRenderer } from 'echarts/renderers'

// Only what the charts of this folder draw; the whole library is four times as large.
use([LineChart, BarChart, ScatterChart, GridComponent, TooltipComponent, DataZoomInsideComponent, LabelLayout, CanvasRenderer])

export type ChartOption = ComposeOption<
  | LineSeriesOption
  | BarSeriesOption
  | ScatterSeriesOption
  | GridComponentOption
  | TooltipComponentOption
  | DataZoomComponentOption
>
export { connect, init, type EChartsType, type LineSeriesOption }
