import { sizeOf } from '../../types.ts'
import type { Activation, GraphNode } from '../../types.ts'
import { OP_GEMM } from '../opcodes.ts'
import type { Encoders, Instruction, Word } from './encoding.types.ts'

const TRANSPOSED_A = 1
const TRANSPOSED_B = 2
const BY_COLUMNS = 4
const ACTIVATIONS: Readonly<Record<Activation, number>> = { none: 0, relu: 1, tanh: 2, sigmoid: 3 }

/** Rows and columns that a register tile covers: strips begin at its borders. */
const PANEL = 6
const GROUP = 16

interface Product {
  readonly rows: number
  readonly columns: number
  readonly inner: number
  readonly transposeA?: boolean
  readonly transposeB?: boolean
  readonly bias?: Word
  readonly activation?: Activation
  /** Row lengths of both operands as they lie in memory. */
  readonly widthA: number
  readonly widthB: number
  /** First element of b that counts. */
  readonly startB?: number
}

/**
 * out [rows, columns] = op(a) op(b) + bias. The longer side of the result is cut into strips; a single row is cut by columns
 * and a single column by rows in any case, because the kernels for these do so.
 */
function gemm(product: Product): Instruction {
  const { rows, columns, inner, transposeA = false, transposeB = false, bias = 0, activation = 'none' } = product
  const byColumns = columns !== 1 && (rows < 4 || columns >= rows)
  const flags =
    (transposeA ? TRANSPOSED_A : 0) |
    (transposeB ? TRANSPOSED_B : 0) |
    (byColumns ? BY_COLUMNS : 0) |
    (ACTIVATIONS[activation] << 4)
  return {
    opcode: OP_GEMM,
    words: [
      { address: 'out' },
      { address: 0 },
      { address: 1, offset: product.startB ?? 0 },
      bias,
      rows,
      columns,
      inner,
      flags,
      product.widthA,
      product.widthB,
    ],
    units: byColumns ? columns : rows,
    grain: byColumns ? GROUP : PANEL,
    cost: (rows * columns * inner) / 4,
  }
}

function widthOf(node: GraphNode): number {
  return node.shape.at(-1) ?? 1
}

/** Sizes of node's two operands, their leading axes flattened to one. */
function operands(node: GraphNode) {
  const [a, b] = node.inputs as [GraphNode, GraphNode]
  const widthA = widthOf(a)
  const widthB = widthOf(b)
  return { widthA, widthB, heightA: sizeOf(a.shape) / widthA, heightB: sizeOf(b.shape) / widthB }
}

export const linearEncoders: Encoders = {
  linear(node) {
    const { widthA, widthB, heightA } = operands(node)
    const bias = node.inputs.length > 2 ? { bias: { address: 2 } } : {}
    const activation = node.attributes.activation ?? 'none'
    return [gemm({ rows: heightA, columns: widthB, inner: widthA, widthA, widthB, activation, ...bias })]
  },

  matmul(node) {
    const { widthA, widthB, heightA, heightB } = operands(node)
    const { transposeA = false, transposeB = false } = node.attributes
    const [rows, inner] = transposeA ? [widthA, heightA] : [heightA, widthA]
    const columns = transposeB ? heightB : widthB
    return [gemm({ rows, columns, inner, transposeA, transposeB, widthA, widthB })]
  },

  matmulPart(node) {
    const { widthA, widthB, heightA } = operands(node)
    const { start = 0, size = 0 } = node.attributes
    return [gemm({ rows: heightA, columns: size, inner: widthA, transposeB: true, widthA, widthB, startB: start * widthB })]
  },
}
