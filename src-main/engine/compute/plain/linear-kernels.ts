import type { Activation, GraphNode } from '../types.ts'
import { gemm } from './gemm.ts'
import type { PlainKernels } from './kernel.types.ts'
import { widthOf } from './kernel.types.ts'

const noBias = new Float32Array(0)

function activate(values: Float32Array, activation: Activation): void {
  switch (activation) {
    case 'none':
      return
    case 'relu':
      // Written so that NaN stays NaN: a diverged run must be seen.
      for (let index = 0; index < values.length; index++) if (values[index]! < 0) values[index] = 0
      return
    case 'tanh':
      for (let index = 0; index < values.length; index++) values[index] = Math.tanh(values[index]!)
      return
    case 'sigmoid':
      for (let index = 0; index < values.length; index++) values[index] = 1 / (1 + Math.exp(-values[index]!))
  }
}

function innerSize(node: GraphNode, a: Float32Array): number {
  const width = widthOf(node.inputs[0]!)
  return node.attributes.transposeA ? a.length / width : width
}

export const linearKernels: PlainKernels = {
  linear(out, inputs, node) {
    const inner = widthOf(node.inputs[0]!)
    const columns = widthOf(node)
    const x = inputs[0]!
    gemm(out, x.length / inner, columns, inner, x, inner, 1, inputs[1]!, columns, 1, inputs.length > 2 ? inputs[2]! : noBias)
    activate(out, node.attributes.activation ?? 'none')
  },

  matmul(out, inputs, node) {
    const a = inputs[0]!
    const b = inputs[1]!
    const inner = innerSize(node, a)
    const rows = a.length / inner
    const columns = b.length / inner
    const aWidth = widthOf(node.inputs[0]!)
    const bWidth = widthOf(node.inputs[1]!)
    const { transposeA, transposeB } = node.attributes
    const aRow = transposeA ? 1 : aWidth
    const aInner = transposeA ? aWidth : 1
    const bInner = transposeB ? 1 : bWidth
    const bColumn = transposeB ? bWidth : 1
    gemm(out, rows, columns, inner, a, aRow, aInner, b, bInner, bColumn, noBias)
  },

  matmulPart(out, inputs, node) {
    const a = inputs[0]!
    const inner = widthOf(node.inputs[0]!)
    const { start = 0, size = 0 } = node.attributes
    gemm(out, a.length / inner, size, inner, a, inner, 1, inputs[1]!, 1, inner, noBias, start)
  },
}
