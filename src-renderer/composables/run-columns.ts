import type { RunSummary } from '../../src-main/contract/dto/run.ts'
import { formatAgo, formatDuration, formatInt, formatScore, formatValue, humanise } from './format.ts'
import { figureKey, figureOfKey, type RunFacts } from './run-facts.ts'
import { metricHead } from './results.ts'
import { runStates } from './run-state.ts'
import { runDuration } from './run-duration.ts'
import type { MetricDescriptor } from '../../src-main/contract/dto/evaluation.ts'

export type Key = string | number | null

/** One column that the table of runs can have. */
export interface RunColumn {
  readonly id: string
  readonly label: string
  /** For the list of columns and the tooltip of the head, where more is to be said than the label does. */
  readonly hint: string
  readonly group: 'Run' | 'Figures' | 'Parameters'
  readonly numeric: boolean
  /** Of a figure: its key. */
  readonly figure?: string
  readonly key: (run: RunSummary, facts: RunFacts) => Key
  readonly text: (run: RunSummary, facts: RunFacts, now: number) => string
}

type Fixed = Omit<RunColumn, 'group' | 'hint'> & { readonly hint?: string }
const plain = (id: string, label: string, of: (run: RunSummary) => string, hint = ''): Fixed => ({
  id,
  label,
  hint,
  numeric: false,
  key: of,
  text: of,
})
const count = (id: string, label: string, of: (run: RunSummary) => number): Fixed => ({
  id,
  label,
  numeric: true,
  key: of,
  text: (run) => formatInt(of(run)),
})

const fixed: readonly Fixed[] = [
  plain('name', 'Name', (run) => run.name),
  plain('model', 'Model', (run) => run.modelId),
  plain('preset', 'Preset', (run) => run.preset),
  plain('dataset', 'Data set', (run) => run.datasetName),
  plain('split', 'Split', (run) => run.split),
  count('seed', 'Seed', (run) => run.seed),
  plain('state', 'State', (run) => runStates[run.state].label),
  plain('tags', 'Tags', (run) => run.tags.join(', ')),
  plain('notes', 'Notes', (run) => run.comment),
  count('updates', 'Updates', (run) => run.updatesDone),
  {
    id: 'duration',
    label: 'Duration',
    numeric: true,
    // While a run is under way its duration grows with the clock; it counts as longer than every ended one.
    key: (run) =>
      run.startedAt === null
        ? null
        : run.endedAt === null
          ? Number.MAX_SAFE_INTEGER - run.startedAt
          : run.endedAt - run.startedAt,
    text: (run, _facts, now) => {
      const duration = runDuration(run, now)
      return duration === null ? '–' : formatDuration(duration)
    },
  },
  {
    id: 'created',
    label: 'Created',
    numeric: false,
    key: (run) => run.createdAt,
    text: (run, _facts, now) => formatAgo(run.createdAt, now),
  },
  { ...count('id', 'Number', (run) => run.id), hint: 'As the command line calls it', text: (run) => `#${run.id}` },
  plain('group', 'Group', (run) => run.group, 'Runs that were started together share it'),
  {
    id: 'executor',
    label: 'Executor',
    hint: 'What computed it',
    numeric: false,
    key: (run, facts) => facts.executor(run),
    text: (run, facts) => facts.executor(run),
  },
  {
    id: 'validation',
    label: 'Validation NDCG',
    hint: 'The last one seen while it trained',
    numeric: true,
    key: (run) => run.validationNdcg,
    text: (run) => formatScore(run.validationNdcg),
  },
]
const fixedById = new Map(fixed.map((column): [string, RunColumn] => [column.id, { hint: '', ...column, group: 'Run' }]))

const headline = { protocol: 'rerank-sequential', subset: 'full-length', k: 20 } as const
export const figureColumnId = (key: string) => `figure:${key}`
export const paramColumnId = (name: string) => `param:${name}`

/** What is shown until somebody chooses. */
export const defaultColumns: readonly string[] = [
  'name',
  'model',
  'preset',
  'dataset',
  'seed',
  'state',
  'tags',
  figureColumnId(figureKey({ ...headline, metric: 'precision' })),
  figureColumnId(figureKey({ ...headline, metric: 'ndcg' })),
  'updates',
  'duration',
  'created',
]
/** Names that addresses had before. */
const aliases: Readonly<Record<string, string>> = {
  precision20: figureColumnId(figureKey({ ...headline, metric: 'precision' })),
  ndcg20: figureColumnId(figureKey({ ...headline, metric: 'ndcg' })),
}

export const fixedColumns: readonly RunColumn[] = [...fixedById.values()]

/** What figures and protocols are called. */
export interface FigureTitles {
  metric(id: string): MetricDescriptor | undefined
  protocolTitle(id: string): string
}

/** @returns undefined for an id of no column */
export function columnOf(id: string, titles: FigureTitles): RunColumn | undefined {
  const known = aliases[id] ?? id
  if (known.startsWith('figure:')) return figureColumn(known.slice('figure:'.length), titles)
  if (known.startsWith('param:')) return paramColumn(known.slice('param:'.length))
  return fixedById.get(known)
}

function figureColumn(key: string, titles: FigureTitles): RunColumn | undefined {
  const figure = figureOfKey(key)
  if (!figure) return undefined
  const short = metricHead(titles.metric(figure.metric), figure.metric, figure.k).replace(/^Precision@/, 'P@')
  const protocol = figure.protocol === headline.protocol ? '' : ` · ${titles.protocolTitle(figure.protocol)}`
  const users = figure.subset === 'all' ? 'all users' : `users with at least ${figure.k} candidates`
  return {
    id: figureColumnId(key),
    label: `${short}${protocol}${figure.subset === 'all' ? ' · all users' : ''}`,
    hint: `${titles.protocolTitle(figure.protocol)}, ${users}`,
    group: 'Figures',
    numeric: true,
    figure: key,
    key: (run, facts) => facts.figure(run, key),
    text: (run, facts) => formatScore(facts.figure(run, key)),
  }
}

function paramColumn(name: string): RunColumn {
  return {
    id: paramColumnId(name),
    label: humanise(name),
    hint: name,
    group: 'Parameters',
    numeric: true,
    key: (run, facts) => {
      const value = facts.param(run, name)
      return value === undefined ? null : typeof value === 'number' ? value : String(value)
    },
    text: (run, facts) => {
      const value = facts.param(run, name)
      return value === undefined ? '–' : typeof value === 'number' ? formatValue(value) : String(value)
    },
  }
}

/** Whether a table of these columns needs parameters or executors. */
export function needsSettings(columns: readonly RunColumn[]): boolean {
  return columns.some((column) => column.group === 'Parameters' || column.id === 'executor')
}
