import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import type { MetricPoint, MetricSeries } from '../../src-main/contract/dto/run.ts'
import { api } from '../client/api.ts'
import { appendPoint, finest, type Curve } from '../composables/curve.ts'

type Curves = Map<string, Curve>
/** Pages are drawn anew at most this often, however fast points arrive. */
const redrawMs = 250
const mostPoints = 8000
/** Metric curves of the runs somebody looks at: loaded once, then kept up by the points that stream in. */
export const useCurvesStore = defineStore('curves', () => {
  const byRun = new Map<number, Curves>()
  const fineness = new Map<number, number>()
  const loading = new Map<number, MetricPoint[]>()
  /** Grows per run when its curves have changed; the curves themselves are plain arrays, too many for reactivity. */
  const versions = shallowReactive(new Map<number, number>())
  const dirty = new Set<number>()
  let redraw: ReturnType<typeof setTimeout> | undefined

  const tellChanges = () => {
    redraw = undefined
    for (const runId of dirty) versions.set(runId, (versions.get(runId) ?? 0) + 1)
    dirty.clear()
  }
  const changed = (runId: number) => {
    dirty.add(runId)
    redraw ??= setTimeout(tellChanges, redrawMs)
  }

  async function load(runId: number, maxPoints = fineness.get(runId) ?? finest) {
    if (loading.has(runId)) return
    const early: MetricPoint[] = []
    loading.set(runId, early)
    try {
      const curves = toCurves(await api.runs.metrics({ runId, maxPoints }))
      byRun.set(runId, curves)
      fineness.set(runId, maxPoints)
      loading.delete(runId)
      // What streamed in meanwhile may be in the answer already.
      append(
        runId,
        early.filter((point) => point.update > (curves.get(point.name)?.update.at(-1) ?? -1)),
      )
    } finally {
      loading.delete(runId)
      changed(runId)
    }
  }

  function append(runId: number, points: readonly MetricPoint[]) {
    loading.get(runId)?.push(...points)
    const curves = byRun.get(runId)
    if (!curves || loading.has(runId)) return
    for (const point of points) {
      const curve = curves.get(point.name) ?? { update: [], value: [], elapsedMs: [] }
      curves.set(point.name, curve)
      appendPoint(curve, point)
    }
    if (points.length > 0) changed(runId)
    if ([...curves.values()].some((curve) => curve.update.length > mostPoints)) void load(runId).catch(() => undefined)
  }

  return {
    versions,
    load,
    append,
    /** Some curves of a run that has none here yet, to be seen until all of them are there. */
    preview: async (runId: number, names: string[], maxPoints: number) => {
      if (byRun.has(runId)) return
      const curves = toCurves(await api.runs.metrics({ runId, names, maxPoints }))
      if (byRun.has(runId)) return
      byRun.set(runId, curves)
      changed(runId)
    },
    /** Loads the curves of `runId` unless they are here already, as fine as is wanted. */
    ensure: async (runId: number, maxPoints = finest) => {
      if ((fineness.get(runId) ?? 0) < maxPoints) await load(runId, maxPoints)
    },
    /** The curves between two updates, in full as far as there are no more than `maxPoints`; nothing of them is kept here. */
    part: async (runId: number, from: number, to: number, maxPoints: number): Promise<ReadonlyMap<string, Curve>> =>
      toCurves(await api.runs.metrics({ runId, from, to, maxPoints })),
    curvesOf: (runId: number): ReadonlyMap<string, Curve> => byRun.get(runId) ?? new Map(),
    forget: (runId: number) => {
      byRun.delete(runId)
      fineness.delete(runId)
    },
    /** After a lost connection every curve may have a gap. */
    reloadAll: () => Promise.allSettled([...fineness.keys()].map((runId) => load(runId))),
  }
})

function toCurves(series: readonly MetricSeries[]): Curves {
  return new Map(series.map(({ name, update, value, elapsedMs }) => [name, { update, value, elapsedMs }]))
}
