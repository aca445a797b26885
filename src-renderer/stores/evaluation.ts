import { defineStore } from 'pinia'
import type { Comparison } from '../../src-main/contract/dto/evaluation.ts'
import { api } from '../client/api.ts'

type Wanted = Parameters<typeof api.evaluation.compare>[0]

/** Comparisons and split reports are made anew whenever they are asked for: nothing is kept here. */
export const useEvaluationStore = defineStore('evaluation', () => ({
  compare: (wanted: Wanted, signal: AbortSignal): Promise<Comparison> => api.evaluation.compare(wanted, { signal }),
  checkSplit: (dataset: number, split: string, seed: number) => api.evaluation.checkSplit({ dataset, split, seed }),
}))
