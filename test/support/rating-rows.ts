import type { InteractionTable } from '../../src-main/engine/data/interaction-table.ts'

/** A table written by hand: one [user, item, rating, time] per row, on a scale of 1 to 5 with 4 liked and 2 disliked. */
export function ratingRows(
  rows: readonly (readonly [user: number, item: number, rating: number, time: number])[],
  change: Partial<InteractionTable> = {},
): InteractionTable {
  return {
    size: rows.length,
    userCount: 1 + Math.max(-1, ...rows.map(([user]) => user)),
    itemCount: 1 + Math.max(-1, ...rows.map(([, item]) => item)),
    userIndex: Int32Array.from(rows, ([user]) => user),
    itemIndex: Int32Array.from(rows, ([, item]) => item),
    rating: Float32Array.from(rows, ([, , rating]) => rating),
    time: Float64Array.from(rows, ([, , , time]) => time),
    timeKind: 'unix-seconds',
    scale: { min: 1, max: 5, positiveFrom: 4, negativeTo: 2 },
    ...change,
  }
}
