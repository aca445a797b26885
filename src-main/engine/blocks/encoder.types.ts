import type { SideInputs } from '../core/actor-critic-recipe.ts'
import type { GraphBuilder } from '../compute/graph-builder.ts'
import type { GraphNode } from '../compute/types.ts'

/** The state of one feedback side. */
export interface EncodedSide {
  /** [B, m]; m is the encoder's own. */
  readonly state: GraphNode
  /** Attention weights [B, n] in the order of the list; only of encoders that attend. */
  readonly weights?: GraphNode
}

/**
 * Draws the state of one feedback side from the user [B, k] and the side's list.
 * @param name prefix of the parameters and the block that shape errors name, for instance "actor.positive.encoder"
 */
export type SideEncoder = (g: GraphBuilder, name: string, user: GraphNode, side: SideInputs) => EncodedSide
