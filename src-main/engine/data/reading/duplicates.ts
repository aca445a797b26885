export interface RatingColumns {
  readonly userIndex: Int32Array
  readonly itemIndex: Int32Array
  readonly rating: Float32Array
  readonly time: Float64Array
}

/**
 * Where a user rated an item more than once, the last row of the source stands. Linear, by an open hash table of rows.
 *
 * @returns `columns` itself when there are no duplicates, otherwise shorter copies in the same order
 */
export function dropEarlierDuplicates(columns: RatingColumns): RatingColumns {
  const kept = lastRows(columns)
  if (kept.length === columns.rating.length) return columns
  const userIndex = new Int32Array(kept.length)
  const itemIndex = new Int32Array(kept.length)
  const rating = new Float32Array(kept.length)
  const time = new Float64Array(kept.length)
  kept.forEach((row, at) => {
    userIndex[at] = columns.userIndex[row]!
    itemIndex[at] = columns.itemIndex[row]!
    rating[at] = columns.rating[row]!
    time[at] = columns.time[row]!
  })
  return { userIndex, itemIndex, rating, time }
}

/** Rows that no later row repeats, ascending. */
function lastRows({ userIndex, itemIndex }: RatingColumns): Int32Array {
  const size = userIndex.length
  let capacity = 16
  while (capacity < size * 2) capacity *= 2
  const mask = capacity - 1
  // 0 is free; otherwise row + 1.
  const table = new Int32Array(capacity)
  const kept = new Int32Array(size)
  let next = size
  for (let row = size - 1; row >= 0; row--) {
    const user = userIndex[row]!
    const item = itemIndex[row]!
    let slot = hashPair(user, item) & mask
    let held = table[slot]!
    while (held !== 0 && (userIndex[held - 1] !== user || itemIndex[held - 1] !== item)) {
      slot = (slot + 1) & mask
      held = table[slot]!
    }
    if (held !== 0) continue
    table[slot] = row + 1
    kept[--next] = row
  }
  return kept.subarray(next)
}

function hashPair(user: number, item: number): number {
  let hash = Math.imul(user, 0x9e3779b1) ^ Math.imul(item + 0x7f4a7c15, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return hash ^ (hash >>> 13)
}
