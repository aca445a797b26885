import { neededNodes } from './graph.ts'
import { GraphBuilder } from './graph-builder.ts'
import { opOf } from './ops/index.ts'
import { GraphError } from './types.ts'
import type { Bindings, Executor, Graph, GraphNode, Program } from './types.ts'

/** One computation as two graphs, to be run one after the other. */
export interface CutGraph {
  /** Computes the chosen outputs, and hands out under `crossing` what the rest goes on from. */
  readonly early: Graph
  /** Computes everything else; takes `crossing` as inputs. */
  readonly late: Graph
  readonly crossing: readonly string[]
}

/**
 * Cuts a graph behind some of its outputs, so that others can work with these before the rest is computed: with a state
 * that both losses of an actor-critic need, between whose updates the weights of the critic change.
 *
 * @param outputs names of outputs that the early part computes; the late part does not repeat them
 * @throws GraphError for an unknown output, or when nothing is left for the late part
 */
export function cutGraph(graph: Graph, outputs: readonly string[]): CutGraph {
  const chosen = outputs.map((name) => {
    const node = graph.outputs.get(name)
    if (!node)
      throw new GraphError(`Graph "${graph.name}" has no output "${name}". It has ${[...graph.outputs.keys()].join(', ')}.`)
    return node
  })
  const isEarly = closureOf(graph, chosen)
  const late = neededNodes(graph).filter((node) => !isEarly.has(node))
  if (late.length === 0) throw new GraphError(`Graph "${graph.name}": behind ${outputs.join(', ')} nothing is left to cut off.`)
  const crossing = [...crossingNodes(graph, late, isEarly)]
  return {
    early: earlyPart(graph, outputs, crossing),
    late: latePart(graph, outputs, late, crossing),
    crossing: crossing.map(nameOf),
  }
}

/** Both parts of a cut graph on one executor: `early` is run before each `late`. */
export interface ProgramInParts {
  readonly early: Program
  readonly late: Program
  /** What `late` is run with: `bindings` and what the early part hands out. */
  readonly lateBindings: Bindings
}

/** @param bindings for both parts together; what an array holds may change between runs, the arrays themselves may not */
export function compileInParts(executor: Executor, cut: CutGraph, bindings: Bindings): ProgramInParts {
  const early = executor.compile(cut.early)
  const crossing = Object.fromEntries(cut.crossing.map((name) => [name, early.outputs.view(name)]))
  return { early, late: executor.compile(cut.late), lateBindings: { ...bindings, inputs: { ...bindings.inputs, ...crossing } } }
}

function nameOf(node: GraphNode): string {
  return `cut#${node.id}`
}

/** The nodes and all that they are computed from. */
function closureOf(graph: Graph, nodes: readonly GraphNode[]): Set<GraphNode> {
  const found = new Set(nodes)
  for (let id = graph.nodes.length - 1; id >= 0; id--) {
    if (found.has(graph.nodes[id]!)) for (const input of graph.nodes[id]!.inputs) found.add(input)
  }
  return found
}

/** What the late part reads of the early one; what both parts can bind for themselves does not cross. */
function crossingNodes(graph: Graph, late: readonly GraphNode[], isEarly: ReadonlySet<GraphNode>): Set<GraphNode> {
  const crossing = new Set<GraphNode>()
  for (const node of late) for (const input of node.inputs) if (isEarly.has(input) && !opOf(input.op).source) crossing.add(input)
  for (const node of graph.gradients.values()) if (isEarly.has(node)) crossing.add(node)
  return crossing
}

function earlyPart(graph: Graph, outputs: readonly string[], crossing: readonly GraphNode[]): Graph {
  const copy = new Copy(graph, `${graph.name}, first part`)
  for (const name of outputs) copy.builder.output(name, copy.of(graph.outputs.get(name)!))
  for (const node of crossing) copy.builder.output(nameOf(node), copy.of(node))
  return copy.builder.build()
}

function latePart(graph: Graph, done: readonly string[], late: readonly GraphNode[], crossing: readonly GraphNode[]): Graph {
  const copy = new Copy(graph, `${graph.name}, second part`)
  for (const node of crossing) copy.take(node, nameOf(node))
  for (const node of late) copy.of(node)
  for (const [name, node] of graph.outputs) if (!done.includes(name)) copy.builder.output(name, copy.of(node))
  for (const [name, node] of graph.gradients) copy.builder.gradientOutput(name, copy.of(node))
  for (const name of graph.withoutGradient) copy.builder.reportWithoutGradient(name)
  return copy.builder.build()
}

/** Writes nodes of one graph down again in another, with what they depend on. */
class Copy {
  readonly builder: GraphBuilder
  readonly #graph: Graph
  readonly #known = new Map<GraphNode, GraphNode>()

  constructor(graph: Graph, name: string) {
    this.#graph = graph
    this.builder = new GraphBuilder(name)
  }

  /** From now on `node` is an input of that name. */
  take(node: GraphNode, name: string): void {
    this.#known.set(node, this.builder.input(name, node.shape))
  }

  of(node: GraphNode): GraphNode {
    const known = this.#known.get(node)
    if (known) return known
    const copy = this.#write(node)
    this.#known.set(node, copy)
    return copy
  }

  #write(node: GraphNode): GraphNode {
    const { builder } = this
    const name = node.attributes.name
    if (node.op === 'input') return builder.input(name!, node.shape)
    if (node.op === 'inputInt') return builder.inputInt(name!, node.shape)
    if (node.op === 'parameter') {
      return builder.parameter(name!, node.shape, this.#graph.parameters.find((spec) => spec.name === name)!.initial)
    }
    const inputs = node.inputs.map((input) => this.of(input))
    const write = (): GraphNode => builder.apply(node.op, inputs, node.attributes)
    return node.block === undefined ? write() : builder.scope(node.block, write)
  }
}
