import { GraphBuilder } from './graph-builder.ts'
import { nodeLabel, opOf, placeOf } from './ops/index.ts'
import { GraphError, showShape, sizeOf } from './types.ts'
import type { Graph, GraphNode } from './types.ts'

/** What to differentiate with respect to: names of parameters or inputs, or a test over the names of all parameters. */
export type GradientTargets = readonly string[] | ((parameterName: string) => boolean)

/**
 * Extends `graph` by the gradient of a scalar output. Only paths that lead to a target are followed. May be applied again
 * with another loss and other targets: one run of the result then gives both gradients.
 *
 * @param targets a name that the loss does not depend on is an error; a predicate only reports it in `withoutGradient`
 * @throws GraphError for an unknown output or target, a loss that is no scalar, or an op on the way without gradient
 */
export function differentiate(graph: Graph, loss: string, targets: GradientTargets): Graph {
  const builder = GraphBuilder.continue(graph)
  const lossNode = findLoss(graph, loss)
  const wanted = findTargets(graph, targets)
  const active = activeNodes(graph, new Set(wanted.values()))
  const found = active[lossNode.id] ? propagate(builder, graph, lossNode, active) : new Map<GraphNode, GraphNode>()
  for (const [name, target] of wanted) {
    const gradient = found.get(target)
    if (gradient) {
      builder.gradientOutput(name, gradient)
    } else if (typeof targets === 'function') {
      builder.reportWithoutGradient(name)
    } else {
      throw new GraphError(
        `Graph "${graph.name}": "${loss}" does not depend on "${name}", so it has no gradient there. Leave the name out or connect it.`,
      )
    }
  }
  return builder.build()
}

function findLoss(graph: Graph, loss: string): GraphNode {
  const node = graph.outputs.get(loss)
  if (!node)
    throw new GraphError(`Graph "${graph.name}" has no output "${loss}". It has ${[...graph.outputs.keys()].join(', ')}.`)
  if (sizeOf(node.shape) !== 1) {
    throw new GraphError(
      `Graph "${graph.name}": the loss "${loss}" has shape ${showShape(node.shape)}. Reduce it to a scalar first.`,
    )
  }
  return node
}

function findTargets(graph: Graph, targets: GradientTargets): Map<string, GraphNode> {
  const known = new Map<string, GraphNode>()
  for (const node of graph.nodes) if (node.op === 'parameter') known.set(node.attributes.name!, node)
  if (typeof targets === 'function') return new Map([...known].filter(([name]) => targets(name)))
  for (const [name, node] of graph.inputs) if (node.dtype === 'float32') known.set(name, node)
  return new Map(
    targets.map((name) => {
      const node = known.get(name)
      if (!node) throw new GraphError(`Graph "${graph.name}" has no parameter or float32 input "${name}".`)
      return [name, node]
    }),
  )
}

/** 1 for each node through which a target acts on later nodes. */
function activeNodes(graph: Graph, targets: ReadonlySet<GraphNode>): Uint8Array {
  const active = new Uint8Array(graph.nodes.length)
  for (const node of graph.nodes) {
    const passes = !opOf(node.op).stopsGradient && node.inputs.some((input) => active[input.id])
    if (targets.has(node) || passes) active[node.id] = 1
  }
  return active
}

/** Reverse accumulation from the loss; the order of the sums is that of the nodes, hence always the same. */
function propagate(builder: GraphBuilder, graph: Graph, loss: GraphNode, active: Uint8Array): Map<GraphNode, GraphNode> {
  const gradients = new Map<GraphNode, GraphNode>([[loss, builder.constant(1, loss.shape)]])
  for (let id = loss.id; id >= 0; id--) {
    const node = graph.nodes[id]!
    const upstream = gradients.get(node)
    const definition = opOf(node.op)
    if (!upstream || !active[id] || definition.source) continue
    if (!definition.gradient)
      throw new GraphError(
        `${placeOf(graph.name, node.block)}: ${nodeLabel(node)} has no gradient rule. Stop the gradient before it.`,
      )
    const needs = (input: number): boolean => active[node.inputs[input]!.id] === 1
    const contributions = builder.scope(node.block, () => definition.gradient!({ g: builder, node, upstream, needs }))
    for (const [index, contribution] of contributions.entries()) {
      if (!contribution || !needs(index)) continue
      const input = node.inputs[index]!
      const sum = gradients.get(input)
      gradients.set(input, sum ? builder.add(sum, contribution) : contribution)
    }
  }
  return gradients
}
