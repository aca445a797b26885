import type { Passes } from '../passes.types.ts'
import { plainPasses } from '../plain/plain-passes.ts'
import type { ParameterArena } from '../types.ts'

/** Euclidean norm over all values of the arenas taken together. */
export function globalNorm(arenas: readonly ParameterArena[], passes: Passes = plainPasses): number {
  let sum = 0
  for (let index = 0; index < arenas.length; index++) sum += passes.sumOfSquares(arenas[index]!.values)
  return Math.sqrt(sum)
}

/**
 * Clips the gradients in `arenas`, taken together, in every update anew. In two steps with the norm in between, because a
 * number that a call returns may be a new object each time: this way an update allocates nothing.
 */
export class GradientClip {
  readonly #arenas: readonly ParameterArena[]
  readonly #maxNorm: number
  readonly #passes: Passes
  readonly #step = { factor: 1 }
  #norm = NaN

  /** @param maxNorm above 0 */
  constructor(arenas: readonly ParameterArena[], maxNorm: number, passes: Passes = plainPasses) {
    this.#arenas = arenas
    this.#maxNorm = maxNorm
    this.#passes = passes
  }

  /** What `measure` found last. */
  get norm(): number {
    return this.#norm
  }

  measure(): void {
    let sum = 0
    for (let index = 0; index < this.#arenas.length; index++) sum += this.#passes.sumOfSquares(this.#arenas[index]!.values)
    this.#norm = Math.sqrt(sum)
  }

  /** Scales all values down together so that their norm is at most the largest allowed; changes nothing if it is not finite. */
  apply(): void {
    const norm = this.#norm
    if (!Number.isFinite(norm) || norm <= this.#maxNorm) return
    this.#step.factor = this.#maxNorm / norm
    for (let index = 0; index < this.#arenas.length; index++) this.#passes.scale(this.#arenas[index]!.values, this.#step)
  }
}

/**
 * Scales all values down together so that their norm is at most `maxNorm` (above 0).
 * @returns the norm before clipping; if it is not finite nothing is changed, so that the caller can see what went wrong
 */
export function clipGlobalNorm(arenas: readonly ParameterArena[], maxNorm: number, passes: Passes = plainPasses): number {
  const clip = new GradientClip(arenas, maxNorm, passes)
  clip.measure()
  clip.apply()
  return clip.norm
}
