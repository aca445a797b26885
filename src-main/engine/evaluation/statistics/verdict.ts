import type { Verdict } from '../../../contract/dto/evaluation.ts'

/** Below it a corrected p value counts as evidence. */
const SIGNIFICANCE = 0.05

/** What may be said of a difference. @param correctedP after Holm; null where nothing could be tested */
export function verdictOf(difference: number, correctedP: number | null): Verdict {
  if (correctedP === null || correctedP >= SIGNIFICANCE || difference === 0) return 'not distinguishable'
  return difference > 0 ? 'higher' : 'lower'
}
