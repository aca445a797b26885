import type { ChartOption } from './echarts.ts'

type Series = Exclude<NonNullable<ChartOption['series']>, unknown[]>

export function seriesIn({ series }: ChartOption): readonly Series[] {
  return series === undefined ? [] : Array.isArray(series) ? series : [series]
}

/** How many points a chart draws, all of its series together. */
export function pointsOf(option: ChartOption): number {
  return seriesIn(option).reduce((sum, series) => {
    const data: unknown = series.data
    return sum + (Array.isArray(data) ? data.length : data instanceof Float64Array ? data.length / 2 : 0)
  }, 0)
}

/**
 * The series of `next` that stood in `before` already, as the very same objects.
 *
 * @returns undefined when series have come, gone or changed places, or none has stayed: then the whole is drawn anew
 */
export function unchangedSince(before: ChartOption, next: ChartOption): ReadonlySet<Series> | undefined {
  const [old, now] = [seriesIn(before), seriesIn(next)]
  if (old.length !== now.length || old.some((one, at) => one.id === undefined || one.id !== now[at]!.id)) return undefined
  const same = new Set(now.filter((one, at) => one === old[at]))
  return same.size > 0 ? same : undefined
}
