import { nodeLabel } from '../ops/index.ts'
import { GraphError } from '../types.ts'
import type { GraphNode } from '../types.ts'
import type { PlainKernels } from './kernel.types.ts'
import { widthOf } from './kernel.types.ts'

function requireIds(ids: Int32Array, bound: number, node: GraphNode, graph: string): void {
  for (let index = 0; index < ids.length; index++) {
    const id = ids[index]!
    if (id >= 0 && id < bound) continue
    throw new GraphError(
      `Graph "${graph}": ${nodeLabel(node)} was given the index ${id} at position ${index}; allowed are 0 to ${bound - 1}.`,
    )
  }
}

export const gatherKernels: PlainKernels = {
  gather(out, inputs, node, ids, graph) {
    const table = inputs[0]!
    const width = widthOf(node)
    requireIds(ids, node.inputs[0]!.shape[0]!, node, graph)
    for (let index = 0, to = 0; index < ids.length; index++) {
      let from = ids[index]! * width
      for (let end = to + width; to < end; to++, from++) out[to] = table[from]!
    }
  },

  scatterRows(out, inputs, node, ids, graph) {
    const upstream = inputs[0]!
    const width = widthOf(node)
    requireIds(ids, node.shape[0]!, node, graph)
    out.fill(0)
    for (let index = 0, from = 0; index < ids.length; index++) {
      let to = ids[index]! * width
      for (let end = from + width; from < end; from++, to++) out[to] = out[to]! + upstream[from]!
    }
  },

  pickLast(out, inputs, node, ids, graph) {
    const x = inputs[0]!
    const width = widthOf(node.inputs[0]!)
    requireIds(ids, width, node, graph)
    for (let index = 0; index < ids.length; index++) out[index] = x[index * width + ids[index]!]!
  },

  placeLast(out, inputs, node, ids, graph) {
    const x = inputs[0]!
    const width = widthOf(node)
    requireIds(ids, width, node, graph)
    out.fill(0)
    for (let index = 0; index < ids.length; index++) out[index * width + ids[index]!] = x[index]!
  },
}
