import { checkMf, checkSvdpp } from '../factorisation-checks.ts'
import type { FactorisationKernels, MfProblem, SvdppProblem } from '../factorisation.types.ts'

/** The epochs in plain JavaScript: what every other executor's must agree with. */
export const plainFactorisation: FactorisationKernels = {
  mfEpoch(problem) {
    checkMf(problem)
    return mfEpoch(problem)
  },
  svdppEpoch(problem) {
    checkSvdpp(problem)
    return svdppEpoch(problem)
  },
}

function mfEpoch(problem: MfProblem): number {
  const { size, users, items, userBias, itemBias, userIds, itemIds, ratings, mean, learningRate, lambda } = problem
  let squares = 0
  for (let at = 0; at < ratings.length; at++) {
    const user = userIds[at]!
    const item = itemIds[at]!
    const p = user * size
    const q = item * size
    let prediction = mean
    if (userBias !== null) prediction += userBias[user]!
    if (itemBias !== null) prediction += itemBias[item]!
    for (let i = 0; i < size; i++) prediction += users[p + i]! * items[q + i]!
    const error = ratings[at]! - prediction
    squares += error * error
    for (let i = 0; i < size; i++) {
      const userFactor = users[p + i]!
      const itemFactor = items[q + i]!
      users[p + i] = userFactor + learningRate * (error * itemFactor - lambda * userFactor)
      items[q + i] = itemFactor + learningRate * (error * userFactor - lambda * itemFactor)
    }
    if (userBias !== null) userBias[user] = moved(userBias[user]!, error, learningRate, lambda)
    if (itemBias !== null) itemBias[item] = moved(itemBias[item]!, error, learningRate, lambda)
  }
  return squares
}

function moved(bias: number, error: number, learningRate: number, lambda: number): number {
  return bias + learningRate * (error - lambda * bias)
}

/** The scaled sum of a user's y, and what the user's ratings have added to each y so far; grown for the widest problem. */
let sum = new Float64Array(0)
let gathered = new Float64Array(0)

function svdppEpoch(problem: SvdppProblem): number {
  const { size, userStart } = problem
  if (sum.length < size) {
    sum = new Float64Array(size)
    gathered = new Float64Array(size)
  }
  let squares = 0
  for (let user = 0; user + 1 < userStart.length; user++) {
    const from = userStart[user]!
    const to = userStart[user + 1]!
    if (from === to) continue
    const norm = 1 / Math.sqrt(to - from)
    sumImplicit(problem, from, to, norm)
    for (let at = from; at < to; at++) squares += svdppStep(problem, user, at, norm)
    spreadImplicit(problem, from, to)
  }
  return squares
}

/** sum = norm x the y of the items rated from `from` to `to`. */
function sumImplicit({ size, implicit, itemIds }: SvdppProblem, from: number, to: number, norm: number): void {
  sum.fill(0, 0, size)
  gathered.fill(0, 0, size)
  for (let at = from; at < to; at++) {
    const y = itemIds[at]! * size
    for (let i = 0; i < size; i++) sum[i] = sum[i]! + norm * implicit[y + i]!
  }
}

/** One rating's step for all but the y themselves. @returns the squared error before it */
function svdppStep(problem: SvdppProblem, user: number, at: number, norm: number): number {
  const { size, users, items, userBias, itemBias, itemIds, ratings, mean, learningRate, lambda } = problem
  const item = itemIds[at]!
  const p = user * size
  const q = item * size
  let prediction = mean
  if (userBias !== null) prediction += userBias[user]!
  if (itemBias !== null) prediction += itemBias[item]!
  for (let i = 0; i < size; i++) prediction += (users[p + i]! + sum[i]!) * items[q + i]!
  const error = ratings[at]! - prediction
  for (let i = 0; i < size; i++) {
    const userFactor = users[p + i]!
    const itemFactor = items[q + i]!
    const both = userFactor + sum[i]!
    users[p + i] = userFactor + learningRate * (error * itemFactor - lambda * userFactor)
    items[q + i] = itemFactor + learningRate * (error * both - lambda * itemFactor)
    // Each y moves by lr (error norm q - lambda y), so norm x their sum by lr (error q - lambda sum), as norm^2 |N(u)| is 1.
    sum[i] = sum[i]! + learningRate * (error * itemFactor - lambda * sum[i]!)
    gathered[i] = gathered[i]! + learningRate * (error * norm * itemFactor - lambda * gathered[i]!)
  }
  if (userBias !== null) userBias[user] = moved(userBias[user]!, error, learningRate, lambda)
  if (itemBias !== null) itemBias[item] = moved(itemBias[item]!, error, learningRate, lambda)
  return error * error
}

/** Applies to each y what all ratings of its user have done to it. */
function spreadImplicit(problem: SvdppProblem, from: number, to: number): void {
  const { size, implicit, itemIds, learningRate, lambda } = problem
  const kept = (1 - learningRate * lambda) ** (to - from)
  for (let at = from; at < to; at++) {
    const y = itemIds[at]! * size
    for (let i = 0; i < size; i++) implicit[y + i] = kept * implicit[y + i]! + gathered[i]!
  }
}
