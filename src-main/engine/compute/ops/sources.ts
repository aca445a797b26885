import { sameShape, showShape, sizeOf } from '../types.ts'
import type { OpDefinition, OpTable } from './op.types.ts'
import { float, requireFloat, requireValidShape } from './shapes.ts'

function source(dtype: 'float32' | 'int32'): OpDefinition {
  return {
    infer(_inputs, attributes, fail) {
      const shape = [...attributes.shape!]
      requireValidShape(shape, fail)
      return { shape, dtype }
    },
    source: true,
  }
}

/** Values that come from outside or are fixed, and the two ops that only rename a value. */
export const sourceOps: OpTable = {
  input: source('float32'),
  inputInt: source('int32'),
  parameter: source('float32'),
  constant: source('float32'),

  reshape: {
    infer([x], attributes, fail) {
      const shape = [...attributes.shape!]
      requireValidShape(shape, fail)
      if (sizeOf(shape) !== sizeOf(x!.shape)) {
        fail(`${sizeOf(x!.shape)} elements cannot take the shape ${showShape(shape)}, which has ${sizeOf(shape)}`)
      }
      return { shape, dtype: x!.dtype }
    },
    gradient: ({ g, node, upstream }) => {
      const shape = node.inputs[0]!.shape
      return [sameShape(shape, upstream.shape) ? upstream : g.apply('reshape', [upstream], { shape })]
    },
    alias: true,
  },

  stopGradient: {
    infer(inputs, _attributes, fail) {
      requireFloat(inputs, fail)
      return float(inputs[0]!.shape)
    },
    alias: true,
    stopsGradient: true,
  },

  /** A value of its own, for outputs that would otherwise be an input or parameter itself. */
  copy: {
    infer(inputs, _attributes, fail) {
      requireFloat(inputs, fail)
      return float(inputs[0]!.shape)
    },
    gradient: ({ upstream }) => [upstream],
  },
}
