import type { ExecutorMemory } from '../../compute/types.ts'
import type { Policy } from '../../core/policy.ts'
import type { InteractionTable } from '../../data/interaction-table.ts'
import type { Embedding } from '../../factorisation/embedding.ts'
import type { FeedbackLists } from './feedback-lists.ts'
import { StateBatch } from './networks.ts'

/** How a slot's episode starts: which table row stands for the user, and which history. */
export interface SlotStart {
  readonly userRow: number
  begin(lists: FeedbackLists, slot: number): void
}

/**
 * The episodes of several users and their states in one batch. Slots are independent; rows of the batch that no slot uses
 * repeat an old state and are ignored, so that what a user is recommended does not depend on the company.
 */
export abstract class EpisodeSlots implements Policy {
  readonly slots: number
  protected readonly batch: StateBatch
  /** By slot: the row of the user in the embedding's tables. */
  protected readonly userRows: Int32Array
  readonly #lists: FeedbackLists
  readonly #starts: (userIndex: number) => SlotStart

  /**
   * @param lists as many slots as wanted
   * @param starts how the episode of a "user index" (of whatever the caller evaluates) begins
   */
  constructor(
    embedding: Embedding,
    memory: ExecutorMemory,
    slots: number,
    lists: FeedbackLists,
    starts: (userIndex: number) => SlotStart,
  ) {
    this.slots = slots
    this.batch = new StateBatch(slots, lists.length, embedding, memory)
    this.userRows = new Int32Array(slots)
    this.#lists = lists
    this.#starts = starts
  }

  begin(slot: number, userIndex: number): void {
    const start = this.#starts(userIndex)
    this.userRows[slot] = start.userRow
    start.begin(this.#lists, slot)
  }

  abstract act(slots: Int32Array, count: number): void
  abstract score(slot: number, items: Int32Array, count: number, out: Float32Array): void

  observe(slot: number, itemIndex: number, rating: number): void {
    this.#lists.observe(slot, itemIndex, rating)
  }

  /** Sets rows 0 to count - 1 of the batch to the states of the slots. */
  protected fillBatch(slots: Int32Array, count: number): void {
    const { positive, negative, length } = this.#lists
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!
      this.batch.set(i, this.userRows[slot]!, positive, negative, slot * length)
    }
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
