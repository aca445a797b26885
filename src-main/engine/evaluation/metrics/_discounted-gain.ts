import type { RankedList } from '../../core/metric.ts'

/**
 * Discounted cumulative gain of the first k over that of the ideal list, cut at k: sum gain / log2(rank + 1).
 *
 * @param gainOf what a rating is worth, never negative
 * @returns 0 to 1; null where the ideal gain vanishes: then no order is better than another
 */
export function normalisedGain(list: RankedList, k: number, gainOf: (rating: number) => number): number | null {
  const length = Math.min(k, list.candidates)
  let gain = 0
  let best = 0
  for (let i = 0; i < length; i++) {
    const discount = Math.log2(i + 2)
    gain += gainOf(list.ratings[i]!) / discount
    if (i < list.ideal.length) best += gainOf(list.ideal[i]!) / discount
  }
  return best > 0 ? gain / best : null
}
