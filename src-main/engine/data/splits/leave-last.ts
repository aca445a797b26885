import { PalateError } from '../../../contract/errors.ts'
import { groupByUserInTime } from '../by-user.ts'
import type { InteractionTable } from '../interaction-table.ts'

/**
 * Of each user's ratings the last `count` in time test, the earlier ones train. Equal times keep the order of the table.
 * Users with no more than `count` ratings train only. No randomness.
 *
 * @returns 1 for each row that trains
 * @throws PalateError DATA_UNSUITABLE when no user has more than `count` ratings
 */
export function leaveLastTrainRows(table: InteractionTable, count: number): Uint8Array {
  const { start, rows } = groupByUserInTime(table)
  const trains = new Uint8Array(table.size).fill(1)
  let tests = 0
  for (let user = 0; user < table.userCount; user++) {
    const end = start[user + 1]!
    if (end - start[user]! <= count) continue
    for (let i = end - count; i < end; i++) trains[rows[i]!] = 0
    tests += count
  }
  if (tests > 0) return trains
  throw new PalateError(
    'DATA_UNSUITABLE',
    `No user has more than ${count} ratings: leave-last:${count} leaves nothing to test on. Import more data or leave out fewer.`,
    { reason: 'too few ratings for the split' },
  )
}
