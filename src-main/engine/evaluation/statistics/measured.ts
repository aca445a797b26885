/**
 * Values of one model, by trial (row) and user (column), the value of user u in trial t at [t * users + u]; NaN where the user
 * has none there. A trial is one run: a seed on a split. Columns are the same users in every model that is compared.
 */
export interface Measured {
  readonly trials: number
  readonly users: number
  readonly values: Float64Array
}

/** Mean over all values that there are; NaN without any. */
export function meanOf({ values }: Measured): number {
  let sum = 0
  let count = 0
  for (const value of values) {
    if (Number.isNaN(value)) continue
    sum += value
    count++
  }
  return count === 0 ? NaN : sum / count
}

/** By trial and user a - b; NaN where either is missing. Both have the same shape. */
export function differenceOf(a: Measured, b: Measured): Measured {
  return { ...a, values: a.values.map((value, at) => value - b.values[at]!) }
}

/** Users that have a value in at least one trial. */
export function usersWithValue({ trials, users, values }: Measured): number {
  let count = 0
  for (let user = 0; user < users; user++) {
    for (let trial = 0; trial < trials; trial++) {
      if (Number.isNaN(values[trial * users + user]!)) continue
      count++
      break
    }
  }
  return count
}
