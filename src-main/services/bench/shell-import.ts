import { execFile } from 'node:child_process'
import { open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { PackedColumns } from '../../storage/repositories/packed-columns.ts'

const PIECE_ROWS = 50_000

/** @returns the version of the `sqlite3` shell on the path, or null when there is none */
export async function shellVersion(): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('sqlite3', ['--version'])
    return stdout.split(' ')[0] ?? null
  } catch {
    return null
  }
}

/** Writes the rows that Palate stored, as the shell imports them: numbers only, so that it has the least to do. */
export async function writeShellRows(path: string, { userIndex, itemIndex, rating, time }: PackedColumns): Promise<void> {
  const file = await open(path, 'w')
  try {
    for (let start = 0; start < rating.length; start += PIECE_ROWS) {
      let text = ''
      for (let row = start; row < Math.min(rating.length, start + PIECE_ROWS); row++) {
        text += `1,${userIndex[row]!},${itemIndex[row]!},${rating[row]!},${time[row]!}\n`
      }
      await file.write(text)
    }
  } finally {
    await file.close()
  }
}

/**
 * Lets the `sqlite3` shell import `csv` into the table and the two indexes that Palate keeps its ratings in, as durably.
 *
 * @param rows how many there are
 * @param folder for the script and the database, which are gone afterwards
 * @returns seconds of the whole process
 */
export async function shellImport(csv: string, rows: number, folder: string): Promise<number> {
  const script = join(folder, 'import.sql')
  const database = join(folder, 'shell.sqlite')
  await writeFile(
    script,
    `PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE interactions (dataset_id INTEGER NOT NULL, user_index INTEGER NOT NULL, item_index INTEGER NOT NULL,
  rating REAL NOT NULL, time REAL NOT NULL) STRICT;
.mode csv
.import "${csv}" interactions
CREATE INDEX interactions_by_user ON interactions (dataset_id, user_index);
CREATE INDEX interactions_by_item ON interactions (dataset_id, item_index);
`,
  )
  try {
    const startedAt = performance.now()
    const counting = 'SELECT count(*) FROM interactions'
    const { stdout } = await promisify(execFile)('sqlite3', ['-bail', '-init', script, database, counting])
    const seconds = (performance.now() - startedAt) / 1000
    if (Number(stdout.trim().split('\n').at(-1)) !== rows)
      throw new Error(`The sqlite3 shell did not import ${rows} rows: ${stdout}`)
    return seconds
  } finally {
    for (const ending of ['', '-wal', '-shm']) await rm(`${database}${ending}`, { force: true })
  }
}
