import type { ComparedPair, Comparison, MetricDescriptor, Verdict } from '../../src-main/contract/dto/evaluation.ts'
import type { ModelDescriptor } from '../../src-main/contract/dto/model.ts'
import type { ResultRowWithInterval } from '../../src-main/contract/dto/run.ts'
import { resultChoices, type Subset } from './results.ts'

/** A contender's figure against the baseline's, over the users that both have. */
export interface AgainstBaseline {
  readonly difference: number
  readonly low: number | null
  readonly high: number | null
  readonly users: number
  readonly p: number | null
  readonly correctedP: number | null
  readonly verdict: Verdict
}

export interface CompareCell {
  readonly mean: number
  readonly low: number | null
  readonly high: number | null
  /** For rewards. */
  readonly interquartileMean: number | null
  /** Undefined for the baseline itself, for floors and ceiling, and for figures that no user has of its own. */
  readonly against: AgainstBaseline | undefined
}

export interface CompareLine {
  readonly label: string
  readonly model: string
  readonly role: 'contender' | 'floor' | 'ceiling'
  readonly isBaseline: boolean
  readonly runIds: readonly number[]
  readonly cells: ReadonlyMap<string, CompareCell>
}

export interface Figure {
  readonly protocol: string
  readonly subset: Subset
  readonly k: number
}

type Results = ReadonlyMap<number, readonly ResultRowWithInterval[]>

/** What all of the runs have been scored by. */
export function commonChoices(results: Results): ReturnType<typeof resultChoices> {
  const [first, ...others] = [...results.values()].map(resultChoices)
  if (!first) return { protocols: [], subsets: [], ks: [] }
  type Choices = typeof first
  const inAll = <T>(of: (one: Choices) => readonly T[]) =>
    of(first).filter((value) => others.every((one) => of(one).includes(value)))
  return { protocols: inAll((one) => one.protocols), subsets: inAll((one) => one.subsets), ks: inAll((one) => one.ks) }
}

/**
 * Metrics that can be tested, in the order of `metrics`: every user has a value of them, and all of the runs have been scored by
 * them (a run of an earlier version knows fewer).
 */
export function pairedMetrics(results: Results, figure: Figure, metrics: readonly MetricDescriptor[]): string[] {
  const scored = [...results.values()].map((rows) => new Set(rows.filter((row) => fits(row, figure)).map((row) => row.metric)))
  const inAll = (id: string) => scored.length > 0 && scored.every((known) => known.has(id))
  return metrics.filter((metric) => metric.perUser && inAll(metric.id)).map((metric) => metric.id)
}

/**
 * The table of models and metrics: the contenders in the order in which they were chosen, then floors and ceiling of the same
 * splits. A floor that is a contender as well stands there only.
 *
 * @param comparisons by metric; those that are not there yet leave their cells open
 * @param baseline    label of the contender that the others are compared with
 */
export function compareTable(
  comparisons: ReadonlyMap<string, Comparison>,
  results: Results,
  figure: Figure,
  baseline: string,
  models: readonly ModelDescriptor[],
): CompareLine[] {
  const [any] = comparisons.values()
  if (!any) return []
  const base = any.contenders.findIndex((one) => one.label === baseline)
  const lines = any.contenders.map(({ label, model, runIds }, at): CompareLine => {
    const cells = new Map<string, CompareCell>(meansOf(results, runIds, model, figure))
    for (const [metric, comparison] of comparisons) {
      const { mean, low, high, interquartileMean } = comparison.contenders[at]!
      cells.set(metric, { mean, low, high, interquartileMean, against: pairAgainst(comparison.pairs, at, base) })
    }
    return { label, model, role: 'contender', isBaseline: at === base, runIds, cells }
  })
  const taken = new Set(lines.map((line) => line.model))
  return [...lines, ...frameLines(any.contenders[0]!.runIds, results, figure, models, taken)]
}

/** Floors from the weakest to the strongest, then the ceiling: they are the same for all runs of a split. */
function frameLines(
  runIds: readonly number[],
  results: Results,
  figure: Figure,
  models: readonly ModelDescriptor[],
  taken: ReadonlySet<string>,
): CompareLine[] {
  const framing = models.filter((model) => (model.kind === 'floor' || model.kind === 'ceiling') && !taken.has(model.id))
  const lines = framing.flatMap(({ id, title, kind }): CompareLine[] => {
    const cells = new Map(meansOf(results, runIds, id, figure))
    const role = kind === 'ceiling' ? 'ceiling' : 'floor'
    return cells.size > 0 ? [{ label: title, model: id, role, isBaseline: false, runIds: [], cells }] : []
  })
  const rank = (line: CompareLine) => (line.role === 'ceiling' ? Infinity : (line.cells.get('ndcg')?.mean ?? 0))
  return lines.sort((a, b) => rank(a) - rank(b))
}

/** Means over runs, as they stand in the runs' own results; an interval only where there is one run. */
function meansOf(results: Results, runIds: readonly number[], model: string, figure: Figure): [string, CompareCell][] {
  const rows = runIds.flatMap((id) => (results.get(id) ?? []).filter((row) => row.model === model && fits(row, figure)))
  return [...Map.groupBy(rows, (row) => row.metric)].map(([metric, of]) => {
    const mean = of.reduce((sum, row) => sum + row.value, 0) / of.length
    const only = of.length === 1 ? of[0]! : { low: null, high: null }
    return [metric, { mean, low: only.low, high: only.high, interquartileMean: null, against: undefined }]
  })
}

function fits(row: ResultRowWithInterval, { protocol, subset, k }: Figure): boolean {
  return row.protocol === protocol && row.subset === subset && row.k === k
}

/** The pair of `at` and the baseline, seen from `at`: the tests know each pair once, in one direction. */
function pairAgainst(pairs: readonly ComparedPair[], at: number, base: number): AgainstBaseline | undefined {
  const pair = pairs.find(({ a, b }) => (a === at && b === base) || (a === base && b === at))
  if (!pair) return undefined
  const { users, p, correctedP } = pair
  if (pair.a === at)
    return { difference: pair.difference, low: pair.low, high: pair.high, users, p, correctedP, verdict: pair.verdict }
  const turned = { higher: 'lower', lower: 'higher', 'not distinguishable': 'not distinguishable' } as const
  const negated = (value: number | null) => (value === null ? null : 0 - value)
  return {
    difference: 0 - pair.difference,
    low: negated(pair.high),
    high: negated(pair.low),
    users,
    p,
    correctedP,
    verdict: turned[pair.verdict],
  }
}

/** The numbers of "1,2,3" in the address, each once. */
export function runIdsOf(text: string): number[] {
  return [...new Set(text.split(',').map(Number))].filter((id) => Number.isInteger(id) && id > 0)
}
