import { checkMf, checkSvdpp } from '../factorisation-checks.ts'
import type { FactorisationKernels, MfProblem, SvdppProblem } from '../factorisation.types.ts'
import { plainFactorisation } from '../plain/plain-factorisation.ts'
import type { InputValues } from '../types.ts'
import { INSTRUCTION_WORDS } from './instruction-writer.ts'
import type { KernelMemory } from './kernel-memory.ts'
import { OP_MF_EPOCH, OP_SVDPP_EPOCH } from './opcodes.ts'
import type { KernelRuntime } from './runtime.types.ts'

/** The epochs as one instruction each. Problems with an array outside the memory are left to plain JavaScript. */
export function createKernelFactorisation(memory: KernelMemory, runtime: KernelRuntime): FactorisationKernels {
  const call = new EpochInstruction(memory, runtime)
  return {
    mfEpoch(problem) {
      checkMf(problem)
      return call.mf(problem) ? call.run() : plainFactorisation.mfEpoch(problem)
    },
    svdppEpoch(problem) {
      checkSvdpp(problem)
      return call.svdpp(problem) ? call.run() : plainFactorisation.svdppEpoch(problem)
    },
  }
}

/** Words of a block before its two rows, and which of them is the mean. */
const BLOCK_HEAD = 16
const BLOCK_MEAN = 2

/** The one instruction, filled in anew for each epoch. */
class EpochInstruction {
  readonly #memory: KernelMemory
  readonly #runtime: KernelRuntime
  readonly #words: Int32Array
  readonly #floats: Float32Array
  /** Where the result goes; behind it what `svdppEpoch` works with. Made anew when rows get longer than ever before. */
  #block: Float32Array
  #result: Float64Array
  #isReachable = true

  constructor(memory: KernelMemory, runtime: KernelRuntime) {
    this.#memory = memory
    this.#runtime = runtime
    this.#words = memory.ints(INSTRUCTION_WORDS)
    this.#floats = new Float32Array(this.#words.buffer, this.#words.byteOffset, INSTRUCTION_WORDS)
    this.#block = memory.floats(BLOCK_HEAD)
    this.#result = resultIn(this.#block)
  }

  /** @returns false for a problem that the kernels cannot reach */
  mf(problem: MfProblem): boolean {
    this.#begin(OP_MF_EPOCH, problem.ratings.length)
    this.#array(4, problem.users)
    this.#array(5, problem.items)
    this.#array(6, problem.userBias)
    this.#array(7, problem.itemBias)
    this.#array(8, problem.userIds)
    this.#array(9, problem.itemIds)
    this.#array(10, problem.ratings)
    this.#words[11] = problem.size
    this.#floats[12] = problem.mean
    this.#floats[13] = problem.learningRate
    this.#floats[14] = -problem.learningRate * problem.lambda
    this.#array(15, this.#block)
    return this.#isReachable
  }

  /** @returns false for a problem that the kernels cannot reach */
  svdpp(problem: SvdppProblem): boolean {
    this.#begin(OP_SVDPP_EPOCH, problem.userStart.length - 1)
    this.#array(4, problem.users)
    this.#array(5, problem.items)
    this.#array(6, problem.implicit)
    this.#array(7, problem.userBias)
    this.#array(8, problem.itemBias)
    this.#array(9, problem.userStart)
    this.#array(10, problem.itemIds)
    this.#array(11, problem.ratings)
    if (!this.#isReachable) return false
    this.#makeRoom(problem.size)
    this.#words[12] = problem.size
    this.#array(13, this.#block)
    this.#block[BLOCK_MEAN] = problem.mean
    this.#floats[14] = problem.learningRate
    this.#floats[15] = -problem.learningRate * problem.lambda
    return true
  }

  /** @returns the sum of the squared errors */
  run(): number {
    this.#runtime.run(this.#words.byteOffset, 1)
    return this.#result[0]!
  }

  #begin(opcode: number, units: number): void {
    this.#words[0] = opcode
    // One strip: each step needs what the last one left.
    this.#words[1] = 1
    this.#words[2] = units
    this.#words[3] = 1
    this.#isReachable = true
  }

  #array(word: number, values: InputValues | null): void {
    const address = values === null ? 0 : this.#memory.addressOf(values)
    this.#words[word] = address
    if (address < 0) this.#isReachable = false
  }

  #makeRoom(size: number): void {
    const wanted = BLOCK_HEAD + 2 * size
    if (this.#block.length >= wanted) return
    this.#block = this.#memory.floats(wanted)
    this.#result = resultIn(this.#block)
  }
}

function resultIn(block: Float32Array): Float64Array {
  return new Float64Array(block.buffer, block.byteOffset, 1)
}
