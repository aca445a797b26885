import { lastAxis, leadingSize, sizeOfNode } from '../../ops/shapes.ts'
import {
  OP_ADD_ROWS,
  OP_EXPAND_ROWS,
  OP_MAX_ROWS,
  OP_MAX_ROWS_GRAD,
  OP_OUTER_ROWS,
  OP_ROW_DOT,
  OP_SCALE_ROWS,
  OP_SUM_ROWS,
  OP_WEIGHTED_SUM,
} from '../opcodes.ts'
import type { Encoders, Word } from './encoding.types.ts'
import { argument, LANES, OUT } from './words.ts'

/** Whether the argument at `index` is there, and where. */
function optional(present: boolean, index: number): Word[] {
  return present ? [1, argument(index)] : [0]
}

/** In the lists [B, n, k] a unit is an example, or a row where the result is a list and no row depends on another. */
export const rowEncoders: Encoders = {
  weightedSum(node) {
    const [weights, values] = node.inputs
    const words = [OUT, argument(0), argument(1), lastAxis(weights!), lastAxis(node)]
    return [{ opcode: OP_WEIGHTED_SUM, words, units: node.shape[0]!, grain: 1, cost: sizeOfNode(values!) / LANES }]
  },

  rowDot(node) {
    const items = node.inputs[1]!
    const words = [OUT, argument(0), argument(1), lastAxis(node), lastAxis(items)]
    return [{ opcode: OP_ROW_DOT, words, units: node.shape[0]!, grain: 1, cost: sizeOfNode(items) / LANES }]
  },

  outerRows(node) {
    const words = [OUT, argument(0), argument(1), node.shape[1]!, lastAxis(node)]
    return [{ opcode: OP_OUTER_ROWS, words, units: leadingSize(node), grain: 1, cost: sizeOfNode(node) / LANES }]
  },

  addRows(node) {
    const words = [OUT, argument(0), argument(1), node.shape[1]!, lastAxis(node)]
    return [{ opcode: OP_ADD_ROWS, words, units: leadingSize(node), grain: 1, cost: sizeOfNode(node) / LANES }]
  },

  scaleRows(node) {
    const words = [OUT, argument(0), argument(1), lastAxis(node)]
    return [{ opcode: OP_SCALE_ROWS, words, units: leadingSize(node), grain: 1, cost: sizeOfNode(node) / LANES }]
  },

  expandRows(node) {
    const words = [OUT, argument(0), node.shape[1]!, lastAxis(node)]
    return [{ opcode: OP_EXPAND_ROWS, words, units: leadingSize(node), grain: 1, cost: sizeOfNode(node) / LANES }]
  },

  sumRows(node) {
    const x = node.inputs[0]!
    const words = [OUT, argument(0), x.shape[1]!, lastAxis(node)]
    return [{ opcode: OP_SUM_ROWS, words, units: node.shape[0]!, grain: 1, cost: sizeOfNode(x) / LANES }]
  },

  maxRows(node) {
    const [x, mask] = node.inputs
    const words = [OUT, argument(0), x!.shape[1]!, lastAxis(node), ...optional(mask !== undefined, 1)]
    return [{ opcode: OP_MAX_ROWS, words, units: node.shape[0]!, grain: 1, cost: (5 * sizeOfNode(x!)) / LANES }]
  },

  maxRowsGrad(node) {
    const words = [OUT, argument(0), argument(1), node.shape[1]!, lastAxis(node), ...optional(node.inputs.length > 2, 2)]
    return [{ opcode: OP_MAX_ROWS_GRAD, words, units: node.shape[0]!, grain: 1, cost: (10 * sizeOfNode(node)) / LANES }]
  },
}
