import type { CurveSource } from './curve-view.ts'
import type { CsvCell } from '../../src-main/contract/csv.ts'
import { csvText } from './table-text.ts'

/** The points of a chart as they are drawn, a row each; `smoothed` stays out, as it is made of them. */
export function curveCsv(sources: readonly CurveSource[], name: string, formulaGuard: boolean): string {
  const rows = sources.flatMap((source): CsvCell[][] => {
    const curve = source.curves.get(name)
    return (curve?.update ?? []).map((update, at) => [
      source.id ?? '',
      source.name,
      name,
      update,
      curve!.elapsedMs[at]!,
      curve!.value[at]!,
    ])
  })
  return csvText(['run', 'name', 'curve', 'update', 'elapsedMs', 'value'], rows, formulaGuard)
}
