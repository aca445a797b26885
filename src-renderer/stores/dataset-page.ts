import { defineStore } from 'pinia'
import { api } from '../client/api.ts'

export type UserSort = 'ratings' | 'meanRating'
export type Direction = 'asc' | 'desc'
export interface UserQuery {
  readonly dataset: number
  readonly search: string
  readonly sort: UserSort
  readonly direction: Direction
  readonly offset: number
  readonly limit: number
}

/** What the page of one data set asks for; the engine keeps the figures, so that nothing is kept here. */
export const useDatasetPageStore = defineStore('dataset-page', () => ({
  activity: (dataset: number) => api.datasets.activity({ dataset }),
  genres: (dataset: number) => api.datasets.genres({ dataset }),
  sparsity: (dataset: number) => api.datasets.sparsity({ dataset }),
  users: (query: UserQuery) => api.datasets.users(query),
  timeline: (dataset: number, userIndex: number) => api.datasets.timeline({ dataset, userIndex }),
  embeddings: (dataset: number) => api.datasets.embeddings({ dataset }),
  embeddingMap: (dataset: number, key: string) => api.datasets.embeddingMap({ dataset, key }),
  notes: async (dataset: number) => (await api.datasets.notes({ dataset })).notes,
  setNotes: (dataset: number, notes: string) => api.datasets.setNotes({ dataset, notes }),
}))
