/**
 * p values corrected for how many there are (Holm, 1979): the smallest is multiplied by their number, the next by one less, and
 * so on, and none may fall below one before it. Whoever calls those below .05 significant errs in any of them with at most 5 %.
 *
 * @returns in the order given, at most 1
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, at) => at).sort((a, b) => pValues[a]! - pValues[b]!)
  const corrected = new Array<number>(pValues.length).fill(0)
  let highest = 0
  order.forEach((at, rank) => {
    highest = Math.max(highest, Math.min(1, pValues[at]! * (pValues.length - rank)))
    corrected[at] = highest
  })
  return corrected
}
