import type { BoundSource } from '../bindings.ts'
import { neededNodes } from '../graph.ts'
import { opOf } from '../ops/index.ts'
import { GraphError } from '../types.ts'
import type { Attributes, DType, Graph, GraphNode, Shape } from '../types.ts'

/** A node whose arguments are positions in `TfjsPlan.nodes`. */
export interface TfjsNode {
  readonly op: string
  readonly inputs: readonly number[]
  readonly shape: Shape
  readonly dtype: DType
  readonly attributes: Attributes
  /** Values that nobody reads after this node. */
  readonly dies: readonly number[]
}

/** A graph as plain data, which a worker thread can be sent. */
export interface TfjsPlan {
  readonly name: string
  /** What outputs and gradients depend on, in computable order. */
  readonly nodes: readonly TfjsNode[]
  /** Where the bound inputs go, then the bound parameters, in the order of the binder. */
  readonly bound: readonly number[]
  /** Outputs and gradients, each value once. */
  readonly results: readonly number[]
}

export interface PlannedGraph {
  readonly plan: TfjsPlan
  /** Index in `plan.results` of an output or gradient. */
  resultOf(node: GraphNode): number
}

/** @param known whether an op can be computed. @throws GraphError if the graph uses another */
export function planForTfjs(graph: Graph, sources: readonly BoundSource[], known: (op: string) => boolean): PlannedGraph {
  const needed = neededNodes(graph)
  const position = new Map(needed.map((node, index) => [node, index]))
  const results = [...new Set([...graph.outputs.values(), ...graph.gradients.values()])].map((node) => position.get(node)!)
  const lastUse = new Map<number, number>()
  for (const [index, node] of needed.entries()) for (const input of node.inputs) lastUse.set(position.get(input)!, index)
  for (const result of results) lastUse.delete(result)
  const nodes = needed.map((node, index): TfjsNode => {
    if (!opOf(node.op).source && !known(node.op))
      throw new GraphError(`Graph "${graph.name}": the TensorFlow.js executor does not know the op "${node.op}".`)
    const inputs = node.inputs.map((input) => position.get(input)!)
    const dies = [...new Set(inputs)].filter((input) => lastUse.get(input) === index && !opOf(needed[input]!.op).source)
    return { op: node.op, inputs, shape: node.shape, dtype: node.dtype, attributes: node.attributes, dies }
  })
  const bound = sources.map((source) => position.get(source.node)!)
  return { plan: { name: graph.name, nodes, bound, results }, resultOf: (node) => results.indexOf(position.get(node)!) }
}
