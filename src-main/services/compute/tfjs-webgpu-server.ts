import { setTimeout } from 'node:timers/promises'
import { Evaluator } from '../../engine/compute/tfjs/evaluation.ts'
import type { TfTensor } from '../../engine/compute/tfjs/tf.types.ts'
import type { TfjsPlan } from '../../engine/compute/tfjs/tfjs-plan.ts'
import type { InputValues } from '../../engine/compute/types.ts'
import { answerCalls, Broken } from './answer-calls.ts'
import type { OpenDevice } from './open-webgpu.ts'
import { viewsOf } from './shared-values.ts'
import type { WebGpuRequest } from './tfjs-webgpu.types.ts'

/** How long reads may take to notice that their device is lost. */
const settleMs = 2000

interface PlacedProgram {
  readonly plan: TfjsPlan
  readonly sources: readonly InputValues[]
  readonly results: readonly Float32Array[]
}

/** Answers the requests of `loadTfjsWebGpu` in a thread of its own. @param open how the device is come by */
export function serveWebGpu(open: () => Promise<OpenDevice>): Promise<void> {
  return answerCalls(
    async () => new WebGpuServer(await open()),
    (server, body) => server.handle(body as WebGpuRequest),
  )
}

class WebGpuServer {
  readonly about
  readonly #device: OpenDevice
  readonly #evaluator: Evaluator
  readonly #programs = new Map<number, PlacedProgram>()
  readonly #tables = new Map<number, TfTensor>()
  /** Rejects when the device is lost. */
  readonly #lost: Promise<never>
  #lostReason: string | null = null

  constructor(device: OpenDevice) {
    this.about = device.about
    this.#device = device
    this.#evaluator = new Evaluator(device.tf)
    this.#lost = device.lost.then((reason) => {
      this.#lostReason = reason
      throw lostDevice(reason)
    })
    // Of interest only while somebody waits.
    this.#lost.catch(() => undefined)
  }

  async handle(request: WebGpuRequest): Promise<void> {
    if (this.#lostReason !== null) throw lostDevice(this.#lostReason)
    switch (request.kind) {
      case 'compile':
        this.#programs.set(request.program, place(request.plan, request.sources, request.results))
        return
      case 'upload': {
        const { tf } = this.#device
        const dtype = request.values instanceof Int32Array ? 'int32' : 'float32'
        this.#tables.set(request.table, tf.keep(tf.tensor(request.values, [request.values.length], dtype)))
        return
      }
      case 'drop':
        this.#tables.get(request.table)!.dispose()
        this.#tables.delete(request.table)
        return
      case 'run':
        await this.#run(this.#programs.get(request.program)!, request.tables)
    }
  }

  async #run({ plan, sources, results }: PlacedProgram, tables: readonly number[]): Promise<void> {
    const { tf } = this.#device
    const tensors = this.#evaluator.compute(plan, () =>
      sources.map((values, index) => {
        const { shape, dtype } = plan.nodes[plan.bound[index]!]!
        const table = this.#tables.get(tables[index]!)
        return table ? tf.reshape(table, shape) : tf.tensor(values, shape, dtype)
      }),
    )
    const reads = tensors.map((tensor) => tensor.data())
    try {
      for (const [index, values] of (await Promise.race([Promise.all(reads), this.#lost])).entries()) results[index]!.set(values)
    } catch (error) {
      // Dawn ends the whole process if its thread ends while a read is open.
      await Promise.race([Promise.allSettled(reads), setTimeout(settleMs)])
      throw error
    } finally {
      for (const tensor of tensors) tensor.dispose()
    }
    const complaint = this.#device.takeComplaint()
    if (complaint !== null) throw new Error(`the device refused a part of the work: ${complaint}`)
  }
}

function lostDevice(reason: string): Broken {
  return new Broken(`the device was lost (${reason.trim().replace(/\.$/, '') || 'without a reason'})`)
}

/** The arrays of a program's sources and results, one after another in the shared buffers. */
function place(plan: TfjsPlan, sources: SharedArrayBuffer, results: SharedArrayBuffer): PlacedProgram {
  return {
    plan,
    sources: viewsOf(plan, plan.bound, sources),
    results: viewsOf(plan, plan.results, results) as Float32Array[],
  }
}
