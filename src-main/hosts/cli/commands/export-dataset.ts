import { datasetExportFormat, type ExportedText } from '../../../contract/dto/dataset-export.ts'
import { oneOf } from '../arguments.ts'
import { exitOk } from '../exit-codes.ts'
import { cancelled, withSession, type CommandContext } from '../session.ts'
import { writeTextFolder } from '../text-folder.ts'

export interface ExportDatasetOptions {
  readonly format: string
  readonly to: string
}

export function exportDatasetCommand(context: CommandContext, dataset: string, options: ExportDatasetOptions): Promise<number> {
  const format = oneOf('--format', options.format, datasetExportFormat.options)
  return withSession(context, async ({ handlers, output, interrupted }) => {
    const parts = untilInterrupted(handlers.datasets.export({ dataset, format }, { signal: interrupted }), interrupted, dataset)
    const { folder, files } = await writeTextFolder('--to', options.to, parts)
    output.result({ dataset, format, folder, files }, () =>
      [
        `Exported "${dataset}" to ${folder}: ${files.map(({ file, bytes }) => `${file} (${bytes} bytes)`).join(', ')}.`,
        `Imported again, it is the same data set: palate import ${folder}`,
      ].join('\n'),
    )
    return exitOk
  })
}

/** @throws PalateError CANCELLED: what was written so far is then taken away */
async function* untilInterrupted(
  parts: AsyncIterable<ExportedText>,
  interrupted: AbortSignal,
  dataset: string,
): AsyncGenerator<ExportedText, void, void> {
  for await (const part of parts) {
    if (interrupted.aborted) throw cancelled(`The export of ${dataset}`, 'Nothing was written.')
    yield part
  }
}
