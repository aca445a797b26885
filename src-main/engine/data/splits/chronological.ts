import { PalateError } from '../../../contract/errors.ts'
import { groupByUserInTime } from '../by-user.ts'
import type { InteractionTable } from '../interaction-table.ts'

/**
 * Of each user's n ratings the first max(1, round(share n)) in time train, the later ones test. Equal times keep the order of
 * the table. A user with one rating trains only. No randomness.
 *
 * @returns 1 for each row that trains
 * @throws PalateError DATA_UNSUITABLE when no user has enough ratings for a test side
 */
export function chronologicalTrainRows(table: InteractionTable, share: number): Uint8Array {
  const { start, rows } = groupByUserInTime(table)
  const trains = new Uint8Array(table.size)
  let tests = 0
  for (let user = 0; user < table.userCount; user++) {
    const count = start[user + 1]! - start[user]!
    const trainCount = Math.min(count, Math.max(1, Math.round(count * share)))
    for (let i = 0; i < trainCount; i++) trains[rows[start[user]! + i]!] = 1
    tests += count - trainCount
  }
  if (tests > 0) return trains
  throw new PalateError(
    'DATA_UNSUITABLE',
    `No user has enough ratings for chronological:${share}: nobody would have a test rating. Import more data or choose a smaller share.`,
    { reason: 'too few ratings for the split' },
  )
}
