import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, shallowRef } from 'vue'
import type { PalateError } from '../../src-main/contract/errors.ts'
import type { ResultRowWithInterval, RunDetail, RunEvent, RunSummary, StartRunsInput } from '../../src-main/contract/dto/run.ts'
import type { BackendId } from '../../src-main/contract/dto/system.ts'
import type { ExportKind } from '../../src-main/contract/api/runs.ts'
import { api } from '../client/api.ts'
import { isActive } from '../composables/run-state.ts'
import { toldTogether } from '../composables/told-together.ts'
import { useConnectionStore } from './connection.ts'
import { useCurvesStore } from './curves.ts'
import { useQueueStore } from './queue.ts'
import { useRunLogStore } from './run-log.ts'

/** What is said of runs; what is left out stays as it is. */
export interface LabelChange {
  addTags?: string[]
  removeTags?: string[]
  comment?: { text: string; append?: boolean }
  archived?: boolean
}

/** Milliseconds for which news of how far runs are may wait for one another. */
const progressMs = 250

/** All runs, kept up to date by one subscription. */
export const useRunsStore = defineStore('runs', () => {
  const runs = shallowReactive(new Map<number, RunSummary>())
  const loaded = ref(false)
  const error = shallowRef<PalateError>()
  /** Grows per run when its results have changed. */
  const resultVersions = shallowReactive(new Map<number, number>())
  const endListeners: ((run: RunSummary) => void)[] = []
  const noteListeners: ((runId: number, text: string) => void)[] = []
  const resultListeners: ((runId: number) => void)[] = []
  let subscription = new AbortController()

  /** Loads everything and follows what changes. The subscription stands before the list is read: nothing falls between. */
  async function follow() {
    subscription.abort()
    const mine = (subscription = new AbortController())
    try {
      const events = await api.runs.watch({ together: true }, { signal: mine.signal })
      await load()
      if (useConnectionStore().opened > 1) void useCurvesStore().reloadAll()
      for await (const event of events) take(event)
    } catch (failure) {
      // A broken connection announces itself, and its return calls this again.
      if (!mine.signal.aborted && (failure as PalateError).code !== 'ENGINE_UNREACHABLE') error.value = failure as PalateError
    }
  }
  async function load() {
    const list = await api.runs.list()
    const present = new Set(list.map((run) => run.id))
    for (const id of runs.keys()) if (!present.has(id)) runs.delete(id)
    progress.clear()
    for (const run of list) runs.set(run.id, run)
    loaded.value = true
    error.value = undefined
  }

  function take(event: RunEvent) {
    switch (event.kind) {
      case 'run':
        return hear(event.run)
      case 'removed':
        return drop([event.runId])
      case 'many':
        drop(event.removed)
        return event.runs.forEach(hear)
      case 'points':
        return useCurvesStore().append(event.runId, event.points)
      case 'results':
        resultVersions.set(event.runId, (resultVersions.get(event.runId) ?? 0) + 1)
        return resultListeners.forEach((listener) => listener(event.runId))
      case 'log':
        return useRunLogStore().append(event.runId, event.entry)
      case 'process':
        return useRunLogStore().took(event.runId, event.facts)
      case 'queue':
        return useQueueStore().put(event.queue)
      case 'note':
        if (event.urgent) for (const listener of noteListeners) listener(event.runId, event.text)
    }
  }
  /** How far runs are: each would make the page anew by itself, many times a second. */
  const progress = toldTogether<RunSummary>(progressMs, (news) => {
    for (const [id, run] of news) if (runs.has(id)) runs.set(id, run)
  })
  function hear(run: RunSummary) {
    if (run.state === 'running' && runs.get(run.id)?.state === 'running') progress.add(run.id, run)
    else put(run)
  }
  function put(run: RunSummary) {
    progress.drop(run.id)
    const before = runs.get(run.id)
    runs.set(run.id, run)
    if (run.state !== 'running') useRunLogStore().ended(run.id)
    const ended = !isActive(run.state) && run.state !== 'paused'
    if (before && isActive(before.state) && ended) for (const listener of endListeners) listener(run)
  }

  function drop(runIds: readonly number[]) {
    for (const id of runIds) {
      useCurvesStore().forget(id)
      runs.delete(id)
    }
  }

  useConnectionStore().onOpen(follow)

  const act = async (call: Promise<RunSummary>) => put(await call)
  const newestFirst = computed(() => [...runs.values()].sort((a, b) => b.id - a.id))
  return {
    runs,
    loaded,
    error,
    resultVersions,
    newestFirst,
    /** Runs that train now or wait for their turn, the oldest first: the order of the queue. */
    active: computed(() => newestFirst.value.filter((run) => isActive(run.state) || run.state === 'paused').reverse()),
    running: computed(() => newestFirst.value.filter((run) => run.state === 'running').reverse()),
    follow,
    byId: (id: number) => runs.get(id),
    onEnded: (listener: (run: RunSummary) => void) => void endListeners.push(listener),
    /** Something out of the ordinary happened to a run while it trained; ordinary notes stand in its record alone. */
    onNote: (listener: (runId: number, text: string) => void) => void noteListeners.push(listener),
    detail: (runId: number): Promise<RunDetail> => api.runs.get({ runId }),
    results: (runId: number): Promise<ResultRowWithInterval[]> => api.runs.results({ runId }),
    async start(input: StartRunsInput): Promise<RunSummary[]> {
      const started = await api.runs.start(input)
      for (const run of started) if (!runs.has(run.id)) runs.set(run.id, run)
      return started
    },
    pause: (runId: number) => act(api.runs.pause({ runId })),
    /** @param backend to go on with; that of the run unless another is asked for */
    resume: (runId: number, backend?: BackendId) => act(api.runs.resume({ runId, backend })),
    stop: (runId: number) => act(api.runs.stop({ runId })),
    async retry(runId: number): Promise<RunSummary> {
      const again = await api.runs.retry({ runId })
      if (!runs.has(again.id)) runs.set(again.id, again)
      return again
    },
    rename: (runId: number, name: string) => act(api.runs.rename({ runId, name })),
    onResults: (listener: (runId: number) => void) => void resultListeners.push(listener),
    /** Removes runs so that they can be had back; those at work stay. @returns what is gone, and for how many days it is kept */
    async hide(runIds: number[]): Promise<{ hidden: number[]; keptDays: number }> {
      const outcome = await api.runs.hide({ runIds })
      drop(outcome.hidden)
      return outcome
    },
    /** The news of what came back come by the subscription. */
    restore: (runIds: number[]) => api.runs.restore({ runIds }),
    removed: () => api.runs.removed(),
    label: (runIds: number[], change: LabelChange) => api.runs.label({ runIds, ...change }),
    evaluate: (runId: number, protocols: string[], ks: number[], signal: AbortSignal) =>
      api.runs.evaluate({ runId, protocols, ks }, { signal }),
    exportTable: (runIds: number[] | undefined, signal: AbortSignal): Promise<AsyncIterable<string>> =>
      api.runs.exportTable({ runIds }, { signal }),
    exportRun: (runId: number, what: ExportKind, signal: AbortSignal): Promise<AsyncIterable<string>> =>
      api.runs.exportRun({ runId, what }, { signal }),
  }
})
