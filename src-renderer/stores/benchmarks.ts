import { defineStore } from 'pinia'
import { shallowReactive, shallowRef } from 'vue'
import type { PalateError } from '../../src-main/contract/errors.ts'
import type {
  BenchmarkExportFormat,
  BenchmarkProgress,
  BenchmarkRecipe,
  BenchmarkResult,
} from '../../src-main/contract/dto/benchmark.ts'
import { api } from '../client/api.ts'
import { figuresMayDiffer } from '../composables/benchmark-table.ts'
import { createLoading } from './listing.ts'

export type BenchmarkStart = Parameters<typeof api.benchmarks.start>[0]

/** The recipes, and the benchmarks of this workspace that somebody looks at or that are at work. */
export const useBenchmarksStore = defineStore('benchmarks', () => {
  const recipes = shallowRef<BenchmarkRecipe[]>([])
  const progress = shallowReactive(new Map<number, BenchmarkProgress>())
  const results = shallowReactive(new Map<number, BenchmarkResult>())
  const following = new Map<number, AbortController>()
  /** Tables on their way; true when they have changed once more meanwhile. */
  const asked = new Map<number, boolean>()

  const { loaded, error, load } = createLoading(async () => {
    recipes.value = await api.benchmarks.list()
    for (const { id, state } of recipes.value.flatMap((recipe) => recipe.started)) {
      if (state === 'running' || progress.has(id)) void follow(id)
    }
  })

  /** Keeps up with one: its state comes at once, then every change, until it is at work no more. */
  async function follow(id: number) {
    if (following.has(id)) return
    const mine = new AbortController()
    following.set(id, mine)
    try {
      for await (const state of await api.benchmarks.watch({ benchmarkId: id }, { signal: mine.signal })) take(state)
      if (!mine.signal.aborted) recipes.value = await api.benchmarks.list()
    } catch (failure) {
      // A broken connection announces itself, and its return loads everything again.
      if (!mine.signal.aborted && (failure as PalateError).code !== 'ENGINE_UNREACHABLE') error.value = failure as PalateError
    } finally {
      following.delete(id)
    }
  }

  function take(state: BenchmarkProgress) {
    const before = progress.get(state.id)
    progress.set(state.id, state)
    if (!before || figuresMayDiffer(before, state)) void loadResult(state.id)
  }

  async function loadResult(id: number) {
    if (asked.has(id)) return void asked.set(id, true)
    asked.set(id, false)
    try {
      results.set(id, await api.benchmarks.result({ benchmarkId: id }))
    } catch (failure) {
      if ((failure as PalateError).code !== 'ENGINE_UNREACHABLE') error.value = failure as PalateError
    }
    const again = asked.get(id) === true
    asked.delete(id)
    if (again) await loadResult(id)
  }

  return {
    recipes,
    loaded,
    error,
    load,
    follow,
    recipe: (id: string) => recipes.value.find((one) => one.id === id),
    progressOf: (id: number) => progress.get(id),
    resultOf: (id: number) => results.get(id),
    async start(input: BenchmarkStart): Promise<BenchmarkProgress> {
      const state = await api.benchmarks.start(input)
      take(state)
      recipes.value = await api.benchmarks.list()
      void follow(state.id)
      return state
    },
    cancel: async (id: number) => take(await api.benchmarks.cancel({ benchmarkId: id })),
    async remove(id: number) {
      await api.benchmarks.remove({ benchmarkId: id })
      following.get(id)?.abort()
      progress.delete(id)
      results.delete(id)
      recipes.value = await api.benchmarks.list()
    },
    exportTable: (id: number, format: BenchmarkExportFormat, signal: AbortSignal): Promise<AsyncIterable<string>> =>
      api.benchmarks.export({ benchmarkId: id, format }, { signal }),
  }
})
