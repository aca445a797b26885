import type { TfjsOps } from './op.types.ts'
import { asColumn, elementsOf, widthOf } from './op.types.ts'

/** Joining, cutting, summing and repeating. */
export const shapingOps: TfjsOps = {
  /** The three have a handle of their own on the same memory. */
  reshape: ({ tf }, [x], node) => tf.reshape(x!, node.shape),
  stopGradient: ({ tf }, [x]) => tf.clone(x!),
  copy: ({ tf }, [x]) => tf.clone(x!),

  concat: ({ tf }, parts, node) => tf.concat(parts, node.shape.length - 1),

  slice: ({ tf }, [x], node) => {
    const begin = node.shape.map((_axis, index) => (index === node.shape.length - 1 ? (node.attributes.start ?? 0) : 0))
    return tf.slice(x!, begin, node.shape)
  },

  padLast: ({ tf }, [x], node) => {
    const { start = 0, size = 0 } = node.attributes
    const last = node.shape.length - 1
    return tf.pad(
      x!,
      node.shape.map((_axis, index) => (index === last ? [start, size - start - widthOf(x!)] : [0, 0])),
    )
  },

  sumLast: ({ tf }, [x], node) => tf.sum(x!, node.shape.length),

  expandLast: ({ tf }, [x], node) =>
    tf.tile(
      asColumn(tf, x!),
      node.shape.map((axis, index) => (index === node.shape.length - 1 ? axis : 1)),
    ),

  sumLeading: ({ tf }, [x], node) => {
    const size = node.shape.reduce((product, axis) => product * axis, 1)
    return tf.reshape(tf.sum(tf.reshape(x!, [elementsOf(x!) / size, size]), 0), node.shape)
  },

  expandLeading: ({ tf }, [x], node) => {
    const size = elementsOf(x!)
    const rows = node.shape.reduce((product, axis) => product * axis, 1) / size
    return tf.reshape(tf.tile(tf.reshape(x!, [1, size]), [rows, 1]), node.shape)
  },
}
