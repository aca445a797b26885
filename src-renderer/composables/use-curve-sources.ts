import { computed, shallowRef, watch, type ComputedRef } from 'vue'
import type { RunSummary } from '../../src-main/contract/dto/run.ts'
import { runStyle } from '../charts/palette.ts'
import { useCurvesStore } from '../stores/curves.ts'
import { pointsFor, withFinePart, type Curve } from './curve.ts'
import { updatesIn, type AxisWindow, type CurveSource, type SeedGroup, type XAxis } from './curve-view.ts'
import { runLabel } from './run-table.ts'
import { useTheme } from './use-theme.ts'

/** The wheel asks for a window at every notch; the engine is asked when it rests. */
const restMs = 200

/**
 * The curves of some runs as sources of lines. A source stays the same object until its run has new points, so that nothing is
 * drawn anew for what another run did. Within `window` the curves are read again, in full.
 *
 * @param groupOf the runs that differ in their seed only
 * @param tell    is told of a failed read
 */
export function useCurveSources(
  runs: () => readonly RunSummary[],
  view: { readonly window: () => AxisWindow | undefined; readonly xAxis: () => XAxis },
  groupOf: (run: RunSummary) => SeedGroup,
  tell: (failure: unknown) => void,
): { sources: ComputedRef<CurveSource[]>; sourceFor: (run: RunSummary, dark: boolean) => CurveSource } {
  const store = useCurvesStore()
  const { dark } = useTheme()
  const parts = shallowRef<ReadonlyMap<number, ReadonlyMap<string, Curve>>>(new Map())
  const kept = new Map<number, { readonly state: readonly unknown[]; readonly source: CurveSource }>()

  watch(
    () =>
      runs()
        .map((run) => run.id)
        .join(),
    () => {
      const points = pointsFor(runs().length)
      for (const run of runs()) store.ensure(run.id, points).catch(tell)
    },
    { immediate: true },
  )

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
  const sources = computed(() =>
    runs().map((run) => {
      const state = [store.versions.get(run.id), parts.value.get(run.id), dark.value, run.name, run.state, groupOf(run).key]
      const known = kept.get(run.id)
      if (known?.state.every((value, at) => value === state[at])) return known.source
      const source = sourceFor(run, dark.value)
      kept.set(run.id, { state, source })
      return source
    }),
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
