import type { ModelDescriptor } from '../../src-main/contract/dto/model.ts'
import type { LineSeries, Level } from '../charts/line-option.ts'
import { floorName, smooth, type Curve } from './curve.ts'

export type XAxis = 'update' | 'time'
export type CurveSpec = ModelDescriptor['curves'][number]

export interface CurveSource {
  readonly name: string
  readonly color: string
  readonly dash: 'solid' | 'dashed' | 'dotted'
  readonly curves: ReadonlyMap<string, Curve>
}

/** The curves that any of `models` streams, each once, in the order in which they name them. */
export function curvesOf(models: readonly ModelDescriptor[]): CurveSpec[] {
  const byName = new Map<string, CurveSpec>()
  for (const model of models) for (const curve of model.curves) if (!byName.has(curve.name)) byName.set(curve.name, curve)
  return [...byName.values()]
}

/**
 * A run checks its policy on logged ratings or with simulated users, never on both: the curve of the other check stays away.
 * Before the first check it is that on logged ratings that is waited for.
 */
export function withoutIdleChecks(specs: readonly CurveSpec[], sources: readonly CurveSource[]): CurveSpec[] {
  const has = (name: string) => sources.some((source) => (source.curves.get(name)?.update.length ?? 0) > 0)
  const [logged, simulated] = [has('validationNdcg'), has('validationReward')]
  const idle = new Set([...(simulated && !logged ? ['validationNdcg'] : []), ...(simulated ? [] : ['validationReward'])])
  return specs.filter((spec) => !idle.has(spec.name))
}

/** The lines of one curve; smoothed ones have their raw values behind them, faint. */
export function linesOf(sources: readonly CurveSource[], name: string, xAxis: XAxis, smoothing: number): LineSeries[] {
  return sources.flatMap((source) => {
    const curve = source.curves.get(name)
    if (!curve || curve.update.length === 0) return []
    const xs = xAxis === 'update' ? curve.update : curve.elapsedMs
    const line = (values: readonly number[], faint: boolean): LineSeries => ({
      name: source.name,
      color: source.color,
      dash: source.dash,
      faint,
      points: xs.map((x, at) => [x, values[at]!] as const),
    })
    return smoothing > 0 && curve.value.length > 4
      ? [line(curve.value, true), line(smooth(curve.value, smoothing), false)]
      : [line(curve.value, false)]
  })
}

/**
 * The floors that belong to curve `name`: constant points named `floor/<model>/<metric>`. Runs on different splits have
 * different floors; then the mean is drawn and called so.
 */
export function levelsOf(
  sources: readonly CurveSource[],
  name: string,
  titleOf: (model: string) => string,
  wanted: (model: string) => boolean = () => true,
): Level[] {
  const values = new Map<string, number[]>()
  for (const source of sources) {
    for (const [pointName, curve] of source.curves) {
      const floor = floorName(pointName)
      const last = curve.value.at(-1)
      if (floor && wanted(floor.model) && last !== undefined && isFor(name, floor.metric))
        values.set(floor.model, [...(values.get(floor.model) ?? []), last])
    }
  }
  return [...values].map(([model, all]) => {
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length
    const differ = all.some((value) => Math.abs(value - mean) > 1e-9)
    return { name: differ ? `${titleOf(model)} ⌀` : titleOf(model), value: mean }
  })
}

function isFor(curve: string, metric: string): boolean {
  return curve === metric || curve.endsWith(`/${metric}`)
}
