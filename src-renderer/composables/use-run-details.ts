import type { RunDetail } from '../../src-main/contract/dto/run.ts'
import { useRunsStore } from '../stores/runs.ts'
import { useLoaded, type Loaded } from './use-loaded.ts'

/** What some runs were made with, in their order; read again when a run changes its state. */
export function useRunDetails(runIds: () => readonly number[]): Loaded<readonly RunDetail[]> {
  const runs = useRunsStore()
  return useLoaded(
    () => Promise.all(runIds().map((id) => runs.detail(id))),
    () =>
      runIds()
        .map((id) => `${id} ${runs.byId(id)?.state ?? ''}`)
        .join(),
  )
}
