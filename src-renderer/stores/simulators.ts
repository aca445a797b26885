import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { PalateError } from '../../src-main/contract/errors.ts'
import type { SimulatorDescriptor } from '../../src-main/contract/dto/simulator.ts'
import { api } from '../client/api.ts'
import { traitsOf } from '../composables/virtual-user.ts'
import { useConnectionStore } from './connection.ts'

export type ReportQuestion = Parameters<typeof api.simulators.report>[0]

/** Who can be simulated, and how far that can be believed. */
export const useSimulatorsStore = defineStore('simulators', () => {
  const all = shallowRef<SimulatorDescriptor[]>([])
  const loaded = ref(false)
  const error = shallowRef<PalateError>()

  async function load() {
    try {
      all.value = await api.simulators.list()
      loaded.value = true
      error.value = undefined
    } catch (failure) {
      error.value = failure as PalateError
    }
  }
  useConnectionStore().onOpen(load)

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
