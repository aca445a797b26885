import { names, usageError } from '../arguments.ts'
import { exitOk } from '../exit-codes.ts'
import { withSession, type CommandContext } from '../session.ts'
import { writeTextFile } from '../text-file.ts'
import { textTable } from '../text-table.ts'
import { sayReplaced } from './export.ts'

export interface RunsOptions {
  readonly csv?: string
  readonly columns?: string
}

export function runsCommand(context: CommandContext, options: RunsOptions): Promise<number> {
  const columns = options.columns === undefined ? undefined : names('--columns', options.columns)
  if (columns && options.csv === undefined) throw usageError('--columns', '--columns chooses what --csv writes. Give --csv too.')
  return withSession(context, async ({ handlers, output }) => {
    const runs = await handlers.runs.list(undefined, {})
    if (options.csv !== undefined) {
      const written = await writeTextFile(options.csv, handlers.runs.exportTable({ columns }, {}))
      sayReplaced(output, written)
      output.result({ file: written.file, bytes: written.bytes, runs }, () => `Wrote ${runs.length} runs to ${written.file}.`)
      return exitOk
    }
    output.result({ runs }, () =>
      runs.length === 0
        ? 'No runs yet. Start one with: palate train --dataset NAME --model ID'
        : textTable(
            ['id', 'name', 'dataset', 'model', 'preset', 'split', 'seed', 'state', 'updates', 'precision@20', 'ndcg@20', 'tags'],
            runs.map((run) => [
              run.id,
              run.name,
              run.datasetName,
              run.modelId,
              run.preset,
              run.split,
              run.seed,
              run.state,
              run.updatesDone,
              run.precision20,
              run.ndcg20,
              [...run.tags, ...(run.archived ? ['(archived)'] : [])].join(', '),
            ]),
          ),
    )
    return exitOk
  })
}
