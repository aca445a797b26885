import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { PalateError } from '../../src-main/contract/errors.ts'
import type { DatasetSummary, ImportProgress, ImportReport } from '../../src-main/contract/dto/dataset.ts'
import { api } from '../client/api.ts'
import { place, type Chosen, type Placed } from '../client/upload.ts'
import { useDatasetsStore } from './datasets.ts'

export type ImportPhase = 'choosing' | 'uploading' | 'detecting' | 'ready' | 'importing' | 'finished'
type Progress = Extract<ImportProgress, { kind: 'progress' }>
export interface Detected {
  readonly format: string
  readonly title: string
  readonly confidence: number
}

/** The one import that may be under way. It lives here, so that it goes on while the person looks at other pages. */
export const useImportsStore = defineStore('imports', () => {
  const phase = ref<ImportPhase>('choosing')
  const path = ref('')
  /** What the person sees instead of the path of an uploaded copy. */
  const sourceName = ref('')
  const name = ref('')
  const onBadRow = ref<'fail' | 'skip'>('fail')
  const detected = shallowRef<Detected>()
  const sent = shallowRef({ sentBytes: 0, totalBytes: 0 })
  const progress = shallowRef<Progress>()
  const error = shallowRef<PalateError>()
  const result = shallowRef<{ dataset: DatasetSummary; report: ImportReport }>()
  let work = new AbortController()
  let placed: Placed | undefined

  function reset() {
    work.abort()
    placed?.remove()
    placed = undefined
    sent.value = { sentBytes: 0, totalBytes: 0 }
    phase.value = 'choosing'
    path.value = sourceName.value = name.value = ''
    onBadRow.value = 'fail'
    detected.value = progress.value = error.value = result.value = undefined
  }

  async function choose(chosen: Chosen) {
    reset()
    work = new AbortController()
    phase.value = 'uploading'
    await guarded('choosing', async () => {
      const onProgress = (sentBytes: number, totalBytes: number) => (sent.value = { sentBytes, totalBytes })
      placed = await place(chosen, { signal: work.signal, onProgress })
      await look(placed.path, chosen.name)
      // The copy of an upload lies under a name of its own; the data set is called after what was chosen.
      name.value = chosen.name.replace(/\.[A-Za-z0-9]{1,5}$/, '')
    })
  }

  async function choosePath(where: string) {
    reset()
    work = new AbortController()
    path.value = where
    await guarded('choosing', () => look(where, where))
  }

  async function look(where: string, shown: string) {
    phase.value = 'detecting'
    const found = await api.datasets.detect({ path: where }, { signal: work.signal })
    path.value = where
    sourceName.value = shown
    detected.value = found
    name.value = found.suggestedName
    phase.value = 'ready'
  }

  async function start() {
    work = new AbortController()
    phase.value = 'importing'
    progress.value = undefined
    await guarded('ready', async () => {
      const input = { path: path.value, name: name.value.trim(), onBadRow: onBadRow.value }
      const events = await api.datasets.import(input, { signal: work.signal })
      for await (const event of events) {
        if (event.kind === 'progress') progress.value = event
        else result.value = { dataset: event.dataset, report: event.report }
      }
      if (!result.value) return
      phase.value = 'finished'
      placed?.remove()
      placed = undefined
      await useDatasetsStore().load()
    })
  }

  /** Runs `task`; when it fails, keeps the error and goes back to `before`. A cancelled task leaves no error. */
  async function guarded(before: ImportPhase, task: () => Promise<void>) {
    const mine = work
    error.value = undefined
    try {
      await task()
    } catch (failure) {
      if (mine !== work) return
      phase.value = before
      if (!mine.signal.aborted) error.value = failure as PalateError
    }
  }

  return {
    phase,
    path,
    sourceName,
    name,
    onBadRow,
    detected,
    sent,
    progress,
    error,
    result,
    busy: computed(() => ['uploading', 'detecting', 'importing'].includes(phase.value)),
    choose,
    choosePath,
    start,
    cancel: () => work.abort(),
    reset,
  }
})
