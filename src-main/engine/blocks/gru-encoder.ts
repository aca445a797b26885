import type { GraphBuilder } from '../compute/graph-builder.ts'
import type { GraphNode } from '../compute/types.ts'
import { unrollGru, type Unrolled } from '../compute/recurrent.ts'
import type { SideInputs } from '../core/actor-critic-recipe.ts'
import type { SideEncoder } from './encoder.types.ts'
import { reversed, withEmptyVector } from './history-items.ts'

/**
 * A gated recurrent unit of width `width` over a side's list, from the oldest item to the newest (under the preference rule
 * from the least to the most liked).
 *
 * Lists stand newest first with padding behind. Reversed, the padding comes first, where the unit still stands at zero.
 *
 * @param name prefix of the parameters: NAME.emptyItem, and those of the unit under NAME.gru
 * @returns its states, and the mask of its steps [B, n]
 */
export function readInTime(
  g: GraphBuilder,
  name: string,
  side: SideInputs,
  width: number,
): Unrolled & { readonly mask: GraphNode } {
  const [batch, n] = side.mask.shape as [number, number]
  const inTime = reversed(g, withEmptyVector(g, name, side))
  const mask = g.reshape(reversed(g, g.reshape(side.mask, [batch, n, 1])), [batch, n])
  return { ...unrollGru(g, `${name}.gru`, inTime, width, mask), mask }
}

/** s = h_N, the unit's last state, `width` wide (DEERS): the user is known by the items alone. */
export function gruEncoder(width: number): SideEncoder {
  return (g, name, _user, side) => g.scope(name, () => ({ state: readInTime(g, name, side, width).last }))
}
