import type { RatingScale } from '../../src-main/contract/dto/dataset.ts'

export interface RatingBin {
  readonly from: number
  readonly to: number
  readonly count: number
}
export type Threshold = 'negativeTo' | 'positiveFrom'

/** Where thresholds stand on a histogram: between its bars where each is one rating, anywhere where bars are ranges. */
export interface ThresholdAxis {
  /** With bars for the ratings of the scale that nobody has given. */
  readonly bins: readonly RatingBin[]
  /** 0 (left edge) to 1. */
  positionOf(which: Threshold, value: number): number
  /** The nearest value that a threshold can take. */
  valueAt(which: Threshold, position: number): number
  /** `by` steps up or down from `value`. */
  step(which: Threshold, value: number, by: number): number
}

/** More bars would be too thin to be told apart. */
const mostBars = 60
/** Steps of a threshold across ranges. */
const rangeSteps = 100

export function thresholdAxis(histogram: readonly RatingBin[], scale: RatingScale): ThresholdAxis {
  return histogram.every((bin) => bin.from === bin.to) ? exactAxis(completed(histogram, scale)) : rangeAxis(histogram, scale)
}

/** What a bar stands for under `scale`. */
export function kindOfBin(bin: RatingBin, scale: RatingScale): 'positive' | 'negative' | 'neutral' {
  return bin.from >= scale.positiveFrom ? 'positive' : bin.to <= scale.negativeTo ? 'negative' : 'neutral'
}

/**
 * `scale` with one threshold moved to `value`, or as near to it as the other threshold and the ends of the scale allow.
 */
export function withThreshold(axis: ThresholdAxis, scale: RatingScale, which: Threshold, value: number): RatingScale {
  let wanted = Math.min(scale.max, Math.max(scale.min, value))
  const away = which === 'positiveFrom' ? 1 : -1
  const collides = (at: number) => (which === 'positiveFrom' ? at <= scale.negativeTo : at >= scale.positiveFrom)
  while (collides(wanted)) {
    const next = axis.step(which, wanted, away)
    if (next === wanted || next > scale.max || next < scale.min) return scale
    wanted = next
  }
  return { ...scale, [which]: wanted }
}

function exactAxis(bins: readonly RatingBin[]): ThresholdAxis {
  const count = bins.length
  const clamp = (which: Threshold, edge: number) =>
    which === 'positiveFrom' ? Math.min(count - 1, Math.max(0, edge)) : Math.min(count, Math.max(1, edge))
  /** Edge 0 lies before the first bar, edge `count` behind the last. */
  const edgeOf = (which: Threshold, value: number) =>
    bins.filter((bin) => (which === 'positiveFrom' ? bin.from < value : bin.to <= value)).length
  const valueOf = (which: Threshold, edge: number) => {
    const at = clamp(which, edge)
    return which === 'positiveFrom' ? bins[at]!.from : bins[at - 1]!.to
  }
  return {
    bins,
    positionOf: (which, value) => (count === 0 ? 0 : edgeOf(which, value) / count),
    valueAt: (which, position) => valueOf(which, Math.round(position * count)),
    step: (which, value, by) => (count === 0 ? value : valueOf(which, edgeOf(which, value) + by)),
  }
}

function rangeAxis(bins: readonly RatingBin[], scale: RatingScale): ThresholdAxis {
  const low = bins[0]!.from
  const high = bins.at(-1)!.to
  const step = niceStep((high - low) / rangeSteps)
  const nearest = (value: number) => {
    const at = Number((Math.round(value / step) * step).toPrecision(7))
    return Math.min(scale.max, Math.max(scale.min, at))
  }
  return {
    bins,
    positionOf: (_, value) => Math.min(1, Math.max(0, (value - low) / (high - low))),
    valueAt: (_, position) => nearest(low + position * (high - low)),
    step: (_, value, by) => nearest(value + by * step),
  }
}

/** 1, 2 or 5 times a power of ten, at least `atLeast`. */
function niceStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast))
  return (atLeast <= power ? 1 : atLeast <= 2 * power ? 2 : atLeast <= 5 * power ? 5 : 10) * power
}

function completed(histogram: readonly RatingBin[], { min, max }: RatingScale): RatingBin[] {
  const counts = new Map(histogram.map((bin) => [rounded(bin.from), bin.count]))
  for (const end of [min, max]) if (!counts.has(rounded(end))) counts.set(rounded(end), 0)
  const values = [...counts.keys()].sort((a, b) => a - b)
  const gaps = values.slice(1).map((value, at) => value - values[at]!)
  const step = gaps.reduce(commonStep)
  const first = values[0]!
  const bars = Math.round((values.at(-1)! - first) / step) + 1
  for (let bar = 0; bar < bars && bars <= mostBars; bar++) {
    const value = rounded(first + bar * step)
    if (!counts.has(value)) counts.set(value, 0)
  }
  return [...counts].sort(([a], [b]) => a - b).map(([value, count]) => ({ from: value, to: value, count }))
}

/** The largest step of which both are multiples, as near as ratings go. */
function commonStep(a: number, b: number): number {
  return b < 1e-4 ? a : commonStep(b, a % b)
}

/** Ratings come as 32-bit floats: 0.1 and 0.10000000149 are one. */
function rounded(value: number): number {
  return Number(value.toPrecision(7))
}
