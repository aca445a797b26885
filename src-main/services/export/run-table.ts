import type { CsvCell } from '../../contract/csv.ts'
import { protocolIdOf } from '../../contract/dto/protocol-text.ts'
import type { ResultRowWithInterval } from '../../contract/dto/run.ts'
import { PalateError } from '../../contract/errors.ts'
import type { StoredRun } from '../../storage/repositories/runs.ts'
import type { ProtocolDefinition } from '../../engine/core/protocol.ts'
import { protocols } from '../../engine/evaluation/protocols/catalogue.gen.ts'
import { runNotFound } from '../runs/run-errors.ts'
import type { Workspace } from '../workspace.ts'
import { csvChunks } from './csv.ts'

const facts: readonly [string, (run: StoredRun) => CsvCell][] = [
  ['id', (run) => run.id],
  ['name', (run) => run.name],
  ['group', (run) => run.group],
  ['dataset', (run) => run.datasetName],
  ['model', (run) => run.modelId],
  ['preset', (run) => run.preset],
  ['split', (run) => run.split],
  ['seed', (run) => run.seed],
  ['state', (run) => run.state],
  ['created', (run) => new Date(run.createdAt).toISOString()],
  ['duration seconds', (run) => Math.round(run.elapsedMs) / 1000],
  ['updates', (run) => run.updatesDone],
  ['executor', (run) => run.executor],
  ['device', (run) => run.device],
  ['executor versions', (run) => versionsText(run.executorVersions)],
  ['tags', (run) => run.tags.join(', ')],
  ['notes', (run) => run.comment],
  ['archived', (run) => (run.archivedAt === null ? '' : new Date(run.archivedAt).toISOString())],
]

const warned = new Set<string>(protocols.filter((protocol: ProtocolDefinition) => protocol.caution).map(({ id }) => id))

interface Column {
  readonly name: string
  readonly cell: (run: StoredRun) => CsvCell
}

export interface RunTableChoice {
  /** These runs; absent for all. */
  readonly runIds?: readonly number[] | undefined
  /** These columns in this order, by their heads; `ndcg@20` and `ndcg@20.all` are short for figures. Absent for all. */
  readonly columns?: readonly string[] | undefined
}

/**
 * One line per run, oldest first: facts, then a column for every parameter that any of the runs has, then one for every
 * figure of the runs' own models (`<protocol>.<subset>.<metric>@<k>`, with "(not comparable)" after it where the protocol warns
 * of its figures). Floors have no column: they are rows of `results`.
 *
 * @throws PalateError RUN_NOT_FOUND, or INPUT_INVALID for a column that there is not, before the first chunk
 */
export async function* exportRunTable(
  { repositories }: Workspace,
  { runIds, columns: chosen }: RunTableChoice,
  formulaGuard: () => Promise<boolean>,
): AsyncGenerator<string, void, void> {
  const all = (await repositories.runs.list()).toSorted((a, b) => a.id - b.id)
  const missing = runIds?.find((runId) => !all.some((run) => run.id === runId))
  if (missing !== undefined) throw runNotFound(missing)
  const runs = runIds ? all.filter((run) => runIds.includes(run.id)) : all
  const known = columnsOf(runs, await repositories.results.listMany(runs.map((run) => run.id)))
  const columns = chosen ? chosen.map((name) => columnNamed(known, name)) : known
  const records = runs.map((run) => columns.map(({ cell }) => cell(run)))
  yield* csvChunks(
    columns.map(({ name }) => name),
    records,
    { formulaGuard: await formulaGuard() },
  )
}

/** Every column that the table of these runs has. */
function columnsOf(
  runs: readonly StoredRun[],
  results: ReadonlyMap<number, readonly ResultRowWithInterval[]>,
): readonly Column[] {
  const figures = new Map(runs.map((run) => [run.id, figuresOf(run, results.get(run.id) ?? [])]))
  const params = [...new Set(runs.flatMap((run) => Object.keys(run.params)))].sort()
  const names = [...new Set([...figures.values()].flatMap((values) => [...values.keys()]))].sort(byFigure)
  return [
    ...facts.map(([name, cell]) => ({ name, cell })),
    ...params.map((name) => ({ name: `param.${name}`, cell: (run: StoredRun) => run.params[name] })),
    ...names.map((name) => ({ name, cell: (run: StoredRun) => figures.get(run.id)?.get(name) })),
  ]
}

const NOT_COMPARABLE = ' (not comparable)'

/** A column by its head, or a figure by the name that a search gives it. @throws PalateError INPUT_INVALID */
function columnNamed(known: readonly Column[], name: string): Column {
  const [, short, all] = /^([^.]+@\d+)(\.all)?$/.exec(name) ?? []
  const long = short === undefined ? name : `rerank-sequential.${all === undefined ? 'full-length' : 'all'}.${short}`
  const found = known.find((column) => column.name === long || column.name === long + NOT_COMPARABLE)
  if (found) return found
  const own = facts.map(([fact]) => fact).join(', ')
  const message = `These runs have no column "${name}". Columns are ${own}, parameters as param.gamma, and figures as rerank-oneshot.all.ndcg@20, of which ndcg@20 and ndcg@20.all are short for the sequential re-ranking.`
  throw new PalateError('INPUT_INVALID', message, { issues: [{ path: 'columns', message }] })
}

function figuresOf(run: StoredRun, rows: readonly ResultRowWithInterval[]): Map<string, number> {
  const own = rows.filter((row) => row.model === run.modelId)
  const badge = (protocol: string) => (warned.has(protocolIdOf(protocol)) ? NOT_COMPARABLE : '')
  return new Map(own.map((row) => [`${row.protocol}.${row.subset}.${row.metric}@${row.k}${badge(row.protocol)}`, row.value]))
}

/** As text, but @5 before @10. */
function byFigure(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}

/** `v8 13.6; kernels relaxed SIMD` */
function versionsText(versions: Readonly<Record<string, string>>): string {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join('; ')
}
