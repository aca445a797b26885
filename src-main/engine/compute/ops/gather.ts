import { showShape } from '../types.ts'
import type { OpTable } from './op.types.ts'
import {
  float,
  lastAxis,
  requireAtLeastOneAxis,
  requireFloat,
  requireRank,
  requireShape,
  requireValidShape,
  sizeOfNode,
} from './shapes.ts'

/** Reading by index, and the scattering that is its gradient. */
export const gatherOps: OpTable = {
  gather: {
    infer([table, ids], _attributes, fail) {
      requireFloat([table!], fail)
      requireRank(table!, 2, 'the table', fail)
      if (ids!.dtype !== 'int32') fail('the ids must be integers; declare them with inputInt')
      return float([...ids!.shape, table!.shape[1]!])
    },
    gradient({ g, node, upstream }) {
      const [table, ids] = node.inputs
      return [g.apply('scatterRows', [upstream, ids!], { rows: table!.shape[0]! }), null]
    },
  },

  /** upstream [.., k], ids [..] -> [rows, k]: each row the sum of those upstream rows that were read from it. */
  scatterRows: {
    infer([upstream, ids], attributes, fail) {
      requireFloat([upstream!], fail)
      requireShape(upstream!, [...ids!.shape, lastAxis(upstream!)], 'the upstream gradient', fail)
      return float([attributes.rows!, lastAxis(upstream!)])
    },
    flops: (node) => sizeOfNode(node.inputs[0]!),
    gradient: ({ g, node, upstream }) => [g.apply('gather', [upstream, node.inputs[1]!]), null],
  },

  pickLast: {
    infer([x, ids], _attributes, fail) {
      requireFloat([x!], fail)
      requireAtLeastOneAxis(x!, 'x', fail)
      if (ids!.dtype !== 'int32') fail('the ids must be integers; declare them with inputInt')
      requireShape(ids!, x!.shape.slice(0, -1), 'the ids', fail)
      return float(ids!.shape)
    },
    gradient({ g, node, upstream }) {
      const [x, ids] = node.inputs
      return [g.apply('placeLast', [upstream, ids!], { size: lastAxis(x!) }), null]
    },
  },

  /** x [..] at position ids [..] of a new last axis of `size`, zeros elsewhere. */
  placeLast: {
    infer([x, ids], attributes, fail) {
      requireFloat([x!], fail)
      requireValidShape([attributes.size!], fail)
      requireShape(x!, ids!.shape, `x ${showShape(x!.shape)}`, fail)
      return float([...x!.shape, attributes.size!])
    },
    gradient: ({ g, node, upstream }) => [g.apply('pickLast', [upstream, node.inputs[1]!]), null],
  },
}
