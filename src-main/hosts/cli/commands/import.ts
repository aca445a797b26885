import { contract } from '../../../contract/api/contract.ts'
import type { ImportProgress } from '../../../contract/dto/dataset.ts'
import { oneOf } from '../arguments.ts'
import { formatDuration } from '../duration.ts'
import { exitOk } from '../exit-codes.ts'
import { ProgressBar } from '../progress-bar.ts'
import { cancelled, withSession, type CommandContext } from '../session.ts'
import { validated } from '../validated.ts'

export interface ImportOptions {
  readonly name?: string
  readonly format?: string
  readonly onBadRow?: string
}

export async function importCommand(context: CommandContext, path: string, options: ImportOptions): Promise<number> {
  const onBadRow = oneOf('--on-bad-row', options.onBadRow ?? 'fail', ['fail', 'skip'])
  const input = await validated(contract.datasets.import, { path, name: options.name, format: options.format, onBadRow })
  return withSession(context, async ({ handlers, output, interrupted }) => {
    const bar = new ProgressBar()
    let finished: Extract<ImportProgress, { kind: 'finished' }> | null = null
    try {
      for await (const progress of handlers.datasets.import(input, { signal: interrupted })) {
        if (progress.kind === 'finished') finished = progress
        else bar.draw([{ label: progress.stage, share: shareOf(progress), detail: `${progress.rows} rows` }])
        if (interrupted.aborted && !finished) break
      }
    } finally {
      bar.clear()
    }
    if (!finished) throw cancelled(`The import of ${path}`, 'Nothing was stored; import it again when you like.')
    const { dataset, report } = finished
    output.result({ ...dataset, report }, () =>
      [
        `Imported "${dataset.name}" (data set ${dataset.id}): ${dataset.ratings} ratings by ${dataset.users} users of ${dataset.items} items in ${formatDuration(report.durationMs)}.`,
        `Read ${report.read} lines: ${report.accepted} accepted, ${report.rejected} rejected, ${report.duplicates} duplicates.`,
        ...report.rejectedRows.slice(0, 10).map((row) => `  ${row.file}, line ${row.line}: ${row.reason}`),
      ].join('\n'),
    )
    return exitOk
  })
}

function shareOf(progress: Extract<ImportProgress, { kind: 'progress' }>): number {
  return progress.bytesTotal > 0 ? progress.bytesRead / progress.bytesTotal : 0
}
