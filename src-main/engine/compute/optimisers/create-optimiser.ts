import { GraphError } from '../types.ts'
import type { ExecutorMemory, ParameterArena } from '../types.ts'
import type { Optimiser, OptimiserState } from './optimiser.types.ts'

/** What one optimiser adds to what all share. */
export interface OptimiserParts<Slot extends string> {
  /** Arrays of the size of the parameters, zeros at first, that last from update to update. Their names stand in checkpoints. */
  readonly slots: readonly Slot[]
  readonly learningRate: number
  /** Moves weights w by gradients g. @param update the number of this update, from 1; must allocate nothing */
  move(w: Float32Array, g: Float32Array, slots: Readonly<Record<Slot, Float32Array>>, learningRate: number, update: number): void
}

/** The part that all optimisers share: slots in `memory`, the count of updates, checks, saving and restoring. */
export function createOptimiser<Slot extends string>(
  parameters: ParameterArena,
  parts: OptimiserParts<Slot>,
  memory: ExecutorMemory,
): Optimiser {
  const size = parameters.values.length
  const slots = Object.fromEntries(parts.slots.map((name) => [name, memory.floats(size)])) as Record<Slot, Float32Array>
  let updates = 0
  const optimiser: Optimiser = {
    learningRate: parts.learningRate,
    update(target, gradients) {
      requireSize(target, gradients, size)
      updates++
      parts.move(target.values, gradients.values, slots, optimiser.learningRate, updates)
    },
    // slice copies into ordinary memory, whatever memory the slots lie in.
    save: () => ({ updates, slots: Object.fromEntries(parts.slots.map((name) => [name, slots[name].slice()])) }),
    restore(state) {
      for (const name of parts.slots) restoreSlot(state, name, slots[name])
      updates = state.updates
    },
  }
  return optimiser
}

function requireSize(parameters: ParameterArena, gradients: ParameterArena, expected: number): void {
  if (parameters.values.length === expected && gradients.values.length === expected) return
  throw new GraphError(
    `An optimiser made for ${expected} values was given ${parameters.values.length} parameters and ${gradients.values.length} gradients.`,
  )
}

function restoreSlot(state: OptimiserState, name: string, into: Float32Array): void {
  const saved = state.slots[name]
  if (saved?.length !== into.length) {
    throw new GraphError(
      `The saved optimiser state has ${saved?.length ?? 'no'} values for "${name}" where ${into.length} are needed.`,
    )
  }
  into.set(saved)
}
