import type { GraphNode } from '../../types.ts'
import { lastAxis, leadingSize, sizeOfNode } from '../../ops/shapes.ts'
import { OP_LOG_SOFTMAX, OP_LOG_SOFTMAX_GRAD, OP_SOFTMAX, OP_SOFTMAX_GRAD } from '../opcodes.ts'
import type { Encoder, Encoders, Instruction, Word } from './encoding.types.ts'
import { argument, LANES, OUT } from './words.ts'

/** @param perVector vector operations for one vector of the result */
function byRow(node: GraphNode, opcode: number, words: readonly Word[], perVector: number): Instruction[] {
  const cost = (sizeOfNode(node) / LANES) * perVector
  return [{ opcode, words: [OUT, ...words], units: leadingSize(node), grain: 1, cost }]
}

function gradient(opcode: number, perVector: number): Encoder {
  return (node) => byRow(node, opcode, [argument(0), argument(1), lastAxis(node)], perVector)
}

export const softmaxEncoders: Encoders = {
  softmax(node) {
    const mask = node.inputs.length > 1 ? [1, argument(1)] : [0]
    return byRow(node, OP_SOFTMAX, [argument(0), lastAxis(node), ...mask], 25)
  },

  logSoftmax: (node) => byRow(node, OP_LOG_SOFTMAX, [argument(0), lastAxis(node)], 25),
  softmaxGrad: gradient(OP_SOFTMAX_GRAD, 3),
  logSoftmaxGrad: gradient(OP_LOG_SOFTMAX_GRAD, 22),
}
