import type { Constants } from './constants.ts'
import type { TfNamespace, TfTensor } from './tf.types.ts'
import type { TfjsNode } from './tfjs-plan.ts'

export interface OpContext {
  readonly tf: TfNamespace
  readonly constants: Constants
}

/**
 * Computes one node from its arguments. The result is a tensor of its own (never an argument itself, which would be disposed
 * of with it); what else is made on the way, the caller's tidy() takes.
 */
export type TfjsOp = (context: OpContext, inputs: readonly TfTensor[], node: TfjsNode) => TfTensor

export type TfjsOps = Readonly<Record<string, TfjsOp>>

/** Size of the last axis; 1 for a scalar. */
export function widthOf(x: TfTensor): number {
  return x.shape[x.shape.length - 1] ?? 1
}

export function elementsOf(x: TfTensor): number {
  return x.shape.reduce((size, axis) => size * axis, 1)
}

/** x as [rows, width]. */
export function asRows(tf: TfNamespace, x: TfTensor): TfTensor {
  return tf.reshape(x, [-1, widthOf(x)])
}

/** With a new last axis of one element, for broadcasting. */
export function asColumn(tf: TfNamespace, x: TfTensor): TfTensor {
  return tf.reshape(x, [...x.shape, 1])
}

/**
 * a where the condition holds, b elsewhere, all of the same size; nothing of the branch not taken gets through. One axis
 * throughout: WebGPU selects in at most four.
 */
export function choose(tf: TfNamespace, condition: TfTensor, a: TfTensor, b: TfTensor, shape: readonly number[]): TfTensor {
  return tf.reshape(tf.where(tf.reshape(condition, [-1]), tf.reshape(a, [-1]), tf.reshape(b, [-1])), shape)
}

/** a where the condition holds, zeros elsewhere. */
export function chooseOrZero({ tf, constants }: OpContext, condition: TfTensor, a: TfTensor): TfTensor {
  return choose(tf, condition, a, constants.filled(0, [elementsOf(a)]), a.shape)
}
