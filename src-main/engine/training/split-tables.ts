import { PalateError } from '../../contract/errors.ts'
import { selectRows, type InteractionTable } from '../data/interaction-table.ts'
import { makeSplit, parseSplit } from '../data/splits.ts'
import { requireFiniteRatings } from './finite-data.ts'

/** Both sides of a run's split as tables of their own: what learns is given the first and never the second. */
export interface SplitTables {
  readonly text: string
  readonly hash: string
  readonly train: InteractionTable
  readonly test: InteractionTable
}

/** @throws PalateError DATA_UNSUITABLE when a rating is no finite number, a side would be empty, or a rating stands on both sides */
export function splitTables(table: InteractionTable, text: string, seed: number): SplitTables {
  requireFiniteRatings(table)
  const split = makeSplit(table, parseSplit(text, seed))
  const train = selectRows(table, split.trainRows)
  const test = selectRows(table, split.testRows)
  assertDisjoint(train, test)
  return { text: split.text, hash: split.hash, train, test }
}

/** The leakage check: no user's item may be both trained on and tested on. */
function assertDisjoint(train: InteractionTable, test: InteractionTable): void {
  const trained = new Set<number>()
  for (let row = 0; row < train.size; row++) trained.add(train.userIndex[row]! * train.itemCount + train.itemIndex[row]!)
  for (let row = 0; row < test.size; row++) {
    if (!trained.has(test.userIndex[row]! * test.itemCount + test.itemIndex[row]!)) continue
    throw new PalateError(
      'DATA_UNSUITABLE',
      `The split leaks: user index ${test.userIndex[row]} has rated item index ${test.itemIndex[row]} on both sides. ` +
        'Import the data again with one rating per user and item.',
      { reason: 'a pair of user and item stands on both sides of the split' },
    )
  }
}
