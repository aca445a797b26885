import type { RunSummary } from '../../src-main/contract/dto/run.ts'
import type { Key, RunColumn } from './run-columns.ts'
import type { RunFacts } from './run-facts.ts'
import { seedInterval } from './seed-interval.ts'

export type Direction = 'asc' | 'desc'

/** What a run is called where several stand together; its seed is told unless the name tells it. */
export function runLabel(run: Pick<RunSummary, 'name' | 'seed'>): string {
  return new RegExp(`seed ${run.seed}\\b`).test(run.name) ? run.name : `${run.name} · seed ${run.seed}`
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** Sorted copy; what has no value comes last in both directions, ties are broken by `newest`, the highest first. */
function sortBy<T>(rows: readonly T[], keyOf: (row: T) => Key, newest: (row: T) => number, direction: Direction): T[] {
  const sign = direction === 'asc' ? 1 : -1
  const keyed = rows.map((row) => ({ row, key: keyOf(row), id: newest(row) }))
  // Texts are many and alike: each is put in its place once, and places are compared instead of texts.
  const texts = [...new Set(keyed.flatMap(({ key }) => (typeof key === 'string' ? [key] : [])))].sort(collator.compare)
  const places = new Map<string, number>()
  texts.forEach((text, at) => {
    const before = texts[at - 1]
    const same = before !== undefined && collator.compare(before, text) === 0
    places.set(text, same ? places.get(before)! : at)
  })
  // Numbers stand before texts where a column has both.
  const numbers = keyed.map(({ row, key, id }) => ({
    row,
    id,
    rank: key === null || key === '' ? NaN : typeof key === 'string' ? places.get(key)! : key,
    text: typeof key === 'string' ? 1 : 0,
  }))
  numbers.sort((a, b) => {
    const [noA, noB] = [Number.isNaN(a.rank), Number.isNaN(b.rank)]
    if (noA || noB) return noA && noB ? b.id - a.id : noA ? 1 : -1
    const order = a.text - b.text || a.rank - b.rank
    return order === 0 ? b.id - a.id : sign * order
  })
  return numbers.map(({ row }) => row)
}

/** Sorted copy; runs without a value come last in both directions, ties are broken by id, the newest first. */
export function sortRuns(runs: readonly RunSummary[], column: RunColumn, direction: Direction, facts: RunFacts): RunSummary[] {
  return sortBy(
    runs,
    (run) => column.key(run, facts),
    (run) => run.id,
    direction,
  )
}

export interface RunGroup {
  readonly key: string
  /** At least two, in the order of the table. */
  readonly runs: readonly RunSummary[]
}
/** A line of the table: a run, or the head of a group of them, open or not. */
export type TableLine =
  | { readonly kind: 'run'; readonly key: string; readonly run: RunSummary; readonly inGroup: boolean }
  | { readonly kind: 'group'; readonly key: string; readonly group: RunGroup; readonly open: boolean }

export function runIdsOf(line: TableLine): number[] {
  return line.kind === 'run' ? [line.run.id] : line.group.runs.map((run) => run.id)
}

/** Of the runs of one model, version, preset and parameters on one data set and kind of split: they differ in chance alone. */
export function groupKey(run: RunSummary, facts: RunFacts): string {
  const made = facts.configuration(run) ?? `?${run.group}`
  return [run.datasetId, run.modelId, run.modelVersion, run.preset, made, run.split.replace(/@\d+$/, '')].join(' ')
}

/**
 * The lines of the table. Groups stand where the mean of their column puts them, a run without others stands alone, and the
 * runs of an open group follow their head.
 */
export function tableLines(
  runs: readonly RunSummary[],
  options: {
    readonly column: RunColumn
    readonly direction: Direction
    readonly facts: RunFacts
    readonly grouped: boolean
    readonly open: ReadonlySet<string>
  },
): TableLine[] {
  const { column, direction, facts, grouped, open } = options
  const lineOf = (run: RunSummary, inGroup: boolean): TableLine => ({ kind: 'run', key: `run ${run.id}`, run, inGroup })
  const sorted = sortRuns(runs, column, direction, facts)
  if (!grouped) return sorted.map((run) => lineOf(run, false))
  const groups = [...Map.groupBy(sorted, (run) => groupKey(run, facts))].map(([key, own]) => ({ key, runs: own }))
  const ordered = sortBy(
    groups,
    (group) => groupSortKey(group, column, facts),
    (group) => Math.max(...group.runs.map((run) => run.id)),
    direction,
  )
  return ordered.flatMap((group): TableLine[] => {
    const [only, second] = group.runs
    if (!second) return [lineOf(only!, false)]
    const head: TableLine = { kind: 'group', key: `group ${group.key}`, group, open: open.has(group.key) }
    return open.has(group.key) ? [head, ...group.runs.map((run) => lineOf(run, true))] : [head]
  })
}

function groupSortKey(group: RunGroup, column: RunColumn, facts: RunFacts): Key {
  if (column.id === 'created') return Math.max(...group.runs.map((run) => run.createdAt))
  const keys = group.runs.map((run) => column.key(run, facts)).filter((key) => key !== null)
  const numbers = keys.filter((key) => typeof key === 'number')
  if (numbers.length > 0 && numbers.length === keys.length) return numbers.reduce((sum, key) => sum + key, 0) / numbers.length
  return keys[0] ?? null
}

/** What a group's head says in a column. */
export type GroupCell =
  | {
      readonly kind: 'figure'
      readonly mean: number
      readonly low: number | null
      readonly high: number | null
      readonly n: number
    }
  | { readonly kind: 'text'; readonly text: string }

/** The mean with its interval over seeds where the column is a figure, else what the runs have in common. */
export function groupCell({ runs }: RunGroup, column: RunColumn, facts: RunFacts, now: number): GroupCell {
  if (column.figure !== undefined) {
    const values = runs.flatMap((run) => facts.figure(run, column.figure!) ?? [])
    return values.length === 0 ? { kind: 'text', text: '–' } : { kind: 'figure', ...seedInterval(values) }
  }
  const texts = [...new Set(runs.map((run) => column.text(run, facts, now)))]
  if (texts.length === 1) return { kind: 'text', text: texts[0]! }
  if (column.id === 'seed') return { kind: 'text', text: seedsText(runs.map((run) => run.seed)) }
  if (column.id === 'tags') return { kind: 'text', text: [...new Set(runs.flatMap((run) => run.tags))].sort().join(', ') }
  return { kind: 'text', text: column.id === 'created' || column.numeric ? '' : `${texts.length} values` }
}

/** `1–3, 7` */
export function seedsText(seeds: readonly number[]): string {
  const sorted = [...new Set(seeds)].sort((a, b) => a - b)
  const parts: string[] = []
  for (let start = 0; start < sorted.length;) {
    let end = start
    while (sorted[end + 1] === sorted[end]! + 1) end++
    parts.push(end - start > 1 ? `${sorted[start]}–${sorted[end]}` : sorted.slice(start, end + 1).join(', '))
    start = end + 1
  }
  return parts.join(', ')
}
