import { computed, ref, shallowRef, watch } from 'vue'
import { useModelsStore } from '../stores/models.ts'
import { useRunTableStore } from '../stores/run-table.ts'
import { useRunsStore } from '../stores/runs.ts'
import { columnOf, needsSettings, type RunColumn } from './run-columns.ts'
import { figureOfKey } from './run-facts.ts'
import { asksForSettings, figuresIn, searchRuns } from './run-filter.ts'
import { parseSearch, type SearchWords } from './run-search.ts'
import { groupKey, tableLines, type Direction, type TableLine } from './run-table.ts'
import type { KnownValues } from './search-suggestions.ts'
import { useBaselineTests } from './use-baseline-tests.ts'
import { useQuery } from './use-query.ts'

/** The table of runs as it stands: what is searched, sorted, grouped and measured against the baseline. */
export function useRunTable() {
  const runs = useRunsStore()
  const models = useModelsStore()
  const table = useRunTableStore()
  const search = useQuery('q')
  const sort = useQuery('sort', 'created')
  const order = useQuery('order', 'desc')
  const open = shallowRef<ReadonlySet<string>>(new Set())
  const inSight = shallowRef<readonly TableLine[]>([])
  const settingsNeeded = ref(false)

  const words = computed((): SearchWords => ({
    metrics: models.metrics.map((metric) => metric.id),
    params: [...new Set([...models.models.flatMap((model) => Object.keys(model.params)), ...table.paramNames])],
    protocols: models.protocols.map((protocol) => protocol.id),
  }))
  const values = computed((): KnownValues => {
    const distinct = (texts: string[]) => [...new Set(texts)].sort()
    const all = runs.newestFirst
    return {
      model: distinct(all.map((run) => run.modelId)),
      preset: distinct(all.map((run) => run.preset)),
      dataset: distinct(all.map((run) => run.datasetName)),
      split: distinct(all.map((run) => run.split)).slice(0, 50),
      tag: distinct(all.flatMap((run) => run.tags)),
      executor: table.executorNames,
    }
  })
  const parsed = computed(() => (models.loaded ? parseSearch(search.value, words.value) : { terms: [], mistakes: [] }))

  const columns = computed(() => table.view.columns.flatMap((id) => columnOf(id, models) ?? []))
  const sorted = computed((): RunColumn => columnOf(sort.value, models) ?? columnOf('created', models)!)
  const direction = computed({
    get: (): Direction => (order.value === 'asc' ? 'asc' : 'desc'),
    set: (value) => (order.value = value),
  })
  const grouped = computed(() => table.view.grouped)

  // Asked for when a column, an order or a search wants it.
  const figuresNeeded = computed(() =>
    [...columns.value, sorted.value].flatMap(({ figure }) => figure ?? []).concat(figuresIn(parsed.value.terms)),
  )
  watch(figuresNeeded, (keys) => void table.ensureFigures(keys).catch(() => undefined), { immediate: true })
  watch(
    () => needsSettings([...columns.value, sorted.value]) || grouped.value || asksForSettings(parsed.value.terms),
    (needed) => (settingsNeeded.value = needed),
    { immediate: true },
  )
  watch(
    [settingsNeeded, () => runs.runs.size],
    ([needed]) => {
      if (needed && runs.loaded) table.ensureSettings().catch(() => undefined)
    },
    { immediate: true },
  )

  // The clock counts for nothing but the durations of runs under way: a search that asks for them is made anew with the runs.
  const found = computed(() => searchRuns(runs.newestFirst, parsed.value.terms, table.facts, Date.now()))
  const layout = computed(() => ({
    column: sorted.value,
    direction: direction.value,
    facts: table.facts,
    grouped: grouped.value,
    open: open.value,
  }))
  const lines = computed(() => tableLines(found.value, layout.value))
  /** Once everything is here that the table shows. @throws PalateError when it cannot be had */
  async function ready() {
    await Promise.all([table.ensureFigures(figuresNeeded.value), settingsNeeded.value ? table.ensureSettings() : undefined])
  }
  function fold(group: string) {
    const next = new Set(open.value)
    if (!next.delete(group)) next.add(group)
    open.value = next
  }

  const pinned = computed(() => (table.view.baseline === null ? undefined : runs.byId(table.view.baseline)))
  /** With groups the baseline is the pinned run's group: seeds meet their like. */
  const baseline = computed(() => {
    const run = pinned.value
    if (!run) return []
    if (!grouped.value) return [run.id]
    const key = groupKey(run, table.facts)
    return runs.newestFirst.filter((one) => groupKey(one, table.facts) === key).map((one) => one.id)
  })
  function baselineValue(figure: string): number | null {
    const own = baseline.value.flatMap((id) => {
      const run = runs.byId(id)
      return run ? (table.facts.figure(run, figure) ?? []) : []
    })
    return own.length === 0 ? null : own.reduce((sum, value) => sum + value, 0) / own.length
  }
  /** Figures of users, which alone can be paired. */
  const tested = computed(() =>
    columns.value.filter(
      ({ figure }) => figure !== undefined && models.metric(figureOfKey(figure)?.metric ?? '')?.perUser === true,
    ),
  )
  const testable = computed(() => (pinned.value ? inSight.value.filter((line) => !isAlone(line, baseline.value)) : []))
  const tests = useBaselineTests(
    () => testable.value,
    () => tested.value,
    () => baseline.value,
  )

  return {
    search,
    words,
    values,
    mistakes: computed(() => parsed.value.mistakes),
    columns,
    sort: computed({ get: () => sorted.value.id, set: (id) => (sort.value = id) }),
    direction,
    grouped,
    setGrouped: (on: boolean) => table.setView({ grouped: on }),
    facts: computed(() => table.facts),
    found,
    layout,
    lines,
    ready,
    fold,
    archived: computed(() => runs.newestFirst.filter((run) => run.archived).length),
    pinned,
    pin: (id: number | null) => table.setView({ baseline: id }),
    baseline: computed((): ReadonlySet<number> => new Set(baseline.value)),
    baselineValue,
    testOf: tests.testOf,
    testing: tests.busy,
    see: (shown: readonly TableLine[]) => (inSight.value = shown),
  }
}

function isAlone(line: TableLine, baseline: readonly number[]): boolean {
  return line.kind === 'run' ? baseline.includes(line.run.id) : line.group.runs.some((run) => baseline.includes(run.id))
}
