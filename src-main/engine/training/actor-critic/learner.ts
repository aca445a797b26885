import { PalateError } from '../../../contract/errors.ts'
import type { Optimiser } from '../../compute/optimisers/optimiser.types.ts'
import { softUpdate } from '../../compute/optimisers/soft-update.ts'
import type { Passes } from '../../compute/passes.types.ts'
import type { ParameterArena } from '../../compute/types.ts'
import { readNumber, readTree, type StateTree } from '../../core/state-codec.ts'
import type { PrioritisedReplay } from './replay.ts'

/** Networks, targets, optimisers and replay of one learner, as the training loop sees them. */
export interface ReplayLearner {
  readonly updates: number
  readonly replay: PrioritisedReplay
  /** The weights that act in evaluation. */
  readonly evaluated: ParameterArena
  /** Floating-point operations of an update. */
  readonly flops: number
  /** Names of all that an update can measure. */
  readonly reported: readonly string[]
  /** Names of what the update of that number has measured. */
  measuredAt(update: number): readonly string[]
  /**
   * One gradient update. @param beta importance correction
   * @returns what was measured; the same object each time
   * @throws PalateError RUN_DIVERGED as soon as a loss, a gradient norm or a weight is not finite
   */
  update(beta: number): Readonly<Record<string, number>>
  /**
   * The learner begins from trained weights, its target and averaged ones likewise; optimisers and replay stay as they are.
   * @param weights as a saved model holds them; @throws PalateError CHECKPOINT_UNUSABLE
   */
  startFrom(weights: StateTree): void
  /** @throws PalateError RUN_DIVERGED when a weight is not finite: no checkpoint may hold what cannot go on */
  save(): StateTree
  restore(saved: StateTree): void
}

/** Moves `target` towards `source` when it is called. A rate read from a field would be boxed anew for each call; a captured one is not. */
export function follower(target: ParameterArena, source: ParameterArena, rate: number, passes: Passes): () => void {
  return () => softUpdate(target, source, rate, passes)
}

export function saveOptimiser(optimiser: Optimiser): StateTree {
  const { updates, slots } = optimiser.save()
  return { updates, slots: { ...slots } }
}

export function restoreOptimiser(optimiser: Optimiser, saved: StateTree): void {
  optimiser.restore({
    updates: readNumber(saved, 'updates'),
    slots: readTree(saved, 'slots') as Record<string, Float32Array>,
  })
}

/** @param quantity what is no longer finite */
export function divergedAt(update: number, quantity: string): PalateError {
  return new PalateError(
    'RUN_DIVERGED',
    `Training diverged at update ${update}: ${quantity} is no longer a finite number. ` +
      'The last finite checkpoint is kept. Lower the learning rates or the clip norm, and start again.',
    { run: '', update, quantity },
  )
}
