import * as z from 'zod'
import type { Citation } from '../../contract/dto/benchmark.ts'

/** One table of a paper, as it stands in `resources/published/`. */
const publishedTable = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]+$/),
    paper: z.string().min(1),
    table: z.string().min(1),
    /** Null where the copy at hand has no page numbers. */
    page: z.string().nullable(),
    title: z.string().min(1),
    /** Why its figures may not be comparable. */
    caution: z.string().min(1).nullable(),
    columns: z
      .array(
        z.strictObject({
          /** Key of the data set. */
          data: z.string(),
          metric: z.string(),
          k: z.int().min(1),
          protocol: z.string(),
        }),
      )
      .min(1),
    rows: z.array(z.strictObject({ name: z.string().min(1), values: z.array(z.number().min(0).max(1).nullable()) })).min(1),
  })
  .refine(
    (table) => table.rows.every((row) => row.values.length === table.columns.length),
    'A row has a value or null for each column.',
  )
  .refine((table) => new Set(table.rows.map((row) => row.name)).size === table.rows.length, 'A name stands for one row.')
export type PublishedTable = z.infer<typeof publishedTable>

/** @throws when the file is not such a table: it ships with the program, so that this is a fault of the program */
export function readPublished(file: unknown): PublishedTable {
  return publishedTable.parse(file)
}

export function citationOf({ paper, table, page, caution }: PublishedTable): Citation {
  return { paper, table, page, caution }
}

/** What the tables print for a row of the paper; null where they print nothing. The first that prints something counts. */
export function publishedValue(
  tables: readonly PublishedTable[],
  name: string,
  wanted: { readonly data: string | null; readonly metric: string; readonly k: number; readonly protocol: string },
): number | null {
  for (const { columns, rows } of tables) {
    const at = columns.findIndex(
      ({ data, metric, k, protocol }) =>
        data === wanted.data && metric === wanted.metric && k === wanted.k && protocol === wanted.protocol,
    )
    const value = at < 0 ? null : rows.find((row) => row.name === name)?.values[at]
    if (value !== null && value !== undefined) return value
  }
  return null
}
