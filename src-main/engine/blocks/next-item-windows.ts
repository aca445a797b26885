import type { ExecutorMemory } from '../compute/types.ts'
import type { Rng } from '../core/rng.ts'
import { groupByUserInTime } from '../data/by-user.ts'
import type { InteractionTable } from '../data/interaction-table.ts'
import type { BatchSource } from './graph-trainer.ts'
import type { BatchSizes } from './next-item-network.ts'

/** The items of every user's events in order of time: those of user u from start[u] to start[u + 1] - 1. */
export interface Events {
  readonly items: Int32Array
  readonly start: Int32Array
}

/** Stretches of events of one user: of each but the last item the next is to be predicted. */
export interface Windows {
  readonly start: Int32Array
  /** After the last item. */
  readonly end: Int32Array
}

/** @param counts whether a row of the table is an event */
export function eventsOf(table: InteractionTable, counts: (row: number) => boolean): Events {
  const { rows, start } = groupByUserInTime(table)
  const items: number[] = []
  const eventStart = new Int32Array(start.length)
  for (let user = 0; user + 1 < start.length; user++) {
    for (let at = start[user]!; at < start[user + 1]!; at++) if (counts(rows[at]!)) items.push(table.itemIndex[rows[at]!]!)
    eventStart[user + 1] = items.length
  }
  return { items: Int32Array.from(items), start: eventStart }
}

/** Cuts every history from its end into windows of at most `steps` predictions; the last item of one is the first of the next. */
export function windowsOf({ start }: Events, steps: number): Windows {
  const found: { from: number; to: number }[] = []
  for (let user = 0; user + 1 < start.length; user++) {
    for (let to = start[user + 1]!; to - start[user]! >= 2; to -= steps)
      found.push({ from: Math.max(start[user]!, to - steps - 1), to })
  }
  return { start: Int32Array.from(found, ({ from }) => from), end: Int32Array.from(found, ({ to }) => to) }
}

/** Draws items by the power of how many events they have. One uniform number (two draws) each. */
export class NegativeSampler {
  readonly rng: Rng
  /** Sum of the weights up to and including the item. */
  readonly #upTo: Float64Array

  constructor({ items }: Events, itemCount: number, power: number, rng: Rng) {
    this.rng = rng
    const counts = new Float64Array(itemCount)
    for (let i = 0; i < items.length; i++) counts[items[i]!]!++
    let sum = 0
    // With power 0 every item that has events counts as one; items without any are never drawn.
    this.#upTo = counts.map((count) => (sum += count > 0 ? count ** power : 0))
  }

  draw(): number {
    const wanted = this.rng.uniform() * this.#upTo.at(-1)!
    let low = 0
    let high = this.#upTo.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#upTo[middle]! > wanted) high = middle
      else low = middle + 1
    }
    return low
  }
}

/** Takes a score out of any comparison, and is no infinity, which would be NaN in differences. */
const OUT = -1e4

export interface WindowBatches extends BatchSource {
  readonly rng: Rng
}

/** The inputs of `lossGraph`. `fill` draws the negatives of the batch. */
export function windowBatches(
  events: Events,
  windows: Windows,
  { batch, steps, negatives }: BatchSizes,
  sampler: NegativeSampler,
  memory: ExecutorMemory,
): WindowBatches {
  const ids = memory.ints(batch * steps)
  const targets = memory.ints(batch * steps)
  const mask = memory.floats(batch * steps)
  const weights = memory.floats(batch * steps)
  const drawn = memory.ints(negatives)
  const collisions = memory.floats(batch * steps * negatives)
  let predictions = 0
  windows.start.forEach((from, window) => (predictions += windows.end[window]! - from - 1))
  // So that the mean over windows of sums over steps is the mean over predictions.
  const weight = windows.start.length / predictions
  return {
    examples: windows.start.length,
    inputs: { ids, targets, mask, weights, negatives: drawn, collisions },
    rng: sampler.rng,
    fill(order, first, to) {
      mask.fill(0)
      weights.fill(0)
      for (let n = 0; n < negatives; n++) drawn[n] = sampler.draw()
      for (let at = first; at < to; at++) {
        const from = windows.start[order[at]!]!
        const length = windows.end[order[at]!]! - from - 1
        for (let step = 0; step < length; step++) {
          const event = (at - first) * steps + step
          ids[event] = events.items[from + step]!
          targets[event] = events.items[from + step + 1]!
          mask[event] = 1
          weights[event] = weight
        }
      }
      for (let event = 0; event < targets.length; event++) {
        for (let n = 0; n < negatives; n++) collisions[event * negatives + n] = drawn[n] === targets[event] ? OUT : 0
      }
    },
  }
}
