import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { PalateError } from '../../src-main/contract/errors.ts'
import type { BundleCheck, BundleContents, BundleImported } from '../../src-main/contract/dto/bundle.ts'
import type { RunSummary } from '../../src-main/contract/dto/run.ts'
import { api } from '../client/api.ts'
import { place, type Chosen, type Placed } from '../client/upload.ts'
import { useDatasetsStore } from './datasets.ts'

export type BundlePhase = 'choosing' | 'opening' | 'opened' | 'verifying' | 'importing' | 'imported'
type Packable = Pick<RunSummary, 'state' | 'datasetId'>

/** Only what has ended is packed. */
export const canBePacked = ({ state }: Pick<RunSummary, 'state'>): boolean =>
  state === 'finished' || state === 'stopped' || state === 'diverged' || state === 'failed'

/** @returns why these runs do not go into one bundle, or null */
export function whyNotPacked(runs: readonly Packable[]): string | null {
  if (!runs.every(canBePacked)) return 'Only runs that have ended are packed.'
  if (new Set(runs.map((run) => run.datasetId)).size > 1) return 'A bundle holds runs of one data set.'
  return runs.length > 200 ? 'A bundle holds 200 runs at most.' : null
}

/** The bundle that the dialog is about. What is under way ends when the dialog is closed. */
export const useBundlesStore = defineStore('bundles', () => {
  const phase = ref<BundlePhase>('choosing')
  const path = ref('')
  /** What the person sees instead of the path of an uploaded copy. */
  const sourceName = ref('')
  const contents = shallowRef<BundleContents>()
  const checks = shallowRef<readonly BundleCheck[]>([])
  /** Of a verification that came to its end. */
  const verdict = shallowRef<{ differs: boolean; complete: boolean }>()
  const progress = shallowRef<{ text: string; share: number | null }>()
  const imported = shallowRef<BundleImported>()
  const error = shallowRef<PalateError>()
  const cancelled = ref(false)
  let work = new AbortController()
  let placed: Placed | undefined

  function reset() {
    work.abort()
    placed?.remove()
    placed = undefined
    phase.value = 'choosing'
    path.value = sourceName.value = ''
    checks.value = []
    cancelled.value = false
    contents.value = verdict.value = progress.value = imported.value = error.value = undefined
  }

  async function choose(file: File) {
    reset()
    const chosen: Chosen = { name: file.name, isFolder: false, files: [file] }
    await guarded('opening', 'choosing', async (signal) => {
      const onProgress = (sent: number, total: number) =>
        (progress.value = { text: 'Reading the bundle', share: total > 0 ? sent / total : null })
      placed = await place(chosen, { signal, onProgress })
      await look(placed.path, file.name)
    })
  }

  async function choosePath(where: string) {
    reset()
    await guarded('opening', 'choosing', () => look(where, where))
  }

  async function look(where: string, shown: string) {
    path.value = where
    sourceName.value = shown
    contents.value = await api.bundles.open({ path: where })
    phase.value = 'opened'
  }

  async function verify(rerun: boolean) {
    checks.value = []
    verdict.value = undefined
    await guarded('verifying', 'opened', async (signal) => {
      for await (const event of await api.bundles.verify({ path: path.value, rerun }, { signal })) {
        if (event.kind === 'progress') progress.value = event
        else if (event.kind === 'check') checks.value = [...checks.value, event.check]
        else verdict.value = event
      }
      cancelled.value = !verdict.value
      phase.value = 'opened'
    })
  }

  async function take() {
    await guarded('importing', 'opened', async (signal) => {
      for await (const event of await api.bundles.import({ path: path.value }, { signal })) {
        if (event.kind === 'progress') progress.value = event
        else imported.value = event.imported
      }
      cancelled.value = !imported.value
      phase.value = imported.value ? 'imported' : 'opened'
      if (imported.value) await useDatasetsStore().load()
    })
  }

  /** Runs `task` as `during`; when it fails, keeps the error and goes back to `before`. A cancelled task leaves no error. */
  async function guarded(during: BundlePhase, before: BundlePhase, task: (signal: AbortSignal) => Promise<void>) {
    const mine = (work = new AbortController())
    phase.value = during
    error.value = progress.value = undefined
    cancelled.value = false
    try {
      await task(mine.signal)
    } catch (failure) {
      if (mine !== work) return
      phase.value = before
      cancelled.value = mine.signal.aborted
      if (!mine.signal.aborted) error.value = failure as PalateError
    }
  }

  return {
    phase,
    path,
    sourceName,
    contents,
    checks,
    verdict,
    progress,
    imported,
    error,
    cancelled,
    busy: computed(() => ['opening', 'verifying', 'importing'].includes(phase.value)),
    choose,
    choosePath,
    verify,
    take,
    cancel: () => work.abort(),
    reset,
    pack: (runIds: number[], withData: boolean, signal: AbortSignal) => api.bundles.export({ runIds, withData }, { signal }),
  }
})
