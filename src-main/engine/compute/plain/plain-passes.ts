import type { AdagradStep, AdamStep, Passes, RmspropStep, SgdStep } from '../passes.types.ts'

/** The passes in plain JavaScript: what every other executor's must agree with. */
export const plainPasses: Passes = {
  adam: adamPass,
  sgd: sgdPass,
  adagrad: adagradPass,
  rmsprop: rmspropPass,
  approach(target, source, rate) {
    for (let index = 0; index < target.length; index++) target[index] = target[index]! + rate * (source[index]! - target[index]!)
  },
  scale(x, { factor }) {
    for (let index = 0; index < x.length; index++) x[index] = x[index]! * factor
  },
  sumOfSquares(x) {
    let sum = 0
    for (let index = 0; index < x.length; index++) sum += x[index]! * x[index]!
    return sum
  },
  allFinite(x) {
    for (let index = 0; index < x.length; index++) if (!Number.isFinite(x[index]!)) return false
    return true
  },
}

function adamPass(w: Float32Array, g: Float32Array, m: Float32Array, v: Float32Array, step: AdamStep): void {
  const { beta1, beta2, epsilon, l2, stepSize, squareCorrection } = step
  const keep1 = 1 - beta1
  const keep2 = 1 - beta2
  for (let index = 0; index < w.length; index++) {
    const weight = w[index]!
    const gradient = g[index]! + l2 * weight
    const mean = beta1 * m[index]! + keep1 * gradient
    const square = beta2 * v[index]! + keep2 * gradient * gradient
    m[index] = mean
    v[index] = square
    w[index] = weight - (stepSize * mean) / (Math.sqrt(square * squareCorrection) + epsilon)
  }
}

function sgdPass(w: Float32Array, g: Float32Array, velocity: Float32Array, step: SgdStep): void {
  const { momentum, l2, learningRate } = step
  for (let index = 0; index < w.length; index++) {
    const moved = momentum * velocity[index]! + g[index]! + l2 * w[index]!
    velocity[index] = moved
    w[index] = w[index]! - learningRate * moved
  }
}

function adagradPass(w: Float32Array, g: Float32Array, sum: Float32Array, step: AdagradStep): void {
  const { epsilon, l2, learningRate } = step
  for (let index = 0; index < w.length; index++) {
    const gradient = g[index]! + l2 * w[index]!
    const total = sum[index]! + gradient * gradient
    sum[index] = total
    w[index] = w[index]! - (learningRate * gradient) / (Math.sqrt(total) + epsilon)
  }
}

function rmspropPass(w: Float32Array, g: Float32Array, square: Float32Array, step: RmspropStep): void {
  const { decay, epsilon, l2, learningRate } = step
  const fresh = 1 - decay
  for (let index = 0; index < w.length; index++) {
    const gradient = g[index]! + l2 * w[index]!
    const mean = decay * square[index]! + fresh * gradient * gradient
    square[index] = mean
    w[index] = w[index]! - (learningRate * gradient) / (Math.sqrt(mean) + epsilon)
  }
}
