import { computed, type WritableComputedRef } from 'vue'
import type { resultChoices, Subset } from './results.ts'
import { useQuery } from './use-query.ts'

export interface ChosenFigure {
  readonly protocol: WritableComputedRef<string>
  readonly subset: WritableComputedRef<Subset>
  readonly k: WritableComputedRef<number>
}

const pick = <T>(wanted: T | undefined, all: readonly T[], fallback: T): T =>
  wanted !== undefined && all.includes(wanted) ? wanted : all.includes(fallback) ? fallback : (all[0] ?? fallback)

/** Which of the figures that there are is shown: protocol, users and list length, kept in the address. */
export function useFigure(choices: () => ReturnType<typeof resultChoices>): ChosenFigure {
  const protocolQuery = useQuery('protocol')
  const subsetQuery = useQuery('subset')
  const kQuery = useQuery('k')
  return {
    protocol: computed({
      get: () => pick(protocolQuery.value, choices().protocols, 'rerank-sequential'),
      set: (value) => (protocolQuery.value = value),
    }),
    subset: computed({
      get: () => pick(subsetQuery.value as Subset, choices().subsets, 'full-length'),
      set: (value) => (subsetQuery.value = value),
    }),
    k: computed({
      get: () => pick(Number(kQuery.value) || undefined, choices().ks, 20),
      set: (value) => (kQuery.value = String(value)),
    }),
  }
}
