import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { SimulatorDescriptor } from '../../src-main/contract/dto/simulator.ts'
import { api } from '../client/api.ts'
import { traitsOf } from '../composables/virtual-user.ts'
import { createLoading } from './listing.ts'

export type ReportQuestion = Parameters<typeof api.simulators.report>[0]

/** Who can be simulated, and how far that can be believed. */
export const useSimulatorsStore = defineStore('simulators', () => {
  const all = shallowRef<SimulatorDescriptor[]>([])
  const { loaded, error, load } = createLoading(async () => (all.value = await api.simulators.list()))

  return {
    all,
    loaded,
    error,
    load,
    /** Of the virtual user. */
    traits: computed(() => traitsOf(all.value.find(({ id }) => id === 'virtual')?.params ?? {})),
    report: (question: ReportQuestion, signal: AbortSignal) => api.simulators.report(question, { signal }),
  }
})
