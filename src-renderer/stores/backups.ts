import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { BackupProgress, FoundBackup, RestoreProgress } from '../../src-main/contract/dto/backup.ts'
import type { PalateError } from '../../src-main/contract/errors.ts'
import { api } from '../client/api.ts'

type Underway = Extract<BackupProgress | RestoreProgress, { kind: 'progress' }>
type Done = Exclude<BackupProgress | RestoreProgress, { kind: 'progress' }>

/** The one backup or restore that may be under way; pages may be left meanwhile. */
export const useBackupsStore = defineStore('backups', () => {
  const found = shallowRef<FoundBackup[]>([])
  const busy = ref<'backup' | 'restore'>()
  const progress = shallowRef<Underway>()
  const done = shallowRef<Done>()
  const error = shallowRef<PalateError>()
  let work = new AbortController()

  const load = async () => {
    found.value = await api.backups.list()
  }

  async function follow(
    what: 'backup' | 'restore',
    begin: (signal: AbortSignal) => Promise<AsyncIterable<BackupProgress | RestoreProgress>>,
  ) {
    if (busy.value) return
    const mine = (work = new AbortController())
    busy.value = what
    progress.value = done.value = error.value = undefined
    try {
      for await (const event of await begin(mine.signal)) {
        if (event.kind === 'progress') progress.value = event
        else done.value = event
      }
    } catch (failure) {
      // The engine closes the connection when it opens the restored workspace: that is how a restore ends.
      if (!mine.signal.aborted && done.value?.kind !== 'staged') error.value = failure as PalateError
    } finally {
      busy.value = undefined
    }
    if (what === 'backup') await load()
  }

  return {
    found,
    busy,
    progress,
    done,
    error,
    load,
    make: (path: string) => follow('backup', (signal) => api.backups.make(path ? { path } : {}, { signal })),
    restore: (path: string) => follow('restore', (signal) => api.backups.restore({ path }, { signal })),
    cancel: () => work.abort(),
  }
})
