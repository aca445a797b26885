import type { ModelDescriptor } from '../../src-main/contract/dto/model.ts'
import type { RunState } from '../../src-main/contract/dto/run.ts'
import type { Level } from '../charts/level-option.ts'
import type { LineSeries, Mark } from '../charts/line-option.ts'
import { firstFrom, floorName, smooth, valueAt, type Curve } from './curve.ts'

export type XAxis = 'update' | 'episode' | 'time'
export type CurveSpec = ModelDescriptor['curves'][number]

export interface SeedGroup {
  readonly key: string
  readonly label: string
}

/** A part of the x axis, in its own units. */
export type AxisWindow = readonly [from: number, to: number]

export interface CurveSource {
  /** Number of the run, as text. */
  readonly id?: string
  readonly name: string
  readonly color: string
  readonly dash: 'solid' | 'dashed' | 'dotted'
  readonly curves: ReadonlyMap<string, Curve>
  /** Runs that differ in their seed only share it. */
  readonly group?: SeedGroup
  readonly state?: RunState
}

/** How many episodes have been played at an update. */
export const episodesCurve = 'episodes'
/** A curve that counts epochs of the embedding, not gradient updates: it keeps an axis of its own. */
export const hasOwnAxis = (name: string) => name === 'embeddingLoss'

/** The curves that any of `models` streams, each once, in the order in which they name them; episodes are an axis, no picture. */
export function curvesOf(models: readonly ModelDescriptor[]): CurveSpec[] {
  const byName = new Map<string, CurveSpec>()
  for (const model of models) for (const curve of model.curves) if (!byName.has(curve.name)) byName.set(curve.name, curve)
  byName.delete(episodesCurve)
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

/** Where the points of a curve lie on the x axis; undefined where the run does not tell, as a static model tells no episodes. */
export function xsOf(source: CurveSource, name: string, xAxis: XAxis): readonly number[] | undefined {
  const curve = source.curves.get(name)
  if (!curve || curve.update.length === 0) return undefined
  if (xAxis === 'update' || hasOwnAxis(name)) return curve.update
  if (xAxis === 'time') return curve.elapsedMs
  const episodes = source.curves.get(episodesCurve)
  return episodes && episodes.update.length > 0
    ? curve.update.map((update) => valueAt(episodes.update, episodes.value, update))
    : undefined
}

interface MadeLines {
  readonly state: string
  readonly lines: LineSeries[]
}
/** Lines that were made of a curve before: whoever gets the same line again need not draw it again. */
const made = new WeakMap<Curve, Map<string, MadeLines>>()

/** The lines of one curve; smoothed ones have their raw values behind them, faint. */
export function linesOf(sources: readonly CurveSource[], name: string, xAxis: XAxis, smoothing: number): LineSeries[] {
  return sources.flatMap((source) => {
    const curve = source.curves.get(name)
    if (!curve) return []
    const known = made.get(curve) ?? new Map<string, MadeLines>()
    made.set(curve, known)
    const key = [source.id, source.name, source.color, source.dash, name, xAxis, smoothing].join('\n')
    // Curves grow in place, and a resumed run replaces their end.
    const state = [curve, source.curves.get(episodesCurve)]
      .map((one) => `${one?.update.length} ${one?.update.at(-1)} ${one?.value.at(-1)}`)
      .join()
    const earlier = known.get(key)
    if (earlier?.state === state) return earlier.lines
    const lines = linesOfOne(source, name, xAxis, smoothing, earlier?.lines)
    known.set(key, { state, lines })
    return lines
  })
}

function linesOfOne(
  source: CurveSource,
  name: string,
  xAxis: XAxis,
  smoothing: number,
  earlier?: readonly LineSeries[],
): LineSeries[] {
  const curve = source.curves.get(name)
  const xs = xsOf(source, name, xAxis)
  if (!curve || !xs) return []
  const line = (values: readonly number[], faint: boolean): LineSeries => ({
    ...(source.id === undefined ? {} : { id: `${source.id}${faint ? ' raw' : ''}` }),
    name: source.name,
    color: source.color,
    dash: source.dash,
    faint,
    points: pointsOf(xs, values, earlier?.find((one) => one.faint === faint)?.points),
  })
  return smoothing > 0 && curve.value.length > 4
    ? [line(curve.value, true), line(smooth(curve.value, smoothing), false)]
    : [line(curve.value, false)]
}

/** Points of a line; those of a shorter one that it goes on from are the same objects, for a curve under way grows all the time. */
function pointsOf(
  xs: readonly number[],
  values: readonly number[],
  earlier: LineSeries['points'] = [],
): (readonly [number, number])[] {
  const last = earlier.length - 1
  const same = (at: number) => earlier[at]![0] === xs[at] && earlier[at]![1] === values[at]
  // A resumed run replaces the end of its curve, and other smoothing every value.
  const kept = last >= 0 && last < xs.length && same(0) && same(last >> 1) && same(last) ? earlier : []
  const points = kept.slice()
  for (let at = kept.length; at < xs.length; at++) points.push([xs[at]!, values[at]!])
  return points
}

/**
 * What happened on a curve: the best of the checks on held-out users, whose weights a run keeps, and the last point of a run that
 * diverged.
 */
export function marksOf(sources: readonly CurveSource[], name: string, xAxis: XAxis): Mark[] {
  return sources.flatMap((source): Mark[] => {
    const curve = source.curves.get(name)
    const xs = xsOf(source, name, xAxis)
    if (!curve || !xs) return []
    const mark = (at: number, what: string, symbol: Mark['symbol']): Mark => ({
      name: `${source.name}: ${what}`,
      x: xs[at]!,
      y: curve.value[at]!,
      color: source.color,
      symbol,
    })
    const best = () => curve.value.reduce((top, value, at) => (value > curve.value[top]! ? at : top), 0)
    return [
      ...(name.startsWith('validation') ? [mark(best(), 'best check', 'diamond')] : []),
      ...(source.state === 'diverged' && !hasOwnAxis(name) ? [mark(xs.length - 1, 'diverged', 'cross')] : []),
    ]
  })
}

/** From the first point of all curves to the last, so that charts under one another agree; undefined without two points. */
export function extentOfAll(
  sources: readonly CurveSource[],
  names: readonly string[],
  xAxis: XAxis,
): [number, number] | undefined {
  let [low, high] = [Infinity, -Infinity]
  for (const source of sources)
    for (const name of names.filter((one) => !hasOwnAxis(one))) {
      const xs = xsOf(source, name, xAxis)
      if (xs) [low, high] = [Math.min(low, xs[0]!), Math.max(high, xs.at(-1)!)]
    }
  return high > low ? [low, high] : undefined
}

/** The updates that a run made within a window of the x axis, with one point more on either side; by its longest curve. */
export function updatesIn(source: CurveSource, [from, to]: AxisWindow, xAxis: XAxis): [number, number] | undefined {
  const names = [...source.curves].sort(([, a], [, b]) => b.update.length - a.update.length).map(([name]) => name)
  const name = names.find((one) => xsOf(source, one, xAxis))
  const xs = name === undefined ? undefined : xsOf(source, name, xAxis)
  const updates = name === undefined ? undefined : source.curves.get(name)?.update
  if (!xs || !updates) return undefined
  const first = Math.max(0, firstFrom(xs, from) - 1)
  const last = Math.min(updates.length - 1, firstFrom(xs, to))
  return [updates[first]!, updates[last]!]
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
