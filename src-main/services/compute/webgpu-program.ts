import { Binder, Results } from '../../engine/compute/bindings.ts'
import type { BoundSource } from '../../engine/compute/bindings.ts'
import { planMemory } from '../../engine/compute/memory-plan.ts'
import { isTfjsOp } from '../../engine/compute/tfjs/evaluation.ts'
import { SharedTables } from '../../engine/compute/tfjs/shared-tables.ts'
import { planForTfjs } from '../../engine/compute/tfjs/tfjs-plan.ts'
import type { Bindings, Graph, InputValues, Program, ProgramOutputs } from '../../engine/compute/types.ts'
import { SyncCallRefused, SyncWorkerBroken } from './sync-worker.ts'
import type { SyncWorker } from './sync-worker.ts'
import { bytesOf, viewsOf } from './shared-values.ts'
import type { WebGpuRequest } from './tfjs-webgpu.types.ts'

/** The thread that computes, as programs see it. */
export class WebGpuLink {
  readonly tables: SharedTables<number>
  readonly #worker: SyncWorker
  readonly #timeoutMs: number
  readonly #explain: (reason: string, cause: Error) => Error
  #programs = 0
  #tableCount = 0

  /** @param explain the error for people when the device does not do what it is asked for */
  constructor(worker: SyncWorker, timeoutMs: number, explain: (reason: string, cause: Error) => Error) {
    this.#worker = worker
    this.#timeoutMs = timeoutMs
    this.#explain = explain
    this.tables = new SharedTables({
      upload: (values) => {
        const table = this.#tableCount++
        // A copy of these elements alone: a view would be sent with all that lies around it.
        const copy = values.slice()
        this.ask('a table', { kind: 'upload', table, values: copy }, [copy.buffer as ArrayBuffer])
        return table
      },
      drop: (table) => this.ask('a table', { kind: 'drop', table }),
    })
  }

  nextProgram(): number {
    return this.#programs++
  }

  /** Returns when it is done. @param what the graph or table that it is about, for messages */
  ask(what: string, request: WebGpuRequest, transfer: readonly ArrayBuffer[] = []): void {
    try {
      this.#worker.call(request, this.#timeoutMs, transfer)
    } catch (error) {
      // All that a caller can get wrong has been checked before: what is refused here is the device's fault.
      if (error instanceof SyncCallRefused) throw this.#explain(`it cannot ${request.kind} ${what}: ${error.message}`, error)
      throw error instanceof SyncWorkerBroken ? this.#explain(error.message, error) : error
    }
  }
}

/** A graph that lives in the thread; its values cross in shared memory. Checked here, so that mistakes read as everywhere. */
export class WebGpuProgram implements Program {
  readonly graph: Graph
  readonly memoryBytes: number
  readonly #link: WebGpuLink
  readonly #program: number
  readonly #binder: Binder
  readonly #sources: readonly BoundSource[]
  readonly #sharedSources: readonly InputValues[]
  readonly #sharedResults: readonly InputValues[]
  /** Copies of the results for the caller: shared memory cannot be sent to every place where results go. */
  readonly #values: readonly Float32Array[]
  readonly #tables: number[]
  readonly outputs: Results

  constructor(graph: Graph, link: WebGpuLink) {
    this.graph = graph
    this.#link = link
    this.#program = link.nextProgram()
    this.#binder = new Binder(graph, planMemory(graph))
    this.#sources = [...this.#binder.inputs, ...this.#binder.parameters]
    const { plan, resultOf } = planForTfjs(graph, this.#sources, isTfjsOp)
    const sources = new SharedArrayBuffer(bytesOf(plan, plan.bound))
    const results = new SharedArrayBuffer(bytesOf(plan, plan.results))
    this.#sharedSources = viewsOf(plan, plan.bound, sources)
    this.#sharedResults = viewsOf(plan, plan.results, results)
    this.#values = this.#sharedResults.map((shared) => new Float32Array(shared.length))
    this.#tables = this.#sources.map(() => -1)
    this.outputs = new Results(graph, (node) => this.#values[resultOf(node)]!)
    this.memoryBytes = sources.byteLength + 2 * results.byteLength
    link.ask(`the graph "${graph.name}"`, { kind: 'compile', program: this.#program, plan, sources, results })
  }

  run(bindings: Bindings): ProgramOutputs {
    this.#binder.bind(bindings)
    for (let index = 0; index < this.#sources.length; index++) {
      const source = this.#sources[index]!
      const table = this.#link.tables.held(source)
      this.#tables[index] = table ?? -1
      if (table === undefined) this.#sharedSources[index]!.set(source.values)
    }
    this.#link.ask(`the graph "${this.graph.name}"`, { kind: 'run', program: this.#program, tables: this.#tables })
    for (let index = 0; index < this.#values.length; index++) this.#values[index]!.set(this.#sharedResults[index]!)
    this.outputs.handOutGradients(bindings)
    return this.outputs
  }
}
