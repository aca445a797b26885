import { Constants } from './constants.ts'
import { elementwiseOps } from './elementwise-ops.ts'
import { gatherOps } from './gather-ops.ts'
import { linearOps } from './linear-ops.ts'
import type { OpContext, TfjsOps } from './op.types.ts'
import { rowOps } from './row-ops.ts'
import { shapingOps } from './shaping-ops.ts'
import { softmaxOps } from './softmax-ops.ts'
import type { TfNamespace, TfTensor } from './tf.types.ts'
import type { TfjsNode, TfjsPlan } from './tfjs-plan.ts'

const ops: TfjsOps = { ...linearOps, ...gatherOps, ...softmaxOps, ...rowOps, ...shapingOps, ...elementwiseOps }

/** Whether TensorFlow.js can be asked for this op. */
export function isTfjsOp(op: string): boolean {
  return Object.hasOwn(ops, op)
}

/** Computes plans on the current backend of one TensorFlow.js. */
export class Evaluator {
  readonly tf: TfNamespace
  readonly #context: OpContext

  constructor(tf: TfNamespace) {
    this.tf = tf
    this.#context = { tf, constants: new Constants(tf) }
  }

  /**
   * @param bind makes the tensors of `plan.bound`, in its order; they are disposed of afterwards unless they are kept
   * @returns the tensors of `plan.results`, which are the caller's to dispose of; nothing else remains, also after an error
   */
  compute(plan: TfjsPlan, bind: () => readonly TfTensor[]): TfTensor[] {
    return this.tf.tidy(() => {
      const values: TfTensor[] = []
      const bound = bind()
      for (let index = 0; index < bound.length; index++) values[plan.bound[index]!] = bound[index]!
      for (let index = 0; index < plan.nodes.length; index++) this.#step(plan.nodes[index]!, index, values)
      return plan.results.map((index) => values[index]!)
    })
  }

  dispose(): void {
    this.#context.constants.dispose()
  }

  #step(node: TfjsNode, index: number, values: TfTensor[]): void {
    if (values[index] !== undefined) return
    if (node.op === 'constant') {
      values[index] = this.#context.constants.filled(node.attributes.value!, node.shape)
      return
    }
    const inputs = node.inputs.map((input) => values[input]!)
    values[index] = this.tf.tidy(() => ops[node.op]!(this.#context, inputs, node))
    // At once, not at the end of the run: a GPU's memory is the scarcest.
    for (const dead of node.dies) values[dead]!.dispose()
  }
}
