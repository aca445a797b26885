import { PalateError } from '../../contract/errors.ts'
import { firstNonFiniteIndex } from '../compute/finite.ts'
import type { InteractionTable } from '../data/interaction-table.ts'
import type { Embedding } from '../factorisation/embedding.ts'
import type { LinearBase } from '../factorisation/linear-base.ts'

/**
 * One NaN among the ratings would spread to every weight and show up as a divergence that nobody can explain.
 * @throws PalateError DATA_UNSUITABLE naming the first rating that is NaN or infinite
 */
export function requireFiniteRatings(table: InteractionTable): void {
  const row = firstNonFiniteIndex(table.rating)
  if (row < 0) return
  throw unsuitable(
    `Rating ${row + 1} of ${table.size} (user index ${table.userIndex[row]}, item index ${table.itemIndex[row]}) is ${table.rating[row]}, no finite number.`,
    'Correct or remove it and import the data again.',
    'a rating is no finite number',
  )
}

/**
 * Checks the tables that a learner reads in every update, once, before it starts.
 * @throws PalateError DATA_UNSUITABLE naming the first vector that holds NaN or an infinity
 */
export function requireFiniteTables(embedding: Embedding, base: LinearBase): void {
  const { width, itemCount, userCount } = embedding
  requireFiniteRows('item', embedding.items, width, itemCount + 1)
  requireFiniteRows('user', embedding.users, width, userCount)
  requireFiniteRows('base action of user', base.actions, width, userCount)
  requireFiniteRows('scale of user', base.scales, 1, userCount)
}

/** @param rowsPerTable how many rows a table of the embedding has: the reference comes first, then one for each fold */
function requireFiniteRows(what: string, values: Float32Array, width: number, rowsPerTable: number): void {
  const at = firstNonFiniteIndex(values)
  if (at < 0) return
  const row = Math.floor(at / width)
  const table = Math.floor(row / rowsPerTable)
  const where = table === 0 ? 'the reference table' : `the table of fold ${table - 1}`
  throw unsuitable(
    `The vectors cannot be trained on: ${what} index ${row % rowsPerTable} in ${where} has ${values[at]} at coordinate ${at % width}.`,
    'Raise the regularisation of the embedding and start again.',
    'an embedding vector is not finite',
  )
}

function unsuitable(what: string, remedy: string, reason: string): PalateError {
  return new PalateError('DATA_UNSUITABLE', `${what} ${remedy}`, { reason })
}
