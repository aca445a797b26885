import { join } from 'node:path'
import { isPalateError, PalateError } from '../../contract/errors.ts'
import type { StoredRun } from '../../storage/repositories/runs.ts'
import { readRescueFile, removeRescueFile } from '../trainer/rescue-file.ts'
import type { Workspace } from '../workspace.ts'

/** From where a trainer begins. */
export interface StartingPoint {
  /** Engine state; null at the beginning. */
  readonly checkpoint: Uint8Array | null
  readonly update: number
  readonly elapsedMs: number
}

/** Where a trainer of this run leaves its state when it finds its engine process gone. */
export function rescuePathOf(workspaceFolder: string, runId: number): string {
  return join(workspaceFolder, 'checkpoints', String(runId), 'rescued.ckpt')
}

/**
 * The last good state of a run, with its history cut to match: metric points behind it are dropped, since they will be made
 * again. What had to be passed over is said in the run's notes. Without any usable state the run starts from the
 * beginning, which gives the same figures, only later; one that goes on from a live session has no other beginning than that.
 *
 * @throws PalateError CHECKPOINT_UNUSABLE when a run that goes on from a live session has no usable state
 */
export async function prepareStartingPoint(workspace: Workspace, run: StoredRun): Promise<StartingPoint> {
  const { checkpoints, metricPoints, runs } = workspace.repositories
  await adoptRescue(workspace, run)
  const note = (text: string) => runs.addNote(run.id, { at: Date.now(), text })
  let point: StartingPoint = { checkpoint: null, update: -1, elapsedMs: 0 }
  try {
    const loaded = await checkpoints.load(run.id)
    for (const text of loaded?.notes ?? []) await note(text)
    if (!loaded && run.lineage) throw lostBeginning(run.lineage.sessionId)
    if (loaded) point = { checkpoint: loaded.content, update: loaded.update, elapsedMs: loaded.elapsedMs }
  } catch (error) {
    if (!isPalateError(error) || error.code !== 'CHECKPOINT_UNUSABLE' || run.lineage) throw error
    await note('All of its checkpoints are damaged: the run started from the beginning.')
  }
  // By time, not by update: an embedding's curve counts epochs.
  await metricPoints.truncateLaterThan(run.id, point.update < 0 ? -1 : point.elapsedMs)
  if (point.update >= 0) await note(`Continued from the checkpoint at update ${point.update}.`)
  return point
}

/** Other weights than the session's would make it another run under the same name. */
function lostBeginning(sessionId: number): PalateError {
  const reason = `its beginning, the weights of live session ${sessionId}, is not there any more`
  return new PalateError('CHECKPOINT_UNUSABLE', `The run cannot start: ${reason}. Continue from the session once more.`, {
    run: '',
    reason,
  })
}

/** Same seed, same bits: a rescued state is as good as a checkpoint, and better when it is further on. */
async function adoptRescue(workspace: Workspace, run: StoredRun): Promise<void> {
  const path = rescuePathOf(workspace.folder, run.id)
  const rescue = readRescueFile(path)
  const { checkpoints, metricPoints } = workspace.repositories
  if (rescue) {
    const newest = (await checkpoints.list(run.id)).at(-1)
    const { update, elapsedMs, bytes } = rescue.checkpoint
    if (!newest || update > newest.update) {
      await metricPoints.append(run.id, rescue.points)
      await checkpoints.save(run.id, { update, elapsedMs, createdAt: Date.now(), content: bytes })
    }
  }
  removeRescueFile(path)
}
