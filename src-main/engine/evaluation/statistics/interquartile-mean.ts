/**
 * The mean of the middle half of the values: what rewards are averaged by, because one lucky or ruined user must not decide.
 * The values at the two quarter points count in part, so that exactly half of the weight remains for any number of values
 * (Agarwal et al., "Deep reinforcement learning at the edge of the statistical precipice", 2021, section 4.3).
 *
 * @returns NaN without a value; values that are NaN are left out
 */
export function interquartileMean(values: Float64Array): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort()
  const quarter = sorted.length / 4
  let sum = 0
  for (let i = 0; i < sorted.length; i++) {
    // Value i takes the stretch from i to i + 1; what of it lies between the quarter points counts.
    const weight = Math.min(i + 1, sorted.length - quarter) - Math.max(i, quarter)
    if (weight > 0) sum += weight * sorted[i]!
  }
  return sorted.length === 0 ? NaN : sum / (2 * quarter)
}
