import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { QueueMove, QueueState } from '../../src-main/contract/dto/queue.ts'
import { api } from '../client/api.ts'
import { useConnectionStore } from './connection.ts'

/** Order and hold of the queue. Which runs are in it is in the runs themselves; changes arrive with their events. */
export const useQueueStore = defineStore('queue', () => {
  const state = shallowRef<QueueState>({ waiting: [], held: false, clearedAt: 0 })
  const put = (next: QueueState) => void (state.value = next)
  const load = async () => put(await api.queue.get())
  useConnectionStore().onOpen(() => load().catch(() => undefined))
  return {
    state,
    put,
    move: async (runId: number, to: QueueMove) => put(await api.queue.move({ runId, to })),
    pauseAll: async () => put(await api.queue.pauseAll()),
    resumeAll: async () => put(await api.queue.resumeAll()),
    clearEnded: async () => put(await api.queue.clearEnded()),
  }
})
