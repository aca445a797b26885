import { inferNode, opOf } from './ops/index.ts'
import { finishGraph } from './graph.ts'
import { GraphError, sameShape, showShape } from './types.ts'
import type { Activation, Attributes, Graph, GraphNode, InitialValues, ParameterSpec, Shape, UnaryKind } from './types.ts'

/**
 * Writes down a computation once; shapes are checked as each node is added, so that a mistake is reported where it is made.
 *
 * Letters in shapes: B rows of a batch, n list positions, C candidates, k and h widths, V rows of a table; `..` stands for
 * any leading axes. Every method returns a new node and throws GraphError if the shapes do not fit.
 */
export class GraphBuilder {
  readonly name: string
  readonly #nodes: GraphNode[] = []
  readonly #inputs = new Map<string, GraphNode>()
  readonly #parameters = new Map<string, { spec: ParameterSpec; node: GraphNode }>()
  readonly #outputs = new Map<string, GraphNode>()
  readonly #gradients = new Map<string, GraphNode>()
  readonly #withoutGradient: string[] = []

  /** @param name appears in every error message, for instance "mdrr-att.critic" */
  constructor(name: string) {
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
          `Graph "${this.name}": parameter "${name}" was declared with shape ${showShape(known.spec.shape)} and is asked for with ${showShape(shape)}. Use one shape, or another name.`,
        )
      }
      return known.node
    }
    if (this.#inputs.has(name))
      throw new GraphError(`Graph "${this.name}": "${name}" is already an input and cannot be a parameter too.`)
    const node = this.apply('parameter', [], { name, shape })
    const chosen = initial ?? { kind: shape.length > 1 ? 'xavier-uniform' : 'zeros' }
    this.#parameters.set(name, { spec: { name, shape: [...shape], initial: chosen }, node })
    return node
  }

  /** A tensor whose elements are all `value`. */
  constant(value: number, shape: Shape = []): GraphNode {
    return this.apply('constant', [], { value, shape })
  }

  /** activation(x w + b): x [.., in], w [in, out], b [out] or null -> [.., out]. */
  linear(x: GraphNode, w: GraphNode, b: GraphNode | null, activation: Activation = 'none'): GraphNode {
    return this.apply('linear', b ? [x, w, b] : [x, w], { activation })
  }

  /** a b with a [.., m], b [.., p]; leading axes are flattened to one, then either may be transposed. Plain: [.., m] [m, p] -> [.., p]. */
  matmul(a: GraphNode, b: GraphNode, transpose: { a?: boolean; b?: boolean } = {}): GraphNode {
    return this.apply('matmul', [a, b], { transposeA: transpose.a ?? false, transposeB: transpose.b ?? false })
  }

  /** Rows of table [V, k] by ids [..] (int32, 0 to V - 1) -> [.., k]. */
  gather(table: GraphNode, ids: GraphNode): GraphNode {
    return this.apply('gather', [table, ids])
  }

  /** x [.., C] at ids [..] (int32, 0 to C - 1) -> [..]. */
  pickLast(x: GraphNode, ids: GraphNode): GraphNode {
    return this.apply('pickLast', [x, ids])
  }

  /** Softmax over the last axis; positions whose mask is 0 get weight 0, a row without any 1 gets zeros. Same shapes. */
  maskedSoftmax(logits: GraphNode, mask: GraphNode): GraphNode {
    return this.apply('softmax', [logits, mask])
  }

  /** Softmax over the last axis. */
  softmax(logits: GraphNode): GraphNode {
    return this.apply('softmax', [logits])
  }

  /** Logarithm of softmax over the last axis, without overflow or log of zero. */
  logSoftmax(logits: GraphNode): GraphNode {
    return this.apply('logSoftmax', [logits])
  }

  /** Sum over n of weights [B, n] times values [B, n, k] -> [B, k]. */
  weightedSum(weights: GraphNode, values: GraphNode): GraphNode {
    return this.apply('weightedSum', [weights, values])
  }

  /** a [B, k] with each of items [B, C, k] -> [B, C]. */
  rowDot(a: GraphNode, items: GraphNode): GraphNode {
    return this.apply('rowDot', [a, items])
  }

  /** weights [B, n], a [B, k] -> [B, n, k]. */
  outerRows(weights: GraphNode, a: GraphNode): GraphNode {
    return this.apply('outerRows', [weights, a])
  }

  /** Adds `added` [B, h] to every row of x [B, n, h]. */
  addBroadcast(x: GraphNode, added: GraphNode): GraphNode {
    return this.apply('addRows', [x, added])
  }

  /** Multiplies each row of x [.., k] by its factor [..]: masks and per-row weights. */
  scaleRows(x: GraphNode, factors: GraphNode): GraphNode {
    return this.apply('scaleRows', [x, factors])
  }

  /** Repeats x [B, k] to [B, n, k]. */
  expandRows(x: GraphNode, rows: number): GraphNode {
    return this.apply('expandRows', [x], { rows })
  }

  /** Sum over axis 1: [B, n, k] -> [B, k]. */
  sumRows(x: GraphNode): GraphNode {
    return this.apply('sumRows', [x])
  }

  /** Maximum over axis 1: x [B, n, k] -> [B, k]; rows whose mask [B, n] is 0 are left out, none left gives 0. The first maximum gets the gradient. */
  maxRows(x: GraphNode, mask?: GraphNode): GraphNode {
    return this.apply('maxRows', mask ? [x, mask] : [x])
  }

  /** Joins along the last axis; all other axes must agree. */
  concat(parts: readonly GraphNode[]): GraphNode {
    return this.apply('concat', parts)
  }

  /** x [.., start .. start + size - 1] of the last axis. */
  slice(x: GraphNode, start: number, size: number): GraphNode {
    return this.apply('slice', [x], { start, size })
  }

  /** The same elements under another shape; costs nothing. */
  reshape(x: GraphNode, shape: Shape): GraphNode {
    return this.apply('reshape', [x], { shape })
  }

  /** Adds a new last axis of `size` equal elements: [..] -> [.., size]. */
  expandLast(x: GraphNode, size: number): GraphNode {
    return this.apply('expandLast', [x], { size })
  }

  /** Element-wise; the shape of b may be the last axes of a's (a bias, a scalar). The same holds for sub and mul. */
  add(a: GraphNode, b: GraphNode): GraphNode {
    return this.apply('add', [a, b])
  }

  sub(a: GraphNode, b: GraphNode): GraphNode {
    return this.apply('sub', [a, b])
  }

  mul(a: GraphNode, b: GraphNode): GraphNode {
    return this.apply('mul', [a, b])
  }

  /** x times a constant. */
  scale(x: GraphNode, factor: number): GraphNode {
    return this.apply('scale', [x], { value: factor })
  }

  /** x plus a constant. */
  addScalar(x: GraphNode, value: number): GraphNode {
    return this.apply('addScalar', [x], { value })
  }

  /** Limits to min .. max; outside the gradient is 0. */
  clip(x: GraphNode, min: number, max: number): GraphNode {
    return this.apply('clip', [x], { min, max })
  }

  /** a where mask is not 0, b elsewhere; same shapes. Nothing of the branch not taken gets through, not even NaN. */
  where(mask: GraphNode, a: GraphNode, b: GraphNode): GraphNode {
    return this.apply('where', [mask, a, b])
  }

  unary(kind: UnaryKind, x: GraphNode): GraphNode {
    return this.apply('unary', [x], { kind })
  }

  relu(x: GraphNode): GraphNode {
    return this.unary('relu', x)
  }

  tanh(x: GraphNode): GraphNode {
    return this.unary('tanh', x)
  }

  sigmoid(x: GraphNode): GraphNode {
    return this.unary('sigmoid', x)
  }

  square(x: GraphNode): GraphNode {
    return this.unary('square', x)
  }

  /** Sum over the last axis: [.., k] -> [..]. */
  sumLast(x: GraphNode): GraphNode {
    return this.apply('sumLast', [x])
  }

  /** Sum over all elements -> []. */
  sum(x: GraphNode): GraphNode {
    return this.apply('sumLeading', [x], { shape: [] })
  }

  /** Sum over the leading axes until `shape`, which must be the last axes of x. */
  sumLeading(x: GraphNode, shape: Shape): GraphNode {
    return this.apply('sumLeading', [x], { shape })
  }

  /** Repeats x over new leading axes until `shape`, whose last axes must be x's. */
  expandLeading(x: GraphNode, shape: Shape): GraphNode {
    return this.apply('expandLeading', [x], { shape })
  }

  /** Mean over all elements -> []. */
  mean(x: GraphNode): GraphNode {
    return this.scale(
      this.sum(x),
      1 /
        Math.max(
          1,
          x.shape.reduce((size, axis) => size * axis, 1),
        ),
    )
  }

  /** Mean of weights (prediction - target)^2 over all elements -> []; weights, if any, have the same shape. */
  mse(prediction: GraphNode, target: GraphNode, weights?: GraphNode): GraphNode {
    const squared = this.square(this.sub(prediction, target))
    return this.mean(weights ? this.mul(squared, weights) : squared)
  }

  /** Mean cross-entropy of targets in 0 .. 1 under sigmoid(logits) -> []; stable for any logit. */
  sigmoidCrossEntropy(logits: GraphNode, targets: GraphNode, weights?: GraphNode): GraphNode {
    const each = this.sub(this.unary('softplus', logits), this.mul(logits, targets))
    return this.mean(weights ? this.mul(each, weights) : each)
  }

  /** The same value, through which no gradient flows back. */
  stopGradient(x: GraphNode): GraphNode {
    return this.apply('stopGradient', [x])
  }

  /** Names a result that `run` hands out. */
  output(name: string, node: GraphNode): void {
    this.#check('output', [node])
    if (this.#outputs.has(name))
      throw new GraphError(`Graph "${this.name}": there are two outputs named "${name}". Give each its own name.`)
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

  /** Adds a node of any op of the op table. Models use the named methods; gradient rules use this. */
  apply(op: string, inputs: readonly GraphNode[], attributes: Attributes = {}): GraphNode {
    this.#check(op, inputs)
    const { shape, dtype } = inferNode(this.name, op, inputs, attributes)
    const node: GraphNode = { id: this.#nodes.length, op, inputs: [...inputs], shape, dtype, attributes }
    this.#nodes.push(node)
    return node
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
        throw new GraphError(`Graph "${this.name}": ${op} was given a node of another graph. Build all nodes with one builder.`)
      }
    }
  }

  #declareInput(op: 'input' | 'inputInt', name: string, shape: Shape): GraphNode {
    if (this.#inputs.has(name))
      throw new GraphError(`Graph "${this.name}": there are two inputs named "${name}". Give each its own name.`)
    if (this.#parameters.has(name))
      throw new GraphError(`Graph "${this.name}": "${name}" is already a parameter and cannot be an input too.`)
    const node = this.apply(op, [], { name, shape })
    this.#inputs.set(name, node)
    return node
  }
}
