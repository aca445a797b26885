/** 97.5 % quantiles of Student's t for 1 to 30 degrees of freedom (Abramowitz and Stegun, table 26.10). */
const quantiles = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101,
  2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
]
const NORMAL = 1.959964

/** Beyond the table by the first term of Fisher's expansion, which is right to three digits there. */
function quantile(degrees: number): number {
  return quantiles[degrees - 1] ?? NORMAL + (NORMAL ** 3 + NORMAL) / (4 * degrees)
}

/**
 * Mean of a figure over seeds with the 95 % interval of Student's t: what another seed's mean would be, as far as so few can
 * tell. It says nothing of users; the comparison of runs does.
 *
 * @param values at least one
 * @returns no interval below two values
 */
export function seedInterval(values: readonly number[]): { mean: number; low: number | null; high: number | null; n: number } {
  const n = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  if (n < 2) return { mean, low: null, high: null, n }
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1)
  const half = quantile(n - 1) * Math.sqrt(variance / n)
  return { mean, low: mean - half, high: mean + half, n }
}
