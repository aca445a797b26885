import { init, type ChartOption } from './echarts.ts'
import { chartInk } from './palette.ts'

export interface LegendEntry {
  /** Of the series in the option. */
  readonly seriesName: string
  readonly name: string
  readonly color: string
  readonly dash: 'solid' | 'dashed' | 'dotted'
}

/** A chart as it leaves the window: what it shows stands in the picture, and its ground is white whatever the theme. */
export interface ChartPicture {
  readonly title: string
  readonly subtitle?: string | undefined
  /** Made for the light theme. */
  readonly option: ChartOption
  readonly legend?: readonly LegendEntry[] | undefined
  /** In CSS pixels. */
  readonly width: number
  readonly height: number
}

const margin = 14
const titleHeight = 24
const subtitleHeight = 17
const legendRow = 23
const charWidth = 6.1
const legendMark = 46
/** A picture for print: 192 dots per inch at its natural size. */
const pixelRatio = 2

/** The option of the picture: with title and legend, both of which stand beside a chart in the window. */
export function pictureOption({ title, subtitle, option, legend = [], width }: ChartPicture): ChartOption {
  const ink = chartInk(false)
  const names = new Map(legend.map((one) => [one.seriesName, one.name]))
  const head = margin + titleHeight + (subtitle ? subtitleHeight : 0)
  const legendWidth = legend.reduce((sum, one) => sum + one.name.length * charWidth + legendMark, 0)
  const rows = Math.ceil(legendWidth / (width - 2 * margin))
  const top = head + rows * legendRow + margin
  const { left = 0, right = 0, bottom = 0, top: inner = 0 } = (option.grid ?? option.parallel ?? {}) as Frame
  const frame = { left: left + margin, right: right + margin, bottom: bottom + margin, top: top + inner }
  return {
    ...option,
    backgroundColor: '#ffffff',
    title: {
      text: title,
      ...(subtitle ? { subtext: subtitle, subtextStyle: { color: ink.text, fontSize: 11 } } : {}),
      left: margin,
      top: margin - 4,
      itemGap: 4,
      textStyle: { color: ink.strong, fontSize: 14, fontWeight: 600 },
    },
    ...(legend.length > 0
      ? {
          legend: {
            data: legend.map((one) => ({
              name: one.seriesName,
              lineStyle: { color: one.color, type: one.dash, width: 2 },
              itemStyle: { opacity: 0 },
            })),
            formatter: (seriesName: string) => names.get(seriesName) ?? seriesName,
            left: margin - 4,
            right: margin,
            top: head,
            itemGap: 12,
            itemHeight: 8,
            textStyle: { color: ink.text, fontSize: 11 },
          },
        }
      : {}),
    ...(option.parallel ? { parallel: { ...option.parallel, ...frame } } : { grid: { ...option.grid, ...frame } }),
  }
}

interface Frame {
  readonly left?: number
  readonly right?: number
  readonly top?: number
  readonly bottom?: number
}

/** The picture as SVG text; it needs no page. */
export function svgText(picture: ChartPicture): string {
  const { width, height } = picture
  const chart = init(null, undefined, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption(pictureOption(picture))
    return chart.renderToSVGString()
  } finally {
    chart.dispose()
  }
}

/** @throws Error when the browser cannot make a PNG of it */
export async function pngBlob(picture: ChartPicture): Promise<Blob> {
  const { width, height } = picture
  const chart = init(document.createElement('div'), undefined, {
    renderer: 'canvas',
    width,
    height,
    devicePixelRatio: pixelRatio,
  })
  try {
    chart.setOption(pictureOption(picture))
    const canvas = chart.renderToCanvas({ pixelRatio, backgroundColor: '#ffffff' })
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The browser made no PNG of the chart.'))), 'image/png'),
    )
  } finally {
    chart.dispose()
  }
}
