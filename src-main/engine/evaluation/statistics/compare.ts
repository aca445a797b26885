import type { Verdict } from '../../../contract/dto/evaluation.ts'
import { Rng } from '../../core/rng.ts'
import { holm } from './holm.ts'
import { percentileInterval, type Interval } from './interval.ts'
import { interquartileMean } from './interquartile-mean.ts'
import { differenceOf, meanOf, usersWithValue, type Measured } from './measured.ts'
import { bootstrapP } from './paired-bootstrap.ts'
import { resamples } from './resamples.ts'
import { verdictOf } from './verdict.ts'
import { weightedMean } from './weighted-mean.ts'

/** Enough for the third decimal of a p value near .05, and for 40 pairs to be able to pass Holm's correction. */
const SAMPLES = 4000

export interface Estimate extends Interval {
  readonly mean: number
  readonly interquartileMean: number
  readonly users: number
}

export interface PairResult extends Interval {
  /** Positions of the two; the difference is a's mean minus b's, over the trials and users that both have. */
  readonly a: number
  readonly b: number
  readonly difference: number
  /** Users with a value in both. */
  readonly users: number
  /** Null below two users: nothing can be tested. */
  readonly p: number | null
  readonly correctedP: number | null
  readonly verdict: Verdict
}

/**
 * Compares models measured on the same trials and users: means, and for every pair the paired difference, each with a 95 %
 * bootstrap interval over trials and users; p values of the pairs by the paired bootstrap, corrected after Holm.
 *
 * The test is the paired bootstrap and not a rank test, because it asks about the very figure that is shown, the difference of
 * the means, counts chance of seeds and of users together, and takes ties (users whose lists score the same) as they are.
 * With a handful of users or seeds its p values are somewhat too small, as all bootstrap intervals are then too narrow.
 *
 * Consumes the stream "compare" of the seed, once for all models and pairs, so that the noise of the draws is theirs in common.
 * Yields after each few samples, so that the caller can attend to others.
 *
 * @param measured    all of one shape
 * @param sampleCount bootstrap samples; fewer make the p values coarser
 */
export function* compareMeasured(
  measured: readonly Measured[],
  seed: number,
  sampleCount = SAMPLES,
): Generator<void, { models: Estimate[]; pairs: PairResult[] }> {
  const pairs = measured.flatMap((_, a) => measured.slice(a + 1).map((_, next) => ({ a, b: a + 1 + next })))
  const differences = pairs.map(({ a, b }) => differenceOf(measured[a]!, measured[b]!))
  const samples = yield* sampleMeans([...measured, ...differences], seed, sampleCount)
  const models = measured.map((own, at) => ({
    mean: meanOf(own),
    interquartileMean: interquartileMean(own.values),
    users: usersWithValue(own),
    ...intervalOf(own, samples[at]!),
  }))
  return { models, pairs: testedPairs(pairs, differences, samples.slice(measured.length)) }
}

/**
 * Tests chosen pairs only, as one family: each by the mean difference over the trials and users that both of it have. As
 * `compareMeasured` otherwise.
 *
 * @param pairs all tables of one shape; positions in the result are those of the pairs' own `a` and `b`
 */
export function* testPairs(
  pairs: readonly { readonly a: Measured; readonly b: Measured }[],
  seed: number,
  sampleCount = SAMPLES,
): Generator<void, Omit<PairResult, 'a' | 'b'>[]> {
  const differences = pairs.map(({ a, b }) => differenceOf(a, b))
  const samples = yield* sampleMeans(differences, seed, sampleCount)
  return testedPairs(
    pairs.map(() => ({})),
    differences,
    samples,
  )
}

/**
 * Figures of one metric for several models: each the combination of the means of its tables (one table, as a rule), with the 95 %
 * bootstrap interval over trials and users. Consumes as `compareMeasured`.
 *
 * @param models each with as many tables as `combine` takes, all of one shape
 */
export function* estimateFigures(
  models: readonly (readonly Measured[])[],
  combine: (means: readonly number[]) => number,
  seed: number,
  sampleCount: number,
): Generator<void, Omit<Estimate, 'interquartileMean'>[]> {
  const samples = yield* sampleMeans(models.flat(), seed, sampleCount)
  let next = 0
  return models.map((tables) => {
    const drawn = samples.slice(next, (next += tables.length))
    const combined = Float64Array.from({ length: sampleCount }, (_, at) => combine(drawn.map((means) => means[at]!)))
    const users = Math.max(...tables.map(usersWithValue))
    return { mean: users === 0 ? NaN : combine(tables.map(meanOf)), users, ...intervalOf(tables[0]!, combined) }
  })
}

function testedPairs<P extends object>(pairs: readonly P[], differences: readonly Measured[], samples: readonly Float64Array[]) {
  const tested = differences.map((own, at) => {
    const drawn = samples[at]!
    const users = usersWithValue(own)
    const difference = meanOf(own)
    const p = users < 2 ? null : bootstrapP(difference, drawn)
    return { ...pairs[at]!, difference, users, p, ...intervalOf(own, drawn) }
  })
  const corrected = holm(tested.flatMap(({ p }) => (p === null ? [] : [p])))
  let next = 0
  return tested.map((pair) => {
    const correctedP = pair.p === null ? null : corrected[next++]!
    return { ...pair, correctedP, verdict: verdictOf(pair.difference, correctedP) }
  })
}

/** The means of every table in the same bootstrap samples. */
function* sampleMeans(tables: readonly Measured[], seed: number, count: number): Generator<void, Float64Array[]> {
  const means = tables.map(() => new Float64Array(count))
  const [first] = tables
  if (!first) return means
  let sample = 0
  for (const drawn of resamples(first.trials, first.users, count, Rng.stream(seed, 'compare'))) {
    tables.forEach((table, at) => (means[at]![sample] = weightedMean(table, drawn)))
    sample++
    if (sample % 50 === 0) yield
  }
  return means
}

/** One user says nothing of others. */
function intervalOf(own: Measured, samples: Float64Array): Interval {
  return usersWithValue(own) < 2 ? { low: null, high: null } : percentileInterval(samples)
}
