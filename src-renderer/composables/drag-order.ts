import type { QueueMove } from '../../src-main/contract/dto/queue.ts'

/** A row of a list: pixels from the top of the list. */
export interface RowBox {
  readonly top: number
  readonly height: number
}

/**
 * The place, from 0, that a dragged row would take: it has passed another when its edge is beyond the other's middle.
 *
 * @param rows  as they stood before, in order
 * @param from  which of them is dragged
 * @param moved by so many pixels, downwards positive
 */
export function placeOf(rows: readonly RowBox[], from: number, moved: number): number {
  const { top, height } = rows[from]!
  const middle = (row: RowBox) => row.top + row.height / 2
  const below = rows.filter((row, at) => at > from && top + height + moved > middle(row)).length
  const above = rows.filter((row, at) => at < from && top + moved < middle(row)).length
  return from + below - above
}

/** By how many pixels the row at `at` makes way while the one at `from` would take the place `to`. */
export function makesWay(rows: readonly RowBox[], at: number, from: number, to: number): number {
  const { height } = rows[from]!
  if (from < at && at <= to) return -height
  if (to <= at && at < from) return height
  return 0
}

/**
 * The move of a run to a place, as the queue takes it: before another run rather than at a number, for the front of the queue
 * starts while somebody drags. Undefined where it stays.
 */
export function moveTo(runIds: readonly number[], from: number, to: number): QueueMove | undefined {
  if (from === to) return undefined
  const others = runIds.toSpliced(from, 1)
  if (to === 0) return 'first'
  return to >= others.length ? 'last' : { before: others[to]! }
}
