import type { TimeKind } from '../../../contract/dto/dataset.ts'
import { PalateError } from '../../../contract/errors.ts'
import type { InteractionTable } from '../interaction-table.ts'

/**
 * One moment for all users: what was rated before it trains, the rest tests. Ratings of the same moment stay together, so that
 * the share is met as nearly as the times allow. No randomness.
 *
 * @returns 1 for each row that trains
 * @throws PalateError DATA_UNSUITABLE when the times cannot be compared between users, or leave one side empty
 */
export function timeTrainRows(table: InteractionTable, share: number): Uint8Array {
  requireRealTime(table.timeKind, share)
  const sorted = table.time.slice().sort()
  const cut = cutNear(sorted, Math.round(table.size * share))
  if (cut === null) {
    throw new PalateError(
      'DATA_UNSUITABLE',
      `All ${table.size} ratings were given at the same moment: time:${share} leaves one side empty. Import more data or choose random:${share}.`,
      { reason: 'too few ratings for the split' },
    )
  }
  const moment = sorted[cut]!
  const trains = new Uint8Array(table.size)
  for (let row = 0; row < table.size; row++) trains[row] = table.time[row]! < moment ? 1 : 0
  return trains
}

/** @throws PalateError DATA_UNSUITABLE unless the time column is a time that all users share */
export function requireRealTime(timeKind: TimeKind, share: number): void {
  if (timeKind === 'unix-seconds') return
  const what = timeKind === 'per-user-rank' ? "a rank within each user's own ratings" : 'the order of its file'
  throw new PalateError(
    'DATA_UNSUITABLE',
    `The data set does not say when its ratings were given, only ${what}: a split by time (time:${share}) cannot be made. Choose chronological:${share} or random:${share}.`,
    { reason: 'no real time' },
  )
}

/** The change of moment that is nearest to position `wanted`: from it on test. Null where nothing changes. */
function cutNear(sorted: Float64Array, wanted: number): number | null {
  for (let away = 0; away <= sorted.length; away++) {
    for (const at of [wanted - away, wanted + away]) {
      if (at > 0 && at < sorted.length && sorted[at - 1]! < sorted[at]!) return at
    }
  }
  return null
}
