import { GraphError } from '../types.ts'
import type { PlainKernels } from './kernel.types.ts'

/** log(1 + exp(x)) without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
}

export const elementwiseKernels: PlainKernels = {
  add(out, inputs) {
    const a = inputs[0]!
    const b = inputs[1]!
    const size = b.length
    for (let at = 0; at < out.length;) for (let from = 0; from < size; from++, at++) out[at] = a[at]! + b[from]!
  },

  sub(out, inputs) {
    const a = inputs[0]!
    const b = inputs[1]!
    const size = b.length
    for (let at = 0; at < out.length;) for (let from = 0; from < size; from++, at++) out[at] = a[at]! - b[from]!
  },

  mul(out, inputs) {
    const a = inputs[0]!
    const b = inputs[1]!
    const size = b.length
    for (let at = 0; at < out.length;) for (let from = 0; from < size; from++, at++) out[at] = a[at]! * b[from]!
  },

  scale(out, inputs, node) {
    const x = inputs[0]!
    const factor = node.attributes.value!
    for (let at = 0; at < out.length; at++) out[at] = x[at]! * factor
  },

  addScalar(out, inputs, node) {
    const x = inputs[0]!
    const value = node.attributes.value!
    for (let at = 0; at < out.length; at++) out[at] = x[at]! + value
  },

  clip(out, inputs, node) {
    const x = inputs[0]!
    const min = node.attributes.min!
    const max = node.attributes.max!
    for (let at = 0; at < out.length; at++) out[at] = Math.min(max, Math.max(min, x[at]!))
  },

  clipGrad(out, inputs, node) {
    const upstream = inputs[0]!
    const x = inputs[1]!
    const min = node.attributes.min!
    const max = node.attributes.max!
    for (let at = 0; at < out.length; at++) out[at] = x[at]! >= min && x[at]! <= max ? upstream[at]! : 0
  },

  where(out, inputs) {
    const mask = inputs[0]!
    const a = inputs[1]!
    const b = inputs[2]!
    for (let at = 0; at < out.length; at++) out[at] = mask[at] !== 0 ? a[at]! : b[at]!
  },

  unary(out, inputs, node) {
    const x = inputs[0]!
    switch (node.attributes.kind!) {
      case 'relu':
        for (let at = 0; at < out.length; at++) out[at] = x[at]! < 0 ? 0 : x[at]!
        return
      case 'tanh':
        for (let at = 0; at < out.length; at++) out[at] = Math.tanh(x[at]!)
        return
      case 'sigmoid':
        for (let at = 0; at < out.length; at++) out[at] = 1 / (1 + Math.exp(-x[at]!))
        return
      case 'square':
        for (let at = 0; at < out.length; at++) out[at] = x[at]! * x[at]!
        return
      case 'exp':
        for (let at = 0; at < out.length; at++) out[at] = Math.exp(x[at]!)
        return
      case 'log':
        for (let at = 0; at < out.length; at++) out[at] = Math.log(x[at]!)
        return
      case 'sqrt':
        for (let at = 0; at < out.length; at++) out[at] = Math.sqrt(x[at]!)
        return
      case 'reciprocal':
        for (let at = 0; at < out.length; at++) out[at] = 1 / x[at]!
        return
      case 'softplus':
        for (let at = 0; at < out.length; at++) out[at] = softplus(x[at]!)
        return
      case 'abs':
        for (let at = 0; at < out.length; at++) out[at] = Math.abs(x[at]!)
    }
  },

  /** `ref` is the result for relu, tanh, sigmoid, exp, sqrt and reciprocal, the argument for the others. */
  unaryGrad(out, inputs, node, _ids, graph) {
    const upstream = inputs[0]!
    const ref = inputs[1]!
    switch (node.attributes.kind!) {
      case 'relu':
        for (let at = 0; at < out.length; at++) out[at] = ref[at]! > 0 ? upstream[at]! : 0
        return
      case 'tanh':
        for (let at = 0; at < out.length; at++) out[at] = upstream[at]! * (1 - ref[at]! * ref[at]!)
        return
      case 'sigmoid':
        for (let at = 0; at < out.length; at++) out[at] = upstream[at]! * ref[at]! * (1 - ref[at]!)
        return
      case 'square':
        for (let at = 0; at < out.length; at++) out[at] = 2 * upstream[at]! * ref[at]!
        return
      case 'exp':
        for (let at = 0; at < out.length; at++) out[at] = upstream[at]! * ref[at]!
        return
      case 'log':
        for (let at = 0; at < out.length; at++) out[at] = upstream[at]! / ref[at]!
        return
      case 'sqrt':
        for (let at = 0; at < out.length; at++) out[at] = (0.5 * upstream[at]!) / ref[at]!
        return
      case 'reciprocal':
        for (let at = 0; at < out.length; at++) out[at] = -upstream[at]! * ref[at]! * ref[at]!
        return
      case 'softplus':
        for (let at = 0; at < out.length; at++) out[at] = upstream[at]! / (1 + Math.exp(-ref[at]!))
        return
      case 'abs':
        for (let at = 0; at < out.length; at++) out[at] = upstream[at]! * Math.sign(ref[at]!)
        return
      default:
        throw new GraphError(`Graph "${graph}": there is no derivative of "${String(node.attributes.kind)}".`)
    }
  },
}
