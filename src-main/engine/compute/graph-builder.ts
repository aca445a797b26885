import { GraphComposites } from './graph-composites.ts'
import { finishGraph } from './graph.ts'
import { inferNode, opOf, placeOf } from './ops/index.ts'
import { GraphError, sameShape, showShape } from './types.ts'
import type { Attributes, Graph, GraphNode, InitialValues, ParameterSpec, Shape } from './types.ts'

/**
 * Writes down a computation once; shapes are checked as each node is added, so that a mistake is reported where it is made.
 * What can be computed stands in GraphOps, losses and dropout in GraphComposites.
 */
export class GraphBuilder extends GraphComposites {
  readonly name: string
  readonly #nodes: GraphNode[] = []
  readonly #inputs = new Map<string, GraphNode>()
  readonly #parameters = new Map<string, { spec: ParameterSpec; node: GraphNode }>()
  readonly #outputs = new Map<string, GraphNode>()
  readonly #gradients = new Map<string, GraphNode>()
  readonly #withoutGradient: string[] = []
  #block: string | undefined

  /** @param name appears in every error message, for instance "mdrr-att.critic" */
  constructor(name: string) {
    super()
    this.name = name
  }

  /** A builder that continues `graph` and shares its nodes; the graph itself stays as it is. */
  static continue(graph: Graph): GraphBuilder {
    const builder = new GraphBuilder(graph.name)
    for (const node of graph.nodes) builder.#nodes.push(node)
    for (const [name, node] of graph.inputs) builder.#inputs.set(name, node)
    for (const [name, node] of graph.outputs) builder.#outputs.set(name, node)
    for (const [name, node] of graph.gradients) builder.#gradients.set(name, node)
    builder.#withoutGradient.push(...graph.withoutGradient)
    const specs = new Map(graph.parameters.map((spec) => [spec.name, spec]))
    for (const node of graph.nodes) {
      if (node.op !== 'parameter') continue
      const spec = specs.get(node.attributes.name!)!
      builder.#parameters.set(spec.name, { spec, node })
    }
    return builder
  }

  /** A float32 value that each run binds. */
  input(name: string, shape: Shape): GraphNode {
    return this.#declareInput('input', name, shape)
  }

  /** An int32 value that each run binds: ids for `gather` and `pickLast`. */
  inputInt(name: string, shape: Shape): GraphNode {
    return this.#declareInput('inputInt', name, shape)
  }

  /**
   * A trainable tensor. Asking again for a name returns the same node, which is how weights are shared.
   * @param initial default: Xavier uniform from two axes on, zeros for a vector or scalar
   */
  parameter(name: string, shape: Shape, initial?: InitialValues): GraphNode {
    const known = this.#parameters.get(name)
    if (known) {
      if (!sameShape(known.spec.shape, shape)) {
        throw new GraphError(
          `${this.place()}: parameter "${name}" was declared with shape ${showShape(known.spec.shape)} and is asked for with ${showShape(shape)}. Use one shape, or another name.`,
        )
      }
      return known.node
    }
    if (this.#inputs.has(name))
      throw new GraphError(`${this.place()}: "${name}" is already an input and cannot be a parameter too.`)
    const node = this.apply('parameter', [], { name, shape })
    const chosen = initial ?? { kind: shape.length > 1 ? 'xavier-uniform' : 'zeros' }
    this.#parameters.set(name, { spec: { name, shape: [...shape], initial: chosen }, node })
    return node
  }

  /**
   * Whatever `build` adds belongs to the block `block`: error messages name it and the drawing groups by it. Within another
   * scope the inner one counts, so give the whole name: "actor.positive.encoder".
   * @param block undefined for none
   */
  scope<T>(block: string | undefined, build: () => T): T {
    const outer = this.#block
    this.#block = block
    try {
      return build()
    } finally {
      this.#block = outer
    }
  }

  /** Names a result that `run` hands out. */
  output(name: string, node: GraphNode): void {
    this.#check('output', [node])
    if (this.#outputs.has(name))
      throw new GraphError(`${this.place()}: there are two outputs named "${name}". Give each its own name.`)
    this.#outputs.set(name, this.#ownValue(node))
  }

  /** Names `node` as the gradient with respect to `name`; only `differentiate` needs this. */
  gradientOutput(name: string, node: GraphNode): void {
    if (this.#gradients.has(name)) {
      throw new GraphError(
        `Graph "${this.name}" already has a gradient with respect to "${name}". Add the losses before differentiating.`,
      )
    }
    this.#gradients.set(name, this.#ownValue(node))
  }

  /** Records that the loss does not depend on `name`. */
  reportWithoutGradient(name: string): void {
    this.#withoutGradient.push(name)
  }

  build(): Graph {
    return finishGraph({
      name: this.name,
      nodes: this.#nodes,
      inputs: this.#inputs,
      outputs: this.#outputs,
      gradients: this.#gradients,
      parameters: [...this.#parameters.values()].map((entry) => entry.spec),
      withoutGradient: this.#withoutGradient,
    })
  }

  apply(op: string, inputs: readonly GraphNode[], attributes: Attributes = {}): GraphNode {
    this.#check(op, inputs)
    const { shape, dtype } = inferNode(this.place(), op, inputs, attributes)
    const made = { id: this.#nodes.length, op, inputs: [...inputs], shape, dtype, attributes }
    const node: GraphNode = this.#block === undefined ? made : { ...made, block: this.#block }
    this.#nodes.push(node)
    return node
  }

  protected place(): string {
    return placeOf(this.name, this.#block)
  }

  /** An output that is an input or parameter itself, under any name, would be the caller's own array: copy it. */
  #ownValue(node: GraphNode): GraphNode {
    let origin = node
    while (opOf(origin.op).alias) origin = origin.inputs[0]!
    return opOf(origin.op).source ? this.apply('copy', [node]) : node
  }

  #check(op: string, inputs: readonly GraphNode[]): void {
    for (const input of inputs) {
      if (this.#nodes[input.id] !== input) {
        throw new GraphError(`${this.place()}: ${op} was given a node of another graph. Build all nodes with one builder.`)
      }
    }
  }

  #declareInput(op: 'input' | 'inputInt', name: string, shape: Shape): GraphNode {
    if (this.#inputs.has(name))
      throw new GraphError(`${this.place()}: there are two inputs named "${name}". Give each its own name.`)
    if (this.#parameters.has(name))
      throw new GraphError(`${this.place()}: "${name}" is already a parameter and cannot be an input too.`)
    const node = this.apply(op, [], { name, shape })
    this.#inputs.set(name, node)
    return node
  }
}
