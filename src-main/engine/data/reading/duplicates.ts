import type { DuplicatesPolicy } from '../../../contract/dto/import-settings.ts'

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
 * with the mean of all ratings ("mean"); or every row ("all"). Linear, by an open hash table of rows.
 *
 * @returns `columns` itself when nothing is dropped, otherwise shorter copies in the same order
 */
export function resolveDuplicates(columns: RatingColumns, policy: DuplicatesPolicy): RatingColumns {
  if (policy === 'all') return columns
  const { kept, standsFor } = keptRows(columns, policy === 'first')
  if (kept.length === columns.rating.length) return columns
  const source = policy === 'mean' ? meansOf(columns.rating, standsFor) : columns.rating
  const userIndex = new Int32Array(kept.length)
  const itemIndex = new Int32Array(kept.length)
  const rating = new Float32Array(kept.length)
  const time = new Float64Array(kept.length)
  const scenario = columns.scenario && Uint16Array.from(kept, (row) => columns.scenario![row]!)
  kept.forEach((row, at) => {
    userIndex[at] = columns.userIndex[row]!
    itemIndex[at] = columns.itemIndex[row]!
    rating[at] = source[row]!
    time[at] = columns.time[row]!
  })
  return { userIndex, itemIndex, rating, time, ...(scenario ? { scenario } : {}) }
}

/** The kept rows, ascending, and for each row the kept one that stands for it. */
function keptRows(
  { userIndex, itemIndex }: RatingColumns,
  first: boolean,
): { kept: Int32Array<ArrayBuffer>; standsFor: Int32Array } {
  const size = userIndex.length
  let capacity = 16
  while (capacity < size * 2) capacity *= 2
  const mask = capacity - 1
  // 0 is free; otherwise row + 1.
  const table = new Int32Array(capacity)
  const standsFor = new Int32Array(size)
  let count = 0
  for (let step = 0; step < size; step++) {
    const row = first ? step : size - 1 - step
    const user = userIndex[row]!
    const item = itemIndex[row]!
    let slot = hashPair(user, item) & mask
    let held = table[slot]!
    while (held !== 0 && (userIndex[held - 1] !== user || itemIndex[held - 1] !== item)) {
      slot = (slot + 1) & mask
      held = table[slot]!
    }
    if (held === 0) {
      table[slot] = row + 1
      count++
    }
    standsFor[row] = held === 0 ? row : held - 1
  }
  const kept = new Int32Array(count)
  let at = 0
  for (let row = 0; row < size; row++) if (standsFor[row] === row) kept[at++] = row
  return { kept, standsFor }
}

/** At each kept row the mean of the ratings that it stands for. */
function meansOf(rating: Float32Array, standsFor: Int32Array): Float64Array {
  const sums = new Float64Array(rating.length)
  const counts = new Int32Array(rating.length)
  for (let row = 0; row < rating.length; row++) {
    sums[standsFor[row]!]! += rating[row]!
    counts[standsFor[row]!]! += 1
  }
  for (let row = 0; row < rating.length; row++) if (counts[row]! > 0) sums[row]! /= counts[row]!
  return sums
}

function hashPair(user: number, item: number): number {
  let hash = Math.imul(user, 0x9e3779b1) ^ Math.imul(item + 0x7f4a7c15, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return hash ^ (hash >>> 13)
}
