import type { RatingScale } from '../../contract/dto/dataset.ts'
import type { Rng } from '../core/rng.ts'
import { selectRows, type InteractionTable } from './interaction-table.ts'

/** Both parts of a training side: what is learnt from, and what checks it. */
export interface HeldOut {
  readonly learn: InteractionTable
  readonly held: InteractionTable
}

/**
 * Holds out ratings of a training side, each with probability `share`. Consumes two draws per rating.
 * @returns null when either part would be empty
 */
export function holdOut(train: InteractionTable, share: number, rng: Rng): HeldOut | null {
  const held = Uint8Array.from({ length: train.size }, () => (rng.chance(share) ? 1 : 0))
  const rowsOf = (part: number) => Int32Array.from(train.rating.keys()).filter((row) => held[row] === part)
  const [learn, rest] = [rowsOf(0), rowsOf(1)]
  return learn.length === 0 || rest.length === 0 ? null : { learn: selectRows(train, learn), held: selectRows(train, rest) }
}

/** Mean rating; 0 for an empty table. */
export function meanRating({ rating, size }: InteractionTable): number {
  let sum = 0
  for (let row = 0; row < size; row++) sum += rating[row]!
  return size > 0 ? sum / size : 0
}

/** A quarter of the scale: one star of five. Learning rates and penalties tuned on stars then fit scales of any width. */
export function ratingUnit(scale: RatingScale): number {
  return (scale.max - scale.min) / 4
}

/** Squared error of a prediction, cut to the scale. */
export function squaredError(predicted: number, rating: number, scale: RatingScale): number {
  return (Math.min(scale.max, Math.max(scale.min, predicted)) - rating) ** 2
}
