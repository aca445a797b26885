import type { GraphNode } from '../types.ts'

/**
 * Computes one node.
 * @param out    the result, to be overwritten wholly; may be the memory of an argument that the op lists in `inPlace`
 * @param inputs the values of the float32 arguments at their positions; an empty array in place of ids
 * @param ids    the values of the int32 argument, if the op has one
 */
export type PlainKernel = (
  out: Float32Array,
  inputs: readonly Float32Array[],
  node: GraphNode,
  ids: Int32Array,
  /** The name of the graph, for messages. */
  graph: string,
) => void

export type PlainKernels = Readonly<Record<string, PlainKernel>>

/** Size of the last axis; 1 for a scalar. */
export function widthOf(node: GraphNode): number {
  const { shape } = node
  return shape.length === 0 ? 1 : shape[shape.length - 1]!
}
