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
  /** Which settings these are, where there are several to choose from: "size 50, lambda 0.1". */
  readonly label?: string
}

type Phase = 'choosing' | 'refitting' | 'finished'

interface Best {
  readonly error: number
  readonly epoch: number
  readonly source: number
  readonly weights: readonly Float32Array[]
}

/**
 * Fits with early stopping: passes over a part of the training data, a check on the held-out rest after each, the best
 * weights kept; then, if asked for, everything anew for as many passes as were best. The test side has no place here.
 *
 * Of several sources (settings) each is tried on the held-out part, and the one with the best check is fitted in the end.
 *
 * Without anything to hold out it learns from everything by the first source for `epochs` passes. What it draws, its learnables draw.
 */
export class ValidatedFit<L extends Learnable> {
  readonly #sources: readonly FitSource<L>[]
  readonly #options: ValidatedFitOptions
  #phase: Phase
  #learnable: L
  #epochs = 0
  /** Which source is tried, and its best pass so far. */
  #tried = 0
  #own: { readonly error: number; readonly epoch: number } | null = null
  /** Error of the pass whose check is not over yet. */
  #passed: number | null = null
  /** Of all sources. */
  #best: Best | null = null

  /** @param sources at least one */
  constructor(sources: readonly FitSource<L>[], options: ValidatedFitOptions) {
    const source = sources[0]!
    this.#sources = sources
    this.#options = options
    this.#phase = source.part ? 'choosing' : 'refitting'
    this.#learnable = source.part ? source.part() : source.all()
  }

  get finished(): boolean {
    return this.#phase === 'finished'
  }

  /** How often `epoch` may be asked to finish a pass. @param sources how many settings are tried */
  static epochsOf({ epochs, refit }: Pick<ValidatedFitOptions, 'epochs' | 'refit'>, sources = 1): number {
    return (refit ? sources + 1 : sources) * epochs
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
    const epoch = this.#epochs
    if (this.#own === null || error < this.#own.error) this.#own = { error, epoch }
    if (this.#best === null || error < this.#best.error) {
      const weights = this.#learnable.weights.map((values) => values.slice())
      this.#best = { error, epoch, source: this.#tried, weights }
    }
    if (epoch < epochs && epoch - this.#own.epoch < patience) return
    const next = this.#sources[this.#tried + 1]
    if (next?.part) {
      this.#tried++
      this.#own = null
      this.#epochs = 0
      this.#learnable = next.part()
      return
    }
    this.#phase = refit ? 'refitting' : 'finished'
    if (!refit) return
    this.#epochs = 0
    this.#learnable = this.#sources[this.#best.source]!.all()
  }

  /** The weights that score, and what they belong to: of the finished refit, else the best on the held-out part, else those there are. */
  get chosen(): { readonly learnable: L; readonly weights: readonly Float32Array[] } {
    const refitted = this.#phase === 'finished' && this.#options.refit
    if (refitted || this.#best === null) return { learnable: this.#learnable, weights: this.#learnable.weights }
    const { source, weights } = this.#best
    const present = this.#phase !== 'refitting' && source === this.#tried
    return { learnable: present ? this.#learnable : this.#sources[source]!.part!(), weights }
  }

  remarks(): string[] {
    if (this.#best === null) return []
    const { error, epoch, source } = this.#best
    const { label } = this.#sources[source]!
    const tried = label === undefined ? '' : `, ${label}, of ${this.#sources.length} settings`
    const told = `Epoch ${epoch} was the best on held-out training data (${this.#options.names.validation} ${error.toFixed(4)}${tried})`
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
      tried: this.#tried,
      own: this.#own && { ...this.#own },
      best: this.#best && { ...this.#best, weights: listed(this.#best.weights) },
      learnable: this.#learnable.save(),
    }
  }

  /** @throws PalateError CHECKPOINT_UNUSABLE */
  restore(saved: StateTree): void {
    this.#phase = readText(saved, 'phase') as Phase
    this.#epochs = readNumber(saved, 'epochs')
    this.#passed = saved['passed'] === null ? null : readNumber(saved, 'passed')
    const best = saved['best'] === null ? null : readTree(saved, 'best')
    // What was saved when there was one source to try names none, and its best pass was that of all.
    const several = saved['tried'] !== undefined
    this.#tried = several ? readNumber(saved, 'tried') : 0
    this.#best = best && {
      error: readNumber(best, 'error'),
      epoch: readNumber(best, 'epoch'),
      source: several ? readNumber(best, 'source') : 0,
      weights: this.#learnable.weights.map((_, i) => readArray(readTree(best, 'weights'), String(i), Float32Array)),
    }
    const own = several ? (saved['own'] === null ? null : readTree(saved, 'own')) : best
    this.#own = own && { error: readNumber(own, 'error'), epoch: readNumber(own, 'epoch') }
    const choosing = this.#phase === 'choosing' || (this.#phase === 'finished' && !this.#options.refit)
    const { part, all } = this.#sources[choosing ? this.#tried : (this.#best?.source ?? 0)]!
    this.#learnable = choosing && part ? part() : all()
    this.#learnable.restore(readTree(saved, 'learnable'))
  }
}

function listed(arrays: readonly Float32Array[]): StateTree {
  return Object.fromEntries(arrays.map((values, i) => [String(i), values]))
}
