import type { SqlValue, WriteTransaction } from '../database.ts'

/** Below SQLite's limit of 32,766 bound values in a statement. */
const MAX_BOUND_VALUES = 16_000

/**
 * Inserts `count` rows in few statements, as bound values, so that every double arrives with all its bits.
 *
 * @param head  for instance `INSERT INTO results (run_id, k)`
 * @param row   the values of row `index`, always `width` of them
 */
export async function insertRows(
  tx: WriteTransaction,
  head: string,
  width: number,
  count: number,
  row: (index: number) => readonly SqlValue[],
): Promise<void> {
  const perStatement = Math.floor(MAX_BOUND_VALUES / width)
  const marks = `(${Array.from({ length: width }, () => '?').join(',')})`
  for (let start = 0; start < count; start += perStatement) {
    const end = Math.min(count, start + perStatement)
    const values: SqlValue[] = []
    for (let index = start; index < end; index++) values.push(...row(index))
    await tx.run(`${head} VALUES ${Array.from({ length: end - start }, () => marks).join(',')}`, values)
  }
}
