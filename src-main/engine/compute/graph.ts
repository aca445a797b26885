import { nodeLabel, opOf } from './ops/index.ts'
import { GraphError, sizeOf } from './types.ts'
import type { Graph, GraphNode, NodeDescription, ParameterSpec } from './types.ts'

interface GraphParts {
  readonly name: string
  readonly nodes: readonly GraphNode[]
  readonly inputs: ReadonlyMap<string, GraphNode>
  readonly outputs: ReadonlyMap<string, GraphNode>
  readonly gradients: ReadonlyMap<string, GraphNode>
  readonly parameters: readonly ParameterSpec[]
  readonly withoutGradient: readonly string[]
}

/** Nodes that an output or gradient depends on, in computable order. */
export function neededNodes(graph: Pick<Graph, 'nodes' | 'outputs' | 'gradients'>): GraphNode[] {
  const needed = new Uint8Array(graph.nodes.length)
  for (const node of graph.outputs.values()) needed[node.id] = 1
  for (const node of graph.gradients.values()) needed[node.id] = 1
  for (let id = graph.nodes.length - 1; id >= 0; id--) {
    if (needed[id]) for (const input of graph.nodes[id]!.inputs) needed[input.id] = 1
  }
  return graph.nodes.filter((node) => needed[node.id])
}

/** Copies what a builder has gathered into a graph that no later call changes. */
export function finishGraph(parts: GraphParts): Graph {
  if (parts.outputs.size === 0)
    throw new GraphError(`Graph "${parts.name}" has no output. Name at least one result with output().`)
  const frozen = {
    name: parts.name,
    nodes: [...parts.nodes],
    inputs: new Map(parts.inputs),
    outputs: new Map(parts.outputs),
    gradients: new Map(parts.gradients),
    parameters: [...parts.parameters],
    withoutGradient: [...parts.withoutGradient],
  }
  const needed = neededNodes(frozen)
  const used = new Set(needed.filter((node) => node.op === 'parameter').map((node) => node.attributes.name))
  return {
    ...frozen,
    unusedParameters: frozen.parameters.filter((spec) => !used.has(spec.name)).map((spec) => spec.name),
    flops: needed.reduce((total, node) => total + flopsOf(node), 0),
    parameterCount: frozen.parameters.reduce((total, spec) => total + sizeOf(spec.shape), 0),
    describe: () => describeNodes(frozen, needed),
  }
}

function flopsOf(node: GraphNode): number {
  return opOf(node.op).flops?.(node) ?? 0
}

function describeNodes(graph: Pick<Graph, 'outputs' | 'gradients'>, nodes: readonly GraphNode[]): NodeDescription[] {
  const names = new Map<GraphNode, string>()
  for (const [name, node] of graph.gradients) names.set(node, `gradient of ${name}`)
  for (const [name, node] of graph.outputs) names.set(node, name)
  return nodes.map((node) => ({
    id: node.id,
    op: node.op,
    name: node.attributes.name ?? names.get(node) ?? nodeLabel(node),
    shape: node.shape,
    dtype: node.dtype,
    inputs: node.inputs.map((input) => input.id),
    flops: flopsOf(node),
    ...(node.block === undefined ? {} : { block: node.block }),
  }))
}

/**
 * For graphs whose every parameter is meant to be trained: one that nothing depends on is a slip in the model.
 * @param ofConcern which names to check; default all
 * @throws GraphError naming the parameters that no output or gradient depends on
 */
export function requireAllParametersUsed(graph: Graph, ofConcern: (name: string) => boolean = () => true): void {
  const unused = graph.unusedParameters.filter(ofConcern)
  if (unused.length === 0) return
  throw new GraphError(
    `Graph "${graph.name}": nothing depends on ${unused.map((name) => `"${name}"`).join(', ')}. Connect each parameter to an output, or do not declare it.`,
  )
}
