import { maxRunNotes } from '../../contract/dto/run.ts'
import { PalateError } from '../../contract/errors.ts'
import type { Handlers } from '../handlers.ts'
import type { Workspace } from '../workspace.ts'
import { runNotFound } from './run-errors.ts'
import type { RunManager } from './run-manager.ts'

/** How long a removed run can be brought back: a weekend, and the day after. */
const KEPT_DAYS = 3
const DAY_MS = 86_400_000

type Shelf = Pick<Handlers['runs'], 'label' | 'hide' | 'restore' | 'removed'>

/** Tags, notes, archive and removal of runs, which change nothing of what they are. */
export function createRunShelf({ repositories }: Workspace, manager: RunManager): Shelf {
  const { runs } = repositories
  return {
    async label({ runIds, ...change }) {
      if (change.comment?.append) refuseLongNotes(await runs.list(runIds), change.comment.text)
      const labelled = await runs.label(runIds, change, Date.now())
      if (labelled.length === 0) throw runNotFound(runIds[0]!)
      await manager.announceAll(labelled)
      return { labelled }
    },
    async hide({ runIds }) {
      const hidden = await runs.hide(
        runIds.filter((runId) => !manager.isAtWork(runId)),
        Date.now(),
      )
      for (const runId of hidden) manager.events.publish({ kind: 'removed', runId })
      return { hidden, keptDays: KEPT_DAYS }
    },
    async restore({ runIds }) {
      const restored = await runs.restore(runIds)
      if (restored.length === 0) throw runNotFound(runIds[0]!)
      await manager.announceAll(restored)
      return { restored }
    },
    removed: () => runs.removed(),
  }
}

/**
 * Deletes runs that were removed some days ago, with their files. Called when a workspace is opened, which does not wait for it.
 *
 * @param signal ends it after the run that it is at; the next opening goes on
 * @throws PalateError DISK_FULL
 */
export async function clearShelf({ repositories }: Workspace, signal: AbortSignal, now = Date.now()): Promise<void> {
  for await (const runId of repositories.runs.purge(now - KEPT_DAYS * DAY_MS)) {
    await repositories.checkpoints.removeFiles(runId)
    if (signal.aborted) return
  }
}

function refuseLongNotes(runs: readonly { id: number; comment: string }[], text: string): void {
  const full = runs.find(({ comment }) => comment.length + 1 + text.length > maxRunNotes)
  if (!full) return
  const message = `The notes of run ${full.id} would be longer than ${maxRunNotes} characters. Shorten them first.`
  throw new PalateError('INPUT_INVALID', message, { issues: [{ path: 'comment', message }] })
}
