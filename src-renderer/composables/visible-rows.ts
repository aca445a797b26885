/** Rows beyond the edges that are kept, so that scrolling by a little shows no gap. */
const overscan = 8

/**
 * Which rows of equal height are in sight.
 * @returns the first index and the one after the last
 */
export function visibleRows(view: { scrollTop: number; boxHeight: number; rowHeight: number; count: number }): {
  first: number
  end: number
} {
  const first = Math.max(0, Math.floor(view.scrollTop / view.rowHeight) - overscan)
  const end = Math.min(view.count, Math.ceil((view.scrollTop + view.boxHeight) / view.rowHeight) + overscan)
  return { first: Math.min(first, Math.max(0, end)), end: Math.max(0, end) }
}
