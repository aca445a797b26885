import { createArena } from '../compute/arena.ts'
import { differentiate } from '../compute/differentiate.ts'
import { GraphBuilder } from '../compute/graph-builder.ts'
import type { Executor, Graph, GraphNode, InputValues, ParameterArena, Program } from '../compute/types.ts'
import type { Learnable } from '../core/learnable.ts'
import type { Scorer, ScorerContext, ScorerFit, ScorerRecipe } from '../core/model.ts'
import type { FieldSizes } from '../core/sketch.ts'
import type { StateTree } from '../core/state-codec.ts'
import { holdOut, meanRating, ratingUnit, squaredError } from '../data/hold-out.ts'
import type { InteractionTable } from '../data/interaction-table.ts'
import { GraphTrainer, type BatchSource } from './graph-trainer.ts'
import { drawFields, fieldsOfSizes, RatingFields, type FieldNodes } from './rating-fields.ts'
import { ValidatedFit } from './validated-fit.ts'

/** A network that predicts ratings from fields, and how it is trained. */
export interface RatingNetwork {
  /** As messages call it. */
  readonly title: string
  /** Coordinates of a field's vector. */
  readonly size: number
  /** Standard deviation of the vectors at the start. */
  readonly deviation: number
  readonly optimiser: 'adam' | 'adagrad'
  readonly learningRate: number
  readonly batchSize: number
  readonly dropout: number
  readonly epochs: number
  readonly patience: number
  readonly refit: boolean
  readonly validationShare: number
  l2(parameter: string): number
  /** Draws the score [B], in units of a quarter of the scale around the mean. @param dropout 0 outside training */
  draw(g: GraphBuilder, fields: FieldNodes, dropout: number): GraphNode
}

/** Examples whose prediction is computed at once. */
const PREDICTED_AT_ONCE = 64
const CHECKED_AT_ONCE = 256
/** Batches per slice of a check, by floating-point operations. */
const FLOPS_PER_SLICE = 6e7

/** The graph of predictions for a batch: output "score"; with targets also the loss. */
export function networkGraph(network: RatingNetwork, fields: readonly FieldSizes[], batch: number, training: boolean): Graph {
  const g = new GraphBuilder(network.title)
  const nodes = drawFields(g, fields, batch, network.size, network.deviation)
  const score = g.scope('scores', () => g.add(network.draw(g, nodes, training ? network.dropout : 0), g.parameter('bias', [])))
  g.output('score', score)
  if (training) g.output('loss', g.mse(score, g.input('target', [batch]), g.input('weight', [batch])))
  return g.build()
}

/** The recipe of such a network, with its sketch. */
export function ratingNetworkRecipe(network: RatingNetwork, epochs: number): ScorerRecipe {
  return {
    kind: 'scorer',
    epochs,
    start: (context) => fitRatingNetwork(network, context),
    sketch(sizes) {
      const fields = fieldsOfSizes(sizes)
      const batchSize = Math.max(1, Math.min(network.batchSize, sizes.ratings))
      return {
        tables: [],
        network: {
          draw: (batch) => networkGraph(network, fields, batch, false),
          update: differentiate(networkGraph(network, fields, batchSize, true), 'loss', () => true),
          batchSize,
          updatesPerPass: Math.ceil(sizes.ratings / batchSize),
          copies: network.optimiser === 'adam' ? 4 : 3,
        },
      }
    },
  }
}

/**
 * A model that is trained on observed ratings with squared loss (algorithm-facts.md section 7), stops early on ratings held
 * out of the training side, and is then fitted anew on all of it.
 *
 * Consumes the streams "validation", "start", "order" and "dropout" of the context.
 * @throws PalateError DATA_UNSUITABLE without any side feature
 */
export function fitRatingNetwork(network: RatingNetwork, context: ScorerContext): ScorerFit {
  const { train, executor } = context
  const fields = new RatingFields(train, network.title)
  const parts = holdOut(train, network.validationShare, context.stream('validation'))
  const learn = (table: InteractionTable, held: InteractionTable) => new NetworkFit(network, fields, table, held, context)
  const fit = new ValidatedFit([{ part: parts ? () => learn(parts.learn, parts.held) : null, all: () => learn(train, train) }], {
    ...network,
    names: { train: 'trainRmse', validation: 'validationRmse' },
  })
  return {
    epoch: () => fit.epoch(),
    get finished() {
      return fit.finished
    },
    remarks: () => fit.remarks(),
    save: () => fit.save(),
    restore: (saved) => fit.restore(saved),
    scorer(): Scorer {
      const { learnable, weights } = fit.chosen
      const predictor = new Predictor(network, fields, executor, PREDICTED_AT_ONCE, learnable.arenas)
      predictor.setWeights(weights)
      const { mean, unit } = learnable
      return {
        predictsRatings: true,
        score(user, items, count, out) {
          for (let from = 0; from < count; from += PREDICTED_AT_ONCE) {
            const size = Math.min(PREDICTED_AT_ONCE, count - from)
            const scores = predictor.run(size, (place) => [user, items[from + place]!])
            for (let i = 0; i < size; i++) out[from + i] = mean + unit * scores[i]!
          }
        },
      }
    },
  }
}

class NetworkFit implements Learnable {
  readonly mean: number
  readonly unit: number
  readonly #trainer: GraphTrainer
  readonly #held: InteractionTable
  readonly #checker: Predictor
  /** Ratings checked so far, and the sum of their squared errors. */
  #checked = 0
  #squares = 0

  constructor(
    network: RatingNetwork,
    fields: RatingFields,
    learn: InteractionTable,
    held: InteractionTable,
    context: ScorerContext,
  ) {
    const { executor } = context
    this.mean = meanRating(learn)
    this.unit = ratingUnit(learn.scale)
    this.#held = held
    const batchSize = Math.max(1, Math.min(network.batchSize, learn.size))
    const source = ratingBatches(fields, learn, batchSize, executor, (rating) => (rating - this.mean) / this.unit)
    const rngs = { start: context.stream('start'), order: context.stream('order'), masks: context.stream('dropout') }
    const graph = networkGraph(network, fields.fields, batchSize, true)
    this.#trainer = new GraphTrainer(graph, source, { ...network, batchSize, l2: (name) => network.l2(name) }, executor, rngs)
    fields.clearUnseen(learn, this.#trainer.arenas)
    this.#checker = new Predictor(network, fields, executor, CHECKED_AT_ONCE, this.#trainer.arenas)
  }

  get arenas(): readonly ParameterArena[] {
    return this.#trainer.arenas
  }

  get weights(): readonly Float32Array[] {
    return this.#trainer.arenas.map((arena) => arena.values)
  }

  pass(): number | null {
    const loss = this.#trainer.pass()
    return loss === null ? null : this.unit * Math.sqrt(loss)
  }

  check(): number | null {
    const { size, userIndex, itemIndex, rating, scale } = this.#held
    if (this.#checked === 0) this.#checker.setWeights(this.weights)
    const end = Math.min(size, this.#checked + this.#checker.perSlice)
    while (this.#checked < end) {
      const first = this.#checked
      const count = Math.min(CHECKED_AT_ONCE, end - first)
      const scores = this.#checker.run(count, (place) => [userIndex[first + place]!, itemIndex[first + place]!])
      for (let i = 0; i < count; i++) this.#squares += squaredError(this.mean + this.unit * scores[i]!, rating[first + i]!, scale)
      this.#checked += count
    }
    if (this.#checked < size) return null
    const error = Math.sqrt(this.#squares / size)
    this.#checked = 0
    this.#squares = 0
    return error
  }

  save(): StateTree {
    return this.#trainer.save()
  }

  restore(saved: StateTree): void {
    this.#trainer.restore(saved)
  }
}

function ratingBatches(
  fields: RatingFields,
  learn: InteractionTable,
  batch: number,
  { memory }: Executor,
  targetOf: (rating: number) => number,
): BatchSource {
  const inputs = fields.inputs(batch, memory)
  const target = memory.floats(batch)
  const weight = memory.floats(batch)
  return {
    examples: learn.size,
    inputs: { ...inputs, target, weight },
    rng: null,
    fill(order, from, to) {
      weight.fill(0)
      for (let at = from; at < to; at++) {
        const row = order[at]!
        fields.fill(inputs, at - from, learn.userIndex[row]!, learn.itemIndex[row]!)
        target[at - from] = targetOf(learn.rating[row]!)
        weight[at - from] = 1
      }
    },
  }
}

/** Scores of pairs under weights of its own. */
class Predictor {
  /** Pairs that a slice of work may hold. */
  readonly perSlice: number
  readonly #program: Program
  readonly #fields: RatingFields
  readonly #inputs: Readonly<Record<string, InputValues>>
  readonly #arenas: readonly ParameterArena[]

  constructor(
    network: RatingNetwork,
    fields: RatingFields,
    executor: Executor,
    batch: number,
    layout: readonly ParameterArena[],
  ) {
    this.#fields = fields
    this.#program = executor.compile(networkGraph(network, fields.fields, batch, false))
    this.#inputs = fields.inputs(batch, executor.memory)
    this.#arenas = layout.map((arena) => createArena(arena.entries, executor.memory))
    this.perSlice = batch * Math.max(1, Math.floor(FLOPS_PER_SLICE / this.#program.graph.flops))
  }

  setWeights(weights: readonly Float32Array[]): void {
    this.#arenas.forEach((arena, i) => arena.values.set(weights[i]!))
  }

  /** @returns scores of the first `count` places, valid until the next call */
  run(count: number, pairOf: (place: number) => readonly [user: number, item: number]): Float32Array {
    for (let place = 0; place < count; place++) {
      const [user, item] = pairOf(place)
      this.#fields.fill(this.#inputs, place, user, item)
    }
    return this.#program.run({ inputs: this.#inputs, parameters: this.#arenas }).view('score')
  }
}
