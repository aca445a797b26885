import { lastAxis, sizeOfNode } from '../../ops/shapes.ts'
import { OP_GATHER, OP_PICK_LAST, OP_PLACE_LAST, OP_SCATTER_ROWS } from '../opcodes.ts'
import type { Encoders } from './encoding.types.ts'
import { argument, LANES, LINE, OUT } from './words.ts'

/** Ids must have been checked before the instructions run: a kernel reads and writes wherever they point. */
export const gatherEncoders: Encoders = {
  gather(node) {
    const width = lastAxis(node)
    const units = sizeOfNode(node.inputs[1]!)
    const words = [OUT, argument(0), argument(1), width]
    return [{ opcode: OP_GATHER, words, units, grain: 1, cost: sizeOfNode(node) / LANES }]
  },

  /** Cut by rows of the result: each strip looks through all ids and takes those that fall to it. */
  scatterRows(node) {
    const [upstream, ids] = node.inputs
    const words = [OUT, argument(0), argument(1), lastAxis(node), sizeOfNode(ids!)]
    const cost = (sizeOfNode(node) + 2 * sizeOfNode(upstream!)) / LANES
    return [{ opcode: OP_SCATTER_ROWS, words, units: node.shape[0]!, grain: 1, cost }]
  },

  pickLast(node) {
    const units = sizeOfNode(node)
    const words = [OUT, argument(0), argument(1), lastAxis(node.inputs[0]!)]
    return [{ opcode: OP_PICK_LAST, words, units, grain: LINE, cost: units }]
  },

  placeLast(node) {
    const units = sizeOfNode(node.inputs[0]!)
    const words = [OUT, argument(0), argument(1), lastAxis(node)]
    return [{ opcode: OP_PLACE_LAST, words, units, grain: 1, cost: units + sizeOfNode(node) / LANES }]
  },
}
