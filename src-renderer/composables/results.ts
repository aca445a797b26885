import type { ResultRowWithInterval } from '../../src-main/contract/dto/run.ts'
import { formatSigned } from './format.ts'
import type { MetricDescriptor } from '../../src-main/contract/dto/evaluation.ts'
import type { ModelDescriptor } from '../../src-main/contract/dto/model.ts'

export type Subset = 'all' | 'full-length'
export type Role = 'floor' | 'run' | 'ceiling'

export interface ResultCell {
  readonly value: number
  readonly low: number | null
  readonly high: number | null
}
export interface ResultLine {
  readonly model: string
  readonly role: Role
  readonly users: number
  readonly cells: ReadonlyMap<string, ResultCell>
}

/** A metric, and which of its values is the better one. */
export type OrderBy = Pick<MetricDescriptor, 'id' | 'better'>

/** The head of a column: with k where k matters. */
export function metricHead(metric: MetricDescriptor | undefined, id: string, k: number): string {
  return metric?.atK === false ? metric.title : `${metric?.title ?? id}@${k}`
}

/** The figures by which a run is known where it was not re-ranked: the first two that judge, as its results begin. */
export function ownFigures(
  rows: readonly ResultRowWithInterval[],
  runModel: string,
  metrics: readonly MetricDescriptor[],
): ResultRowWithInterval[] {
  const own = rows.filter((row) => row.model === runModel)
  const [protocol] = resultChoices(own).protocols
  const subset = own.some((row) => row.protocol === protocol && row.subset === 'full-length') ? 'full-length' : 'all'
  const chosen = own.filter((row) => row.protocol === protocol && row.subset === subset)
  const k = Math.max(...chosen.map((row) => row.k))
  const judges = (id: string) => metrics.some((metric) => metric.id === id && metric.better !== 'neither')
  const at = new Map(chosen.filter((row) => row.k === k && judges(row.metric)).map((row) => [row.metric, row]))
  return inReadingOrder(new Set(at.keys()))
    .slice(0, 2)
    .map((id) => at.get(id)!)
}

/** What a result table can be switched between. */
export function resultChoices(rows: readonly ResultRowWithInterval[]): { protocols: string[]; subsets: Subset[]; ks: number[] } {
  const distinct = <T>(values: T[]) => [...new Set(values)]
  return {
    protocols: distinct(rows.map((row) => row.protocol)),
    subsets: distinct(rows.map((row) => row.subset)).sort(),
    ks: distinct(rows.map((row) => row.k)).sort((a, b) => a - b),
  }
}

/**
 * One table: a line per model, floors first and from the weakest to the strongest, then the run, then the ceiling.
 *
 * @param runModel the model of the run itself; every other model is a floor unless `models` calls it a ceiling
 * @param orderBy  the metric by which the floors are ordered, and which of its values is the better one
 */
export function resultTable(
  rows: readonly ResultRowWithInterval[],
  choice: { protocol: string; subset: Subset; k: number },
  runModel: string,
  models: readonly ModelDescriptor[],
  orderBy: OrderBy = { id: 'ndcg', better: 'higher' },
): { metrics: string[]; lines: ResultLine[] } {
  const ceilings = new Set(models.filter((model) => model.kind === 'ceiling').map((model) => model.id))
  const chosen = rows.filter((row) => row.protocol === choice.protocol && row.subset === choice.subset && row.k === choice.k)
  const lines = new Map<string, { model: string; role: Role; users: number; cells: Map<string, ResultCell> }>()
  for (const row of chosen) {
    const role: Role = row.model === runModel ? 'run' : ceilings.has(row.model) ? 'ceiling' : 'floor'
    const line = lines.get(row.model) ?? { model: row.model, role, users: row.users, cells: new Map() }
    lines.set(row.model, line)
    line.cells.set(row.metric, { value: row.value, low: row.low, high: row.high })
  }
  const rank: Record<Role, number> = { floor: 0, run: 1, ceiling: 2 }
  const sorted = [...lines.values()].sort((a, b) => rank[a.role] - rank[b.role] || strength(a, orderBy) - strength(b, orderBy))
  return { metrics: inReadingOrder(new Set(chosen.map((row) => row.metric))), lines: sorted }
}

/** Grows with how good a line is; a line without a value is the weakest. */
function strength(line: ResultLine, { id, better }: OrderBy): number {
  const value = line.cells.get(id)?.value
  if (value === undefined) return Number.MIN_SAFE_INTEGER
  return better === 'lower' ? -value : value
}

const readingOrder = ['precision', 'recall', 'f1', 'ndcg', 'map', 'mrr', 'hit-rate', 'reward', 'rmse']

/** The metrics that every paper has first, in the order of the papers' tables; then the others as they come. */
export function inReadingOrder(metrics: ReadonlySet<string>): string[] {
  const known = readingOrder.filter((metric) => metrics.has(metric))
  return [...known, ...[...metrics].filter((metric) => !known.includes(metric))]
}

/**
 * Where the run stands between the strongest floor and the ceiling, in words that claim no more than the intervals allow.
 * @param titleOf the name of a model for people
 * @returns undefined when the table lacks the run or any floor, or the metric judges nothing
 */
export function verdict(
  lines: readonly ResultLine[],
  metric: OrderBy,
  titleOf: (model: string) => string,
): { text: string; tone: 'success' | 'neutral' | 'warning' } | undefined {
  const run = lines.find((line) => line.role === 'run')?.cells.get(metric.id)
  const floors = lines.filter((line) => line.role === 'floor' && line.cells.has(metric.id))
  const best = floors.reduce<ResultLine | undefined>(
    (top, line) => (top && strength(top, metric) >= strength(line, metric) ? top : line),
    undefined,
  )
  const floor = best?.cells.get(metric.id)
  if (!run || !best || !floor || metric.better === 'neither') return undefined
  const difference = run.value - floor.value
  const by = formatSigned(difference)
  const meaning = metric.better === 'lower' ? ' (lower is better)' : ''
  const against = `against the strongest floor, ${titleOf(best.model)}${meaning}`
  const apart =
    run.low !== null &&
    run.high !== null &&
    floor.low !== null &&
    floor.high !== null &&
    (run.low > floor.high || run.high < floor.low)
  if (!apart) {
    const known = run.low !== null && floor.low !== null
    const why = known ? 'the intervals overlap, so not told apart by this run alone' : 'without intervals nothing is told apart'
    return { text: `${by} ${against}: ${why}.`, tone: 'neutral' }
  }
  const good = metric.better === 'lower' ? difference < 0 : difference > 0
  const word = `${difference > 0 ? 'above' : 'below'} the strongest floor, ${titleOf(best.model)}${meaning}`
  return { text: `${by} ${word}; the intervals do not overlap.`, tone: good ? 'success' : 'warning' }
}
