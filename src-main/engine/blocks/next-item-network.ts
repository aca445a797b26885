import { GraphBuilder } from '../compute/graph-builder.ts'
import { unrollGru, type Unrolled } from '../compute/recurrent.ts'
import type { Graph, GraphNode } from '../compute/types.ts'

export interface NextItemNetwork {
  readonly historyLength: number
  /** Coordinates of the vectors of items read. */
  readonly size: number
  readonly hidden: number
  readonly dropout: number
  readonly loss: 'cross-entropy' | 'bpr'
}

/** B windows of n steps, compared with N items drawn for the batch. */
export interface BatchSizes {
  readonly batch: number
  readonly steps: number
  readonly negatives: number
}

/** The state after the last event: inputs "ids" and "mask" [B, n], output "state" [B, h]. */
export function encoderGraph(network: NextItemNetwork, items: number, steps: number, batch: number): Graph {
  const g = new GraphBuilder('GRU4Rec encoder')
  g.output('state', encode(g, { ...network, dropout: 0 }, items, steps, batch).last)
  return g.build()
}

function encode(g: GraphBuilder, network: NextItemNetwork, items: number, steps: number, batch: number): Unrolled {
  const read = g.scope('input.history', () => {
    const table = g.parameter('items', [items, network.size], { kind: 'normal', deviation: 0.1 })
    return g.gather(table, g.inputInt('ids', [batch, steps]))
  })
  const mask = g.input('mask', [batch, steps])
  return unrollGru(g, 'gru', g.dropout(read, 'dropout', network.dropout), network.hidden, mask)
}

/**
 * The loss of every next item against the negatives: inputs "ids", "mask", "targets" and "weights" [B, n], "negatives" [N] and
 * "collisions" [B n, N], which takes a negative that is the target itself out of the comparison. Output "loss": the mean over
 * windows of the weighted sum over steps.
 */
export function lossGraph(network: NextItemNetwork, items: number, { batch, steps, negatives }: BatchSizes): Graph {
  const g = new GraphBuilder('GRU4Rec')
  const events = batch * steps
  const states = g.reshape(encode(g, network, items, steps, batch).all, [events, network.hidden])
  const output = g.parameter('output', [items, network.hidden], { kind: 'normal', deviation: 0.1 })
  const bias = g.parameter('outputBias', [items, 1], { kind: 'zeros' })
  const targets = g.inputInt('targets', [events])
  const wanted = g.reshape(g.gather(output, targets), [events, 1, network.hidden])
  const positive = g.add(g.rowDot(states, wanted), g.gather(bias, targets))
  const drawn = g.inputInt('negatives', [negatives])
  const products = g.matmul(states, g.gather(output, drawn), { b: true })
  const biased = g.add(products, g.reshape(g.gather(bias, drawn), [negatives]))
  const negative = g.add(biased, g.input('collisions', [events, negatives]))
  const each = network.loss === 'bpr' ? bpr(g, positive, negative) : crossEntropy(g, positive, negative)
  g.output('loss', g.scale(g.sum(g.mul(each, g.input('weights', [events]))), 1 / batch))
  return g.build()
}

/** From the latest events to the scores of all items: what a drawing of the model shows. Output "scores" [B, items]. */
export function scoringGraph(network: NextItemNetwork, items: number, batch: number): Graph {
  const g = new GraphBuilder('GRU4Rec scores')
  const state = encode(g, { ...network, dropout: 0 }, items, network.historyLength, batch).last
  g.output(
    'scores',
    g.scope('scores', () => {
      const products = g.matmul(state, g.parameter('output', [items, network.hidden]), { b: true })
      return g.add(products, g.reshape(g.parameter('outputBias', [items, 1]), [items]))
    }),
  )
  return g.build()
}

/** positive [E, 1], negative [E, N] -> [E]. */
function crossEntropy(g: GraphBuilder, positive: GraphNode, negative: GraphNode): GraphNode {
  return g.scale(g.sumLast(g.slice(g.logSoftmax(g.concat([positive, negative])), 0, 1)), -1)
}

function bpr(g: GraphBuilder, positive: GraphNode, negative: GraphNode): GraphNode {
  const [events, negatives] = negative.shape as [number, number]
  const repeated = g.expandLast(g.reshape(positive, [events]), negatives)
  return g.scale(g.sumLast(g.unary('softplus', g.sub(negative, repeated))), 1 / negatives)
}
