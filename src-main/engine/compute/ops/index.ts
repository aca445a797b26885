import { GraphError, showShape } from '../types.ts'
import type { Attributes, GraphNode } from '../types.ts'
import { elementwiseOps } from './elementwise.ts'
import { gatherOps } from './gather.ts'
import { linearOps } from './linear.ts'
import type { Inferred, OpDefinition, OpTable } from './op.types.ts'
import { reduceOps } from './reduce.ts'
import { rowOps } from './rows.ts'
import { shapingOps } from './shaping.ts'
import { softmaxOps } from './softmax.ts'
import { sourceOps } from './sources.ts'

/** Every op there is. An executor is a table over these names. */
export const opTable: OpTable = {
  ...sourceOps,
  ...linearOps,
  ...gatherOps,
  ...softmaxOps,
  ...rowOps,
  ...shapingOps,
  ...reduceOps,
  ...elementwiseOps,
}

/** @throws GraphError if there is no such op */
export function opOf(name: string): OpDefinition {
  const definition = Object.hasOwn(opTable, name) ? opTable[name] : undefined
  if (!definition) throw new GraphError(`There is no op "${name}". Known are ${Object.keys(opTable).join(', ')}.`)
  return definition
}

/** How messages call a node: its name where it has one, otherwise op and id. */
export function nodeLabel(node: GraphNode): string {
  return node.attributes.name === undefined ? `${node.op}#${node.id}` : `"${node.attributes.name}"`
}

/** How messages begin: the graph and, within one, the block. */
export function placeOf(graph: string, block: string | undefined): string {
  return block === undefined ? `Graph "${graph}"` : `Graph "${graph}", block "${block}"`
}

/** Shape and type of `op` on `inputs`. @param place graph and block, as messages begin. @throws GraphError with the op and all shapes */
export function inferNode(place: string, op: string, inputs: readonly GraphNode[], attributes: Attributes): Inferred {
  return opOf(op).infer(inputs, attributes, (reason) => {
    const shown = inputs.map((input) => `${nodeLabel(input)} ${showShape(input.shape)}`).join(', ')
    const own = attributes.name === undefined ? '' : ` "${attributes.name}"`
    throw new GraphError(`${place}: ${op}${own}(${shown}) is not possible: ${reason}.`)
  })
}
