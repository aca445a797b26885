import { readArray, readNumber, type StateTree } from '../../core/state-codec.ts'
import type { Embedding } from '../../factorisation/embedding.ts'
import type { Tables } from './networks.ts'

/** Rows of the user tables behind those of all users: that of one person of a live session, whom the embedding does not know. */
export const GUESTS = 1

/** Where the guest's row stands. */
export function guestRowOf({ tables, userCount }: Embedding): number {
  return tables * userCount
}

/** What the tables hold of the guest: vector, base action and scale. */
export function saveGuest({ userTable, baseTable, scaleTable }: Tables, embedding: Embedding): StateTree {
  const row = guestRowOf(embedding)
  const { width } = embedding
  const of = (table: Float32Array) => table.slice(row * width, (row + 1) * width)
  return { user: of(userTable), action: of(baseTable), scale: scaleTable[row]! }
}

/** Sets what `saveGuest` gave. @throws PalateError CHECKPOINT_UNUSABLE */
export function restoreGuest({ userTable, baseTable, scaleTable }: Tables, embedding: Embedding, saved: StateTree): void {
  const row = guestRowOf(embedding)
  userTable.set(readArray(saved, 'user', Float32Array), row * embedding.width)
  baseTable.set(readArray(saved, 'action', Float32Array), row * embedding.width)
  scaleTable[row] = readNumber(saved, 'scale')
}
