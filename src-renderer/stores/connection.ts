import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { connection } from '../client/api.ts'
import type { ConnectionState } from '../client/connection.ts'

/** Whether the engine answers, and who wants to know when it does again. */
export const useConnectionStore = defineStore('connection', () => {
  const state = ref<ConnectionState>('connecting')
  /** How often a connection has been opened: above 1 the engine was away in between. */
  const opened = ref(0)
  const refills: (() => unknown)[] = []

  connection.onState((next) => {
    state.value = next
    if (next !== 'open') return
    opened.value += 1
    for (const refill of refills) void refill()
  })

  return {
    state: computed(() => state.value),
    opened: computed(() => opened.value),
    retry: () => connection.retry(),
    /** Calls `refill` on every opened connection, and at once if one stands. */
    onOpen(refill: () => unknown) {
      refills.push(refill)
      if (state.value === 'open') void refill()
    },
  }
})
