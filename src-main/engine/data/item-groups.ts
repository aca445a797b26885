import type { InteractionTable } from './interaction-table.ts'

/** Items by genre, ascending; an item may be of several. @returns null where the data set has no genres */
export function itemsByGenre(table: InteractionTable): Map<string, number[]> | null {
  const field = table.features?.items.find(({ name }) => name === 'genres')
  if (!field) return null
  const items = new Map<string, number[]>(field.values.map((genre) => [genre, []]))
  for (let item = 0; item < table.itemCount; item++)
    for (let at = field.start[item]!; at < field.start[item + 1]!; at++) items.get(field.values[field.ids[at]!]!)!.push(item)
  return items
}

/** Ratings of each item. */
export function ratingCounts({ itemIndex, itemCount, size }: InteractionTable): Int32Array {
  const counts = new Int32Array(itemCount)
  for (let row = 0; row < size; row++) counts[itemIndex[row]!]!++
  return counts
}
