import { defineStore } from 'pinia'
import { shallowReactive, shallowRef } from 'vue'
import type { PalateError } from '../../src-main/contract/errors.ts'
import type { LiveBatch, LiveBatchSetup, LiveBatchView } from '../../src-main/contract/dto/live-batch.ts'
import { api } from '../client/api.ts'
import { createLoading, withOne } from './listing.ts'

/** Batches of simulated users: their list, and those that somebody looks at or that play. */
export const useLiveBatchesStore = defineStore('liveBatches', () => {
  const all = shallowRef<LiveBatch[]>([])
  const views = shallowReactive(new Map<number, LiveBatchView>())
  const errors = shallowReactive(new Map<number, PalateError>())
  const following = new Map<number, AbortController>()

  const { loaded, error, load } = createLoading(async () => {
    all.value = await api.liveBatches.list()
    for (const { id, state } of all.value) if (state === 'running' || views.has(id)) void follow(id)
  })

  function take(view: LiveBatchView): LiveBatchView {
    views.set(view.batch.id, view)
    all.value = withOne(all.value, view.batch)
    return view
  }

  /** Keeps up with one until nobody plays any more. */
  async function follow(batchId: number) {
    if (following.has(batchId)) return
    const mine = new AbortController()
    following.set(batchId, mine)
    try {
      for await (const view of await api.liveBatches.watch({ batchId }, { signal: mine.signal })) take(view)
      errors.delete(batchId)
    } catch (failure) {
      // A broken connection announces itself, and its return loads everything again.
      if (!mine.signal.aborted && (failure as PalateError).code !== 'ENGINE_UNREACHABLE')
        errors.set(batchId, failure as PalateError)
    } finally {
      following.delete(batchId)
    }
  }

  return {
    all,
    loaded,
    error,
    load,
    follow,
    viewOf: (batchId: number) => views.get(batchId),
    errorOf: (batchId: number) => errors.get(batchId),
    async start(setup: LiveBatchSetup & { name?: string }): Promise<LiveBatchView> {
      const view = take(await api.liveBatches.start(setup))
      void follow(view.batch.id)
      return view
    },
    cancel: async (batchId: number) => void take(await api.liveBatches.cancel({ batchId })),
    async remove(batchId: number) {
      await api.liveBatches.remove({ batchId })
      following.get(batchId)?.abort()
      views.delete(batchId)
      all.value = all.value.filter(({ id }) => id !== batchId)
    },
    exportBatch: (batchId: number, what: 'curves' | 'users', signal: AbortSignal): Promise<AsyncIterable<string>> =>
      api.liveBatches.export({ batchId, what }, { signal }),
  }
})
