/** Below it a p value counts as evidence. */
const SIGNIFICANCE = 0.05

/**
 * The two-sided sign test: how likely a split at least as uneven would be, were each decision a fair coin. Exact, by the binomial
 * distribution; ties decide nothing and are to be left out (Dixon and Mood, 1946).
 *
 * @param wins, losses whole numbers from 0
 * @returns p in (0, 1]; null where nothing was decided
 */
export function signTest(wins: number, losses: number): number | null {
  const n = wins + losses
  if (n === 0) return null
  const most = Math.max(wins, losses)
  // Relative to the largest term, which is found by logarithms: 2^-n alone would vanish for long series.
  let term = 1
  let tail = 1
  for (let k = most; k < n; k++) {
    term *= (n - k) / (k + 1)
    tail += term
  }
  let log = -n * Math.LN2
  for (let k = 1; k <= n - most; k++) log += Math.log((most + k) / k)
  return Math.min(1, 2 * Math.exp(log) * tail)
}

/** The fewest wins among `decisions` that a sign test calls more than chance; null where even all of them would not do. */
export function winsNeeded(decisions: number): number | null {
  for (let wins = Math.ceil(decisions / 2); wins <= decisions; wins++) {
    if (isSignificant(signTest(wins, decisions - wins))) return wins
  }
  return null
}

/** @param p of `signTest` */
export function isSignificant(p: number | null): boolean {
  return p !== null && p < SIGNIFICANCE
}
