import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { DuelSummary, DuelView, OpenDuelInput } from '../../src-main/contract/dto/duel.ts'
import type { PalateError } from '../../src-main/contract/errors.ts'
import { api } from '../client/api.ts'
import type { DuelCalls } from '../composables/duel-panel.ts'
import { useConnectionStore } from './connection.ts'

/** The duels of the workspace, and what can be asked of one. */
export const useDuelsStore = defineStore('duels', () => {
  const duels = shallowRef<DuelSummary[]>([])
  const loaded = ref(false)
  const error = shallowRef<PalateError>()
  /** Removed in this window, and still to be had back. */
  const removed = shallowRef<readonly { readonly id: number; readonly name: string }[]>([])

  async function load() {
    try {
      duels.value = await api.duels.list()
      loaded.value = true
      error.value = undefined
    } catch (failure) {
      error.value = failure as PalateError
    }
  }
  useConnectionStore().onOpen(load)

  function put(duel: DuelSummary): DuelSummary {
    duels.value = [...duels.value.filter(({ id }) => id !== duel.id), duel].sort((a, b) => b.id - a.id)
    return duel
  }
  const putView = async (call: Promise<DuelView>) => {
    const view = await call
    put(view.duel)
    return view
  }
  const forget = (id: number) => (removed.value = removed.value.filter((one) => one.id !== id))

  async function remove({ id, name }: Pick<DuelSummary, 'id' | 'name'>) {
    await api.duels.remove({ duelId: id })
    duels.value = duels.value.filter((one) => one.id !== id)
    removed.value = [...removed.value, { id, name }]
  }
  async function restore(id: number) {
    put(await api.duels.restore({ duelId: id }))
    forget(id)
  }

  const callsFor = (duelId: number): DuelCalls => ({
    view: () => putView(api.duels.view({ duelId })),
    answer: (answer) => putView(api.duels.answer({ duelId, ...answer })),
    undo: () => putView(api.duels.undo({ duelId })),
    finish: () => putView(api.duels.finish({ duelId })),
    standing: () => api.duels.standing({ duelId }),
    steps: () => api.duels.steps({ duelId }),
  })

  return {
    duels,
    loaded,
    error,
    removed,
    load,
    remove,
    restore,
    forget,
    callsFor,
    open: (input: OpenDuelInput) => putView(api.duels.open(input)),
    rename: async (duelId: number, name: string) => put(await api.duels.rename({ duelId, name })),
    replay: (duelId: number) => api.duels.replay({ duelId }),
    exportSteps: (duelId: number, signal: AbortSignal): Promise<AsyncIterable<string>> =>
      api.duels.exportSteps({ duelId }, { signal }),
  }
})
