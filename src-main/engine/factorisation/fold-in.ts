import { solvePositiveDefinite } from '../core/linear-algebra.ts'
import type { Embedding } from './embedding.ts'
import type { LinearBase } from './linear-base.ts'

/** How the embedding that the vectors come from was fitted. */
export interface FoldInOptions {
  /** Mean of the training ratings. */
  readonly mean: number
  /** The ridge of the factorisation. */
  readonly lambda: number
  /** Whether items have a bias coordinate (the one after the latent ones). */
  readonly biased: boolean
}

/**
 * The vector of somebody whom the factorisation has never seen, in the reference table: what one step of alternating least squares
 * gives for these ratings, item vectors as they are. Minimises sum (r - mean - b_u - b_i - u . q)^2 + lambda (|u|^2 + b_u^2);
 * the user's bias is found on the way and left out, as in the tables. Nobody's ratings: zeros, and the item biases decide.
 *
 * @param items of the ratings; @param out width coordinates
 */
export function foldInUser(
  embedding: Embedding,
  items: readonly number[],
  ratings: readonly number[],
  { mean, lambda, biased }: FoldInOptions,
  out: Float32Array,
): void {
  const { width, latent, items: vectors } = embedding
  out.fill(0)
  if (biased) out[latent] = 1
  if (items.length === 0) return
  const n = latent + 1
  const normal = new Float64Array(n * n)
  const right = new Float64Array(n)
  const x = new Float64Array(n)
  x[latent] = 1
  items.forEach((item, index) => {
    const at = item * width
    for (let c = 0; c < latent; c++) x[c] = vectors[at + c]!
    const residual = ratings[index]! - mean - (biased ? vectors[at + latent]! : 0)
    for (let row = 0; row < n; row++) {
      right[row]! += residual * x[row]!
      for (let column = 0; column <= row; column++) normal[row * n + column]! += x[row]! * x[column]!
    }
  })
  // A plain factorisation may have been fitted without a ridge: a grain of it keeps few ratings solvable.
  for (let row = 0; row < n; row++) normal[row * n + row]! += Math.max(lambda, 1e-3)
  solvePositiveDefinite(normal, right, n)
  for (let c = 0; c < latent; c++) out[c] = right[c]!
}

/** The linear map behind the base actions, action = user + W [1, user / rms(user)], as a function. */
export interface BaseMap {
  /** Writes the action and returns the scale (root mean square of the latent coordinates) for a user vector. */
  apply(user: Float32Array, action: Float32Array): number
}

/**
 * Reads the map back from the actions that it made: they are exactly linear in the features, and there are more users than
 * features as a rule; where there are fewer, the ridge gives the smallest map that makes them.
 */
export function baseMapOf(embedding: Embedding, base: LinearBase): BaseMap {
  const { width, latent, userCount } = embedding
  const n = latent + 1
  const normal = new Float64Array(n * n)
  const right = Array.from({ length: width }, () => new Float64Array(n))
  const x = new Float64Array(n)
  for (let user = 0; user < userCount; user++) {
    features(embedding.users, user * width, latent, base.scales[user]!, x)
    for (let row = 0; row < n; row++) {
      for (let column = 0; column <= row; column++) normal[row * n + column]! += x[row]! * x[column]!
      for (let c = 0; c < width; c++) {
        right[c]![row]! += x[row]! * (base.actions[user * width + c]! - embedding.users[user * width + c]!)
      }
    }
  }
  for (let row = 0; row < n; row++) normal[row * n + row]! += 1e-6 * (1 + normal[row * n + row]!)
  for (const column of right) solvePositiveDefinite(normal.slice(), column, n)
  return {
    apply(user, action) {
      let squares = 0
      for (let c = 0; c < latent; c++) squares += user[c]! ** 2
      const scale = Math.sqrt(squares / latent)
      features(user, 0, latent, scale, x)
      for (let c = 0; c < width; c++) {
        let sum = user[c]!
        for (let i = 0; i < n; i++) sum += right[c]![i]! * x[i]!
        action[c] = sum
      }
      return scale
    },
  }
}

function features(users: Float32Array, at: number, latent: number, scale: number, x: Float64Array): void {
  const factor = scale > 0 ? 1 / scale : 0
  x[0] = 1
  for (let c = 0; c < latent; c++) x[c + 1] = users[at + c]! * factor
}
