import type { RunSummary } from '../../src-main/contract/dto/run.ts'
import { runStates } from './run-state.ts'

export const runColumns = {
  name: 'Name',
  model: 'Model',
  preset: 'Preset',
  dataset: 'Data set',
  split: 'Split',
  seed: 'Seed',
  state: 'State',
  precision20: 'P@20',
  ndcg20: 'NDCG@20',
  updates: 'Updates',
  duration: 'Duration',
  created: 'Created',
} as const
export type RunColumn = keyof typeof runColumns
export type Direction = 'asc' | 'desc'

/** Milliseconds from start to end, or to `now` while it runs; null before it starts. */
export function runDuration(run: RunSummary, now: number): number | null {
  return run.startedAt === null ? null : Math.max(0, (run.endedAt ?? now) - run.startedAt)
}

/** What a run is called where several stand together; its seed is told unless the name tells it. */
export function runLabel(run: Pick<RunSummary, 'name' | 'seed'>): string {
  return new RegExp(`seed ${run.seed}\\b`).test(run.name) ? run.name : `${run.name} · seed ${run.seed}`
}

type Key = string | number | null
const keys: Record<RunColumn, (run: RunSummary) => Key> = {
  name: (run) => run.name,
  model: (run) => run.modelId,
  preset: (run) => run.preset,
  dataset: (run) => run.datasetName,
  split: (run) => run.split,
  seed: (run) => run.seed,
  state: (run) => runStates[run.state].label,
  precision20: (run) => run.precision20,
  ndcg20: (run) => run.ndcg20,
  updates: (run) => run.updatesDone,
  // While a run is under way its duration grows with the clock; it counts as longer than every ended one.
  duration: (run) =>
    run.startedAt === null ? null : run.endedAt === null ? Number.MAX_SAFE_INTEGER - run.startedAt : run.endedAt - run.startedAt,
  created: (run) => run.createdAt,
}
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** Sorted copy; runs without a value come last in both directions, ties are broken by id, the newest first. */
export function sortRuns(runs: readonly RunSummary[], column: RunColumn, direction: Direction): RunSummary[] {
  const key = keys[column]
  const sign = direction === 'asc' ? 1 : -1
  return [...runs].sort((a, b) => {
    const [x, y] = [key(a), key(b)]
    if (x === null || y === null) return x === y ? b.id - a.id : x === null ? 1 : -1
    const order = typeof x === 'number' && typeof y === 'number' ? x - y : collator.compare(String(x), String(y))
    return order === 0 ? b.id - a.id : sign * order
  })
}

/** Every word must occur in one of the run's texts. */
export function filterRuns(runs: readonly RunSummary[], text: string): RunSummary[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...runs]
  return runs.filter((run) => {
    const hay = [run.name, run.modelId, run.preset, run.datasetName, run.split, `seed ${run.seed}`, run.state, `#${run.id}`]
      .join(' ')
      .toLowerCase()
    return words.every((word) => hay.includes(word))
  })
}
