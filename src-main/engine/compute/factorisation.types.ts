/** What both epochs have. Matrices are row-major with `size` columns; ratings lie in the order in which they are visited. */
interface FactorisationProblem {
  /** Number of latent coordinates, k. */
  readonly size: number
  /** [U, k], changed. U and I are the lengths divided by k. */
  readonly users: Float32Array
  /** [I, k], changed. */
  readonly items: Float32Array
  /** [U], changed; null: users have no bias. */
  readonly userBias: Float32Array | null
  /** [I], changed; null: items have no bias. */
  readonly itemBias: Float32Array | null
  /** Of each rating. */
  readonly itemIds: Int32Array
  readonly ratings: Float32Array
  /** What is predicted before biases and factors. */
  readonly mean: number
  readonly learningRate: number
  /** Weight of the squares of the factors and biases, per rating. */
  readonly lambda: number
}

export interface MfProblem extends FactorisationProblem {
  /** Of each rating. */
  readonly userIds: Int32Array
}

export interface SvdppProblem extends FactorisationProblem {
  /** [I, k], changed: what it tells about a user that the item was rated at all. */
  readonly implicit: Float32Array
  /** [U + 1]: the ratings of user u are those from userStart[u] to userStart[u + 1] - 1. */
  readonly userStart: Int32Array
}

/**
 * Epochs of stochastic gradient descent: for each rating, one step against the gradient of
 * ((r - prediction)^2 + lambda (sum of squares of all that the prediction reads)) / 2.
 *
 * They visit the ratings as they lie, one after the other on one thread: shuffling is the caller's affair. Nothing is
 * allocated. Both throw a GraphError, before anything is changed, when lengths do not agree or an id is out of range, and
 * return the sum of the squared errors, each as it was before its own step.
 */
export interface FactorisationKernels {
  /**
   * prediction = mean + b_u + b_i + p_u . q_i. Without biases and with mean 0 this is PMF (Salakhutdinov & Mnih 2008), with
   * both the biased factorisation of Koren, Bell & Volinsky (2009).
   */
  mfEpoch(problem: MfProblem): number
  /**
   * SVD++ (Koren 2008): prediction = mean + b_u + b_i + (p_u + |N(u)|^(-1/2) sum_{j in N(u)} y_j) . q_i, where N(u) are the
   * items of the user's ratings here. Users are visited in order.
   *
   * The steps are Koren's own, in which every rating moves all y_j of its user, at the cost of two passes over them per user:
   * a step scales each y_j by the same factor and adds the same vector, so the sum of the y_j can be moved along by itself
   * rating for rating, and what has gathered is applied to each y_j once, after the user's last rating. The usual shortcut,
   * which keeps the sum still meanwhile, overshoots for users with many ratings. An item that a user has rated twice stands
   * in N(u) twice.
   */
  svdppEpoch(problem: SvdppProblem): number
}
