import type { ReadableDatabase, WritableDatabase, WriteTransaction } from '../database.ts'
import { parseJson } from './json-column.ts'

/** What is said of runs from now on; what is left out stays as it was. */
export interface LabelChange {
  readonly addTags?: readonly string[] | undefined
  readonly removeTags?: readonly string[] | undefined
  readonly comment?: { readonly text: string; readonly append: boolean } | undefined
  readonly archived?: boolean | undefined
}

/** Runs that are removed but can still be had back are found by `RunLabels` alone. */
export interface RunLabels {
  /** One transaction. @returns the numbers of those that there are, in order, whether or not anything changed */
  label(runIds: readonly number[], change: LabelChange, at: number): Promise<number[]>
  /** Hides runs; their rows and files stay. Queued and running ones are left alone. @returns the numbers of those hidden */
  hide(runIds: readonly number[], at: number): Promise<number[]>
  /** @returns the numbers of those that came back: hidden, and not gone for good */
  restore(runIds: readonly number[]): Promise<number[]>
  /** The hidden ones, the last hidden first. */
  removed(): Promise<RemovedRun[]>
  /**
   * Deletes the rows of what was hidden at `hiddenBefore` or earlier, a transaction for each run: some have hundreds of thousands.
   * Yields its number, whose files can go.
   */
  purge(hiddenBefore: number): AsyncGenerator<number, void, void>
}

export interface RemovedRun {
  readonly id: number
  readonly name: string
  readonly seed: number
  readonly removedAt: number
}

const IN = 'IN (SELECT value FROM json_each(?))'
const sortedIds = (rows: readonly { id: number }[]) => rows.map((row) => row.id).sort((a, b) => a - b)

export function createRunLabels(read: ReadableDatabase, write: WritableDatabase): RunLabels {
  return {
    label: (runIds, change, at) => write.transaction((tx) => labelRuns(tx, runIds, change, at)),
    hide: (runIds, at) =>
      write.transaction(async (tx) =>
        sortedIds(
          await tx.all<{ id: number }>(
            `UPDATE runs SET removed_at = ? WHERE id ${IN} AND removed_at IS NULL AND state NOT IN ('queued', 'running') RETURNING id`,
            [at, JSON.stringify(runIds)],
          ),
        ),
      ),
    restore: (runIds) =>
      write.transaction(async (tx) =>
        sortedIds(
          await tx.all<{ id: number }>(
            `UPDATE runs SET removed_at = NULL WHERE id ${IN} AND removed_at IS NOT NULL RETURNING id`,
            [JSON.stringify(runIds)],
          ),
        ),
      ),
    removed: () =>
      read.all<RemovedRun>(
        `SELECT id, name, seed, removed_at AS removedAt FROM runs WHERE removed_at IS NOT NULL ORDER BY removed_at DESC, id DESC`,
      ),
    async *purge(hiddenBefore) {
      const sql = `DELETE FROM runs WHERE id = (SELECT id FROM runs WHERE removed_at <= ? ORDER BY id LIMIT 1) RETURNING id`
      for (;;) {
        const gone = await write.transaction((tx) => tx.get<{ id: number }>(sql, [hiddenBefore]))
        if (!gone) return
        yield gone.id
      }
    },
  }
}

async function labelRuns(tx: WriteTransaction, runIds: readonly number[], change: LabelChange, at: number): Promise<number[]> {
  const wanted = JSON.stringify(runIds)
  const rows = await tx.all<{ id: number; tags: string; comment: string }>(
    `SELECT id, tags, comment FROM runs WHERE id ${IN} AND removed_at IS NULL ORDER BY id`,
    [wanted],
  )
  const { addTags = [], removeTags = [], comment, archived } = change
  const changed = rows.map((row) => ({
    id: row.id,
    tags: JSON.stringify(tagsAfter(parseJson<string[]>(row.tags), addTags, removeTags)),
    comment: comment ? commentAfter(row.comment, comment) : row.comment,
  }))
  await tx.run(
    `UPDATE runs SET tags = change.value ->> 'tags', comment = change.value ->> 'comment'
     FROM json_each(?) AS change WHERE runs.id = change.value ->> 'id'`,
    [JSON.stringify(changed)],
  )
  if (archived !== undefined) {
    // What is put away already keeps its day.
    const sql = `UPDATE runs SET archived_at = CASE WHEN ?1 THEN coalesce(archived_at, ?2) END
                 WHERE id IN (SELECT value FROM json_each(?3)) AND removed_at IS NULL`
    await tx.run(sql, [archived ? 1 : 0, at, wanted])
  }
  return rows.map((row) => row.id)
}

/** Sorted, each once. */
export function tagsAfter(tags: readonly string[], add: readonly string[], remove: readonly string[]): string[] {
  return [...new Set([...tags, ...add])].filter((tag) => !remove.includes(tag)).sort()
}

function commentAfter(before: string, { text, append }: { readonly text: string; readonly append: boolean }): string {
  return append && before !== '' ? `${before}\n${text}` : text
}
