import type { GraphNode, UnaryKind } from '../../types.ts'
import { sizeOfNode } from '../../ops/shapes.ts'
import {
  OP_ADD,
  OP_ADD_SCALAR,
  OP_CLIP,
  OP_CLIP_GRAD,
  OP_MUL,
  OP_SCALE,
  OP_SUB,
  OP_UNARY,
  OP_UNARY_GRAD,
  OP_WHERE,
} from '../opcodes.ts'
import * as kinds from '../unary-kinds.ts'
import type { Encoder, Encoders, Instruction, Word } from './encoding.types.ts'
import { argument, LANES, LINE, OUT } from './words.ts'

interface Unary {
  readonly number: number
  /** Vector operations for one vector. */
  readonly cost: number
  readonly gradientCost: number
}

const unary: Readonly<Record<UnaryKind, Unary>> = {
  relu: { number: kinds.UNARY_RELU, cost: 1, gradientCost: 1 },
  tanh: { number: kinds.UNARY_TANH, cost: 25, gradientCost: 3 },
  sigmoid: { number: kinds.UNARY_SIGMOID, cost: 25, gradientCost: 3 },
  square: { number: kinds.UNARY_SQUARE, cost: 1, gradientCost: 2 },
  exp: { number: kinds.UNARY_EXP, cost: 20, gradientCost: 1 },
  log: { number: kinds.UNARY_LOG, cost: 30, gradientCost: 4 },
  sqrt: { number: kinds.UNARY_SQRT, cost: 4, gradientCost: 4 },
  reciprocal: { number: kinds.UNARY_RECIPROCAL, cost: 4, gradientCost: 2 },
  softplus: { number: kinds.UNARY_SOFTPLUS, cost: 35, gradientCost: 25 },
  abs: { number: kinds.UNARY_ABS, cost: 1, gradientCost: 4 },
}

/** @param perVector vector operations for one vector of the result */
function elementwise(node: GraphNode, opcode: number, words: readonly Word[], perVector: number): Instruction[] {
  const units = sizeOfNode(node)
  return [{ opcode, words: [OUT, ...words], units, grain: LINE, cost: (units / LANES) * perVector }]
}

function binary(opcode: number): Encoder {
  return (node) => elementwise(node, opcode, [argument(0), argument(1), sizeOfNode(node.inputs[1]!)], 1)
}

function withConstant(opcode: number): Encoder {
  return (node) => elementwise(node, opcode, [argument(0), { float: node.attributes.value! }], 1)
}

const bits = new Int32Array(1)
const single = new Float32Array(bits.buffer)

/** The next float32 towards +Infinity (`direction` 1) or -Infinity (-1). */
function neighbour(value: number, direction: 1 | -1): number {
  single[0] = value
  if (value === 0) bits[0] = direction === 1 ? 1 : 0x80000001 | 0
  else bits[0] = bits[0]! + (value > 0 ? direction : -direction)
  return single[0]
}

/** The float32 bounds between which exactly those float32 lie that are between `min` and `max`. */
function innerBounds(min: number, max: number): [number, number] {
  const lower = Math.fround(min)
  const upper = Math.fround(max)
  return [lower < min ? neighbour(lower, 1) : lower, upper > max ? neighbour(upper, -1) : upper]
}

export const elementwiseEncoders: Encoders = {
  add: binary(OP_ADD),
  sub: binary(OP_SUB),
  mul: binary(OP_MUL),
  scale: withConstant(OP_SCALE),
  addScalar: withConstant(OP_ADD_SCALAR),

  clip(node) {
    const { min, max } = node.attributes
    return elementwise(node, OP_CLIP, [argument(0), { float: min! }, { float: max! }], 2)
  },

  clipGrad(node) {
    const [lower, upper] = innerBounds(node.attributes.min!, node.attributes.max!)
    return elementwise(node, OP_CLIP_GRAD, [argument(0), argument(1), { float: lower }, { float: upper }], 3)
  },

  where: (node) => elementwise(node, OP_WHERE, [argument(0), argument(1), argument(2)], 3),

  unary(node) {
    const { number, cost } = unary[node.attributes.kind!]
    return elementwise(node, OP_UNARY, [argument(0), number], cost)
  },

  unaryGrad(node) {
    const { number, gradientCost } = unary[node.attributes.kind!]
    return elementwise(node, OP_UNARY_GRAD, [argument(0), argument(1), number], gradientCost)
  },
}
