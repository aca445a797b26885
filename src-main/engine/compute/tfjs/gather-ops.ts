import type { OpContext, TfjsOps } from './op.types.ts'
import { elementsOf, widthOf } from './op.types.ts'
import type { TfTensor } from './tf.types.ts'

/** Positions of column ids[i] of row i in the flat array of rows of `width`. */
function flatPositions({ tf, constants }: OpContext, ids: TfTensor, width: number): TfTensor {
  const count = elementsOf(ids)
  return tf.add(tf.reshape(ids, [count]), constants.multiples(count, width))
}

/** All ids are in range: the binder has seen to that, and no backend would say so. */
export const gatherOps: TfjsOps = {
  gather: ({ tf }, [table, ids], node) => {
    const rows = tf.gather(table!, tf.reshape(ids!, [elementsOf(ids!)]))
    return tf.reshape(rows, node.shape)
  },

  /**
   * By scatterND, which adds what meets at an index. Not by unsortedSegmentSum, which tfjs-wasm lacks and WebGPU does
   * worse; not by a one-hot product, which costs as much as the table is long.
   */
  scatterRows({ tf }, [upstream, ids], node) {
    const count = elementsOf(ids!)
    return tf.scatterND(tf.reshape(ids!, [count, 1]), tf.reshape(upstream!, [count, widthOf(upstream!)]), node.shape)
  },

  pickLast(context, [x, ids], node) {
    const { tf } = context
    return tf.reshape(tf.gather(tf.reshape(x!, [-1]), flatPositions(context, ids!, widthOf(x!))), node.shape)
  },

  placeLast(context, [x, ids], node) {
    const { tf } = context
    const count = elementsOf(ids!)
    const size = node.attributes.size!
    const positions = tf.reshape(flatPositions(context, ids!, size), [count, 1])
    return tf.reshape(tf.scatterND(positions, tf.reshape(x!, [count]), [count * size]), node.shape)
  },
}
