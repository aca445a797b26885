import { defineStore } from 'pinia'
import type { Comparison } from '../../src-main/contract/dto/evaluation.ts'
import { api } from '../client/api.ts'

type Wanted = Parameters<typeof api.evaluation.compare>[0]
type WantedDifferences = Parameters<typeof api.evaluation.differences>[0]
type WantedUsers = Parameters<typeof api.evaluation.differentUsers>[0]
type WantedLists = Parameters<typeof api.evaluation.recommendedUsers>[0]
type WantedList = Parameters<typeof api.evaluation.recommendations>[0]

/** Comparisons and split reports are made anew whenever they are asked for: nothing is kept here. */
export const useEvaluationStore = defineStore('evaluation', () => ({
  compare: (wanted: Wanted, signal: AbortSignal): Promise<Comparison> => api.evaluation.compare(wanted, { signal }),
  checkSplit: (dataset: number, split: string, seed: number) => api.evaluation.checkSplit({ dataset, split, seed }),
  differences: (wanted: WantedDifferences) => api.evaluation.differences(wanted),
  differentUsers: (wanted: WantedUsers) => api.evaluation.differentUsers(wanted),
  recommendedUsers: (wanted: WantedLists) => api.evaluation.recommendedUsers(wanted),
  recommendations: (wanted: WantedList) => api.evaluation.recommendations(wanted),
}))
