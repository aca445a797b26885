import type { GraphNode } from '../../types.ts'
import { lastAxis, leadingSize, sizeOfNode } from '../../ops/shapes.ts'
import { OP_COPY_COLUMNS, OP_EXPAND_LAST, OP_EXPAND_LEADING, OP_FILL, OP_SUM_LAST, OP_SUM_LEADING } from '../opcodes.ts'
import type { Encoders, Instruction } from './encoding.types.ts'
import { argument, LANES, LINE, OUT } from './words.ts'

/** Copies `width` columns of argument `index` to column `toStart` of the result, from column `fromStart` on. */
function copyColumns(node: GraphNode, index: number, toStart: number, fromStart: number, width: number): Instruction {
  const units = leadingSize(node)
  return {
    opcode: OP_COPY_COLUMNS,
    words: [{ ...OUT, offset: toStart }, lastAxis(node), argument(index, fromStart), lastAxis(node.inputs[index]!), width],
    units,
    grain: 1,
    cost: (units * width) / LANES,
  }
}

export const shapingEncoders: Encoders = {
  /** Rows of one element, so that it can be cut anywhere. */
  copy(node) {
    const units = sizeOfNode(node)
    return [{ opcode: OP_COPY_COLUMNS, words: [OUT, 1, argument(0), 1, 1], units, grain: LINE, cost: units / LANES }]
  },

  /** One instruction for each part. */
  concat(node) {
    let start = 0
    return node.inputs.map((input, index) => {
      const width = lastAxis(input)
      start += width
      return copyColumns(node, index, start - width, 0, width)
    })
  },

  slice: (node) => [copyColumns(node, 0, 0, node.attributes.start ?? 0, lastAxis(node))],

  padLast(node) {
    const size = sizeOfNode(node)
    return [
      { opcode: OP_FILL, words: [OUT, { float: 0 }], units: size, grain: LINE, cost: size / LANES },
      copyColumns(node, 0, node.attributes.start ?? 0, 0, lastAxis(node.inputs[0]!)),
    ]
  },

  sumLast(node) {
    const x = node.inputs[0]!
    const words = [OUT, argument(0), lastAxis(x)]
    return [{ opcode: OP_SUM_LAST, words, units: sizeOfNode(node), grain: 1, cost: sizeOfNode(x) / LANES }]
  },

  expandLast(node) {
    const words = [OUT, argument(0), lastAxis(node)]
    return [{ opcode: OP_EXPAND_LAST, words, units: leadingSize(node), grain: 1, cost: sizeOfNode(node) / LANES }]
  },

  sumLeading(node) {
    const total = sizeOfNode(node.inputs[0]!)
    const size = sizeOfNode(node)
    // A single number is the sum of one long row. It cannot be cut.
    if (size === 1) return [{ opcode: OP_SUM_LAST, words: [OUT, argument(0), total], units: 1, grain: 1, cost: 0 }]
    const words = [OUT, argument(0), total / size, size]
    return [{ opcode: OP_SUM_LEADING, words, units: size, grain: LINE, cost: total / LANES }]
  },

  expandLeading(node) {
    const total = sizeOfNode(node)
    const size = sizeOfNode(node.inputs[0]!)
    if (size === 1) return [{ opcode: OP_EXPAND_LAST, words: [OUT, argument(0), total], units: 1, grain: 1, cost: 0 }]
    const words = [OUT, argument(0), size]
    return [{ opcode: OP_EXPAND_LEADING, words, units: total / size, grain: 1, cost: total / LANES }]
  },
}
