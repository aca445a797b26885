import type { Measured } from './measured.ts'
import type { Resample } from './resamples.ts'

/** The mean of the values in a bootstrap sample; NaN when none of those drawn has a value. */
export function weightedMean({ trials, users, values }: Measured, { trialWeights, userWeights }: Resample): number {
  let sum = 0
  let weight = 0
  for (let trial = 0; trial < trials; trial++) {
    const trialWeight = trialWeights[trial]!
    if (trialWeight === 0) continue
    let trialSum = 0
    let count = 0
    for (let user = 0; user < users; user++) {
      const value = values[trial * users + user]!
      if (value !== value) continue
      const userWeight = userWeights[user]!
      trialSum += userWeight * value
      count += userWeight
    }
    sum += trialWeight * trialSum
    weight += trialWeight * count
  }
  return weight === 0 ? NaN : sum / weight
}
