import type { Bindings, Executor, ParameterArena, Program } from '../../compute/types.ts'
import type { Policy } from '../../core/policy.ts'
import type { InteractionTable } from '../../data/interaction-table.ts'
import type { FeedbackLists } from './feedback-lists.ts'
import { actGraph, StateBatch, type NetworkPlan, type Tables } from './networks.ts'

/** How a slot's episode starts: which table row stands for the user, and which history. */
export interface SlotStart {
  readonly userRow: number
  begin(lists: FeedbackLists, slot: number): void
}

/**
 * A policy that acts for several users in one batch. Slots are independent; rows of the batch that no slot uses repeat
 * an old state and are ignored, so a user's action does not depend on the company.
 */
export class ActorSlots implements Policy {
  readonly slots: number
  readonly #plan: NetworkPlan
  readonly #program: Program
  readonly #batch: StateBatch
  readonly #bindings: Bindings
  readonly #lists: FeedbackLists
  readonly #starts: (userIndex: number) => SlotStart
  readonly #userRows: Int32Array
  /** Actions by slot, [slots, width]. */
  readonly #actions: Float32Array

  /**
   * @param lists as many slots as wanted
   * @param starts how the episode of a "user index" (of whatever the caller evaluates) begins
   */
  constructor(
    plan: NetworkPlan,
    executor: Executor,
    tables: Tables,
    parameters: ParameterArena,
    slots: number,
    lists: FeedbackLists,
    starts: (userIndex: number) => SlotStart,
  ) {
    this.slots = slots
    this.#plan = plan
    this.#program = executor.compile(actGraph(plan, slots))
    this.#batch = new StateBatch(slots, lists.length, plan.embedding, executor.memory)
    this.#bindings = { inputs: this.#batch.inputs, tables, parameters: [parameters] }
    this.#lists = lists
    this.#starts = starts
    this.#userRows = new Int32Array(slots)
    this.#actions = new Float32Array(slots * plan.embedding.width)
  }

  begin(slot: number, userIndex: number): void {
    const start = this.#starts(userIndex)
    this.#userRows[slot] = start.userRow
    start.begin(this.#lists, slot)
  }

  act(slots: Int32Array, count: number): void {
    const { width } = this.#plan.embedding
    const { positive, negative, length } = this.#lists
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!
      this.#batch.set(i, this.#userRows[slot]!, positive, negative, slot * length)
    }
    const actions = this.#program.run(this.#bindings).view('action')
    for (let i = 0; i < count; i++) {
      for (let c = 0; c < width; c++) this.#actions[slots[i]! * width + c] = actions[i * width + c]!
    }
  }

  score(slot: number, items: Int32Array, count: number, out: Float32Array): void {
    const { width, items: vectors } = this.#plan.embedding
    const actionAt = slot * width
    for (let i = 0; i < count; i++) {
      const itemAt = this.#batch.itemRow(this.#userRows[slot]!, items[i]!) * width
      let sum = 0
      for (let c = 0; c < width; c++) sum += this.#actions[actionAt + c]! * vectors[itemAt + c]!
      out[i] = sum
    }
  }

  observe(slot: number, itemIndex: number, rating: number): void {
    this.#lists.observe(slot, itemIndex, rating)
  }
}

/** The users' episodes in evaluation: the reference table, and the whole training history. */
export function evaluationStarts(
  train: InteractionTable,
  rowsOf: (user: number) => Int32Array,
): (userIndex: number) => SlotStart {
  return (user) => ({
    userRow: user,
    begin: (lists, slot) => lists.begin(slot, train, rowsOf(user), () => true),
  })
}
