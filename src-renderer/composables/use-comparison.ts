import { onBeforeUnmount, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { isPalateError, type PalateError } from '../../src-main/contract/errors.ts'
import type { Comparison, MetricDescriptor } from '../../src-main/contract/dto/evaluation.ts'
import type { ResultRowWithInterval } from '../../src-main/contract/dto/run.ts'
import { useEvaluationStore } from '../stores/evaluation.ts'
import { useRunsStore } from '../stores/runs.ts'
import { pairedMetrics, type Figure } from './compare-table.ts'
import { useLoaded, type Loaded } from './use-loaded.ts'

/** The results of several runs, asked for again when one of them is scored anew. */
export function useResultsOf(runIds: () => readonly number[]): Loaded<ReadonlyMap<number, ResultRowWithInterval[]>> {
  const runs = useRunsStore()
  return useLoaded(
    async () => new Map(await Promise.all(runIds().map(async (id) => [id, await runs.results(id)] as const))),
    () =>
      runIds()
        .map((id) => `${id} ${runs.resultVersions.get(id) ?? 0}`)
        .join(),
  )
}

export interface ComparisonInParts {
  /** By metric, as they come in. */
  readonly comparisons: ShallowRef<ReadonlyMap<string, Comparison>>
  readonly error: ShallowRef<PalateError | undefined>
  readonly busy: Ref<boolean>
  /** Metrics that will be there: for progress. */
  readonly wanted: ShallowRef<readonly string[]>
}

/** Compares runs metric by metric; a new question drops the one before and what was on its way. */
export function useComparison(
  runIds: () => readonly number[],
  figure: () => Figure | undefined,
  results: () => ReadonlyMap<number, readonly ResultRowWithInterval[]> | undefined,
  metrics: () => readonly MetricDescriptor[],
): ComparisonInParts {
  const evaluation = useEvaluationStore()
  const comparisons = shallowRef<ReadonlyMap<string, Comparison>>(new Map())
  const error = shallowRef<PalateError>()
  const busy = ref(false)
  const wanted = shallowRef<readonly string[]>([])
  let work = new AbortController()

  async function compare() {
    work.abort()
    const mine = (work = new AbortController())
    const [of, known] = [figure(), results()]
    comparisons.value = new Map()
    error.value = undefined
    wanted.value = of && known && runIds().length > 1 ? pairedMetrics(known, of, metrics()) : []
    busy.value = wanted.value.length > 0
    try {
      for (const metric of wanted.value) {
        const one = await evaluation.compare({ runIds: [...runIds()], metric, ...of }, mine.signal)
        if (mine.signal.aborted) return
        comparisons.value = new Map([...comparisons.value, [metric, one]])
      }
    } catch (failure) {
      if (!isPalateError(failure)) throw failure
      if (!mine.signal.aborted) error.value = failure
    } finally {
      if (!mine.signal.aborted) busy.value = false
    }
  }
  watch(() => [runIds().join(), JSON.stringify(figure()), results(), metrics()] as const, compare, { immediate: true })
  onBeforeUnmount(() => work.abort())
  return { comparisons, error, busy, wanted }
}
