import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { DatasetExportFormat, ExportedText } from '../../src-main/contract/dto/dataset-export.ts'
import type { DatasetDetail, DatasetSummary, RatingScale } from '../../src-main/contract/dto/dataset.ts'
import { api } from '../client/api.ts'
import { createLoading, createRemovals } from './listing.ts'

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

/** The data sets of the workspace. */
export const useDatasetsStore = defineStore('datasets', () => {
  const datasets = shallowRef<DatasetSummary[]>([])
  const { loaded, error, load } = createLoading(async () => (datasets.value = await api.datasets.list()))

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
  const removals = createRemovals({
    async remove(dataset) {
      const { undoMs } = await api.datasets.remove({ dataset, undoable: true })
      await load()
      return undoMs ?? 0
    },
    async restore(dataset) {
      await api.datasets.restore({ dataset })
      await load()
    },
  })

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
    ...removals,
  }
})
