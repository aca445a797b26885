/** Below so many scores a sort is as quick as anything. */
const SORTED_UP_TO = 64

/**
 * Positions of the `count` highest scores, highest first; equal scores by position, the lower one first. What is no number
 * comes last. Linear in the number of scores where few are wanted of many.
 *
 * @param count at most scores.length
 */
export function bestPositions(scores: Float32Array, count: number): Int32Array {
  const before = (a: number, b: number) => compare(scores[a]!, scores[b]!) || a - b
  if (scores.length <= SORTED_UP_TO || count > scores.length / 4) {
    return Int32Array.from(scores, (_, position) => position)
      .sort(before)
      .slice(0, count)
  }
  const heap = new Int32Array(count)
  for (let position = 0; position < count; position++) heap[position] = position
  for (let at = (count >> 1) - 1; at >= 0; at--) sink(heap, at, before)
  for (let position = count; position < scores.length && count > 0; position++) {
    if (before(position, heap[0]!) >= 0) continue
    heap[0] = position
    sink(heap, 0, before)
  }
  return heap.sort(before)
}

/** Negative when `a` is the better score. */
function compare(a: number, b: number): number {
  if (a === b) return 0
  if (a > b) return -1
  if (a < b) return 1
  return (Number.isNaN(a) ? 1 : 0) - (Number.isNaN(b) ? 1 : 0)
}

/** Keeps the worst of the kept positions at the root. */
function sink(heap: Int32Array, start: number, before: (a: number, b: number) => number): void {
  for (let at = start; ;) {
    let worst = at
    for (const child of [2 * at + 1, 2 * at + 2]) {
      if (child < heap.length && before(heap[child]!, heap[worst]!) > 0) worst = child
    }
    if (worst === at) return
    const held = heap[at]!
    heap[at] = heap[worst]!
    heap[worst] = held
    at = worst
  }
}
