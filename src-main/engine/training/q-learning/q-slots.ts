import type { Bindings, Executor, ParameterArena, Program } from '../../compute/types.ts'
import { EpisodeSlots, type SlotStart } from '../actor-critic/episode-slots.ts'
import type { FeedbackLists } from '../actor-critic/feedback-lists.ts'
import type { Tables } from '../actor-critic/networks.ts'
import { copyRow } from '../actor-critic/replay.ts'
import { codeGraph, valuesGraph, type QPlan } from './q-networks.ts'

/** Candidates in one run of the values. */
const AT_ONCE = 32

/** A slot's part of the code's outputs: what is kept of all slots, and what is bound for the one whose items are scored. */
interface Kept {
  readonly name: string
  readonly width: number
  readonly all: Float32Array
  readonly bound: Float32Array
}

/** The policy that orders items by Q: states are encoded for all slots in one run, candidates go through slot by slot. */
export class QSlots extends EpisodeSlots {
  readonly #code: Program
  readonly #values: Program
  readonly #codeBindings: Bindings
  readonly #valuesBindings: Bindings
  readonly #candidateRows: Int32Array
  readonly #kept: readonly Kept[]

  /** @param lists, starts as `EpisodeSlots` takes them */
  constructor(
    plan: QPlan,
    executor: Executor,
    tables: Tables,
    network: ParameterArena,
    slots: number,
    lists: FeedbackLists,
    starts: (userIndex: number) => SlotStart,
  ) {
    const { memory } = executor
    super(plan.embedding, memory, slots, lists, starts)
    this.#code = executor.compile(codeGraph(plan, slots))
    const one = codeGraph(plan, 1)
    this.#values = executor.compile(valuesGraph(plan, one, AT_ONCE))
    this.#candidateRows = memory.ints(AT_ONCE)
    this.#kept = [...one.outputs].map(([name, { shape }]) => {
      const width = shape[1]!
      return { name, width, all: new Float32Array(slots * width), bound: memory.floats(width) }
    })
    const shared = { tables, parameters: [network] }
    this.#codeBindings = { ...shared, inputs: this.batch.inputs }
    const inputs = Object.fromEntries(this.#kept.map(({ name, bound }) => [name, bound]))
    this.#valuesBindings = { ...shared, inputs: { ...inputs, candidateRows: this.#candidateRows } }
  }

  act(slots: Int32Array, count: number): void {
    this.fillBatch(slots, count)
    const outputs = this.#code.run(this.#codeBindings)
    for (const { name, width, all } of this.#kept) {
      const computed = outputs.view(name)
      for (let i = 0; i < count; i++) copyRow(computed, i, all, slots[i]!, width)
    }
  }

  score(slot: number, items: Int32Array, count: number, out: Float32Array): void {
    for (const { width, all, bound } of this.#kept) copyRow(all, slot, bound, 0, width)
    const userRow = this.userRows[slot]!
    for (let first = 0; first < count; first += AT_ONCE) {
      const some = Math.min(AT_ONCE, count - first)
      for (let i = 0; i < some; i++) this.#candidateRows[i] = this.batch.itemRow(userRow, items[first + i]!)
      const values = this.#values.run(this.#valuesBindings).view('values')
      for (let i = 0; i < some; i++) out[first + i] = values[i]!
    }
  }
}
