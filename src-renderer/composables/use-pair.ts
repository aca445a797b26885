import { computed, type ComputedRef, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { RunSummary } from '../../src-main/contract/dto/run.ts'
import { pairOf } from './compared-runs.ts'
import { runLabel } from './run-table.ts'

/** Two of the compared runs, kept in the address. */
export function usePair(runs: () => readonly RunSummary[]): {
  pair: ComputedRef<readonly [RunSummary, RunSummary] | undefined>
  names: ComputedRef<readonly [string, string]>
  first: WritableComputedRef<number>
  second: WritableComputedRef<number>
  swap: () => void
} {
  const route = useRoute()
  const router = useRouter()
  const pair = computed(() => pairOf(runs(), { first: Number(route.query['first']), second: Number(route.query['second']) }))
  const ids = computed(() => pair.value?.map((run) => run.id) ?? [])
  const set = (first: number | undefined, second: number | undefined) =>
    void router.replace({ query: { ...route.query, first, second } })
  return {
    pair,
    names: computed(() => (pair.value ? [runLabel(pair.value[0]), runLabel(pair.value[1])] : ['', ''])),
    first: computed({ get: () => ids.value[0] ?? 0, set: (id) => set(id, ids.value[1] === id ? ids.value[0] : ids.value[1]) }),
    second: computed({ get: () => ids.value[1] ?? 0, set: (id) => set(ids.value[0] === id ? ids.value[1] : ids.value[0], id) }),
    swap: () => set(ids.value[1], ids.value[0]),
  }
}
