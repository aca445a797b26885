import type { OpContext, TfjsOps } from './op.types.ts'
import { asColumn, choose, chooseOrZero, elementsOf, widthOf } from './op.types.ts'
import { LOWEST } from './softmax-ops.ts'
import type { TfNamespace, TfTensor } from './tf.types.ts'

/** [B, k] as [B, 1, k]. */
function asMiddle(tf: TfNamespace, x: TfTensor): TfTensor {
  return tf.reshape(x, [x.shape[0]!, 1, x.shape[1]!])
}

/** Which elements of x [B, n, k] the mask [B, n] leaves. */
function openElements({ tf, constants }: OpContext, mask: TfTensor, x: TfTensor): TfTensor {
  return tf.notEqual(tf.tile(asColumn(tf, mask), [1, 1, widthOf(x)]), constants.scalar(0))
}

function closeElements({ tf, constants }: OpContext, open: TfTensor, x: TfTensor): TfTensor {
  return choose(tf, open, x, constants.filled(LOWEST, [elementsOf(x)]), x.shape)
}

/** B rows of a batch, n rows of a list, k columns. */
export const rowOps: TfjsOps = {
  weightedSum: ({ tf }, [weights, values], node) => tf.reshape(tf.matMul(asMiddle(tf, weights!), values!), node.shape),

  rowDot: ({ tf }, [a, items], node) => tf.reshape(tf.matMul(asMiddle(tf, a!), items!, false, true), node.shape),

  outerRows: ({ tf }, [weights, a]) => tf.mul(asColumn(tf, weights!), asMiddle(tf, a!)),

  addRows: ({ tf }, [x, added]) => tf.add(x!, asMiddle(tf, added!)),

  scaleRows: ({ tf }, [x, factors]) => tf.mul(x!, asColumn(tf, factors!)),

  expandRows: ({ tf }, [x], node) => tf.tile(asMiddle(tf, x!), [1, node.shape[1]!, 1]),

  sumRows: ({ tf }, [x]) => tf.sum(x!, 1),

  maxRows(context, [x, mask], node) {
    const { tf, constants } = context
    if (!mask) return tf.max(x!, 1)
    const largest = tf.max(closeElements(context, openElements(context, mask, x!), x!), 1)
    // Lowest of all where no row was left.
    return chooseOrZero(context, tf.notEqual(largest, constants.scalar(LOWEST)), tf.reshape(largest, node.shape))
  },

  /** Rows count down, so that the first of several maxima has the largest number; 0 stands for no maximum. */
  maxRowsGrad(context, [upstream, x, mask], node) {
    const { tf, constants } = context
    const open = mask && openElements(context, mask, x!)
    const candidates = open ? closeElements(context, open, x!) : x!
    const largest = tf.logicalOr(tf.equal(candidates, tf.max(candidates, 1, true)), tf.isNaN(candidates))
    const row = constants.countdown(node.shape[1]!)
    const numbered = tf.mul(tf.cast(open ? tf.logicalAnd(largest, open) : largest, 'float32'), row)
    const isFirst = tf.equal(row, tf.max(numbered, 1, true))
    return chooseOrZero(context, isFirst, tf.tile(asMiddle(tf, upstream!), [1, node.shape[1]!, 1]))
  },
}
