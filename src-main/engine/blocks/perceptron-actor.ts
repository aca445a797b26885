import type { GraphBuilder } from '../compute/graph-builder.ts'
import type { GraphNode } from '../compute/types.ts'

/**
 * Two ReLU layers and tanh: state [B, m] -> action [B, k] in (-1, 1) (mdrr-att section 4.2).
 *
 * @param outputScale factor on the initial weights of the last layer; a residual actor starts near zero with 0.1
 */
export function perceptronActor(
  g: GraphBuilder,
  name: string,
  state: GraphNode,
  k: number,
  hidden: number,
  outputScale: number,
): GraphNode {
  return g.scope(name, () => {
    const m = state.shape[1]!
    const layer = (x: GraphNode, index: number, size: number, out: number) =>
      g.linear(
        x,
        g.parameter(`${name}.w${index}`, [size, out], { kind: 'he-normal' }),
        g.parameter(`${name}.b${index}`, [out], { kind: 'zeros' }),
        'relu',
      )
    const second = layer(layer(state, 1, m, hidden), 2, hidden, hidden)
    return g.linear(
      second,
      g.parameter(`${name}.w3`, [hidden, k], { kind: 'xavier-uniform', scale: outputScale }),
      g.parameter(`${name}.b3`, [k], { kind: 'zeros' }),
      'tanh',
    )
  })
}
