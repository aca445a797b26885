import { createArena } from '../compute/arena.ts'
import { differentiate } from '../compute/differentiate.ts'
import { fillDropoutMask } from '../compute/dropout-mask.ts'
import { requireAllParametersUsed } from '../compute/graph.ts'
import { createAdagrad } from '../compute/optimisers/adagrad.ts'
import { createAdam } from '../compute/optimisers/adam.ts'
import type { Optimiser, OptimiserState } from '../compute/optimisers/optimiser.types.ts'
import type { Bindings, Executor, Graph, InputValues, ParameterArena, Program } from '../compute/types.ts'
import type { Rng } from '../core/rng.ts'
import { readArray, readNumber, readTree, type StateTree } from '../core/state-codec.ts'

/** Examples of which batches are made. */
export interface BatchSource {
  readonly examples: number
  /** By name; the same arrays all the time, which `fill` overwrites. Dropout masks are the trainer's affair. */
  readonly inputs: Readonly<Record<string, InputValues>>
  /**
   * Writes the examples `order[from]` to `order[to - 1]` into the first places of the batch, and weights of 0 into the rest,
   * which must hold ids that exist. May draw random numbers of its own.
   */
  fill(order: Int32Array, from: number, to: number): void
  /** What `fill` draws from, to be kept in checkpoints. */
  readonly rng: Rng | null
}

export interface GraphTrainerOptions {
  readonly optimiser: 'adam' | 'adagrad'
  readonly learningRate: number
  readonly batchSize: number
  /** L2 penalty by name of the parameter. */
  l2(name: string): number
  /** Share of elements that inputs named "dropout…" drop. */
  readonly dropout: number
}

/** Floating-point operations of a slice of work: some tens of milliseconds in plain JavaScript. */
const FLOPS_PER_SLICE = 6e7

/**
 * Improves the parameters of a graph by mini-batches. Its output "loss" is the mean over a full batch of weighted losses;
 * the last batch of a pass may be smaller and counts the less.
 *
 * Randomness: `start` gives the parameters, `order` the shuffle of each pass, `masks` the dropout.
 */
export class GraphTrainer {
  /** One arena for each penalty, in order of first appearance. */
  readonly arenas: readonly ParameterArena[]
  readonly #program: Program
  readonly #gradients: readonly ParameterArena[]
  readonly #optimisers: readonly Optimiser[]
  readonly #source: BatchSource
  readonly #bindings: Bindings
  readonly #masks: readonly Float32Array[]
  readonly #options: GraphTrainerOptions
  readonly #rngs: { readonly order: Rng; readonly masks: Rng }
  readonly #order: Int32Array
  readonly #batchesPerSlice: number
  /** Examples seen in this pass; 0: it has not begun. */
  #seen = 0
  #losses = 0

  /** @throws GraphError if the loss leaves a parameter out */
  constructor(
    graph: Graph,
    source: BatchSource,
    options: GraphTrainerOptions,
    executor: Executor,
    rngs: { readonly start: Rng; readonly order: Rng; readonly masks: Rng },
  ) {
    requireAllParametersUsed(graph)
    this.#program = executor.compile(differentiate(graph, 'loss', () => true))
    this.#source = source
    this.#options = options
    this.#rngs = rngs
    const penalties = [...new Set(graph.parameters.map(({ name }) => options.l2(name)))]
    this.arenas = penalties.map((l2) => {
      const specs = graph.parameters.filter(({ name }) => options.l2(name) === l2)
      return createArena(specs, executor.memory)
    })
    for (const arena of this.arenas) arena.initialise(rngs.start)
    this.#gradients = this.arenas.map((arena) => arena.zerosLike())
    const { learningRate } = options
    this.#optimisers = penalties.map((l2, i) => {
      const create = options.optimiser === 'adam' ? createAdam : createAdagrad
      return create(this.arenas[i]!, { learningRate, l2 }, executor.passes, executor.memory)
    })
    const dropped = [...graph.inputs].filter(([name]) => name.startsWith('dropout'))
    const masks = dropped.map(([name, { shape }]) => [name, executor.memory.floats(shape.reduce((a, b) => a * b, 1))] as const)
    this.#masks = masks.map(([, mask]) => mask)
    this.#bindings = {
      inputs: { ...source.inputs, ...Object.fromEntries(masks) },
      parameters: this.arenas,
      gradients: this.#gradients,
    }
    this.#order = Int32Array.from({ length: source.examples }, (_, example) => example)
    const passes = 20 * graph.parameterCount
    this.#batchesPerSlice = Math.max(1, Math.floor(FLOPS_PER_SLICE / (this.#program.graph.flops + passes)))
  }

  /** A slice of a pass. @returns the mean loss of the pass with the last slice, null before it; NaN as soon as it diverges */
  pass(): number | null {
    if (this.#seen === 0) this.#rngs.order.shuffle(this.#order)
    const { batchSize } = this.#options
    const { examples } = this.#source
    for (let batch = 0; batch < this.#batchesPerSlice && this.#seen < examples; batch++) {
      const to = Math.min(examples, this.#seen + batchSize)
      this.#losses += this.#update(this.#seen, to)
      this.#seen = to
      if (!Number.isFinite(this.#losses)) return NaN
    }
    if (this.#seen < examples) return null
    const mean = this.#losses / examples
    this.#seen = 0
    this.#losses = 0
    return mean
  }

  /** @returns the sum of the losses of the examples */
  #update(from: number, to: number): number {
    this.#source.fill(this.#order, from, to)
    for (const mask of this.#masks) fillDropoutMask(mask, this.#options.dropout, this.#rngs.masks)
    const loss = this.#program.run(this.#bindings).scalar('loss')
    this.arenas.forEach((arena, i) => this.#optimisers[i]!.update(arena, this.#gradients[i]!))
    return loss * this.#options.batchSize
  }

  save(): StateTree {
    return {
      seen: this.#seen,
      losses: this.#losses,
      order: this.#order,
      shuffles: { ...this.#rngs.order.save() },
      masks: { ...this.#rngs.masks.save() },
      draws: this.#source.rng && { ...this.#source.rng.save() },
      arenas: byIndex(this.arenas.map((arena) => arena.values)),
      optimisers: byIndex(this.#optimisers.map((optimiser) => ({ ...optimiser.save() }))),
    }
  }

  restore(saved: StateTree): void {
    this.#seen = readNumber(saved, 'seen')
    this.#losses = readNumber(saved, 'losses')
    this.#order.set(readArray(saved, 'order', Int32Array))
    this.#rngs.order.load(readTree(saved, 'shuffles'))
    this.#rngs.masks.load(readTree(saved, 'masks'))
    this.#source.rng?.load(readTree(saved, 'draws'))
    const arenas = readTree(saved, 'arenas')
    this.arenas.forEach((arena, i) => arena.values.set(readArray(arenas, String(i), Float32Array)))
    const optimisers = readTree(saved, 'optimisers')
    this.#optimisers.forEach((optimiser, i) => optimiser.restore(optimiserState(readTree(optimisers, String(i)))))
  }
}

function optimiserState(saved: StateTree): OptimiserState {
  const slots = readTree(saved, 'slots')
  const names = Object.keys(slots)
  return {
    updates: readNumber(saved, 'updates'),
    slots: Object.fromEntries(names.map((name) => [name, readArray(slots, name, Float32Array)])),
  }
}

function byIndex<T>(values: readonly T[]): Record<string, T> {
  return Object.fromEntries(values.map((value, i) => [String(i), value]))
}
