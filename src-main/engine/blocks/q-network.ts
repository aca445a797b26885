import type { GraphBuilder } from '../compute/graph-builder.ts'
import type { GraphNode, InitialValues } from '../compute/types.ts'
import type { StateInputs } from '../core/actor-critic-recipe.ts'
import type { SideEncoder } from './encoder.types.ts'

type Side = 'positive' | 'negative'

export interface QNetworkBlocks {
  readonly encoder: SideEncoder
  /** Whose lists the state is made of; each side has an encoder and a first layer of its own. */
  readonly sides: readonly Side[]
  /** Width of every hidden layer. */
  readonly hidden: number
  /** Fully connected layers, the last one included: 2 or more. */
  readonly layers: number
  /** Factor on the initial weights of the last layer; 0 where Q starts as the linear base. */
  readonly outputScale: number
}

const he: InitialValues = { kind: 'he-normal' }

/**
 * The state's part of the first layers, [B, sides h]: relu(W [s, i] + b) is split into Ws s + b, computed once per state, and
 * Wi i for each item.
 */
export function drawCode(g: GraphBuilder, inputs: StateInputs, { encoder, sides, hidden }: QNetworkBlocks): GraphNode {
  const parts = sides.map((side) => {
    const { state } = encoder(g, `q.${side}.encoder`, inputs.user, inputs[side])
    return g.scope(`q.${side}`, () =>
      g.linear(
        state,
        g.parameter(`q.${side}.stateWeight`, [state.shape[1]!, hidden], he),
        g.parameter(`q.${side}.bias`, [hidden], { kind: 'zeros' }),
      ),
    )
  })
  return parts.length === 1 ? parts[0]! : g.concat(parts)
}

/**
 * Q(s, i) = the remaining layers on the sides' first ones, joined (DEERS: "separate first layers, then joint ones").
 * @param code [B, sides h], from `drawCode`; @param items [B, C, k]
 * @returns [B, C]
 */
export function drawValues(g: GraphBuilder, code: GraphNode, items: GraphNode, blocks: QNetworkBlocks): GraphNode {
  const { sides, hidden, layers, outputScale } = blocks
  const [batch, count, k] = items.shape as [number, number, number]
  const first = sides.map((side, index) =>
    g.scope(`q.${side}`, () => {
      const ofState = sides.length === 1 ? code : g.slice(code, index * hidden, hidden)
      const ofItem = g.linear(items, g.parameter(`q.${side}.itemWeight`, [k, hidden], he), null)
      return g.relu(g.addBroadcast(ofItem, ofState))
    }),
  )
  return g.scope('q.joint', () => {
    let x = first.length === 1 ? first[0]! : g.concat(first)
    for (let layer = 2; layer < layers; layer++) {
      const weight = g.parameter(`q.joint.w${layer}`, [x.shape[2]!, hidden], he)
      x = g.linear(x, weight, g.parameter(`q.joint.b${layer}`, [hidden], { kind: 'zeros' }), 'relu')
    }
    const last = g.parameter('q.joint.w', [x.shape[2]!, 1], { kind: 'xavier-uniform', scale: outputScale })
    return g.reshape(g.linear(x, last, g.parameter('q.joint.b', [1], { kind: 'zeros' })), [batch, count])
  })
}
