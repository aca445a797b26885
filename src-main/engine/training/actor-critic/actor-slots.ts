import type { Bindings, Executor, ParameterArena, Program } from '../../compute/types.ts'
import { EpisodeSlots, type SlotStart } from './episode-slots.ts'
import type { FeedbackLists } from './feedback-lists.ts'
import { actGraph, type NetworkPlan, type Tables } from './networks.ts'

/** An actor's policy: one run of the network acts for all slots, and items are scored by their inner product with the action. */
export class ActorSlots extends EpisodeSlots {
  readonly #plan: NetworkPlan
  readonly #program: Program
  readonly #bindings: Bindings
  /** Actions by slot, [slots, width]. */
  readonly #actions: Float32Array

  /** @param lists, starts as `EpisodeSlots` takes them */
  constructor(
    plan: NetworkPlan,
    executor: Executor,
    tables: Tables,
    parameters: ParameterArena,
    slots: number,
    lists: FeedbackLists,
    starts: (userIndex: number) => SlotStart,
  ) {
    super(plan.embedding, executor.memory, slots, lists, starts)
    this.#plan = plan
    this.#program = executor.compile(actGraph(plan, slots))
    this.#bindings = { inputs: this.batch.inputs, tables, parameters: [parameters] }
    this.#actions = new Float32Array(slots * plan.embedding.width)
  }

  act(slots: Int32Array, count: number): void {
    const { width } = this.#plan.embedding
    this.fillBatch(slots, count)
    const actions = this.#program.run(this.#bindings).view('action')
    for (let i = 0; i < count; i++) {
      for (let c = 0; c < width; c++) this.#actions[slots[i]! * width + c] = actions[i * width + c]!
    }
  }

  score(slot: number, items: Int32Array, count: number, out: Float32Array): void {
    const { width, items: vectors } = this.#plan.embedding
    const actionAt = slot * width
    for (let i = 0; i < count; i++) {
      const itemAt = this.batch.itemRow(this.userRows[slot]!, items[i]!) * width
      let sum = 0
      for (let c = 0; c < width; c++) sum += this.#actions[actionAt + c]! * vectors[itemAt + c]!
      out[i] = sum
    }
  }
}
