import { readArray, readNumber, type StateTree } from '../../core/state-codec.ts'
import type { Tables } from './networks.ts'

/** The rows of one user of the tables. @param width of the embedding */
export function saveGuest({ userTable, baseTable, scaleTable }: Tables, row: number, width: number): StateTree {
  const of = (table: Float32Array) => table.slice(row * width, (row + 1) * width)
  return { user: of(userTable), action: of(baseTable), scale: scaleTable[row]! }
}

/** Sets what `saveGuest` gave. @throws PalateError CHECKPOINT_UNUSABLE */
export function restoreGuest({ userTable, baseTable, scaleTable }: Tables, row: number, width: number, saved: StateTree): void {
  userTable.set(readArray(saved, 'user', Float32Array), row * width)
  baseTable.set(readArray(saved, 'action', Float32Array), row * width)
  scaleTable[row] = readNumber(saved, 'scale')
}
