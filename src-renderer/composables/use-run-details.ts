import { shallowRef, watch, type ShallowRef } from 'vue'
import { isPalateError, type PalateError } from '../../src-main/contract/errors.ts'
import type { RunDetail } from '../../src-main/contract/dto/run.ts'
import { useRunsStore } from '../stores/runs.ts'

/** What some runs were made with, in their order; read again when a run changes its state. */
export function useRunDetails(runIds: () => readonly number[]): {
  details: ShallowRef<readonly RunDetail[] | undefined>
  error: ShallowRef<PalateError | undefined>
  load: () => Promise<void>
} {
  const runs = useRunsStore()
  const details = shallowRef<readonly RunDetail[]>()
  const error = shallowRef<PalateError>()
  let asked = 0
  async function load() {
    const mine = ++asked
    try {
      const found = await Promise.all(runIds().map((id) => runs.detail(id)))
      if (mine !== asked) return
      details.value = found
      error.value = undefined
    } catch (failure) {
      if (!isPalateError(failure)) throw failure
      if (mine === asked) error.value = failure
    }
  }
  watch(
    () =>
      runIds()
        .map((id) => `${id} ${runs.byId(id)?.state ?? ''}`)
        .join(),
    load,
    { immediate: true },
  )
  return { details, error, load }
}
