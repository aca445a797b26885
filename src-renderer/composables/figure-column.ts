import type { MetricDescriptor } from '../../src-main/contract/dto/evaluation.ts'
import type { ResultRowWithInterval, RunSummary } from '../../src-main/contract/dto/run.ts'
import type { Figure } from './compare-table.ts'
import { inReadingOrder, metricHead } from './results.ts'
import type { PlotColumn } from './run-plot.ts'

type Results = ReadonlyMap<number, readonly ResultRowWithInterval[]>

/** The runs' own rows of a figure: floors and ceiling stand among them as well. */
function ownRows(run: RunSummary, results: Results, { protocol, subset, k }: Figure) {
  const rows = results.get(run.id) ?? []
  return rows.filter((row) => row.model === run.modelId && row.protocol === protocol && row.subset === subset && row.k === k)
}

/** The metrics that any of the runs has, for a choice. */
export function metricChoices(
  runs: readonly RunSummary[],
  results: Results,
  figure: Figure,
  metrics: readonly MetricDescriptor[],
): { value: string; label: string }[] {
  const known = new Set(runs.flatMap((run) => ownRows(run, results, figure).map((row) => row.metric)))
  return inReadingOrder(known).map((id) => ({
    value: id,
    label: metricHead(
      metrics.find((metric) => metric.id === id),
      id,
      figure.k,
    ),
  }))
}

/** A metric of the runs as an axis, with the interval of each value. */
export function figureColumn(
  runs: readonly RunSummary[],
  results: Results,
  figure: Figure,
  metric: { readonly value: string; readonly label: string },
): PlotColumn & { readonly intervals: readonly (readonly [number, number] | null)[] } {
  const rows = runs.map((run) => ownRows(run, results, figure).find((row) => row.metric === metric.value))
  return {
    name: `figure ${metric.value}`,
    axis: { name: metric.label, kind: 'number', log: false, score: true },
    values: rows.map((row) => row?.value ?? null),
    intervals: rows.map((row) => (row && row.low !== null && row.high !== null ? [row.low, row.high] : null)),
  }
}
