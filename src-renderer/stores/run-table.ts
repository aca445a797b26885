import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, shallowRef } from 'vue'
import type { AgainstBaseline, FigureName, RunTableView } from '../../src-main/contract/dto/run-table.ts'
import type { ParamValues } from '../../src-main/contract/params.ts'
import { api } from '../client/api.ts'
import { defaultColumns } from '../composables/run-columns.ts'
import { figureOfKey, isHeadline, runFacts } from '../composables/run-facts.ts'
import { useConnectionStore } from './connection.ts'
import { useRunsStore } from './runs.ts'

const defaultView: RunTableView = { columns: [...defaultColumns], grouped: false, baseline: null }

/** How the table of runs was left, and what it shows beside the summaries: asked for when a column or a search wants it. */
export const useRunTableStore = defineStore('run-table', () => {
  const runs = useRunsStore()
  const view = shallowRef<RunTableView>(defaultView)
  const viewLoaded = ref(false)
  const names = shallowRef<FigureName[]>()
  const figures = shallowReactive(new Map<string, ReadonlyMap<number, number>>())
  const configurationOf = shallowRef<ReadonlyMap<number, number>>(new Map())
  const params = shallowRef<ReadonlyMap<number, ParamValues>>(new Map())
  const executors = shallowRef<ReadonlyMap<number, string>>(new Map())
  const settingsAsked = ref(false)
  /** What is on its way: whoever wants it too waits for the same. */
  const coming = new Map<string, Promise<void>>()

  async function loadView() {
    const stored = await api.runs.tableView()
    if (stored) view.value = stored
    viewLoaded.value = true
  }
  useConnectionStore().onOpen(async () => {
    try {
      await loadView()
      // What changed while the connection was lost was told to nobody.
      if (figures.size > 0) await loadFigures([...figures.keys()])
      if (settingsAsked.value) await loadSettings()
    } catch {
      // The table stands without them, and the next connection asks again.
      viewLoaded.value = true
    }
  })

  async function setView(change: Partial<RunTableView>) {
    view.value = { ...view.value, ...change }
    view.value = await api.runs.setTableView(view.value)
  }

  /** @param runIds of these alone, into what is known of the others */
  async function loadFigures(keys: readonly string[], runIds?: number[]) {
    const wanted = keys.flatMap((key) => figureOfKey(key) ?? [])
    const columns = await api.runs.figures({ figures: wanted, ...(runIds ? { runIds } : {}) })
    keys.forEach((key, at) => {
      const column = columns[at]
      if (!column) return
      const values = new Map(runIds ? figures.get(key) : [])
      column.runIds.forEach((id, row) => values.set(id, column.values[row]!))
      figures.set(key, values)
    })
  }
  async function ensureFigures(keys: readonly string[]) {
    const missing = [...new Set(keys)].filter((key) => !isHeadline(key) && !figures.has(key) && figureOfKey(key))
    if (missing.length > 0) {
      const loading = fetchFigures(missing)
      for (const key of missing) coming.set(key, loading)
    }
    await Promise.all(keys.map((key) => coming.get(key)))
  }
  async function fetchFigures(keys: readonly string[]) {
    for (const key of keys) figures.set(key, new Map())
    try {
      await loadFigures(keys)
    } catch (failure) {
      for (const key of keys) figures.delete(key)
      throw failure
    } finally {
      for (const key of keys) coming.delete(key)
    }
  }
  runs.onResults((runId) => {
    names.value = undefined
    if (figures.size > 0) loadFigures([...figures.keys()], [runId]).catch(() => undefined)
  })

  /** Parameters and executors of all runs, and from then on of those that come. */
  async function loadSettings(runIds?: number[]) {
    settingsAsked.value = true
    const found = await api.runs.settings(runIds ? { runIds } : {})
    const known = runIds !== undefined
    configurationOf.value = new Map([
      ...(known ? configurationOf.value : []),
      ...found.runs.map((run): [number, number] => [run.id, run.configuration]),
    ])
    executors.value = new Map([
      ...(known ? executors.value : []),
      ...found.runs.map((run): [number, string] => [run.id, run.executor]),
    ])
    params.value = new Map([
      ...(known ? params.value : []),
      ...found.configurations.map((one): [number, ParamValues] => [one.id, one.params]),
    ])
  }
  async function ensureSettings() {
    if (!settingsAsked.value) return loadSettings()
    const unknown = [...runs.runs.keys()].filter((id) => !configurationOf.value.has(id))
    if (unknown.length > 0) await loadSettings(unknown.slice(0, 20_000))
  }
  // A run says what computes it once it has begun.
  runs.onEnded((run) => {
    if (settingsAsked.value) loadSettings([run.id]).catch(() => undefined)
  })

  return {
    view,
    viewLoaded,
    setView,
    figures,
    settingsAsked,
    ensureFigures,
    ensureSettings,
    /** Every figure that any run has, read anew after results came. */
    loadNames: async () => (names.value ??= await api.runs.figureNames()),
    paramNames: computed(() => [...new Set([...params.value.values()].flatMap((one) => Object.keys(one)))].sort()),
    executorNames: computed(() => [...new Set(executors.value.values())].sort()),
    facts: computed(() =>
      runFacts({ figures, configurationOf: configurationOf.value, params: params.value, executors: executors.value }),
    ),
    againstBaseline: (
      wanted: { baseline: number[]; lines: { key: string; runIds: number[] }[]; figure: FigureName },
      signal: AbortSignal,
    ): Promise<AgainstBaseline[]> => api.runs.againstBaseline(wanted, { signal }),
  }
})
