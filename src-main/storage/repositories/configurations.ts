import type {
  ConfigurationContent,
  ConfigurationDetail,
  ConfigurationSummary,
  ConfigurationVersion,
} from '../../contract/dto/configuration.ts'
import type { ParamValue } from '../../contract/params.ts'
import type { ReadableDatabase, WritableDatabase, WriteTransaction } from '../database.ts'
import { parseJson } from './json-column.ts'

export interface ConfigurationsRepository {
  /** @returns its number; null when the name is taken */
  insert(name: string, content: ConfigurationContent, at: number): Promise<number | null>
  addVersion(id: number, content: ConfigurationContent, at: number): Promise<void>
  /** The one changed last comes first. */
  list(): Promise<ConfigurationSummary[]>
  /** @returns null when there is none, or it was removed */
  get(id: number): Promise<ConfigurationDetail | null>
  /** @returns false when the name is taken */
  rename(id: number, name: string, at: number): Promise<boolean>
  /** @returns false when there is none */
  hide(id: number, at: number): Promise<boolean>
  /** Under a name that is free by now. @returns false when it is gone for good */
  restore(id: number): Promise<boolean>
  purge(hiddenBefore: number): Promise<void>
}

type VersionRow = Omit<ConfigurationVersion, 'params'> & { params: string }

const SUMMARIES = `
  SELECT c.id, c.name, c.created_at AS createdAt, c.changed_at AS changedAt, v.model_id AS model, v.version
  FROM configurations AS c JOIN configuration_versions AS v ON v.configuration_id = c.id
  WHERE c.removed_at IS NULL
    AND v.version = (SELECT max(version) FROM configuration_versions WHERE configuration_id = c.id)`

export function createConfigurationsRepository(read: ReadableDatabase, write: WritableDatabase): ConfigurationsRepository {
  return {
    insert: (name, content, at) =>
      write.transaction(async (tx) => {
        if (await isTaken(tx, name)) return null
        const sql = 'INSERT INTO configurations (name, created_at, changed_at) VALUES (?, ?, ?)'
        const { lastId } = await tx.run(sql, [name, at, at])
        await insertVersion(tx, lastId, content, at)
        return lastId
      }),
    addVersion: (id, content, at) =>
      write.transaction(async (tx) => {
        await insertVersion(tx, id, content, at)
        await tx.run('UPDATE configurations SET changed_at = ? WHERE id = ?', [at, id])
      }),
    list: () => read.all<ConfigurationSummary>(`${SUMMARIES} ORDER BY c.changed_at DESC, c.id DESC`),
    async get(id) {
      const summary = await read.get<ConfigurationSummary>(`${SUMMARIES} AND c.id = ?`, [id])
      if (!summary) return null
      const rows = await read.all<VersionRow>(
        `SELECT version, at, model_id AS model, model_version AS modelVersion, preset, params
         FROM configuration_versions WHERE configuration_id = ? ORDER BY version DESC`,
        [id],
      )
      const versions = rows.map((row) => ({ ...row, params: parseJson<Record<string, ParamValue>>(row.params) }))
      return { ...summary, versions }
    },
    rename: (id, name, at) =>
      write.transaction(async (tx) => {
        if (await isTaken(tx, name, id)) return false
        await tx.run('UPDATE configurations SET name = ?, changed_at = ? WHERE id = ?', [name, at, id])
        return true
      }),
    async hide(id, at) {
      const sql = 'UPDATE configurations SET removed_at = ? WHERE id = ? AND removed_at IS NULL'
      return (await write.run(sql, [at, id])).changes > 0
    },
    restore: (id) =>
      write.transaction(async (tx) => {
        const found = await tx.get<{ name: string }>('SELECT name FROM configurations WHERE id = ?', [id])
        if (!found) return false
        let name = found.name
        for (let copy = 2; await isTaken(tx, name, id); copy++) name = `${found.name} (${copy})`
        await tx.run('UPDATE configurations SET name = ?, removed_at = NULL WHERE id = ?', [name, id])
        return true
      }),
    async purge(hiddenBefore) {
      await write.run('DELETE FROM configurations WHERE removed_at <= ?', [hiddenBefore])
    },
  }
}

async function isTaken(tx: WriteTransaction, name: string, but = -1): Promise<boolean> {
  const sql = 'SELECT 1 AS taken FROM configurations WHERE name = ? AND removed_at IS NULL AND id <> ?'
  return (await tx.get(sql, [name, but])) !== undefined
}

async function insertVersion(tx: WriteTransaction, id: number, content: ConfigurationContent, at: number): Promise<void> {
  const { model, modelVersion, preset, params } = content
  await tx.run(
    `INSERT INTO configuration_versions (configuration_id, version, at, model_id, model_version, preset, params)
     SELECT ?, coalesce(max(version), 0) + 1, ?, ?, ?, ?, ? FROM configuration_versions WHERE configuration_id = ?`,
    [id, at, model, modelVersion, preset, JSON.stringify(params), id],
  )
}
