import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { DuelSummary, DuelView, OpenDuelInput } from '../../src-main/contract/dto/duel.ts'
import { api } from '../client/api.ts'
import type { DuelCalls } from '../composables/duel-panel.ts'
import type { AutopilotWish } from '../composables/live-autopilot.ts'
import { createLoading, createRemovals, withOne } from './listing.ts'

/** The duels of the workspace, and what can be asked of one. */
export const useDuelsStore = defineStore('duels', () => {
  const duels = shallowRef<DuelSummary[]>([])
  const { loaded, error, load } = createLoading(async () => (duels.value = await api.duels.list()))

  function put(duel: DuelSummary): DuelSummary {
    duels.value = withOne(duels.value, duel)
    return duel
  }
  const putView = async (call: Promise<DuelView>) => {
    const view = await call
    put(view.duel)
    return view
  }
  const removals = createRemovals({
    async remove(duelId) {
      await api.duels.remove({ duelId })
      duels.value = duels.value.filter(({ id }) => id !== duelId)
      return undefined
    },
    restore: async (duelId) => put(await api.duels.restore({ duelId })),
  })

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
    load,
    ...removals,
    callsFor,
    open: (input: OpenDuelInput) => putView(api.duels.open(input)),
    autopilot: (duelId: number, { answers, perSecond }: AutopilotWish, signal: AbortSignal): Promise<AsyncIterable<DuelView>> =>
      api.duels.autopilot({ duelId, steps: answers, perSecond }, { signal }),
    rename: async (duelId: number, name: string) => put(await api.duels.rename({ duelId, name })),
    replay: (duelId: number) => api.duels.replay({ duelId }),
    exportSteps: (duelId: number, signal: AbortSignal): Promise<AsyncIterable<string>> =>
      api.duels.exportSteps({ duelId }, { signal }),
  }
})
