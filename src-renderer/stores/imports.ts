import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { PalateError } from '../../src-main/contract/errors.ts'
import type { DatasetSummary, ImportProgress, ImportReport } from '../../src-main/contract/dto/dataset.ts'
import { api } from '../client/api.ts'
import { place, type Chosen, type Placed } from '../client/upload.ts'
import { useDatasetsStore } from './datasets.ts'
import { useInspectionStore } from './inspection.ts'

export type ImportPhase = 'choosing' | 'uploading' | 'detecting' | 'ready' | 'importing' | 'finished'
/** Where the person is while nothing is under way; choices stay on the way back and forth. */
export type ImportStep = 'source' | 'reading' | 'scale' | 'import'
type Progress = Extract<ImportProgress, { kind: 'progress' }>

/** The one import that may be under way. It lives here, so that it goes on while the person looks at other pages. */
export const useImportsStore = defineStore('imports', () => {
  const inspection = useInspectionStore()
  const phase = ref<ImportPhase>('choosing')
  const at = ref<Exclude<ImportStep, 'import'>>('reading')
  const path = ref('')
  /** What the person sees instead of the path of an uploaded copy. */
  const sourceName = ref('')
  const name = ref('')
  const onBadRow = ref<'fail' | 'skip'>('fail')
  const sent = shallowRef({ sentBytes: 0, totalBytes: 0 })
  const progress = shallowRef<Progress>()
  const error = shallowRef<PalateError>()
  /** The last import was cancelled. */
  const cancelled = ref(false)
  const result = shallowRef<{ dataset: DatasetSummary; report: ImportReport }>()
  let work = new AbortController()
  let placed: Placed | undefined

  const step = computed<ImportStep>(() => {
    if (phase.value === 'ready') return at.value
    return phase.value === 'importing' || phase.value === 'finished' ? 'import' : 'source'
  })

  function reset() {
    work.abort()
    placed?.remove()
    placed = undefined
    inspection.close()
    sent.value = { sentBytes: 0, totalBytes: 0 }
    phase.value = 'choosing'
    path.value = sourceName.value = name.value = ''
    onBadRow.value = 'fail'
    cancelled.value = false
    progress.value = error.value = result.value = undefined
  }

  async function choose(chosen: Chosen) {
    reset()
    work = new AbortController()
    phase.value = 'uploading'
    await guarded('choosing', async () => {
      const onProgress = (sentBytes: number, totalBytes: number) => (sent.value = { sentBytes, totalBytes })
      placed = await place(chosen, { signal: work.signal, onProgress })
      // The copy of an upload lies under a name of its own; the data set is called after what was chosen.
      await look(placed.path, chosen.name, chosen.name.replace(/\.gz$/i, '').replace(/\.[A-Za-z0-9]{1,5}$/, ''))
    })
  }

  async function choosePath(where: string) {
    reset()
    work = new AbortController()
    await guarded('choosing', () => look(where, where))
  }

  /** Goes on with a source that no format recognises: the person says how it is read. */
  async function readAs(format: string) {
    work = new AbortController()
    await guarded('choosing', () => look(path.value, sourceName.value, name.value, format))
  }

  async function look(where: string, shown: string, called = '', format?: string) {
    phase.value = 'detecting'
    path.value = where
    sourceName.value = shown
    name.value = called
    const found = await inspection.open(where, work.signal, format)
    name.value = called || found.suggestedName
    at.value = 'reading'
    phase.value = 'ready'
  }

  async function start() {
    work = new AbortController()
    phase.value = 'importing'
    progress.value = undefined
    cancelled.value = false
    await guarded('ready', async () => {
      const input = { path: path.value, name: name.value.trim(), onBadRow: onBadRow.value, ...inspection.input() }
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
      cancelled.value = phase.value === 'importing' && mine.signal.aborted
      phase.value = before
      if (!mine.signal.aborted) error.value = failure as PalateError
    }
  }

  function go(to: Exclude<ImportStep, 'import'>) {
    if (phase.value !== 'ready') return
    error.value = undefined
    cancelled.value = false
    at.value = to
  }

  return {
    phase,
    step,
    path,
    sourceName,
    name,
    onBadRow,
    sent,
    progress,
    error,
    cancelled,
    result,
    busy: computed(() => ['uploading', 'detecting', 'importing'].includes(phase.value)),
    choose,
    choosePath,
    readAs,
    go,
    start,
    cancel: () => work.abort(),
    reset,
  }
})
