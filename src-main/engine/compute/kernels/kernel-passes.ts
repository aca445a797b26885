import type { Passes } from '../passes.types.ts'
import { plainPasses } from '../plain/plain-passes.ts'
import { INSTRUCTION_WORDS, stripsOf } from './instruction-writer.ts'
import type { KernelMemory } from './kernel-memory.ts'
import {
  OP_ADAGRAD,
  OP_ADAM,
  OP_ALL_FINITE,
  OP_APPROACH,
  OP_RMSPROP,
  OP_SCALE_ALL,
  OP_SGD,
  OP_SUM_OF_SQUARES,
} from './opcodes.ts'
import type { KernelRuntime } from './runtime.types.ts'

/** Elements per strip are multiples of this: whole cache lines. */
const GRAIN = 16
const FIRST_ARGUMENT = 4

/** The passes as instructions. Arrays that lie outside the memory are left to plain JavaScript. */
export function createKernelPasses(memory: KernelMemory, runtime: KernelRuntime): Passes {
  const call = new PassInstruction(memory, runtime)
  const float64 = result(memory)
  const int32 = new Int32Array(float64.buffer, float64.byteOffset, 1)
  return {
    adam(w, g, m, v, step) {
      call.begin(OP_ADAM, w, 12)
      if (!(call.array(w) && call.array(g) && call.array(m) && call.array(v))) return plainPasses.adam(w, g, m, v, step)
      call.float(step.beta1)
      call.float(step.beta2)
      call.float(1 - step.beta1)
      call.float(1 - step.beta2)
      call.float(step.epsilon)
      call.float(step.l2)
      call.float(step.stepSize)
      call.float(step.squareCorrection)
      call.run()
    },
    sgd(w, g, velocity, step) {
      call.begin(OP_SGD, w, 6)
      if (!(call.array(w) && call.array(g) && call.array(velocity))) return plainPasses.sgd(w, g, velocity, step)
      call.float(step.momentum)
      call.float(step.l2)
      call.float(step.learningRate)
      call.run()
    },
    adagrad(w, g, sum, step) {
      call.begin(OP_ADAGRAD, w, 10)
      if (!(call.array(w) && call.array(g) && call.array(sum))) return plainPasses.adagrad(w, g, sum, step)
      call.float(step.epsilon)
      call.float(step.l2)
      call.float(step.learningRate)
      call.run()
    },
    rmsprop(w, g, square, step) {
      call.begin(OP_RMSPROP, w, 10)
      if (!(call.array(w) && call.array(g) && call.array(square))) return plainPasses.rmsprop(w, g, square, step)
      call.float(step.decay)
      call.float(1 - step.decay)
      call.float(step.epsilon)
      call.float(step.l2)
      call.float(step.learningRate)
      call.run()
    },
    approach(target, source, rate) {
      call.begin(OP_APPROACH, target, 3)
      if (!(call.array(target) && call.array(source))) return plainPasses.approach(target, source, rate)
      call.float(rate)
      call.run()
    },
    scale(x, step) {
      call.begin(OP_SCALE_ALL, x, 2)
      if (!call.array(x)) return plainPasses.scale(x, step)
      call.float(step.factor)
      call.run()
    },
    sumOfSquares(x) {
      call.begin(OP_SUM_OF_SQUARES, x, 0)
      if (!(call.array(float64) && call.array(x))) return plainPasses.sumOfSquares(x)
      call.run()
      return float64[0]!
    },
    allFinite(x) {
      call.begin(OP_ALL_FINITE, x, 0)
      if (!(call.array(float64) && call.array(x))) return plainPasses.allFinite(x)
      call.run()
      return int32[0] === 1
    },
  }
}

/** Sixteen bytes for what a reduction gives. */
function result(memory: KernelMemory): Float64Array {
  const words = memory.ints(4)
  return new Float64Array(words.buffer, words.byteOffset, 2)
}

/** One instruction that is filled in anew for each pass. */
class PassInstruction {
  readonly #memory: KernelMemory
  readonly #runtime: KernelRuntime
  readonly #words: Int32Array
  readonly #floats: Float32Array
  /** What `stripsOf` is asked about, the same object each time. */
  readonly #work = { units: 0, grain: GRAIN, cost: 0 }
  #next = FIRST_ARGUMENT

  constructor(memory: KernelMemory, runtime: KernelRuntime) {
    this.#memory = memory
    this.#runtime = runtime
    this.#words = memory.ints(INSTRUCTION_WORDS)
    this.#floats = new Float32Array(this.#words.buffer, this.#words.byteOffset, INSTRUCTION_WORDS)
  }

  /** @param costPerVector of four elements; 0 for reductions, which are never cut */
  begin(opcode: number, values: Float32Array, costPerVector: number): void {
    const work = this.#work
    work.units = values.length
    work.cost = (costPerVector * values.length) / 4
    this.#words[0] = opcode
    this.#words[1] = stripsOf(work, this.#runtime.threads)
    this.#words[2] = values.length
    this.#words[3] = GRAIN
    this.#next = FIRST_ARGUMENT
  }

  /** @returns false for an array that the kernels cannot reach */
  array(values: Float32Array | Float64Array): boolean {
    const address = this.#memory.addressOf(values)
    this.#words[this.#next++] = address
    return address >= 0
  }

  float(value: number): void {
    this.#floats[this.#next++] = value
  }

  run(): void {
    this.#runtime.run(this.#words.byteOffset, 1)
  }
}
