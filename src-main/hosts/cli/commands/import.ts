import { contract } from '../../../contract/api/contract.ts'
import type { DatasetSummary, ImportProgress, ImportReport } from '../../../contract/dto/dataset.ts'
import { rejectsCsv } from '../../../services/datasets/rejects-csv.ts'
import { oneOf } from '../arguments.ts'
import { formatDuration } from '../duration.ts'
import { exitOk } from '../exit-codes.ts'
import { ProgressBar, type ProgressLine } from '../progress-bar.ts'
import { readingSettings, type ReadingOptions } from '../reading-options.ts'
import { cancelled, withSession, type CommandContext } from '../session.ts'
import { writeTextFile } from '../text-file.ts'
import { validated } from '../validated.ts'

export interface ImportOptions extends ReadingOptions {
  readonly name?: string
  readonly onBadRow?: string
  readonly rejects?: string
}

export async function importCommand(context: CommandContext, path: string, options: ImportOptions): Promise<number> {
  const onBadRow = oneOf('--on-bad-row', options.onBadRow ?? 'fail', ['fail', 'skip'])
  const settings = readingSettings(options)
  const { name, format } = options
  const input = await validated(contract.datasets.import, { path, name, format, onBadRow, settings })
  return withSession(context, async ({ handlers, output, interrupted }) => {
    const bar = new ProgressBar()
    let finished: Extract<ImportProgress, { kind: 'finished' }> | null = null
    try {
      for await (const progress of handlers.datasets.import(input, { signal: interrupted })) {
        if (progress.kind === 'finished') finished = progress
        else bar.draw([importLine(progress)])
        if (interrupted.aborted && !finished) break
      }
    } finally {
      bar.clear()
    }
    if (!finished) throw cancelled(`The import of ${path}`, 'Nothing was stored; import it again when you like.')
    const { dataset, report } = finished
    const written =
      options.rejects === undefined ? null : await writeTextFile(options.rejects, rejectsCsv(report.rejectedRows, true))
    output.result({ ...dataset, report }, () =>
      [...importedLines(dataset, report), ...(written ? [`Rejected rows: ${written.file}`] : [])].join('\n'),
    )
    return exitOk
  })
}

const kept = {
  last: 'the last one is kept',
  first: 'the first one is kept',
  mean: 'one with their mean is kept',
  all: 'all are kept',
} as const

/** What became of an import, for a person. */
export function importedLines(dataset: DatasetSummary, report: ImportReport): string[] {
  return [
    `Imported "${dataset.name}" (data set ${dataset.id}): ${dataset.ratings} ratings by ${dataset.users} users of ${dataset.items} items in ${formatDuration(report.durationMs)}.`,
    `Read ${report.read} lines: ${report.accepted} accepted, ${report.rejected} rejected, ${report.duplicates} duplicates.`,
    ...(report.duplicates > 0 && report.duplicatesPolicy ? [`Of duplicates: ${kept[report.duplicatesPolicy]}.`] : []),
    ...(report.scenarios ? [`Scenarios: ${scenariosOf(report.scenarios)}.`] : []),
    ...(report.missing ? [`Not rated: ${report.missing}.`] : []),
    ...(report.notes ?? []).map((note) => `Note: ${note}`),
    ...report.rejectedRows.slice(0, 10).map((row) => `  ${row.file}, line ${row.line}: ${row.reason}`),
  ]
}

export function importLine(progress: Extract<ImportProgress, { kind: 'progress' }>): ProgressLine {
  const { stage, rows, rowsPerSecond, remainingMs, bytesRead, bytesTotal } = progress
  const speed = rowsPerSecond ? `, ${Math.round(rowsPerSecond)} rows/s` : ''
  const left = remainingMs === null || remainingMs === undefined ? '' : `, ${formatDuration(remainingMs)} left`
  return { label: stage, share: bytesTotal > 0 ? bytesRead / bytesTotal : 0, detail: `${rows} rows${speed}${left}` }
}

function scenariosOf(scenarios: readonly { readonly name: string; readonly count: number }[]): string {
  const shown = scenarios.slice(0, 20).map(({ name, count }) => `${name} ${count}`)
  return [...shown, ...(scenarios.length > 20 ? [`${scenarios.length - 20} more`] : [])].join(', ')
}
