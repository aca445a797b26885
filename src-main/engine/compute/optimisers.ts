import { requireSameLayout } from './arena.ts'
import { GraphError } from './types.ts'
import type { ParameterArena } from './types.ts'

/** What a checkpoint keeps of an optimiser: flat arrays in the layout of the parameters, and the number of updates made. */
export interface OptimiserState {
  readonly updates: number
  readonly slots: Readonly<Record<string, Float32Array>>
}

export interface Optimiser {
  /** Changes `parameters` by one update with `gradients` (same layout). Allocates nothing. @throws GraphError on another layout */
  update(parameters: ParameterArena, gradients: ParameterArena): void
  /** The learning rate of the next update; may be changed between updates. */
  learningRate: number
  /** Copies, safe to keep. */
  save(): OptimiserState
  /** @throws GraphError if a slot is missing or of another length */
  restore(state: OptimiserState): void
}

export interface AdamOptions {
  /** Above 0. */
  readonly learningRate: number
  /** Decay of the mean, 0 to below 1; default 0.9. */
  readonly beta1?: number
  /** Decay of the mean square, 0 to below 1; default 0.999. */
  readonly beta2?: number
  /** Default 1e-8. */
  readonly epsilon?: number
  /** Coefficient c of a penalty c/2 |w|^2 that joins the gradient (not decoupled); default 0. */
  readonly l2?: number
}

/** Adam (Kingma and Ba 2015, algorithm 1, with bias correction) over the layout of `parameters`. */
export function createAdam(parameters: ParameterArena, options: AdamOptions): Optimiser {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, l2 = 0 } = options
  const mean = new Float32Array(parameters.values.length)
  const meanSquare = new Float32Array(parameters.values.length)
  let updates = 0
  const optimiser: Optimiser = {
    learningRate: options.learningRate,
    update(target, gradients) {
      requireSize(target, gradients, mean.length)
      updates++
      const stepSize = optimiser.learningRate / (1 - beta1 ** updates)
      const squareCorrection = 1 / (1 - beta2 ** updates)
      adamPass(target.values, gradients.values, mean, meanSquare, { beta1, beta2, epsilon, l2, stepSize, squareCorrection })
    },
    save: () => ({ updates, slots: { mean: mean.slice(), meanSquare: meanSquare.slice() } }),
    restore(state) {
      restoreSlot(state, 'mean', mean)
      restoreSlot(state, 'meanSquare', meanSquare)
      updates = state.updates
    },
  }
  return optimiser
}

interface AdamStep {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly l2: number
  readonly stepSize: number
  readonly squareCorrection: number
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

export interface SgdOptions {
  /** Above 0. */
  readonly learningRate: number
  /** 0 to below 1; default 0. */
  readonly momentum?: number
  /** As in AdamOptions; default 0. */
  readonly l2?: number
}

/** Gradient descent with heavy-ball momentum over the layout of `parameters`. */
export function createSgd(parameters: ParameterArena, options: SgdOptions): Optimiser {
  const { momentum = 0, l2 = 0 } = options
  const velocity = new Float32Array(parameters.values.length)
  let updates = 0
  const optimiser: Optimiser = {
    learningRate: options.learningRate,
    update(target, gradients) {
      requireSize(target, gradients, velocity.length)
      updates++
      const w = target.values
      const g = gradients.values
      const rate = optimiser.learningRate
      for (let index = 0; index < w.length; index++) {
        const moved = momentum * velocity[index]! + g[index]! + l2 * w[index]!
        velocity[index] = moved
        w[index] = w[index]! - rate * moved
      }
    },
    save: () => ({ updates, slots: { velocity: velocity.slice() } }),
    restore(state) {
      restoreSlot(state, 'velocity', velocity)
      updates = state.updates
    },
  }
  return optimiser
}

/** target = (1 - tau) target + tau source, element by element; tau from 0 (nothing) to 1 (copy). */
export function softUpdate(target: ParameterArena, source: ParameterArena, tau: number): void {
  if (target.entries.length !== source.entries.length || target.values.length !== source.values.length)
    requireSameLayout(target, source)
  const to = target.values
  const from = source.values
  for (let index = 0; index < to.length; index++) to[index] = to[index]! + tau * (from[index]! - to[index]!)
}

/** Euclidean norm over all values of the arenas taken together. */
export function globalNorm(arenas: readonly ParameterArena[]): number {
  let sum = 0
  for (const { values } of arenas) for (let index = 0; index < values.length; index++) sum += values[index]! * values[index]!
  return Math.sqrt(sum)
}

/**
 * Scales all values down together so that their norm is at most `maxNorm` (above 0).
 * @returns the norm before clipping; if it is not finite nothing is changed, so that the caller can see what went wrong
 */
export function clipGlobalNorm(arenas: readonly ParameterArena[], maxNorm: number): number {
  const norm = globalNorm(arenas)
  if (!Number.isFinite(norm) || norm <= maxNorm) return norm
  const factor = maxNorm / norm
  for (const { values } of arenas) for (let index = 0; index < values.length; index++) values[index] = values[index]! * factor
  return norm
}

/** @returns the name of the first tensor that holds NaN or an infinity, or null */
export function firstNonFinite(arena: ParameterArena): string | null {
  const { values } = arena
  for (let index = 0; index < values.length; index++) {
    if (Number.isFinite(values[index]!)) continue
    return arena.entries.find((entry) => index >= entry.offset && index < entry.offset + entry.size)!.name
  }
  return null
}

function requireSize(parameters: ParameterArena, gradients: ParameterArena, expected: number): void {
  if (parameters.values.length === expected && gradients.values.length === expected) return
  throw new GraphError(
    `An optimiser made for ${expected} values was given ${parameters.values.length} parameters and ${gradients.values.length} gradients.`,
  )
}

function restoreSlot(state: OptimiserState, name: string, into: Float32Array): void {
  const saved = state.slots[name]
  if (saved?.length !== into.length) {
    throw new GraphError(
      `The saved optimiser state has ${saved?.length ?? 'no'} values for "${name}" where ${into.length} are needed.`,
    )
  }
  into.set(saved)
}
