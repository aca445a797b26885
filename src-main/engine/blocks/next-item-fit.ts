import { PalateError } from '../../contract/errors.ts'
import { createArena } from '../compute/arena.ts'
import { differentiate } from '../compute/differentiate.ts'
import type { Executor, ParameterArena, Program } from '../compute/types.ts'
import type { Learnable } from '../core/learnable.ts'
import type { PolicyFit, ScorerContext } from '../core/model.ts'
import type { Policy } from '../core/policy.ts'
import type { DataSizes, RecipeSketch } from '../core/sketch.ts'
import type { StateTree } from '../core/state-codec.ts'
import { isPositive } from '../data/interaction-table.ts'
import { GraphTrainer } from './graph-trainer.ts'
import { encoderGraph, lossGraph, scoringGraph, type NextItemNetwork } from './next-item-network.ts'
import {
  eventsOf,
  NegativeSampler,
  windowBatches,
  windowsOf,
  type Events,
  type WindowBatches,
  type Windows,
} from './next-item-windows.ts'
import { ValidatedFit } from './validated-fit.ts'

export interface NextItemOptions extends NextItemNetwork {
  readonly events: 'positive' | 'all'
  readonly negatives: number
  readonly popularityPower: number
  readonly optimiser: 'adam' | 'adagrad'
  readonly learningRate: number
  readonly batchSize: number
  readonly l2: number
  readonly epochs: number
  readonly patience: number
  readonly refit: boolean
  readonly validationShare: number
}

/** Users that act at once. */
const SLOTS = 64

/**
 * A recurrent network on the users' training histories that predicts the next item. Stops early on windows held out of the
 * training side, then is fitted anew on all of them.
 *
 * Consumes the streams "validation", "start", "order", "dropout", "negatives" and "check" of the context.
 * @throws PalateError DATA_UNSUITABLE without times, or when no user has two events
 */
export function nextItemFit(options: NextItemOptions, context: ScorerContext): PolicyFit {
  const { train, executor } = context
  if (train.timeKind === 'file-order') {
    throw unsuitable(
      'Its ratings have no times, and the order of a file is not the order of events.',
      'Choose a data set with times, or a model that needs none.',
      'no times',
    )
  }
  const events = eventsOf(train, (row) => options.events === 'all' || isPositive(train.rating[row]!, train.scale))
  const windows = windowsOf(events, options.historyLength)
  if (windows.start.length === 0) {
    throw unsuitable(
      'No user has two events in a row, so there is no next item to learn.',
      'Import more data, train on a larger share, or let all rated items count (events "all").',
      'no sequences',
    )
  }
  const rng = context.stream('validation')
  const held = Uint8Array.from(windows.start, () => (rng.chance(options.validationShare) ? 1 : 0))
  const parts = held.includes(0) && held.includes(1) ? [pick(windows, held, 0), pick(windows, held, 1)] : null
  const learn = (learnt: Windows, checked: Windows) => new NextItemLearner(options, events, learnt, checked, context)
  const fit = new ValidatedFit([{ part: parts ? () => learn(parts[0]!, parts[1]!) : null, all: () => learn(windows, windows) }], {
    ...options,
    names: { train: 'trainLoss', validation: 'validationLoss' },
  })
  return {
    epoch: () => fit.epoch(),
    get finished() {
      return fit.finished
    },
    remarks: () => fit.remarks(),
    save: () => fit.save(),
    restore: (saved) => fit.restore(saved),
    policy() {
      const { learnable, weights } = fit.chosen
      return new NextItemPolicy(options, context, events, copyOf(learnable.arenas, weights, executor))
    },
  }
}

/** What it is made of for so many items; how many windows there are depends on the histories, at most one for each rating. */
export function nextItemSketch(options: NextItemOptions, { users, items, ratings }: DataSizes): RecipeSketch {
  const windows = Math.max(1, users, Math.ceil(ratings / options.historyLength))
  const batch = Math.min(options.batchSize, windows)
  const sizes = { batch, steps: options.historyLength, negatives: options.negatives }
  return {
    tables: [],
    network: {
      draw: (rows) => scoringGraph(options, items, rows),
      update: differentiate(lossGraph(options, items, sizes), 'loss', () => true),
      batchSize: batch,
      updatesPerPass: Math.ceil(windows / batch),
      copies: options.optimiser === 'adam' ? 4 : 3,
    },
  }
}

function unsuitable(what: string, remedy: string, reason: string): PalateError {
  return new PalateError(
    'DATA_UNSUITABLE',
    `GRU4Rec learns the order of events, which this data set does not give. ${what} ${remedy}`,
    {
      reason,
    },
  )
}

function pick({ start, end }: Windows, held: Uint8Array, part: number): Windows {
  const chosen = (_: number, window: number) => held[window] === part
  return { start: start.filter(chosen), end: end.filter(chosen) }
}

function copyOf(arenas: readonly ParameterArena[], weights: readonly Float32Array[], executor: Executor): ParameterArena[] {
  return arenas.map((arena, i) => {
    const copy = createArena(arena.entries, executor.memory)
    copy.values.set(weights[i]!)
    return copy
  })
}

class NextItemLearner implements Learnable {
  readonly #trainer: GraphTrainer
  readonly #checked: WindowBatches
  readonly #checker: Program
  readonly #order: Int32Array
  readonly #batchSize: number
  readonly #context: ScorerContext
  /** Held-out windows checked so far, and the sum of their losses. */
  #done = 0
  #losses = 0

  constructor(options: NextItemOptions, events: Events, learn: Windows, held: Windows, context: ScorerContext) {
    const { executor, train } = context
    this.#context = context
    this.#batchSize = Math.min(options.batchSize, learn.start.length)
    const sizes = { steps: options.historyLength, batch: this.#batchSize, negatives: options.negatives }
    const graphFor = (dropout: number) => lossGraph({ ...options, dropout }, train.itemCount, sizes)
    const negatives = (name: string) =>
      new NegativeSampler(events, train.itemCount, options.popularityPower, context.stream(name))
    const source = windowBatches(events, learn, sizes, negatives('negatives'), executor.memory)
    this.#checked = windowBatches(events, held, sizes, negatives('check'), executor.memory)
    this.#order = Int32Array.from(held.start.keys())
    const rngs = { start: context.stream('start'), order: context.stream('order'), masks: context.stream('dropout') }
    const trainerOptions = { ...options, batchSize: this.#batchSize, l2: () => options.l2 }
    this.#trainer = new GraphTrainer(graphFor(options.dropout), source, trainerOptions, executor, rngs)
    this.#checker = executor.compile(graphFor(0))
  }

  get arenas(): readonly ParameterArena[] {
    return this.#trainer.arenas
  }

  get weights(): readonly Float32Array[] {
    return this.#trainer.arenas.map((arena) => arena.values)
  }

  pass(): number | null {
    return this.#trainer.pass()
  }

  /** Against the same negatives each time, so that checks can be compared. */
  check(): number | null {
    if (this.#done === 0) this.#checked.rng.load({ ...this.#context.stream('check').save() })
    const to = Math.min(this.#order.length, this.#done + this.#batchSize)
    this.#checked.fill(this.#order, this.#done, to)
    const outputs = this.#checker.run({ inputs: this.#checked.inputs, parameters: this.#trainer.arenas })
    this.#losses += outputs.scalar('loss') * this.#batchSize
    this.#done = to
    if (to < this.#order.length) return null
    const mean = this.#losses / this.#order.length
    this.#done = 0
    this.#losses = 0
    return mean
  }

  save(): StateTree {
    return this.#trainer.save()
  }

  restore(saved: StateTree): void {
    this.#trainer.restore(saved)
  }
}

/** Scores by the state after the latest events; what is recommended and counts as an event joins them. */
class NextItemPolicy implements Policy {
  readonly slots = SLOTS
  readonly #options: NextItemOptions
  readonly #context: ScorerContext
  readonly #events: Events
  readonly #arenas: readonly ParameterArena[]
  readonly #encoder: Program
  readonly #ids: Int32Array
  readonly #mask: Float32Array
  readonly #histories: number[][] = Array.from({ length: SLOTS }, () => [])
  readonly #states: Float32Array

  constructor(options: NextItemOptions, context: ScorerContext, events: Events, arenas: readonly ParameterArena[]) {
    const { executor, train } = context
    this.#options = options
    this.#context = context
    this.#events = events
    this.#arenas = arenas
    this.#encoder = executor.compile(encoderGraph(options, train.itemCount, options.historyLength, SLOTS))
    this.#ids = executor.memory.ints(SLOTS * options.historyLength)
    this.#mask = executor.memory.floats(SLOTS * options.historyLength)
    this.#states = new Float32Array(SLOTS * options.hidden)
  }

  begin(slot: number, user: number): void {
    const { items, start } = this.#events
    const from = Math.max(start[user]!, start[user + 1]! - this.#options.historyLength)
    this.#histories[slot] = [...items.subarray(from, start[user + 1]!)]
  }

  act(slots: Int32Array, count: number): void {
    const { historyLength: n, hidden } = this.#options
    this.#mask.fill(0)
    for (let i = 0; i < count; i++) {
      this.#histories[slots[i]!]!.forEach((item, step) => {
        this.#ids[i * n + step] = item
        this.#mask[i * n + step] = 1
      })
    }
    const states = this.#encoder.run({ inputs: { ids: this.#ids, mask: this.#mask }, parameters: this.#arenas }).view('state')
    for (let i = 0; i < count; i++) this.#states.set(states.subarray(i * hidden, (i + 1) * hidden), slots[i]! * hidden)
  }

  score(slot: number, candidates: Int32Array, count: number, out: Float32Array): void {
    const { hidden } = this.#options
    const viewOf = (name: string) => this.#arenas.find((arena) => arena.has(name))!.view(name)
    const [vectors, bias] = [viewOf('output'), viewOf('outputBias')]
    for (let i = 0; i < count; i++) {
      const item = candidates[i]!
      let sum = bias[item]!
      for (let c = 0; c < hidden; c++) sum += this.#states[slot * hidden + c]! * vectors[item * hidden + c]!
      out[i] = sum
    }
  }

  observe(slot: number, item: number, rating: number): void {
    if (this.#options.events === 'positive' && !isPositive(rating, this.#context.train.scale)) return
    const history = this.#histories[slot]!
    history.push(item)
    if (history.length > this.#options.historyLength) history.shift()
  }
}
