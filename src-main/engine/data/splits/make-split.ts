import { formatSplit, type SplitSpec } from '../../../contract/dto/split.ts'
import { hashColumns } from '../../core/hash.ts'
import type { InteractionTable } from '../interaction-table.ts'
import { chronologicalTrainRows } from './chronological.ts'
import { leaveLastTrainRows } from './leave-last.ts'
import { randomTrainRows } from './random.ts'
import { timeTrainRows } from './time.ts'

/** Which rows train and which test. Rows are row numbers of the table, ascending. */
export interface Split {
  readonly text: string
  readonly trainRows: Int32Array
  readonly testRows: Int32Array
  /** Of both row lists: equal hashes, equal split. */
  readonly hash: string
}

/**
 * Deals every row of the table to exactly one side.
 *
 * @throws PalateError DATA_UNSUITABLE when either side would be empty, or the data have no time to split by
 */
export function makeSplit(table: InteractionTable, spec: SplitSpec): Split {
  const trains = trainRowsOf(table, spec)
  const trainSize = trains.reduce((sum, one) => sum + one, 0)
  const trainRows = new Int32Array(trainSize)
  const testRows = new Int32Array(table.size - trainSize)
  let train = 0
  let test = 0
  for (let row = 0; row < table.size; row++) {
    if (trains[row]) trainRows[train++] = row
    else testRows[test++] = row
  }
  return { text: formatSplit(spec), trainRows, testRows, hash: hashColumns([trainRows, testRows]) }
}

function trainRowsOf(table: InteractionTable, spec: SplitSpec): Uint8Array {
  switch (spec.kind) {
    case 'random':
      return randomTrainRows(table, spec.share, spec.seed)
    case 'chronological':
      return chronologicalTrainRows(table, spec.share)
    case 'time':
      return timeTrainRows(table, spec.share)
    case 'leave-last':
      return leaveLastTrainRows(table, spec.count)
  }
}
