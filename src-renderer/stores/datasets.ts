import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { PalateError } from '../../src-main/contract/errors.ts'
import type { DatasetDetail, DatasetSummary, RatingScale } from '../../src-main/contract/dto/dataset.ts'
import { api } from '../client/api.ts'
import { useConnectionStore } from './connection.ts'

export type ItemSort = 'ratings' | 'title' | 'meanRating'
export interface ItemQuery {
  readonly dataset: number
  readonly search: string
  readonly sort: ItemSort
  readonly offset: number
  readonly limit: number
}

/** The data sets of the workspace. */
export const useDatasetsStore = defineStore('datasets', () => {
  const datasets = shallowRef<DatasetSummary[]>([])
  const loaded = ref(false)
  const error = shallowRef<PalateError>()

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
  async function remove(dataset: number) {
    await api.datasets.remove({ dataset })
    await load()
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
    openSampleLab,
    rename,
    setScale,
    remove,
  }
})
