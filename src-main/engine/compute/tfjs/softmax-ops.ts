import type { TfjsOps } from './op.types.ts'
import { choose, chooseOrZero, elementsOf } from './op.types.ts'

/** The lowest float32: a closed position never wins, and its exponential is 0. An infinity would be less safe in a shader. */
export const LOWEST = -3.4028234663852886e38

export const softmaxOps: TfjsOps = {
  /** A row without an open position is uniform before the last step closes it. */
  softmax(context, [logits, mask], node) {
    const { tf, constants } = context
    if (!mask) return tf.softmax(logits!, node.shape.length - 1)
    const open = tf.notEqual(mask, constants.scalar(0))
    const closed = constants.filled(LOWEST, [elementsOf(logits!)])
    return chooseOrZero(context, open, tf.softmax(choose(tf, open, logits!, closed, node.shape), node.shape.length - 1))
  },

  softmaxGrad({ tf }, [upstream, y], node) {
    const total = tf.sum(tf.mul(upstream!, y!), node.shape.length - 1, true)
    return tf.mul(y!, tf.sub(upstream!, total))
  },

  logSoftmax({ tf }, [logits], node) {
    const last = node.shape.length - 1
    const shifted = tf.sub(logits!, tf.max(logits!, last, true))
    return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), last, true)))
  },

  logSoftmaxGrad({ tf }, [upstream, y], node) {
    return tf.sub(upstream!, tf.mul(tf.exp(y!), tf.sum(upstream!, node.shape.length - 1, true)))
  },
}
