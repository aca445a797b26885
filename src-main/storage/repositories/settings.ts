import type { ReadableDatabase, WritableDatabase } from '../database.ts'

export interface SettingsRepository {
  /** What was ever set, by key. */
  all(): Promise<Record<string, unknown>>
  /** Sets several at once. */
  set(values: Readonly<Record<string, unknown>>): Promise<void>
}

export function createSettingsRepository(read: ReadableDatabase, write: WritableDatabase): SettingsRepository {
  return {
    async all() {
      const rows = await read.all<{ key: string; value: string }>('SELECT key, value FROM settings ORDER BY key')
      return Object.fromEntries(rows.map(({ key, value }) => [key, JSON.parse(value) as unknown]))
    },
    set: (values) =>
      write.transaction(async (tx) => {
        for (const [key, value] of Object.entries(values)) {
          if (value === undefined) continue
          await tx.run('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)', [key, JSON.stringify(value)])
        }
      }),
  }
}
