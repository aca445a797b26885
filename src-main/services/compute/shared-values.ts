import type { TfjsPlan } from '../../engine/compute/tfjs/tfjs-plan.ts'
import { sizeOf } from '../../engine/compute/types.ts'
import type { InputValues } from '../../engine/compute/types.ts'

/** Bytes of the values of the nodes at `positions`, one after another. */
export function bytesOf(plan: TfjsPlan, positions: readonly number[]): number {
  return 4 * positions.reduce((total, position) => total + sizeOf(plan.nodes[position]!.shape), 0)
}

/** @param positions of nodes in the plan. @returns a view of each node's values in `buffer`, in this order */
export function viewsOf(plan: TfjsPlan, positions: readonly number[], buffer: SharedArrayBuffer): InputValues[] {
  let offset = 0
  return positions.map((position) => {
    const { shape, dtype } = plan.nodes[position]!
    const size = sizeOf(shape)
    const start = offset
    offset += 4 * size
    return dtype === 'int32' ? new Int32Array(buffer, start, size) : new Float32Array(buffer, start, size)
  })
}
