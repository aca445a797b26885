import type { TfjsOps } from './op.types.ts'
import { asRows, widthOf } from './op.types.ts'

export const linearOps: TfjsOps = {
  linear({ tf }, [x, w, b], node) {
    const activation = node.attributes.activation ?? 'none'
    // The backends fuse no tanh.
    const fused = activation === 'relu' || activation === 'sigmoid' ? activation : 'linear'
    const rows = tf.fused.matMul({ a: asRows(tf, x!), b: w!, ...(b && { bias: b }), activation: fused })
    return tf.reshape(activation === 'tanh' ? tf.tanh(rows) : rows, node.shape)
  },

  matmul({ tf }, [a, b], node) {
    const { transposeA = false, transposeB = false } = node.attributes
    return tf.reshape(tf.matMul(asRows(tf, a!), asRows(tf, b!), transposeA, transposeB), node.shape)
  },

  /** a [.., m] times the transpose of `size` rows of b [V, m] from row `start` on. */
  matmulPart({ tf }, [a, b], node) {
    const { start = 0, size = 0 } = node.attributes
    const part = tf.slice(b!, [start, 0], [size, widthOf(b!)])
    return tf.reshape(tf.matMul(asRows(tf, a!), part, false, true), node.shape)
  },
}
