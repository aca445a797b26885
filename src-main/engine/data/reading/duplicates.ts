import type { DuplicatesPolicy } from '../../../contract/dto/import-settings.ts'
import { groupRows } from '../by-user.ts'

export interface RatingColumns {
  readonly userIndex: Int32Array
  readonly itemIndex: Int32Array
  readonly rating: Float32Array
  readonly time: Float64Array
  /** Where the source tells: 0 for none, else a code from 1. */
  readonly scenario?: Uint16Array | undefined
}

/**
 * Where a user rated an item more than once, `policy` says what stands: the last or the first row of the source; the last row
 * with the mean of all ratings ("mean"); or every row ("all"). Linear in rows, users and items; beside the columns it needs
 * five bytes a row.
 *
 * @param userCount above every userIndex, @param itemCount above every itemIndex
 * @returns `columns` itself when nothing is dropped, otherwise shorter copies in the same order
 */
export function resolveDuplicates(
  columns: RatingColumns,
  policy: DuplicatesPolicy,
  userCount: number,
  itemCount: number,
): RatingColumns {
  if (policy === 'all') return columns
  const { dropped, kept, means } = compared(columns, policy, userCount, itemCount)
  const size = columns.rating.length
  if (kept === size) return columns
  const userIndex = new Int32Array(kept)
  const itemIndex = new Int32Array(kept)
  const rating = new Float32Array(kept)
  const time = new Float64Array(kept)
  const scenario = columns.scenario && new Uint16Array(kept)
  for (let row = 0, at = 0; row < size; row++) {
    if (dropped[row] === 1) continue
    userIndex[at] = columns.userIndex[row]!
    itemIndex[at] = columns.itemIndex[row]!
    rating[at] = means?.get(row) ?? columns.rating[row]!
    time[at] = columns.time[row]!
    if (scenario) scenario[at] = columns.scenario![row]!
    at++
  }
  return { userIndex, itemIndex, rating, time, ...(scenario ? { scenario } : {}) }
}

interface Compared {
  /** 1 where another row stands for the row. */
  readonly dropped: Uint8Array
  /** How many are not dropped. */
  readonly kept: number
  /** The means of rows that stand for several, where means are wanted. */
  readonly means: ReadonlyMap<number, number> | null
}

/** Goes through the rows user by user, so that it only has to remember which items this one user rated. */
function compared(columns: RatingColumns, policy: DuplicatesPolicy, userCount: number, itemCount: number): Compared {
  const { start, rows } = groupRows(columns.userIndex, userCount)
  const dropped = new Uint8Array(rows.length)
  // Of each item: the row that stands, plus one, of the user who rated it last.
  const standing = new Int32Array(itemCount)
  const repeated = policy === 'mean' ? new Map<number, { sum: number; count: number }>() : null
  let kept = rows.length
  for (let user = 0; user < userCount; user++) {
    const from = start[user]!
    const to = start[user + 1]!
    for (let step = 0; step < to - from; step++) {
      const row = rows[policy === 'first' ? from + step : to - 1 - step]!
      const item = columns.itemIndex[row]!
      const held = standing[item]! - 1
      if (held < 0 || columns.userIndex[held] !== user) {
        standing[item] = row + 1
        continue
      }
      dropped[row] = 1
      kept--
      if (!repeated) continue
      const mean = repeated.get(held) ?? { sum: columns.rating[held]!, count: 1 }
      repeated.set(held, { sum: mean.sum + columns.rating[row]!, count: mean.count + 1 })
    }
  }
  const means = repeated && new Map([...repeated].map(([row, { sum, count }]) => [row, sum / count]))
  return { dropped, kept, means }
}
