import type {
  BenchmarkCell,
  BenchmarkColumn,
  BenchmarkProgress,
  BenchmarkRecipe,
  BenchmarkRole,
  BenchmarkRow,
  BenchmarkRowPlan,
  BenchmarkState,
  BenchmarkSummary,
  Citation,
} from '../../src-main/contract/dto/benchmark.ts'
import { plural } from './format.ts'
import type { Tone } from './run-state.ts'

interface Look {
  readonly label: string
  readonly icon: string
  readonly tone: Tone
  readonly doc: string
}

export const benchmarkStates: Readonly<Record<BenchmarkState, Look>> = {
  running: { label: 'Running', icon: 'i-lucide-activity', tone: 'primary', doc: 'Fills its cells now.' },
  interrupted: {
    label: 'Interrupted',
    icon: 'i-lucide-unplug',
    tone: 'warning',
    doc: 'Palate closed while it ran; it goes on from where its cells stood.',
  },
  cancelled: { label: 'Cancelled', icon: 'i-lucide-square', tone: 'neutral', doc: 'Stopped by you; what is done stays done.' },
  'out-of-time': {
    label: 'Out of time',
    icon: 'i-lucide-clock-alert',
    tone: 'info',
    doc: 'Its time was used up; start it again to go on.',
  },
  finished: { label: 'Finished', icon: 'i-lucide-circle-check', tone: 'success', doc: 'Every cell that can be filled is.' },
}

export const cellLooks: Readonly<Record<BenchmarkCell['state'], { label: string; icon: string; tone: Tone }>> = {
  waiting: { label: 'waits', icon: 'i-lucide-circle-dashed', tone: 'neutral' },
  running: { label: 'runs', icon: 'i-lucide-loader-circle', tone: 'primary' },
  done: { label: 'done', icon: 'i-lucide-circle-check', tone: 'success' },
  failed: { label: 'failed', icon: 'i-lucide-circle-x', tone: 'error' },
  paused: { label: 'paused', icon: 'i-lucide-circle-pause', tone: 'info' },
  unavailable: { label: 'cannot be filled', icon: 'i-lucide-circle-minus', tone: 'neutral' },
}

export const roleTexts: Readonly<Record<BenchmarkRole, string>> = {
  policy: 'Policy',
  static: 'Static',
  floor: 'Floor',
  ceiling: 'Ceiling',
  published: 'Paper only',
}

/** Columns of one protocol and the same users, which stand in sight together. */
export interface ColumnGroup {
  readonly id: string
  readonly protocol: string
  readonly subset: BenchmarkColumn['subset']
  readonly columns: readonly { readonly column: BenchmarkColumn; readonly at: number }[]
}

/** In the order of the columns; `at` is a column's place among all of them, where its figures stand. */
export function columnGroups(columns: readonly BenchmarkColumn[]): ColumnGroup[] {
  const placed = columns.map((column, at) => ({ column, at }))
  return [...Map.groupBy(placed, ({ column }) => `${column.protocol} ${column.subset}`)].map(([id, members]) => ({
    id,
    protocol: members[0]!.column.protocol,
    subset: members[0]!.column.subset,
    columns: members,
  }))
}

/** Whether two states of a benchmark may have different figures: a cell has been filled, or has failed. */
export function figuresMayDiffer(before: BenchmarkProgress, after: BenchmarkProgress): boolean {
  const settled = ({ cells }: BenchmarkProgress) =>
    cells.map(({ row, seed, state }) => `${row} ${seed} ${state === 'done' || state === 'failed' ? state : ''}`).join('\n')
  return before.state !== after.state || settled(before) !== settled(after)
}

/** The cells of each row, by its id. */
export function cellsByRow(cells: readonly BenchmarkCell[]): ReadonlyMap<string, readonly BenchmarkCell[]> {
  return Map.groupBy(cells, (cell) => cell.row)
}

/** "2 of 5 seeds done, 1 runs, 1 failed": what the marks of a row say, in words. */
export function cellsText(cells: readonly BenchmarkCell[]): string {
  const count = (state: BenchmarkCell['state']) => cells.filter((cell) => cell.state === state).length
  const rest = (['running', 'paused', 'failed'] as const).flatMap((state) =>
    count(state) > 0 ? [`${count(state)} ${cellLooks[state].label}`] : [],
  )
  return [`${count('done')} of ${plural(cells.length, 'seed')} done`, ...rest].join(', ')
}

/** Time that cells have computed, pauses left out, in milliseconds. */
export function workDone(cells: readonly BenchmarkCell[]): number {
  return cells.reduce((sum, cell) => sum + (cell.durationMs ?? 0), 0)
}

/** 0..1 of the cells that can be filled; a cell at work counts by its share. */
export function shareFilled({ cells, cellsTotal }: BenchmarkProgress): number {
  if (cellsTotal === 0) return 0
  const ended = (cell: BenchmarkCell) => cell.state === 'done' || cell.state === 'failed'
  const sum = cells.reduce((all, cell) => all + (ended(cell) ? 1 : cell.state === 'unavailable' ? 0 : cell.share), 0)
  return Math.min(1, sum / cellsTotal)
}

/** Whether ours and the paper's figure can be told apart: the published value lies outside our interval. */
export function againstPublished({ published, mean, low, high }: BenchmarkRow['figures'][number]): 'above' | 'below' | undefined {
  if (published === null || mean === null || low === null || high === null) return undefined
  return published < low ? 'above' : published > high ? 'below' : undefined
}

/** Rows that can be chosen: floors, ceiling and what only the paper has are always there. */
export function choosableRows(recipe: BenchmarkRecipe) {
  return recipe.rows.filter((row) => row.unavailable === null && (row.role === 'policy' || row.role === 'static'))
}

/** The data sets of the workspace that a recipe is about, and the newest benchmark on each. */
export function benchmarkTargets(recipe: BenchmarkRecipe): { id: number; name: string; started: BenchmarkSummary | undefined }[] {
  const present = recipe.data.flatMap((data) => data.datasets)
  const unique = [...new Map(present.map((dataset) => [dataset.id, dataset])).values()]
  return unique.map(({ id, name }) => ({ id, name, started: recipe.started.find((one) => one.datasetId === id) }))
}

/** "Table 2, page 7" */
function placeOf({ table, page }: Citation): string {
  return page === null ? table : `${table}, page ${page}`
}

/** Each paper once, with the places of its tables. */
export function papersOf(citations: readonly Citation[]): { paper: string; places: string; cautions: string[] }[] {
  return [...Map.groupBy(citations, (citation) => citation.paper)].map(([paper, of]) => ({
    paper,
    places: of.map(placeOf).join('; '),
    cautions: [...new Set(of.flatMap(({ caution }) => caution ?? []))],
  }))
}

/** A row in words of its own: several rows may be one model in several presets. */
export function rowTitle({ title, preset }: Pick<BenchmarkRowPlan, 'title' | 'preset'>): string {
  return preset === null || preset === 'default' || title.includes(preset) ? title : `${title}, ${preset}`
}
