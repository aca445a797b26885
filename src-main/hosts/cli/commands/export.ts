import { exportKind } from '../../../contract/api/runs.ts'
import { oneOf } from '../arguments.ts'
import { exitOk } from '../exit-codes.ts'
import { findRun } from '../find.ts'
import type { Output } from '../output.ts'
import { withSession, type CommandContext } from '../session.ts'
import { writeTextFile, type WrittenFile } from '../text-file.ts'

export interface ExportOptions {
  readonly what: string
  readonly csv: string
}

export function exportCommand(context: CommandContext, runText: string, options: ExportOptions): Promise<number> {
  const what = oneOf('--what', options.what, exportKind.options)
  return withSession(context, async (session) => {
    const run = await findRun(session, runText)
    const written = await writeTextFile(options.csv, session.handlers.runs.exportRun({ runId: run.id, what }, {}))
    sayReplaced(session.output, written)
    session.output.result(
      { file: written.file, bytes: written.bytes, what, run: run.id },
      () => `Wrote the ${what} of run ${run.id} to ${written.file}.`,
    )
    return exitOk
  })
}

/** A file is replaced as any redirection of a shell would, but never in silence. */
export function sayReplaced(output: Output, written: WrittenFile): void {
  if (written.replaced) output.log(`Replaced ${written.file}.`)
}
