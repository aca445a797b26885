import { sameShape, showShape, sizeOf } from '../types.ts'
import type { GraphNode, Shape } from '../types.ts'
import type { Fail, Inferred } from './op.types.ts'

export function float(shape: Shape): Inferred {
  return { shape, dtype: 'float32' }
}

export function lastAxis(node: GraphNode): number {
  return node.shape[node.shape.length - 1] ?? 1
}

/** The product of all axes but the last. */
export function leadingSize(node: GraphNode): number {
  const last = lastAxis(node)
  return last === 0 ? 0 : sizeOf(node.shape) / last
}

export function sizeOfNode(node: GraphNode): number {
  return sizeOf(node.shape)
}

export function requireFloat(inputs: readonly GraphNode[], fail: Fail): void {
  for (const [index, input] of inputs.entries()) {
    if (input.dtype !== 'float32') fail(`argument ${index + 1} holds integers, but this op computes with float32`)
  }
}

export function requireRank(node: GraphNode, rank: number, what: string, fail: Fail): void {
  if (node.shape.length !== rank) fail(`${what} must have ${rank} axes and has ${node.shape.length}`)
}

export function requireAtLeastOneAxis(node: GraphNode, what: string, fail: Fail): void {
  if (node.shape.length === 0) fail(`${what} must have at least one axis and is a scalar`)
}

export function requireShape(node: GraphNode, expected: Shape, what: string, fail: Fail): void {
  if (!sameShape(node.shape, expected)) fail(`${what} must have shape ${showShape(expected)}`)
}

/** Whether `tail` is how `shape` ends: `[k]` and `[]` are tails of `[B, k]`. */
export function isTail(tail: Shape, shape: Shape): boolean {
  return tail.length <= shape.length && sameShape(tail, shape.slice(shape.length - tail.length))
}

/** Every axis a positive integer. */
export function requireValidShape(shape: Shape, fail: Fail): void {
  for (const axis of shape) {
    if (!Number.isInteger(axis) || axis < 1) fail(`each axis must be a positive integer, not ${showShape(shape)}`)
  }
}
