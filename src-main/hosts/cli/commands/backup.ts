import { resolve } from 'node:path'
import { restoreWorkspace } from '../../../services/backups/backup-handlers.ts'
import { exitOk } from '../exit-codes.ts'
import { ProgressBar } from '../progress-bar.ts'
import { withSession, type CommandContext } from '../session.ts'

/** Into the workspace's own folder of backups unless a path is given. */
export function backupCommand(context: CommandContext, path: string | undefined): Promise<number> {
  return withSession(context, async ({ handlers, output, interrupted }) => {
    const bar = new ProgressBar()
    const input = path === undefined ? {} : { path: resolve(path) }
    try {
      for await (const event of handlers.backups.make(input, { signal: interrupted })) {
        if (event.kind === 'finished') {
          bar.clear()
          output.result({ ...event }, () => `Wrote ${event.path} (${event.bytes} bytes, ${event.files} checkpoints and models).`)
        } else if (event.bytesTotal > 0) {
          bar.draw([{ label: 'backup', share: event.bytesDone / event.bytesTotal, detail: '' }])
        }
      }
    } finally {
      bar.clear()
    }
    return exitOk
  })
}

/** Opens the restored workspace as well, so that one which cannot be used is told now. */
export async function restoreCommand(context: CommandContext, path: string): Promise<number> {
  const { keptAside, files } = await restoreWorkspace(context.workspace, path)
  return withSession(context, async ({ handlers, output }) => {
    const [datasets, runs] = await Promise.all([handlers.datasets.list(undefined, {}), handlers.runs.list(undefined, {})])
    const document = { workspace: context.workspace, keptAside, files, datasets: datasets.length, runs: runs.length }
    output.result(document, () =>
      [
        `Restored ${datasets.length} data sets and ${runs.length} runs into ${context.workspace}.`,
        `What was there before is kept in ${keptAside}.`,
      ].join('\n'),
    )
    return exitOk
  })
}
