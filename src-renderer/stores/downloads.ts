import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { DatasetSummary } from '../../src-main/contract/dto/dataset.ts'
import type { DownloadProgress, DownloadSource } from '../../src-main/contract/dto/download.ts'
import type { PalateError } from '../../src-main/contract/errors.ts'
import { api } from '../client/api.ts'
import { useDatasetsStore } from './datasets.ts'

type Underway = Exclude<DownloadProgress, { kind: 'finished' }>

/** The one download that may be under way. The engine fetches it; the dialog may be closed meanwhile. */
export const useDownloadsStore = defineStore('downloads', () => {
  const isOpen = ref(false)
  const sources = shallowRef<DownloadSource[]>([])
  const chosenId = ref('')
  const name = ref('')
  const accepted = ref(false)
  const busy = ref(false)
  const progress = shallowRef<Underway>()
  const error = shallowRef<PalateError>()
  /** The last download was cancelled. */
  const cancelled = ref(false)
  const result = shallowRef<DatasetSummary>()
  let work = new AbortController()

  const chosen = computed(() => sources.value.find((source) => source.id === chosenId.value))

  /** Opens the dialog: on what is under way, or on a new choice. */
  async function show() {
    isOpen.value = true
    if (busy.value) return
    result.value = error.value = undefined
    cancelled.value = false
    await load()
    if (!chosen.value && sources.value[0]) choose(sources.value[0].id)
    else accepted.value = false
  }

  async function load() {
    try {
      sources.value = await api.datasets.downloadable()
    } catch (failure) {
      // What went wrong before says more.
      error.value ??= failure as PalateError
    }
  }

  /** Whose terms were accepted for one set has not accepted those of another. */
  function choose(id: string) {
    chosenId.value = name.value = id
    accepted.value = cancelled.value = false
    error.value = undefined
  }

  async function start() {
    if (busy.value || !accepted.value) return
    const mine = (work = new AbortController())
    busy.value = true
    cancelled.value = false
    progress.value = error.value = result.value = undefined
    try {
      const input = { source: chosenId.value, name: name.value.trim(), accepted: true as const }
      for await (const event of await api.datasets.download(input, { signal: mine.signal })) {
        if (event.kind === 'finished') result.value = event.dataset
        else progress.value = event
      }
      cancelled.value = !result.value
    } catch (failure) {
      cancelled.value = mine.signal.aborted
      if (!mine.signal.aborted) error.value = failure as PalateError
    } finally {
      busy.value = false
    }
    // What is kept of the file has changed either way.
    await (result.value ? useDatasetsStore().load() : load())
  }

  return {
    isOpen,
    sources,
    chosenId,
    chosen,
    name,
    accepted,
    busy,
    progress,
    error,
    cancelled,
    result,
    show,
    choose,
    start,
    cancel: () => work.abort(),
  }
})
