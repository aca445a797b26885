import { computed, watch, type ComputedRef, type Ref } from 'vue'
import type { RunSummary } from '../../src-main/contract/dto/run.ts'
import { useRunsStore } from '../stores/runs.ts'
import { formatScore } from './format.ts'
import { isPlayable, type LiveForm } from './live-form.ts'
import { runLabel } from './run-table.ts'

/** Runs as they are chosen to be played with, by data set. */
export const playableOptions = (runs: readonly RunSummary[]): { value: number; label: string; group: string }[] =>
  runs.map((run) => ({
    value: run.id,
    label: `${runLabel(run)}${run.ndcg20 === null ? '' : ` · NDCG@20 ${formatScore(run.ndcg20)}`}`,
    group: run.datasetName,
  }))

/** The runs that can be played with, the newest first, and the one that `form` names. */
export function usePlayable(form: Ref<LiveForm>): {
  playable: ComputedRef<readonly RunSummary[]>
  run: ComputedRef<RunSummary | undefined>
} {
  const runs = useRunsStore()
  const playable = computed(() => runs.newestFirst.filter(isPlayable))
  const run = computed(() => playable.value.find((one) => one.id === form.value.runId))
  // Items and users are those of a data set: another one has others.
  watch(
    () => run.value?.datasetId,
    () => {
      form.value.favourites = []
      form.value.user = undefined
    },
  )
  return { playable, run }
}
