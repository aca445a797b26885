import type { PlainKernels } from './kernel.types.ts'
import { widthOf } from './kernel.types.ts'

/** All ids are in range: the binder has seen to that. */
export const gatherKernels: PlainKernels = {
  gather(out, inputs, node, ids) {
    const table = inputs[0]!
    const width = widthOf(node)
    for (let index = 0, to = 0; index < ids.length; index++) {
      let from = ids[index]! * width
      for (let end = to + width; to < end; to++, from++) out[to] = table[from]!
    }
  },

  scatterRows(out, inputs, node, ids) {
    const upstream = inputs[0]!
    const width = widthOf(node)
    out.fill(0)
    for (let index = 0, from = 0; index < ids.length; index++) {
      let to = ids[index]! * width
      for (let end = from + width; from < end; from++, to++) out[to] = out[to]! + upstream[from]!
    }
  },

  pickLast(out, inputs, node, ids) {
    const x = inputs[0]!
    const width = widthOf(node.inputs[0]!)
    for (let index = 0; index < ids.length; index++) out[index] = x[index * width + ids[index]!]!
  },

  placeLast(out, inputs, node, ids) {
    const x = inputs[0]!
    const width = widthOf(node)
    out.fill(0)
    for (let index = 0; index < ids.length; index++) out[index * width + ids[index]!] = x[index]!
  },
}
