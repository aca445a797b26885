import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-core/dist/register_all_gradients.js'
import type { Graph, GraphNode, InputValues, ParameterArena, UnaryKind } from '../../../../../src-main/engine/compute/types.ts'

// Without this the backend greets everybody on the console, and a test fails on unexpected output.
tf.env().set('IS_TEST', true)

type Meaning = (x: tf.Tensor[], node: GraphNode) => tf.Tensor

/** A tensor through which tf.grads sees no dependence. */
const withoutGradient = tf.customGrad((x) => ({ value: (x as tf.Tensor).clone(), gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy) }))

const unaryMeanings: Record<UnaryKind, (x: tf.Tensor) => tf.Tensor> = {
  relu: tf.relu,
  tanh: tf.tanh,
  sigmoid: tf.sigmoid,
  square: tf.square,
  exp: tf.exp,
  log: tf.log,
  sqrt: tf.sqrt,
  reciprocal: tf.reciprocal,
  softplus: tf.softplus,
  abs: tf.abs,
}

/** The slope of each unary op, from its result (relu, tanh, sigmoid, exp, sqrt, reciprocal) or else from its argument. */
const slopes: Record<UnaryKind, (v: tf.Tensor) => tf.Tensor> = {
  relu: (y) => tf.step(y),
  tanh: (y) => tf.sub(1, tf.square(y)),
  sigmoid: (y) => tf.mul(y, tf.sub(1, y)),
  exp: (y) => y.clone(),
  sqrt: (y) => tf.div(0.5, y),
  reciprocal: (y) => tf.neg(tf.square(y)),
  square: (x) => tf.mul(2, x),
  log: (x) => tf.reciprocal(x),
  softplus: (x) => tf.sigmoid(x),
  abs: (x) => tf.sign(x),
}

/** As tf.oneHot, which wants at least two classes. */
function oneHot(ids: tf.Tensor, classes: number): tf.Tensor {
  return tf.cast(tf.equal(tf.expandDims(ids, -1), tf.range(0, classes, 1, 'int32')), 'float32')
}

function flattened(x: tf.Tensor): tf.Tensor2D {
  return tf.reshape(x, [-1, x.shape[x.shape.length - 1]!])
}

/** Large enough to close a position in float32, small enough not to overflow. */
const CLOSED = -1e9

/** What each op means, in the words of another library: written without a look at our kernels. */
const meanings: Record<string, Meaning> = {
  linear([x, w, b], node) {
    const product = tf.matMul(flattened(x!), w as tf.Tensor2D)
    const sum = tf.reshape(b ? tf.add(product, b) : product, [...node.shape])
    const activation = node.attributes.activation ?? 'none'
    return activation === 'none' ? sum : unaryMeanings[activation](sum)
  },
  matmul: ([a, b], node) =>
    tf.reshape(tf.matMul(flattened(a!), flattened(b!), node.attributes.transposeA, node.attributes.transposeB), [...node.shape]),
  matmulPart([a, b], node) {
    const { start, size } = node.attributes
    const rows = tf.slice(b as tf.Tensor2D, [start!, 0], [size!, b!.shape[1]!])
    return tf.reshape(tf.matMul(flattened(a!), rows, false, true), [...node.shape])
  },
  gather: ([table, ids]) => tf.gather(table!, ids as tf.Tensor1D),
  pickLast: ([x, ids]) =>
    tf.sum(
      tf.where(tf.equal(tf.expandDims(ids!, -1), tf.range(0, x!.shape[x!.shape.length - 1]!, 1, 'int32')), x!, tf.zerosLike(x!)),
      -1,
    ),
  scatterRows: ([upstream, ids], node) =>
    tf.matMul(oneHot(tf.reshape(ids!, [-1]), node.attributes.rows!) as tf.Tensor2D, flattened(upstream!), true, false),
  placeLast: ([x, ids], node) => tf.mul(tf.expandDims(x!, -1), oneHot(ids!, node.attributes.size!)),
  softmaxGrad: ([dy, y]) => tf.mul(y!, tf.sub(dy!, tf.sum(tf.mul(dy!, y!), -1, true))),
  logSoftmaxGrad: ([dy, y]) => tf.sub(dy!, tf.mul(tf.exp(y!), tf.sum(dy!, -1, true))),
  maxRowsGrad([dy, x, mask]) {
    const open = mask ? tf.expandDims(mask, 2) : tf.onesLike(x!)
    const seen = tf.add(x!, tf.mul(tf.sub(1, open), CLOSED))
    return tf.mul(tf.mul(tf.cast(tf.equal(seen, tf.max(seen, 1, true)), 'float32'), open), tf.expandDims(dy!, 1))
  },
  clipGrad([dy, x], node) {
    const inside = tf.logicalAnd(tf.greaterEqual(x!, node.attributes.min!), tf.lessEqual(x!, node.attributes.max!))
    return tf.where(inside, dy!, tf.zerosLike(dy!))
  },
  unaryGrad: ([dy, v], node) => tf.mul(dy!, slopes[node.attributes.kind!](v!)),
  softmax([logits, mask]) {
    if (!mask) return tf.softmax(logits!)
    return tf.mul(tf.softmax(tf.add(logits!, tf.mul(tf.sub(1, mask), CLOSED))), mask)
  },
  logSoftmax: ([x]) => tf.logSoftmax(x!),
  weightedSum: ([weights, values]) => tf.sum(tf.mul(tf.expandDims(weights!, 2), values!), 1),
  rowDot: ([a, items]) => tf.sum(tf.mul(tf.expandDims(a!, 1), items!), 2),
  outerRows: ([weights, a]) => tf.mul(tf.expandDims(weights!, 2), tf.expandDims(a!, 1)),
  addRows: ([x, added]) => tf.add(x!, tf.expandDims(added!, 1)),
  scaleRows: ([x, factors]) => tf.mul(x!, tf.expandDims(factors!, -1)),
  expandRows: ([x], node) => tf.tile(tf.expandDims(x!, 1), [1, node.shape[1]!, 1]),
  sumRows: ([x]) => tf.sum(x!, 1),
  maxRows([x, mask]) {
    if (!mask) return tf.max(x!, 1)
    const open = tf.expandDims(mask, 2)
    return tf.mul(tf.max(tf.add(x!, tf.mul(tf.sub(1, open), CLOSED)), 1), tf.max(open, 1))
  },
  concat: (parts) => tf.concat(parts, -1),
  slice: ([x], node) =>
    tf.slice(
      x!,
      [...x!.shape.slice(0, -1).map(() => 0), node.attributes.start!],
      [...x!.shape.slice(0, -1), node.attributes.size!],
    ),
  padLast([x], node) {
    const { start, size } = node.attributes
    const width = x!.shape[x!.shape.length - 1]!
    return tf.pad(x!, [...x!.shape.slice(0, -1).map((): [number, number] => [0, 0]), [start!, size! - start! - width]])
  },
  reshape: ([x], node) => tf.reshape(x!, [...node.shape]),
  copy: ([x]) => tf.clone(x!),
  stopGradient: ([x]) => withoutGradient(x!),
  sumLast: ([x]) => tf.sum(x!, -1),
  expandLast: ([x], node) => tf.tile(tf.expandDims(x!, -1), [...x!.shape.map(() => 1), node.attributes.size!]),
  sumLeading: ([x], node) => {
    const axes = x!.shape.slice(0, x!.shape.length - node.shape.length).map((_size, axis) => axis)
    return axes.length > 0 ? tf.sum(x!, axes) : tf.clone(x!)
  },
  expandLeading: ([x], node) => tf.broadcastTo(x!, [...node.shape] as [number]),
  add: ([a, b]) => tf.add(a!, b!),
  sub: ([a, b]) => tf.sub(a!, b!),
  mul: ([a, b]) => tf.mul(a!, b!),
  scale: ([x], node) => tf.mul(x!, node.attributes.value!),
  addScalar: ([x], node) => tf.add(x!, node.attributes.value!),
  clip: ([x], node) => tf.clipByValue(x!, node.attributes.min!, node.attributes.max!),
  where: ([mask, a, b]) => tf.where(tf.greater(mask!, 0), a!, b!),
  unary: ([x], node) => unaryMeanings[node.attributes.kind!](x!),
  constant: (_inputs, node) => tf.fill([...node.shape], node.attributes.value!),
}

export interface OracleAnswer {
  readonly outputs: ReadonlyMap<string, Float32Array>
  readonly gradients: ReadonlyMap<string, Float32Array>
}

/** Evaluates `graph` and the gradients of `loss` with respect to `targets` by TensorFlow.js alone, which differentiates by itself. */
export function askOracle(
  graph: Graph,
  loss: string,
  targets: readonly string[],
  inputs: Readonly<Record<string, InputValues>>,
  arenas: readonly ParameterArena[],
): OracleAnswer {
  // A scope by hand: tidy() would only return tensors.
  tf.engine().startScope()
  try {
    const bound = new Map<GraphNode, tf.Tensor>()
    const named = new Map<string, GraphNode>()
    for (const node of graph.nodes) {
      if (node.op !== 'input' && node.op !== 'inputInt' && node.op !== 'parameter') continue
      const name = node.attributes.name!
      const values = node.op === 'parameter' ? arenas.find((arena) => arena.has(name))!.view(name) : inputs[name]!
      bound.set(node, tf.tensor(values, [...node.shape], node.dtype))
      named.set(name, node)
    }
    const evaluate = (name: string, given: ReadonlyMap<GraphNode, tf.Tensor>): tf.Tensor => evaluateNode(graph, name, given)
    const outputs = new Map([...graph.outputs.keys()].map((name) => [name, evaluate(name, bound).dataSync() as Float32Array]))
    const targetNodes = targets.map((name) => named.get(name)!)
    const gradientsOf = tf.grads((...tensors: tf.Tensor[]) => {
      const given = new Map(bound)
      for (const [index, node] of targetNodes.entries()) given.set(node, tensors[index]!)
      return tf.sum(evaluate(loss, given))
    })
    const results = gradientsOf(targetNodes.map((node) => bound.get(node)!))
    return { outputs, gradients: new Map(targets.map((name, index) => [name, results[index]!.dataSync() as Float32Array])) }
  } finally {
    tf.engine().endScope()
  }
}

function evaluateNode(graph: Graph, output: string, given: ReadonlyMap<GraphNode, tf.Tensor>): tf.Tensor {
  const values = new Map(given)
  const visit = (node: GraphNode): tf.Tensor => {
    const known = values.get(node)
    if (known) return known
    const meaning = meanings[node.op]
    if (!meaning) throw new Error(`The oracle has no meaning for the op "${node.op}".`)
    const value = meaning(node.inputs.map(visit), node)
    values.set(node, value)
    return value
  }
  return visit(graph.outputs.get(output)!)
}
