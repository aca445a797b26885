import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { DatasetExportFormat, ExportedText } from '../../src-main/contract/dto/dataset-export.ts'
import type { PalateError } from '../../src-main/contract/errors.ts'
import type { DatasetDetail, DatasetSummary, RatingScale } from '../../src-main/contract/dto/dataset.ts'
import { api } from '../client/api.ts'
import { useConnectionStore } from './connection.ts'

export type ItemSort = 'ratings' | 'title' | 'year' | 'meanRating'
export interface ItemQuery {
  readonly dataset: number
  readonly search: string
  readonly genre?: string | undefined
  readonly sort: ItemSort
  readonly direction?: 'asc' | 'desc' | undefined
  readonly offset: number
  readonly limit: number
}

/** A data set that was removed a moment ago and can be had back. */
export interface RemovedDataset {
  readonly id: number
  readonly name: string
}
/** The offer to undo ends a little before the engine deletes. */
const undoMarginMs = 3000

/** The data sets of the workspace. */
export const useDatasetsStore = defineStore('datasets', () => {
  const datasets = shallowRef<DatasetSummary[]>([])
  const loaded = ref(false)
  const error = shallowRef<PalateError>()
  const removed = shallowRef<RemovedDataset[]>([])

  async function load() {
    try {
      datasets.value = await api.datasets.list()
      loaded.value = true
      error.value = undefined
    } catch (failure) {
      error.value = failure as PalateError
    }
  }
  useConnectionStore().onOpen(load)

  /** The sample lab, made if it is not there yet. */
  async function openSampleLab(): Promise<DatasetSummary> {
    const made = await api.datasets.createSampleLab({})
    await load()
    return made
  }
  async function rename(dataset: number, name: string) {
    await api.datasets.rename({ dataset, name })
    await load()
  }
  async function setScale(dataset: number, scale: RatingScale) {
    await api.datasets.setScale({ dataset, scale })
    await load()
  }
  /** Hides it; `restore` brings it back while it stands among `removed`. */
  async function remove(dataset: RemovedDataset) {
    const { undoMs } = await api.datasets.remove({ dataset: dataset.id, undoable: true })
    removed.value = [...removed.value, { id: dataset.id, name: dataset.name }]
    setTimeout(() => dropRemoved(dataset.id), Math.max(0, (undoMs ?? 0) - undoMarginMs))
    await load()
  }
  async function restore(dataset: number) {
    await api.datasets.restore({ dataset })
    dropRemoved(dataset)
    await load()
  }
  function dropRemoved(dataset: number) {
    removed.value = removed.value.filter((one) => one.id !== dataset)
  }

  return {
    datasets,
    loaded,
    error,
    load,
    newestFirst: computed(() => [...datasets.value].sort((a, b) => b.createdAt - a.createdAt || b.id - a.id)),
    byId: (id: number) => datasets.value.find((dataset) => dataset.id === id),
    detail: (dataset: number): Promise<DatasetDetail> => api.datasets.get({ dataset }),
    items: (query: ItemQuery) => api.datasets.items(query),
    detect: (path: string) => api.datasets.detect({ path }),
    formats: () => api.datasets.formats(),
    exportFiles: (dataset: number, format: DatasetExportFormat, signal: AbortSignal): Promise<AsyncIterable<ExportedText>> =>
      api.datasets.export({ dataset, format }, { signal }),
    exportRejects: (dataset: number, signal: AbortSignal): Promise<AsyncIterable<string>> =>
      api.datasets.exportRejects({ dataset }, { signal }),
    openSampleLab,
    rename,
    setScale,
    removed,
    remove,
    restore,
    dropRemoved,
  }
})
