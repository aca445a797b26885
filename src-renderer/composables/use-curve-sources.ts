import { computed, ref, shallowRef, watch, type ComputedRef } from 'vue'
import type { RunSummary } from '../../src-main/contract/dto/run.ts'
import { runStyle } from '../charts/palette.ts'
import { useCurvesStore } from '../stores/curves.ts'
import { pointsFor, withFinePart, type Curve } from './curve.ts'
import { updatesIn, type AxisWindow, type CurveSource, type SeedGroup, type XAxis } from './curve-view.ts'
import { runLabel } from './run-table.ts'
import { sameList } from './same-list.ts'
import { useTheme } from './use-theme.ts'

/** The wheel asks for a window at every notch; the engine is asked when it rests. */
const restMs = 200
/** So many runs are read as fast in one go. */
const few = 4

/**
 * The curves of some runs as sources of lines. A source stays the same object until its run has new points, so that nothing is
 * drawn anew for what another run did. Within `window` the curves are read again, in full.
 *
 * @param groupOf the runs that differ in their seed only
 * @param tell    is told of a failed read
 */
export function useCurveSources(
  runs: () => readonly RunSummary[],
  view: {
    readonly window: () => AxisWindow | undefined
    readonly xAxis: () => XAxis
    /** Names of the curves that are seen first. */
    readonly first: () => string[]
  },
  groupOf: (run: RunSummary) => SeedGroup,
  tell: (failure: unknown) => void,
): { sources: ComputedRef<CurveSource[]>; sourceFor: (run: RunSummary, dark: boolean) => CurveSource } {
  const store = useCurvesStore()
  const { dark } = useTheme()
  const parts = shallowRef<ReadonlyMap<number, ReadonlyMap<string, Curve>>>(new Map())
  /** While many runs are read: what was there before. */
  const waits = ref(false)
  const settled = shallowRef<CurveSource[]>([])
  let loads = 0
  const kept = new Map<number, { readonly state: readonly unknown[]; readonly source: CurveSource }>()

  /** Where there are many runs, what is seen first comes first, and all of them at a time: not each with a picture of its own. */
  async function loadAll() {
    const mine = ++loads
    const ids = runs().map((run) => run.id)
    const points = pointsFor(ids.length)
    waits.value = ids.length > few
    try {
      if (waits.value) {
        await Promise.all(ids.map((id) => store.preview(id, view.first(), points)))
        if (mine === loads) settled.value = build()
      }
      await Promise.all(ids.map((id) => store.ensure(id, points)))
    } finally {
      if (mine === loads) waits.value = false
    }
  }

  const sourceFor = (run: RunSummary, isDark: boolean): CurveSource => {
    const curves = store.curvesOf(run.id)
    const fine = parts.value.get(run.id)
    return {
      id: String(run.id),
      name: runLabel(run),
      ...runStyle(run.id, isDark),
      group: groupOf(run),
      state: run.state,
      curves: fine
        ? new Map([...curves].map(([name, curve]) => [name, withFinePart(curve, fine.get(name) ?? noPoints)]))
        : new Map(curves),
    }
  }
  const build = () =>
    runs().map((run) => {
      const state = [store.versions.get(run.id), parts.value.get(run.id), dark.value, run.name, run.state, groupOf(run).key]
      const known = kept.get(run.id)
      if (known?.state.every((value, at) => value === state[at])) return known.source
      const source = sourceFor(run, dark.value)
      kept.set(run.id, { state, source })
      return source
    })
  // News of a run are not news of its curves: the same sources are the same list.
  const sources = computed((before?: CurveSource[]) => sameList(before, waits.value ? settled.value : build()))

  watch(
    () =>
      runs()
        .map((run) => run.id)
        .join(),
    () => void loadAll().catch(tell),
    { immediate: true },
  )

  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0
  watch([view.window, view.xAxis, () => runs().length], ([window, xAxis]) => {
    clearTimeout(timer)
    asked += 1
    if (!window) {
      parts.value = new Map()
      return
    }
    timer = setTimeout(() => void read(window, xAxis, asked), restMs)
  })
  async function read(window: AxisWindow, xAxis: XAxis, mine: number) {
    const points = pointsFor(runs().length)
    const found = await Promise.all(
      runs().map(async (run): Promise<[number, ReadonlyMap<string, Curve>][]> => {
        const span = updatesIn(sourceFor(run, false), window, xAxis)
        return span ? [[run.id, await store.part(run.id, ...span, points)]] : []
      }),
    ).catch(tell)
    if (found && mine === asked) parts.value = new Map(found.flat())
  }
  return { sources, sourceFor }
}

const noPoints: Curve = { update: [], value: [], elapsedMs: [] }
