import type { Learnable } from '../core/learnable.ts'
import { readArray, readNumber, readText, readTree, type StateTree } from '../core/state-codec.ts'

export interface ValidatedFitOptions {
  /** Most passes in each of the two phases. */
  readonly epochs: number
  /** Passes without a better check after which choosing ends. */
  readonly patience: number
  /** Whether all training data are learnt from in the end, for as many passes as were best on the held-out part. */
  readonly refit: boolean
  /** How the two errors are called in curves, for instance "trainRmse" and "validationRmse". */
  readonly names: { readonly train: string; readonly validation: string }
}

/** What is fitted: `part` leaves out the held-out part (null: there is nothing to hold out), `all` learns from everything. */
export interface FitSource<L extends Learnable> {
  readonly part: (() => L) | null
  readonly all: () => L
}

type Phase = 'choosing' | 'refitting' | 'finished'

/**
 * Fits with early stopping: passes over a part of the training data, a check on the held-out rest after each, the best
 * weights kept; then, if asked for, everything anew for as many passes as were best. The test side has no place here.
 *
 * Without anything to hold out it learns from everything for `epochs` passes. What it draws, its learnables draw.
 */
export class ValidatedFit<L extends Learnable> {
  readonly #source: FitSource<L>
  readonly #options: ValidatedFitOptions
  #phase: Phase
  #learnable: L
  #epochs = 0
  /** Error of the pass whose check is not over yet. */
  #passed: number | null = null
  #best: { readonly error: number; readonly epoch: number; readonly weights: readonly Float32Array[] } | null = null

  constructor(source: FitSource<L>, options: ValidatedFitOptions) {
    this.#source = source
    this.#options = options
    this.#phase = source.part ? 'choosing' : 'refitting'
    this.#learnable = source.part ? source.part() : source.all()
  }

  get finished(): boolean {
    return this.#phase === 'finished'
  }

  /** How often `epoch` may be asked to finish a pass. */
  static epochsOf({ epochs, refit }: Pick<ValidatedFitOptions, 'epochs' | 'refit'>): number {
    return refit ? 2 * epochs : epochs
  }

  epoch(): Readonly<Record<string, number>> | null {
    this.#passed ??= this.#learnable.pass()
    if (this.#passed === null) return null
    const { names } = this.#options
    const train = { [names.train]: this.#passed }
    if (this.#phase === 'refitting') {
      this.#passed = null
      this.#epochs++
      if (this.#epochs >= (this.#best?.epoch ?? this.#options.epochs)) this.#phase = 'finished'
      return train
    }
    // Weights that are no numbers need no check, and the figure tells.
    const error = Number.isFinite(this.#passed) ? this.#learnable.check() : NaN
    if (error === null) return null
    this.#passed = null
    this.#epochs++
    this.#offer(error)
    return { ...train, [names.validation]: error }
  }

  #offer(error: number): void {
    const { epochs, patience, refit } = this.#options
    if (this.#best === null || error < this.#best.error) {
      this.#best = { error, epoch: this.#epochs, weights: this.#learnable.weights.map((values) => values.slice()) }
    }
    if (this.#epochs < epochs && this.#epochs - this.#best.epoch < patience) return
    this.#phase = refit ? 'refitting' : 'finished'
    if (!refit) return
    this.#epochs = 0
    this.#learnable = this.#source.all()
  }

  /** The weights that score, and what they belong to: of the finished refit, else the best on the held-out part, else those there are. */
  get chosen(): { readonly learnable: L; readonly weights: readonly Float32Array[] } {
    const refitted = this.#phase === 'finished' && this.#options.refit
    if (refitted || this.#best === null) return { learnable: this.#learnable, weights: this.#learnable.weights }
    const stoppedRefitting = this.#phase === 'refitting'
    return { learnable: stoppedRefitting ? this.#source.part!() : this.#learnable, weights: this.#best.weights }
  }

  remarks(): string[] {
    if (this.#best === null) return []
    const { error, epoch } = this.#best
    const told = `Epoch ${epoch} was the best on held-out training data (${this.#options.names.validation} ${error.toFixed(4)})`
    if (!this.#options.refit) return [`${told}; its weights score.`]
    return [
      this.#phase === 'finished'
        ? `${told}; what scores was then fitted on all training data for as many epochs.`
        : `${told}; its weights score, because fitting on all training data was stopped.`,
    ]
  }

  save(): StateTree {
    return {
      phase: this.#phase,
      epochs: this.#epochs,
      passed: this.#passed,
      best: this.#best && { error: this.#best.error, epoch: this.#best.epoch, weights: listed(this.#best.weights) },
      learnable: this.#learnable.save(),
    }
  }

  /** @throws PalateError CHECKPOINT_UNUSABLE */
  restore(saved: StateTree): void {
    this.#phase = readText(saved, 'phase') as Phase
    this.#epochs = readNumber(saved, 'epochs')
    this.#passed = saved['passed'] === null ? null : readNumber(saved, 'passed')
    const best = saved['best'] === null ? null : readTree(saved, 'best')
    this.#best = best && {
      error: readNumber(best, 'error'),
      epoch: readNumber(best, 'epoch'),
      weights: this.#learnable.weights.map((_, i) => readArray(readTree(best, 'weights'), String(i), Float32Array)),
    }
    const choosing = this.#phase === 'choosing' || (this.#phase === 'finished' && !this.#options.refit)
    this.#learnable = choosing && this.#source.part ? this.#source.part() : this.#source.all()
    this.#learnable.restore(readTree(saved, 'learnable'))
  }
}

function listed(arrays: readonly Float32Array[]): StateTree {
  return Object.fromEntries(arrays.map((values, i) => [String(i), values]))
}
