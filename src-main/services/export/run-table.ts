import type { ResultRowWithInterval } from '../../contract/dto/run.ts'
import type { StoredRun } from '../../storage/repositories/runs.ts'
import type { ProtocolDefinition } from '../../engine/core/protocol.ts'
import { protocols } from '../../engine/evaluation/protocols/catalogue.gen.ts'
import { runNotFound } from '../runs/run-errors.ts'
import type { Workspace } from '../workspace.ts'
import { csvChunks, type CsvCell } from './csv.ts'

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

/**
 * One line per run, oldest first: facts, then a column for every parameter that any of the runs has, then one for every
 * figure of the runs' own models (`<protocol>.<subset>.<metric>@<k>`, with "(not comparable)" after it where the protocol warns
 * of its figures). Floors have no column: they are rows of `results`.
 *
 * @param runIds these runs; undefined for all
 * @throws PalateError RUN_NOT_FOUND before the first chunk
 */
export async function* exportRunTable(
  { repositories }: Workspace,
  runIds: readonly number[] | undefined,
  formulaGuard: () => Promise<boolean>,
): AsyncGenerator<string, void, void> {
  const all = (await repositories.runs.list()).toSorted((a, b) => a.id - b.id)
  const missing = runIds?.find((runId) => !all.some((run) => run.id === runId))
  if (missing !== undefined) throw runNotFound(missing)
  const runs = runIds ? all.filter((run) => runIds.includes(run.id)) : all
  const results = await repositories.results.listMany(runs.map((run) => run.id))
  const figures = new Map(runs.map((run) => [run.id, figuresOf(run, results.get(run.id) ?? [])]))
  const params = [...new Set(runs.flatMap((run) => Object.keys(run.params)))].sort()
  const columns = [...new Set([...figures.values()].flatMap((values) => [...values.keys()]))].sort(byFigure)
  const header = [...facts.map(([name]) => name), ...params.map((name) => `param.${name}`), ...columns]
  const records = runs.map((run) => [
    ...facts.map(([, value]) => value(run)),
    ...params.map((name) => run.params[name]),
    ...columns.map((name) => figures.get(run.id)?.get(name)),
  ])
  yield* csvChunks(header, records, { formulaGuard: await formulaGuard() })
}

function figuresOf(run: StoredRun, rows: readonly ResultRowWithInterval[]): Map<string, number> {
  const own = rows.filter((row) => row.model === run.modelId)
  const badge = (protocol: string) => (warned.has(protocol) ? ' (not comparable)' : '')
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
