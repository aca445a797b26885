import type { PlainKernels } from './kernel.types.ts'
import { widthOf } from './kernel.types.ts'

/** In all of these `width` is k, `count` is n, and lists are [B, n, k] row by row. */
export const rowKernels: PlainKernels = {
  weightedSum(out, inputs, node) {
    const weights = inputs[0]!
    const values = inputs[1]!
    const width = widthOf(node)
    const count = widthOf(node.inputs[0]!)
    out.fill(0)
    for (let row = 0, from = 0; row < weights.length; row++) {
      const weight = weights[row]!
      const start = ((row / count) | 0) * width
      for (let to = start; to < start + width; to++, from++) out[to] = out[to]! + weight * values[from]!
    }
  },

  rowDot(out, inputs, node) {
    const a = inputs[0]!
    const items = inputs[1]!
    const width = widthOf(node.inputs[0]!)
    const count = widthOf(node)
    for (let row = 0, from = 0; row < out.length; row++) {
      const start = ((row / count) | 0) * width
      let total = 0
      for (let at = start; at < start + width; at++, from++) total += a[at]! * items[from]!
      out[row] = total
    }
  },

  outerRows(out, inputs, node) {
    const weights = inputs[0]!
    const a = inputs[1]!
    const width = widthOf(node)
    const count = widthOf(node.inputs[0]!)
    for (let row = 0, to = 0; row < weights.length; row++) {
      const weight = weights[row]!
      const start = ((row / count) | 0) * width
      for (let from = start; from < start + width; from++, to++) out[to] = weight * a[from]!
    }
  },

  addRows(out, inputs, node) {
    const x = inputs[0]!
    const added = inputs[1]!
    const width = widthOf(node)
    const count = node.shape[1]!
    for (let start = 0, to = 0; start < added.length; start += width) {
      for (let row = 0; row < count; row++) {
        for (let from = start; from < start + width; from++, to++) out[to] = x[to]! + added[from]!
      }
    }
  },

  scaleRows(out, inputs, node) {
    const x = inputs[0]!
    const factors = inputs[1]!
    const width = widthOf(node)
    for (let row = 0, to = 0; row < factors.length; row++) {
      const factor = factors[row]!
      for (const end = to + width; to < end; to++) out[to] = x[to]! * factor
    }
  },

  expandRows(out, inputs, node) {
    const x = inputs[0]!
    const width = widthOf(node)
    const count = node.shape[1]!
    for (let start = 0, to = 0; start < x.length; start += width) {
      for (let row = 0; row < count; row++) for (let from = start; from < start + width; from++, to++) out[to] = x[from]!
    }
  },

  sumRows(out, inputs, node) {
    const x = inputs[0]!
    const width = widthOf(node)
    const count = node.inputs[0]!.shape[1]!
    out.fill(0)
    for (let start = 0, from = 0; start < out.length; start += width) {
      for (let row = 0; row < count; row++) for (let to = start; to < start + width; to++, from++) out[to] = out[to]! + x[from]!
    }
  },

  maxRows(out, inputs, node) {
    const x = inputs[0]!
    const mask = inputs[1]
    const width = widthOf(node)
    const count = node.inputs[0]!.shape[1]!
    for (let start = 0; start < out.length; start += width) {
      const batch = start / width
      for (let column = 0; column < width; column++) {
        const best = firstMaximum(x, mask, batch, column, count, width)
        out[start + column] = best === -1 ? 0 : x[best]!
      }
    }
  },

  maxRowsGrad(out, inputs, node) {
    const upstream = inputs[0]!
    const x = inputs[1]!
    const mask = inputs[2]
    const width = widthOf(node)
    const count = node.shape[1]!
    out.fill(0)
    for (let start = 0; start < upstream.length; start += width) {
      const batch = start / width
      for (let column = 0; column < width; column++) {
        const best = firstMaximum(x, mask, batch, column, count, width)
        if (best !== -1) out[best] = upstream[start + column]!
      }
    }
  },
}

/** Position of the first largest element of a column over the rows that the mask leaves; NaN counts as largest; -1 if none is left. */
function firstMaximum(
  x: Float32Array,
  mask: Float32Array | undefined,
  batch: number,
  column: number,
  count: number,
  width: number,
): number {
  let best = -1
  let largest = -Infinity
  for (let row = 0; row < count; row++) {
    if (mask !== undefined && mask[batch * count + row] === 0) continue
    const at = (batch * count + row) * width + column
    const value = x[at]!
    if (best === -1 || value > largest || (value !== value && largest === largest)) {
      best = at
      largest = value
    }
  }
  return best
}
