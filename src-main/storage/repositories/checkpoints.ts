import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PalateError } from '../../contract/errors.ts'
import { writeFileAtomically } from '../atomic-file.ts'
import type { ReadableDatabase, WritableDatabase, WriteTransaction } from '../database.ts'
import { sha256Of } from '../sha256.ts'

export interface CheckpointRecord {
  readonly update: number
  readonly bytes: number
  /** Training time without pauses up to here. */
  readonly elapsedMs: number
  readonly createdAt: number
}

export interface LoadedCheckpoint extends CheckpointRecord {
  readonly content: Uint8Array
  /** One sentence for every newer checkpoint that was damaged and passed over; belongs into the run's notes. */
  readonly notes: readonly string[]
}

export interface CheckpointsRepository {
  /**
   * Writes file, then row. The last two stay; those ahead of this one go as well, because a run that was resumed from an
   * earlier checkpoint has left them behind.
   * @throws PalateError DISK_FULL, nothing half-written
   */
  save(runId: number, checkpoint: { update: number; elapsedMs: number; createdAt: number; content: Uint8Array }): Promise<void>
  /** Oldest first. */
  list(runId: number): Promise<CheckpointRecord[]>
  /**
   * The newest one that is what was written, by its SHA-256.
   * @returns null when the run never wrote one
   * @throws PalateError CHECKPOINT_UNUSABLE when there are some and all are damaged
   */
  load(runId: number): Promise<LoadedCheckpoint | null>
  /** Keeps the trained model of a finished run, for evaluating it again. */
  saveModel(runId: number, model: { createdAt: number; content: Uint8Array }): Promise<void>
  /** @throws PalateError CHECKPOINT_UNUSABLE when the run has none or it is damaged */
  loadModel(runId: number): Promise<Uint8Array>
  /** Removes the run's folder of files; call it after runs.remove. */
  removeFiles(runId: number): Promise<void>
  /** Removes the folders of runs that have no row any more: a process that died between the two left them. */
  removeOrphans(): Promise<void>
}

const KEPT = 2

interface FileRow extends CheckpointRecord {
  readonly file: string
  readonly sha256: string
}

/** @param folder the workspace; files live in `<folder>/checkpoints/<runId>` */
export function createCheckpointsRepository(
  read: ReadableDatabase,
  write: WritableDatabase,
  folder: string,
): CheckpointsRepository {
  const pathOf = (runId: number, file: string) => join(runFolder(folder, runId), file)
  const rows = (runId: number) =>
    read.all<FileRow>(
      `SELECT at_update AS "update", file, bytes, sha256, elapsed_ms AS elapsedMs, created_at AS createdAt
       FROM checkpoints WHERE run_id = ? ORDER BY at_update`,
      [runId],
    )
  return {
    async save(runId, { update, elapsedMs, createdAt, content }) {
      const file = `${update}.ckpt`
      await writeFileAtomically(pathOf(runId, file), content)
      const dropped = await write.transaction(async (tx) => {
        await tx.run(
          `INSERT OR REPLACE INTO checkpoints (run_id, at_update, file, bytes, sha256, elapsed_ms, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
          [runId, update, file, content.byteLength, sha256Of(content), elapsedMs, createdAt],
        )
        return tx.all<{ file: string }>(
          `DELETE FROM checkpoints WHERE run_id = ?1 AND at_update NOT IN
             (SELECT at_update FROM checkpoints WHERE run_id = ?1 AND at_update <= ?2 ORDER BY at_update DESC LIMIT ?3)
           RETURNING file`,
          [runId, update, KEPT],
        )
      })
      for (const old of dropped) await rm(pathOf(runId, old.file), { force: true })
    },
    list: async (runId) =>
      (await rows(runId)).map(({ update, bytes, elapsedMs, createdAt }) => ({ update, bytes, elapsedMs, createdAt })),
    async load(runId) {
      const notes: string[] = []
      for (const { file, sha256: wanted, ...record } of (await rows(runId)).reverse()) {
        const content = await readVerified(pathOf(runId, file), wanted)
        if (content) return { ...record, content, notes }
        notes.push(`The checkpoint at update ${record.update} is damaged and was passed over.`)
      }
      if (notes.length === 0) return null
      throw unusable(runId, 'all of its checkpoints are damaged')
    },
    saveModel: (runId, model) => writeModel(write, folder, runId, model),
    async loadModel(runId) {
      const row = await read.get<FileRow>('SELECT file, sha256 FROM trained_models WHERE run_id = ?', [runId])
      if (!row) throw unusable(runId, 'it has not kept a trained model')
      const content = await readVerified(pathOf(runId, row.file), row.sha256)
      if (!content) throw unusable(runId, 'the file of its trained model is damaged')
      return content
    },
    async removeFiles(runId) {
      await rm(runFolder(folder, runId), { recursive: true, force: true })
    },
    async removeOrphans() {
      // The folders first: a run that is made meanwhile has none among them.
      const folders = await readdir(join(folder, 'checkpoints')).catch(() => [])
      const known = new Set((await read.all<{ id: number }>('SELECT id FROM runs')).map(({ id }) => String(id)))
      for (const name of folders) if (/^\d+$/.test(name) && !known.has(name)) await this.removeFiles(Number(name))
    },
  }
}

/** Where the files of a run lie. @param folder the workspace */
export function runFolder(folder: string, runId: number): string {
  return join(folder, 'checkpoints', String(runId))
}

/** See CheckpointsRepository.saveModel. */
export async function writeModel(
  write: Pick<WriteTransaction, 'run'>,
  folder: string,
  runId: number,
  { createdAt, content }: { createdAt: number; content: Uint8Array },
): Promise<void> {
  const file = 'trained.model'
  await writeFileAtomically(join(runFolder(folder, runId), file), content)
  await write.run('INSERT OR REPLACE INTO trained_models (run_id, file, bytes, sha256, created_at) VALUES (?, ?, ?, ?, ?)', [
    runId,
    file,
    content.byteLength,
    sha256Of(content),
    createdAt,
  ])
}

async function readVerified(path: string, wanted: string): Promise<Uint8Array | null> {
  try {
    const content = await readFile(path)
    return sha256Of(content) === wanted ? content : null
  } catch {
    return null
  }
}

function unusable(runId: number, reason: string): PalateError {
  return new PalateError(
    'CHECKPOINT_UNUSABLE',
    `Run ${runId} cannot be continued or evaluated: ${reason}. Start it again with the same settings and seed; it gives the same figures.`,
    { run: String(runId), reason },
  )
}
