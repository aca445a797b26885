import { sameShape, showShape } from '../types.ts'
import { columnsOf } from './columns.ts'
import type { OpTable } from './op.types.ts'
import { float, lastAxis, requireAtLeastOneAxis, requireFloat } from './shapes.ts'

/** Joining and cutting along the last axis. */
export const shapingOps: OpTable = {
  concat: {
    infer(inputs, _attributes, fail) {
      if (inputs.length === 0) fail('there is nothing to join')
      requireFloat(inputs, fail)
      const leading = inputs[0]!.shape.slice(0, -1)
      let size = 0
      for (const input of inputs) {
        requireAtLeastOneAxis(input, 'each part', fail)
        if (!sameShape(input.shape.slice(0, -1), leading)) fail('the parts must agree in all axes but the last')
        size += lastAxis(input)
      }
      return float([...leading, size])
    },
    gradient({ g, node, upstream, needs }) {
      let start = 0
      return node.inputs.map((input, index) => {
        const from = start
        start += lastAxis(input)
        return needs(index) ? columnsOf(g, upstream, from, lastAxis(input)) : null
      })
    },
  },

  slice: {
    infer(inputs, { start = 0, size = 0 }, fail) {
      requireFloat(inputs, fail)
      requireAtLeastOneAxis(inputs[0]!, 'x', fail)
      const width = lastAxis(inputs[0]!)
      if (!Number.isInteger(start) || !Number.isInteger(size) || start < 0 || size < 1 || start + size > width) {
        fail(`columns ${start} to ${start + size - 1} are not all within the ${width} columns of ${showShape(inputs[0]!.shape)}`)
      }
      return float([...inputs[0]!.shape.slice(0, -1), size])
    },
    gradient: ({ g, node, upstream }) => [
      g.apply('padLast', [upstream], { start: node.attributes.start!, size: lastAxis(node.inputs[0]!) }),
    ],
  },

  /** x as the columns from `start` on of a last axis of `size`, zeros elsewhere. */
  padLast: {
    infer(inputs, { start = 0, size = 0 }, fail) {
      requireFloat(inputs, fail)
      if (start + lastAxis(inputs[0]!) > size) fail(`${lastAxis(inputs[0]!)} columns from ${start} do not fit into ${size}`)
      return float([...inputs[0]!.shape.slice(0, -1), size])
    },
    gradient: ({ g, node, upstream }) => [
      g.apply('slice', [upstream], { start: node.attributes.start!, size: lastAxis(node.inputs[0]!) }),
    ],
  },
}
