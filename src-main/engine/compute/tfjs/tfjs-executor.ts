import { Binder, Results } from '../bindings.ts'
import type { BoundSource } from '../bindings.ts'
import { planMemory } from '../memory-plan.ts'
import { plainFactorisation } from '../plain/plain-factorisation.ts'
import { plainMemory } from '../plain/plain-memory.ts'
import { plainPasses } from '../plain/plain-passes.ts'
import { GraphError, sizeOf } from '../types.ts'
import type { Bindings, Executor, Graph, InputValues, Program, ProgramOutputs } from '../types.ts'
import { Evaluator, isTfjsOp } from './evaluation.ts'
import type { TfNamespace, TfTensor } from './tf.types.ts'
import { planForTfjs } from './tfjs-plan.ts'
import type { TfjsPlan } from './tfjs-plan.ts'
import { SharedTables } from './shared-tables.ts'

export interface TfjsExecutor extends Executor {
  /** Frees what is kept on the device for all programs: constants and tables. No program may run afterwards. */
  dispose(): void
}

/**
 * Computes op by op on the current backend of TensorFlow.js, which must answer synchronously: cpu, wasm, tensorflow. Arenas
 * lie in JavaScript memory: parameters are uploaded in each run, tables once.
 * @param tf    the namespace, its backend chosen and ready
 * @param about `id` and `device` of the executor
 */
export function createTfjsExecutor(tf: TfNamespace, about: Pick<Executor, 'id' | 'device'>): TfjsExecutor {
  const evaluator = new Evaluator(tf)
  const tables = new SharedTables<TfTensor>({
    upload: (values) => tf.keep(tf.tensor(values, [values.length], dtypeOf(values))),
    drop: (tensor) => tensor.dispose(),
  })
  const backend = tf.getBackend()
  return {
    ...about,
    memory: plainMemory,
    passes: plainPasses,
    factorisation: plainFactorisation,
    compile: (graph) => new TfjsProgram(graph, evaluator, tables, backend),
    dispose() {
      tables.dispose()
      evaluator.dispose()
    },
  }
}

function dtypeOf(values: InputValues): 'int32' | 'float32' {
  return values instanceof Int32Array ? 'int32' : 'float32'
}

class TfjsProgram implements Program {
  readonly graph: Graph
  readonly memoryBytes: number
  readonly #evaluator: Evaluator
  readonly #tables: SharedTables<TfTensor>
  readonly #backend: string
  readonly #binder: Binder
  readonly #sources: readonly BoundSource[]
  readonly #plan: TfjsPlan
  /** One per result of the plan. */
  readonly #values: readonly Float32Array[]
  readonly outputs: Results

  constructor(graph: Graph, evaluator: Evaluator, tables: SharedTables<TfTensor>, backend: string) {
    this.graph = graph
    this.#evaluator = evaluator
    this.#tables = tables
    this.#backend = backend
    this.#binder = new Binder(graph, planMemory(graph))
    this.#sources = [...this.#binder.inputs, ...this.#binder.parameters]
    const { plan, resultOf } = planForTfjs(graph, this.#sources, isTfjsOp)
    this.#plan = plan
    this.#values = plan.results.map((index) => new Float32Array(sizeOf(plan.nodes[index]!.shape)))
    this.outputs = new Results(graph, (node) => this.#values[resultOf(node)]!)
    this.memoryBytes = this.#values.reduce((total, values) => total + values.byteLength, 0)
  }

  run(bindings: Bindings): ProgramOutputs {
    const { tf } = this.#evaluator
    if (tf.getBackend() !== this.#backend) {
      throw new GraphError(
        `Graph "${this.graph.name}" was compiled for the TensorFlow.js backend "${this.#backend}", but "${tf.getBackend()}" has been chosen since. Use one backend per process.`,
      )
    }
    this.#binder.bind(bindings)
    const results = this.#evaluator.compute(this.#plan, () => this.#sources.map((source) => this.#tensorOf(source)))
    try {
      for (const [index, result] of results.entries()) this.#values[index]!.set(result.dataSync())
    } finally {
      for (const result of results) result.dispose()
    }
    this.outputs.handOutGradients(bindings)
    return this.outputs
  }

  #tensorOf(source: BoundSource): TfTensor {
    const { tf } = this.#evaluator
    const { values, node } = source
    const table = this.#tables.held(source)
    return table ? tf.reshape(table, node.shape) : tf.tensor(values, node.shape, node.dtype)
  }
}
