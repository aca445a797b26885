import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { backupPath, listBackups, writeBackup, type BackupOptions } from '../../storage/workspace-backup.ts'
import { claimWorkspace } from '../../storage/workspace-lock.ts'
import { finishRestore, stageRestore, type StagedRestore } from '../../storage/workspace-restore.ts'
import type { Handlers } from '../handlers.ts'
import { followed } from '../datasets/followed.ts'

export interface BackupHandlerOptions {
  readonly folder: string
  /** Closes the workspace and opens it again; left out where nobody can: a restore then takes effect at the next opening. */
  readonly reopen?: (() => void) | undefined
}

/** The answer must be through before the connections go. */
const reopenAfterMs = 300

export function createBackupHandlers({ folder, reopen }: BackupHandlerOptions): Handlers['backups'] {
  return {
    list: () => listBackups(folder),
    async *make({ path }, { signal }) {
      const meter = new ByteMeter('copying')
      const target = path ?? backupPath(folder, new Date())
      const written = yield* followed((stop) => writeBackup(folder, target, meter.options(stop)), meter.progress, signal)
      const { bytes, files } = written
      yield { kind: 'finished', path: written.path, bytes, files, durationMs: meter.elapsedMs }
    },
    async *restore({ path }, { signal }) {
      const meter = new ByteMeter('checking')
      const work = (stop: AbortSignal) => stageRestore(folder, path, new Date(), meter.options(stop))
      const { keptAside, files } = yield* followed(work, meter.progress, signal)
      if (reopen) setTimeout(reopen, reopenAfterMs)
      yield { kind: 'staged', keptAside, files, reopening: reopen !== undefined }
    },
  }
}

/** How far the copying of bytes is. */
class ByteMeter {
  readonly #stage: 'copying' | 'checking'
  readonly #startedAt = performance.now()
  #done = 0
  #total = 0

  constructor(stage: 'copying' | 'checking') {
    this.#stage = stage
  }

  options(signal: AbortSignal): BackupOptions {
    const progress = (done: number, total: number) => {
      this.#done = done
      this.#total = total
    }
    return { signal, progress }
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAt
  }

  readonly progress = () => ({
    kind: 'progress' as const,
    stage: this.#stage,
    bytesDone: this.#done,
    bytesTotal: this.#total,
    elapsedMs: this.elapsedMs,
  })
}

/**
 * Restores into a workspace that nobody has open, for the command line.
 *
 * @throws PalateError WORKSPACE_OWNED, and what `stageRestore` says
 */
export async function restoreWorkspace(folder: string, source: string): Promise<StagedRestore> {
  const absolute = resolve(folder)
  await mkdir(absolute, { recursive: true })
  const lock = await claimWorkspace(absolute)
  try {
    const staged = await stageRestore(absolute, source, new Date())
    await finishRestore(absolute)
    return staged
  } finally {
    await lock.release()
  }
}
