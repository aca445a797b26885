import type { ProtocolDescriptor } from '../../contract/dto/evaluation.ts'
import { protocolIdOf } from '../../contract/dto/protocol-text.ts'
import type { ResultRowWithInterval } from '../../contract/dto/run.ts'
import { textTable } from './text-table.ts'

/** By everything that names a row, so that the same work gives the same document byte by byte. */
export function sortRows(rows: readonly ResultRowWithInterval[]): ResultRowWithInterval[] {
  return rows.toSorted(
    (a, b) =>
      a.seed - b.seed ||
      compare(a.split, b.split) ||
      compare(a.protocol, b.protocol) ||
      compare(a.subset, b.subset) ||
      a.k - b.k ||
      compare(a.metric, b.metric) ||
      compare(a.model, b.model),
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Why figures of these rows must not be compared with others, by protocol: stands beside the rows in a document. */
export function cautionsOf(
  rows: readonly ResultRowWithInterval[],
  protocols: readonly Pick<ProtocolDescriptor, 'id' | 'caution'>[],
): Record<string, string> {
  const present = new Set(rows.map((row) => protocolIdOf(row.protocol)))
  return Object.fromEntries(protocols.flatMap(({ id, caution }) => (caution && present.has(id) ? [[id, caution]] : [])))
}

/**
 * One table per protocol, subset and k: models down, metrics across, means over the seeds.
 * @param protocols of the catalogue: where one warns of its figures, the warning stands above the table
 */
export function resultText(
  rows: readonly ResultRowWithInterval[],
  protocols: readonly Pick<ProtocolDescriptor, 'id' | 'caution'>[],
): string {
  const cautions = new Map(protocols.map(({ id, caution }) => [id, caution]))
  const tables = Map.groupBy(sortRows(rows), (row) => `${row.protocol}, ${subsetText(row.subset, row.k)}, k = ${row.k}`)
  return [...tables]
    .map(([title, tableRows]) => oneTable(title, cautions.get(protocolIdOf(tableRows[0]!.protocol)), tableRows))
    .join('\n\n')
}

/** Models from the weakest to the strongest by NDCG, by the reward of simulated users, or by the first metric where there is neither. */
function oneTable(title: string, caution: string | undefined, rows: readonly ResultRowWithInterval[]): string {
  const metrics = [...new Set(rows.map((row) => row.metric))]
  const models = [...Map.groupBy(rows, (row) => row.model)]
  const seeds = new Set(rows.map((row) => row.seed)).size
  const body = models.map(([model, modelRows]) => [
    model,
    ...metrics.map((metric) => mean(modelRows.filter((row) => row.metric === metric).map((row) => row.value))),
    Math.max(...modelRows.map((row) => row.users)),
  ])
  const column = 1 + Math.max(0, metrics.indexOf('ndcg'), metrics.indexOf('ndcg') < 0 ? metrics.indexOf('reward') : 0)
  const sorted = body.toSorted((a, b) => Number(a[column]) - Number(b[column]))
  const head = `${title}${seeds > 1 ? `, mean of ${seeds} seeds` : ''}${caution ? `\n${caution}` : ''}`
  return `${head}\n${textTable(['model', ...metrics, 'users'], sorted)}`
}

function subsetText(subset: 'all' | 'full-length', k: number): string {
  return subset === 'all' ? 'all users' : `users with at least ${k} candidates`
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
