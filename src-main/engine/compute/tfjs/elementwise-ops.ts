import type { UnaryKind } from '../types.ts'
import type { OpContext, TfjsOps } from './op.types.ts'
import { choose, chooseOrZero } from './op.types.ts'
import type { TfNamespace, TfTensor } from './tf.types.ts'

const unaries: Readonly<Record<UnaryKind, (tf: TfNamespace, x: TfTensor) => TfTensor>> = {
  relu: (tf, x) => tf.relu(x),
  tanh: (tf, x) => tf.tanh(x),
  sigmoid: (tf, x) => tf.sigmoid(x),
  square: (tf, x) => tf.square(x),
  exp: (tf, x) => tf.exp(x),
  log: (tf, x) => tf.log(x),
  sqrt: (tf, x) => tf.sqrt(x),
  reciprocal: (tf, x) => tf.reciprocal(x),
  softplus: (tf, x) => tf.softplus(x),
  abs: (tf, x) => tf.abs(x),
}

type Derivative = (context: OpContext, upstream: TfTensor, reference: TfTensor) => TfTensor

/** The reference is the result for relu, tanh, sigmoid, exp, sqrt and reciprocal, the argument for the others. */
const derivatives: Readonly<Record<UnaryKind, Derivative>> = {
  relu: (context, upstream, result) => chooseOrZero(context, context.tf.greater(result, context.constants.scalar(0)), upstream),
  tanh: ({ tf, constants }, upstream, result) => tf.mul(upstream, tf.sub(constants.scalar(1), tf.square(result))),
  sigmoid: ({ tf, constants }, upstream, result) => tf.mul(tf.mul(upstream, result), tf.sub(constants.scalar(1), result)),
  square: ({ tf, constants }, upstream, x) => tf.mul(tf.mul(upstream, x), constants.scalar(2)),
  exp: ({ tf }, upstream, result) => tf.mul(upstream, result),
  log: ({ tf }, upstream, x) => tf.div(upstream, x),
  sqrt: ({ tf, constants }, upstream, result) => tf.div(tf.mul(upstream, constants.scalar(0.5)), result),
  reciprocal: ({ tf }, upstream, result) => tf.neg(tf.mul(tf.mul(upstream, result), result)),
  softplus: ({ tf }, upstream, x) => tf.mul(upstream, tf.sigmoid(x)),
  abs: ({ tf }, upstream, x) => tf.mul(upstream, tf.sign(x)),
}

export const elementwiseOps: TfjsOps = {
  // The second shape is how the first one ends: what TensorFlow.js broadcasts by itself.
  add: ({ tf }, [a, b]) => tf.add(a!, b!),
  sub: ({ tf }, [a, b]) => tf.sub(a!, b!),
  mul: ({ tf }, [a, b]) => tf.mul(a!, b!),

  scale: ({ tf, constants }, [x], node) => tf.mul(x!, constants.scalar(node.attributes.value!)),
  addScalar: ({ tf, constants }, [x], node) => tf.add(x!, constants.scalar(node.attributes.value!)),

  clip: ({ tf }, [x], node) => tf.clipByValue(x!, node.attributes.min!, node.attributes.max!),

  /** An element within the limits is one that clipping leaves; NaN is none. */
  clipGrad(context, [upstream, x], node) {
    const { tf } = context
    const clipped = tf.clipByValue(x!, node.attributes.min!, node.attributes.max!)
    return chooseOrZero(context, tf.equal(clipped, x!), upstream!)
  },

  where: ({ tf, constants }, [mask, a, b], node) => choose(tf, tf.notEqual(mask!, constants.scalar(0)), a!, b!, node.shape),

  unary: ({ tf }, [x], node) => unaries[node.attributes.kind!](tf, x!),

  unaryGrad: (context, [upstream, reference], node) => derivatives[node.attributes.kind!](context, upstream!, reference!),
}
