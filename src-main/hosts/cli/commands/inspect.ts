import { contract } from '../../../contract/api/contract.ts'
import type { Inspection } from '../../../contract/dto/inspection.ts'
import { exitOk } from '../exit-codes.ts'
import { readingSettings, type ReadingOptions } from '../reading-options.ts'
import { withSession, type CommandContext } from '../session.ts'
import { textTable } from '../text-table.ts'
import { validated } from '../validated.ts'

const SHOWN_ROWS = 10

export async function inspectCommand(context: CommandContext, path: string, options: ReadingOptions): Promise<number> {
  const settings = readingSettings(options)
  const input = await validated(contract.datasets.inspect, { path, format: options.format, settings })
  return withSession(context, async ({ handlers, output }) => {
    const found = await handlers.datasets.inspect(input, {})
    output.result(found, () => inspectionText(found))
    return exitOk
  })
}

function inspectionText(found: Inspection): string {
  const percent = (share: number) => `${Math.round(share * 100)} %`
  const { settings, scale } = found
  const dialect = Object.entries(settings).map(([name, value]) => `${name} ${JSON.stringify(value)}`)
  const others = found.alternatives.map((other) => `${other.format} (${percent(other.confidence)})`)
  return [
    `${found.source}: ${found.title} (${found.format}), ${percent(found.confidence)} sure.`,
    ...(others.length > 0 ? [`Could also be: ${others.join(', ')}.`] : []),
    ...(dialect.length > 0 ? [`Read with: ${dialect.join('; ')}.`] : []),
    `Scale ${scale.min} to ${scale.max}: positive from ${scale.positiveFrom}, negative up to ${scale.negativeTo} (from ${found.sampleRows} rows).`,
    ...found.warnings.map((warning) => `Note: ${warning}`),
    ...found.rejectedRows.slice(0, SHOWN_ROWS).map((row) => `Bad row: ${row.file}, line ${row.line}: ${row.reason}`),
    textTable(
      ['line', 'user', 'item', 'title', 'rating', 'time', 'feedback'],
      found.rows
        .slice(0, SHOWN_ROWS)
        .map((row) => [row.line, row.userId, row.itemId, row.title ?? '', row.rating, row.time, row.feedback].map(String)),
    ),
  ].join('\n')
}
