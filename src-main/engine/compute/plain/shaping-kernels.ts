import type { PlainKernels } from './kernel.types.ts'
import { widthOf } from './kernel.types.ts'

/** Copies `width` columns of every row; both sides advance by their own row width. */
function copyColumns(
  to: Float32Array,
  toStart: number,
  toWidth: number,
  from: Float32Array,
  fromStart: number,
  fromWidth: number,
  width: number,
): void {
  for (let target = toStart, origin = fromStart; target < to.length; target += toWidth, origin += fromWidth) {
    for (let column = 0; column < width; column++) to[target + column] = from[origin + column]!
  }
}

export const shapingKernels: PlainKernels = {
  copy(out, inputs) {
    out.set(inputs[0]!)
  },

  concat(out, inputs, node) {
    const width = widthOf(node)
    let start = 0
    for (let index = 0; index < inputs.length; index++) {
      const part = widthOf(node.inputs[index]!)
      copyColumns(out, start, width, inputs[index]!, 0, part, part)
      start += part
    }
  },

  slice(out, inputs, node) {
    const width = widthOf(node)
    copyColumns(out, 0, width, inputs[0]!, node.attributes.start ?? 0, widthOf(node.inputs[0]!), width)
  },

  padLast(out, inputs, node) {
    const part = widthOf(node.inputs[0]!)
    out.fill(0)
    copyColumns(out, node.attributes.start ?? 0, widthOf(node), inputs[0]!, 0, part, part)
  },

  sumLast(out, inputs, node) {
    const x = inputs[0]!
    const width = widthOf(node.inputs[0]!)
    for (let row = 0, from = 0; row < out.length; row++) {
      let total = 0
      for (const end = from + width; from < end; from++) total += x[from]!
      out[row] = total
    }
  },

  expandLast(out, inputs, node) {
    const x = inputs[0]!
    const width = widthOf(node)
    // Not by fill: the value handed to it would be a new object each time.
    for (let row = 0, to = 0; row < x.length; row++) {
      const value = x[row]!
      for (const end = to + width; to < end; to++) out[to] = value
    }
  },

  sumLeading(out, inputs) {
    const x = inputs[0]!
    const size = out.length
    if (size === 1) {
      let total = 0
      for (let index = 0; index < x.length; index++) total += x[index]!
      out[0] = total
      return
    }
    out.fill(0)
    for (let from = 0; from < x.length;) for (let to = 0; to < size; to++, from++) out[to] = out[to]! + x[from]!
  },

  expandLeading(out, inputs) {
    const x = inputs[0]!
    for (let start = 0; start < out.length; start += x.length) out.set(x, start)
  },
}
