import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { ConfigurationDetail, ConfigurationSummary } from '../../src-main/contract/dto/configuration.ts'
import { api } from '../client/api.ts'
import { createLoading, createRemovals } from './listing.ts'

type Given = Parameters<typeof api.configurations.save>[0]

/** The configurations that have been saved in this workspace. */
export const useConfigurationsStore = defineStore('configurations', () => {
  const all = shallowRef<ConfigurationSummary[]>([])
  const { loaded, error, load } = createLoading(async () => (all.value = await api.configurations.list()))

  const changing = async (call: Promise<ConfigurationDetail>): Promise<ConfigurationDetail> => {
    const detail = await call
    await load()
    return detail
  }
  const removals = createRemovals({
    async remove(configurationId) {
      const { undoMs } = await api.configurations.remove({ configurationId })
      await load()
      return undoMs
    },
    restore: (configurationId) => changing(api.configurations.restore({ configurationId })),
  })

  return {
    all,
    loaded,
    error,
    load,
    ...removals,
    get: (configurationId: number): Promise<ConfigurationDetail> => api.configurations.get({ configurationId }),
    save: (given: Given) => changing(api.configurations.save(given)),
    saveVersion: (configurationId: number, given: Omit<Given, 'name'>) =>
      changing(api.configurations.saveVersion({ configurationId, ...given })),
    rename: (configurationId: number, name: string) => changing(api.configurations.rename({ configurationId, name })),
    duplicate: (configurationId: number, version: number) => changing(api.configurations.duplicate({ configurationId, version })),
    exportJson: (configurationId: number, version: number) => api.configurations.exportJson({ configurationId, version }),
    importJson: (text: string) => changing(api.configurations.importJson({ text })),
  }
})
