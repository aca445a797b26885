import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { PalateError } from '../../src-main/contract/errors.ts'
import type { ConfigurationDetail, ConfigurationSummary } from '../../src-main/contract/dto/configuration.ts'
import { api } from '../client/api.ts'
import { useConnectionStore } from './connection.ts'

/** The offer to undo ends a little before the engine deletes. */
const undoMarginMs = 3000

type Given = Parameters<typeof api.configurations.save>[0]

/** The configurations that have been saved in this workspace. */
export const useConfigurationsStore = defineStore('configurations', () => {
  const all = shallowRef<ConfigurationSummary[]>([])
  const loaded = ref(false)
  const error = shallowRef<PalateError>()
  const removed = shallowRef<readonly { readonly id: number; readonly name: string }[]>([])

  async function load() {
    try {
      all.value = await api.configurations.list()
      loaded.value = true
      error.value = undefined
    } catch (failure) {
      error.value = failure as PalateError
    }
  }
  useConnectionStore().onOpen(load)

  const changing = async (call: Promise<ConfigurationDetail>): Promise<ConfigurationDetail> => {
    const detail = await call
    await load()
    return detail
  }
  async function remove(one: { readonly id: number; readonly name: string }) {
    const { undoMs } = await api.configurations.remove({ configurationId: one.id })
    removed.value = [...removed.value, { id: one.id, name: one.name }]
    setTimeout(() => hide(one.id), Math.max(0, undoMs - undoMarginMs))
    await load()
  }
  function hide(id: number) {
    removed.value = removed.value.filter((one) => one.id !== id)
  }
  async function restore(id: number) {
    await changing(api.configurations.restore({ configurationId: id }))
    hide(id)
  }

  return {
    all,
    loaded,
    error,
    removed,
    load,
    remove,
    restore,
    hide,
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
