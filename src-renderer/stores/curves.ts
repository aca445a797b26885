import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { MetricPoint } from '../../src-main/contract/dto/run.ts'
import { api } from '../client/api.ts'
import { appendPoint, type Curve } from '../composables/curve.ts'

type Curves = Map<string, Curve>
/** Pages are drawn anew at most this often, however fast points arrive. */
const redrawMs = 250
const mostPoints = 8000

/** Metric curves of the runs somebody looks at: loaded once, then kept up by the points that stream in. */
export const useCurvesStore = defineStore('curves', () => {
  const byRun = new Map<number, Curves>()
  const loading = new Map<number, MetricPoint[]>()
  /** Grows when curves have changed; the curves themselves are plain arrays, too many for reactivity. */
  const version = ref(0)
  let redraw: ReturnType<typeof setTimeout> | undefined

  const changed = () => {
    redraw ??= setTimeout(() => {
      redraw = undefined
      version.value += 1
    }, redrawMs)
  }

  async function load(runId: number) {
    if (loading.has(runId)) return
    const early: MetricPoint[] = []
    loading.set(runId, early)
    try {
      const series = await api.runs.metrics({ runId, maxPoints: 2000 })
      byRun.set(
        runId,
        new Map(series.map((one) => [one.name, { update: one.update, value: one.value, elapsedMs: one.elapsedMs }])),
      )
      loading.delete(runId)
      // What streamed in meanwhile may be in the answer already.
      append(
        runId,
        early.filter((point) => point.update > (byRun.get(runId)?.get(point.name)?.update.at(-1) ?? -1)),
      )
    } finally {
      loading.delete(runId)
      changed()
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
    changed()
    if ([...curves.values()].some((curve) => curve.update.length > mostPoints)) void load(runId).catch(() => undefined)
  }

  return {
    version,
    load,
    append,
    /** Loads the curves of `runId` unless they are here already. */
    ensure: async (runId: number) => {
      if (!byRun.has(runId)) await load(runId)
    },
    curvesOf: (runId: number): ReadonlyMap<string, Curve> => byRun.get(runId) ?? new Map(),
    forget: (runId: number) => void byRun.delete(runId),
    /** After a lost connection every curve may have a gap. */
    reloadAll: () => Promise.allSettled([...byRun.keys()].map(load)),
  }
})
