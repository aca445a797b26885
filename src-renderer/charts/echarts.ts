import { BarChart, CustomChart, HeatmapChart, LineChart, ParallelChart, ScatterChart } from 'echarts/charts'
import {
  DataZoomInsideComponent,
  GridComponent,
  LegendPlainComponent,
  ParallelComponent,
  TitleComponent,
  TooltipComponent,
  VisualMapContinuousComponent,
} from 'echarts/components'
import { LabelLayout } from 'echarts/features'
import { connect, init, use, type ComposeOption, type EChartsType } from 'echarts/core'
import type {
  BarSeriesOption,
  CustomSeriesOption,
  HeatmapSeriesOption,
  LineSeriesOption,
  ParallelSeriesOption,
  ScatterSeriesOption,
} from 'echarts/charts'
import type {
  DataZoomComponentOption,
  GridComponentOption,
  LegendComponentOption,
  ParallelComponentOption,
  TitleComponentOption,
  TooltipComponentOption,
  VisualMapComponentOption,
} from 'echarts/components'
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers'

// Only what the charts of this folder draw; the whole library is four times as large.
use([
  LineChart,
  BarChart,
  ScatterChart,
  HeatmapChart,
  ParallelChart,
  CustomChart,
  GridComponent,
  ParallelComponent,
  TitleComponent,
  LegendPlainComponent,
  TooltipComponent,
  DataZoomInsideComponent,
  VisualMapContinuousComponent,
  LabelLayout,
  CanvasRenderer,
  SVGRenderer,
])

export type ChartOption = ComposeOption<
  | LineSeriesOption
  | BarSeriesOption
  | ScatterSeriesOption
  | HeatmapSeriesOption
  | ParallelSeriesOption
  | CustomSeriesOption
  | GridComponentOption
  | TitleComponentOption
  | LegendComponentOption
  | TooltipComponentOption
  | DataZoomComponentOption
  | VisualMapComponentOption
> & {
  // Among the components above, its axes would make the type of every other axis an index signature.
  parallel?: ParallelComponentOption
  parallelAxis?: ParallelAxis[]
}
type ParallelAxis = NonNullable<ParallelComponentOption['parallelAxisDefault']> & { id?: string; dim?: number }
export { connect, init, type CustomSeriesOption, type EChartsType, type LineSeriesOption, type ScatterSeriesOption }
