import { plainMemory } from '../../compute/plain/plain-memory.ts'
import type { ExecutorMemory } from '../../compute/types.ts'
import type { Rng } from '../../core/rng.ts'
import { readArray, readNumber, readTree, type StateTree } from '../../core/state-codec.ts'
import { SumTree } from './sum-tree.ts'

/** Sizes of what a transition holds. */
export interface TransitionLayout {
  readonly historyLength: number
  /** Coordinates of the stored action; 0 when the executed item is stored alone. */
  readonly actionWidth: number
  /** Candidates stored for s and for s'. */
  readonly candidates: number
  /** 1 where each item comes with a competitor (DEERS), 0 where none is stored. */
  readonly competitors?: 0 | 1
}

/**
 * Transitions as columns; row i of a column belongs to transition i. Lists hold item indexes, NO_ITEM where empty. The
 * same columns serve as a mini-batch.
 */
export class Transitions {
  readonly size: number
  readonly layout: TransitionLayout
  /** Row of the user in the embedding's tables: table * userCount + user. */
  readonly userRow: Int32Array
  readonly positive: Int32Array
  readonly negative: Int32Array
  readonly nextPositive: Int32Array
  readonly nextNegative: Int32Array
  /** The executed action. */
  readonly action: Float32Array
  readonly item: Int32Array
  readonly reward: Float32Array
  /** 1 when no candidate was left; a truncated episode has 0. */
  readonly terminated: Float32Array
  readonly candidates: Int32Array
  readonly nextCandidates: Int32Array
  /** Competitors of the items as `Competitors` writes them. */
  readonly competitor: Int32Array
  readonly #columns: readonly ColumnName[]

  /** @param memory of the executor that reads the columns; ordinary arrays for what is only stored */
  constructor(size: number, layout: TransitionLayout, memory: ExecutorMemory = plainMemory) {
    const { historyLength, actionWidth, candidates, competitors = 0 } = layout
    this.size = size
    this.layout = layout
    this.userRow = memory.ints(size)
    this.positive = memory.ints(size * historyLength)
    this.negative = memory.ints(size * historyLength)
    this.nextPositive = memory.ints(size * historyLength)
    this.nextNegative = memory.ints(size * historyLength)
    this.action = memory.floats(size * actionWidth)
    this.item = memory.ints(size)
    this.reward = memory.floats(size)
    this.terminated = memory.floats(size)
    this.candidates = memory.ints(size * candidates)
    this.nextCandidates = memory.ints(size * candidates)
    this.competitor = memory.ints(size * competitors)
    this.#columns = competitors === 0 ? COLUMNS : [...COLUMNS, 'competitor']
  }

  /** Copies transition `from` of `source` to row `to`. */
  copy(source: Transitions, from: number, to: number): void {
    for (const name of this.#columns) copyRow(source[name], from, this[name], to, this.#width(name))
  }

  #width(name: ColumnName): number {
    switch (name) {
      case 'positive':
      case 'negative':
      case 'nextPositive':
      case 'nextNegative':
        return this.layout.historyLength
      case 'action':
        return this.layout.actionWidth
      case 'candidates':
      case 'nextCandidates':
        return this.layout.candidates
      default:
        return 1
    }
  }

  save(count: number): StateTree {
    return Object.fromEntries(this.#columns.map((name) => [name, this[name].slice(0, count * this.#width(name))]))
  }

  restore(saved: StateTree): void {
    for (const name of this.#columns) {
      const target = this[name]
      if (target instanceof Float32Array) target.set(readArray(saved, name, Float32Array))
      else target.set(readArray(saved, name, Int32Array))
    }
  }
}

const COLUMNS = [
  'userRow',
  'positive',
  'negative',
  'nextPositive',
  'nextNegative',
  'action',
  'item',
  'reward',
  'terminated',
  'candidates',
  'nextCandidates',
] as const
type ColumnName = (typeof COLUMNS)[number] | 'competitor'

/** Copies row `from` of a column of rows to row `to` of another. */
export function copyRow(
  source: Int32Array | Float32Array,
  from: number,
  target: Int32Array | Float32Array,
  to: number,
  width: number,
): void {
  for (let i = 0; i < width; i++) target[to * width + i] = source[from * width + i]!
}

/** Keeps a TD error of nothing from never being sampled again. */
const PRIORITY_FLOOR = 1e-3

/**
 * Proportional prioritised replay (Schaul et al. 2016): P(i) = p_i^alpha / sum, p_i = |TD error| + a small constant, new
 * transitions with the largest priority seen; importance weights (N P(i))^-beta over the largest of the batch.
 *
 * A transition may stand for several copies of itself: it is drawn as often as they would be together, and weighs as one of
 * them; N counts them all.
 */
export class PrioritisedReplay {
  readonly columns: Transitions
  readonly #capacity: number
  readonly #alpha: number
  readonly #tree: SumTree
  /** How many copies each transition stands for; null while all stand for themselves. */
  #copies: Float64Array | null = null
  /** N: the copies of all transitions. */
  #total = 0
  #next = 0
  #count = 0
  #largest = 1

  constructor(capacity: number, layout: TransitionLayout, alpha: number) {
    this.#capacity = capacity
    this.#alpha = alpha
    this.columns = new Transitions(capacity, layout)
    this.#tree = new SumTree(capacity)
  }

  get count(): number {
    return this.#count
  }

  /** Forgets everything. */
  clear(): void {
    this.#next = 0
    this.#count = 0
    this.#largest = 1
    this.#total = 0
    this.#copies = null
    this.#tree.restore(new Float64Array(0))
  }

  /** Adds what another replay has saved, in its order, as if it came now. @throws PalateError CHECKPOINT_UNUSABLE */
  addSaved(saved: StateTree): void {
    const count = readNumber(saved, 'count')
    const other = new Transitions(count, this.columns.layout)
    other.restore(readTree(saved, 'columns'))
    const one = new Transitions(1, this.columns.layout)
    for (let at = 0; at < count; at++) {
      one.copy(other, at, 0)
      this.add(one)
    }
  }

  /** Adds transition 0 of `transition`; the oldest gives way when full. @param copies that it stands for */
  add(transition: Transitions, copies = 1): void {
    this.columns.copy(transition, 0, this.#next)
    if (this.#count === this.#capacity) this.#total -= this.#copiesOf(this.#next)
    this.#total += copies
    if (copies !== 1) this.#copies ??= new Float64Array(this.#capacity).fill(1)
    if (this.#copies) this.#copies[this.#next] = copies
    this.#tree.set(this.#next, copies * this.#largest ** this.#alpha)
    this.#next = (this.#next + 1) % this.#capacity
    this.#count = Math.min(this.#count + 1, this.#capacity)
  }

  #copiesOf(index: number): number {
    return this.#copies ? this.#copies[index]! : 1
  }

  /**
   * Draws `batch.size` transitions with replacement. Consumes one uniform number each.
   * @param beta importance correction, 0 to 1; @param indexes, weights receive where each came from and what it weighs
   */
  sample(batch: Transitions, indexes: Int32Array, weights: Float32Array, beta: number, rng: Rng): void {
    let largest = 0
    for (let i = 0; i < batch.size; i++) {
      const index = this.#tree.sample(rng)
      indexes[i] = index
      batch.copy(this.columns, index, i)
      const ofOne = this.#tree.get(index) / this.#copiesOf(index)
      const weight = ((this.#total * ofOne) / this.#tree.total) ** -beta
      weights[i] = weight
      if (weight > largest) largest = weight
    }
    for (let i = 0; i < batch.size; i++) weights[i] = weights[i]! / largest
  }

  /** @param tdErrors of the transitions at `indexes`, signed or not */
  setPriorities(indexes: Int32Array, tdErrors: Float32Array): void {
    for (let i = 0; i < indexes.length; i++) {
      const priority = Math.abs(tdErrors[i]!) + PRIORITY_FLOOR
      if (priority > this.#largest) this.#largest = priority
      this.#tree.set(indexes[i]!, this.#copiesOf(indexes[i]!) * priority ** this.#alpha)
    }
  }

  save(): StateTree {
    return {
      next: this.#next,
      count: this.#count,
      largest: this.#largest,
      priorities: this.#tree.save(this.#count),
      columns: this.columns.save(this.#count),
      ...(this.#copies && { copies: this.#copies.slice(0, this.#count) }),
    }
  }

  restore(saved: StateTree): void {
    this.#next = readNumber(saved, 'next')
    this.#count = readNumber(saved, 'count')
    this.#largest = readNumber(saved, 'largest')
    this.#copies = null
    this.#total = this.#count
    if (saved['copies'] !== undefined) {
      const copies = readArray(saved, 'copies', Float64Array)
      this.#copies = new Float64Array(this.#capacity).fill(1)
      this.#copies.set(copies)
      this.#total = copies.reduce((sum, each) => sum + each, 0)
    }
    this.#tree.restore(readArray(saved, 'priorities', Float64Array))
    this.columns.restore(saved['columns'] as StateTree)
  }
}
