import { PalateError } from '../../../contract/errors.ts'
import { Rng } from '../../core/rng.ts'
import type { InteractionTable } from '../interaction-table.ts'

/**
 * By rating, uniformly at random (mdrr-att section 5.3: 80 % train, 20 % evaluation).
 *
 * Consumes the stream "split" of the split's own seed, so that the same split serves any number of runs.
 * @returns 1 for each row that trains
 * @throws PalateError DATA_UNSUITABLE when either side would be empty
 */
export function randomTrainRows(table: InteractionTable, share: number, seed: number): Uint8Array {
  const trainSize = Math.round(table.size * share)
  if (trainSize === 0 || trainSize === table.size) {
    throw new PalateError(
      'DATA_UNSUITABLE',
      `The data set has ${table.size} ${table.size === 1 ? 'rating' : 'ratings'}: a split of ${share} leaves one side empty. Import more data or choose another share.`,
      { reason: 'too few ratings for the split' },
    )
  }
  const order = Int32Array.from({ length: table.size }, (_, row) => row)
  Rng.stream(seed, 'split').shuffle(order)
  const trains = new Uint8Array(table.size)
  for (let at = 0; at < trainSize; at++) trains[order[at]!] = 1
  return trains
}
