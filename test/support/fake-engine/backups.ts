import type { FoundBackup } from '../../../src-main/contract/dto/backup.ts'
import type { Handlers } from '../../../src-main/services/handlers.ts'
import { worldStart } from './world.ts'

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Backups that take a moment and are written nowhere. */
export function fakeBackups(): Handlers['backups'] {
  const folder = '/home/someone/palate/backups'
  const found: FoundBackup[] = [
    { path: `${folder}/palate-backup-2026-03-01T12-00-00.sqlite`, bytes: 48_000_000, createdAt: worldStart, beforeUpdate: false },
    { path: `${folder}/palate-schema0007-2026-02-01.sqlite`, bytes: 21_000_000, createdAt: worldStart - 9e8, beforeUpdate: true },
  ]
  const steps = async function* (stage: 'copying' | 'checking', signal: AbortSignal | undefined) {
    for (let done = 0; done < 10 && !signal?.aborted; done++) {
      yield { kind: 'progress' as const, stage, bytesDone: done * 4.8e6, bytesTotal: 48e6, elapsedMs: done * 100 }
      await wait(80)
    }
  }
  return {
    list: () => Promise.resolve(found),
    make: async function* ({ path }, { signal }) {
      yield* steps('copying', signal)
      const written = path ?? `${folder}/palate-backup-2026-03-02T12-00-00.sqlite`
      found.unshift({ path: written, bytes: 48_000_000, createdAt: worldStart + 9e7, beforeUpdate: false })
      yield { kind: 'finished', path: written, bytes: 48_000_000, files: 12, durationMs: 1000 }
    },
    restore: async function* (_input, { signal }) {
      yield* steps('checking', signal)
      yield { kind: 'staged', keptAside: '/home/someone/palate/replaced-2026-03-02T12-00-00', files: 12, reopening: false }
    },
  }
}
