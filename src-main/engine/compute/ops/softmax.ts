import type { OpDefinition, OpTable } from './op.types.ts'
import { float, requireAtLeastOneAxis, requireFloat, requireShape, sizeOfNode } from './shapes.ts'

function gradientRule(): OpDefinition {
  return {
    infer(inputs, _attributes, fail) {
      requireFloat(inputs, fail)
      requireShape(inputs[1]!, inputs[0]!.shape, 'the result', fail)
      return float(inputs[0]!.shape)
    },
    flops: (node) => 4 * sizeOfNode(node),
  }
}

/** Softmax and its logarithm over the last axis. A mask is a constant to the gradient. */
export const softmaxOps: OpTable = {
  softmax: {
    infer(inputs, _attributes, fail) {
      const [logits, mask] = inputs
      requireFloat(inputs, fail)
      requireAtLeastOneAxis(logits!, 'the logits', fail)
      if (mask) requireShape(mask, logits!.shape, 'the mask', fail)
      return float(logits!.shape)
    },
    flops: (node) => 5 * sizeOfNode(node),
    gradient: ({ g, node, upstream }) => [g.apply('softmaxGrad', [upstream, node]), ...(node.inputs[1] ? [null] : [])],
  },

  logSoftmax: {
    infer(inputs, _attributes, fail) {
      requireFloat(inputs, fail)
      requireAtLeastOneAxis(inputs[0]!, 'the logits', fail)
      return float(inputs[0]!.shape)
    },
    flops: (node) => 5 * sizeOfNode(node),
    gradient: ({ g, node, upstream }) => [g.apply('logSoftmaxGrad', [upstream, node])],
  },

  /** dy, y -> y (dy - sum of dy y): positions of weight 0, masked ones among them, get 0. */
  softmaxGrad: gradientRule(),

  /** dy, y -> dy - exp(y) (sum of dy). */
  logSoftmaxGrad: gradientRule(),
}
