import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as asc from 'assemblyscript/asc'
import { expect } from 'vitest'
import type {
  InputAddress,
  Instruction,
  OutAddress,
} from '../../../../../src-main/engine/compute/kernels/encoders/encoding.types.ts'
import * as opcodes from '../../../../../src-main/engine/compute/kernels/opcodes.ts'

type Address = InputAddress | OutAddress

export interface RunOptions {
  /** Index of the input whose memory the result takes over. */
  readonly inPlace?: number
  /** Indices of inputs that the instructions change; what they have become is written back into the arrays. */
  readonly changed?: readonly number[]
  /** Where the units are cut, as parts of 1. None: all units in one go. */
  readonly cuts?: readonly number[]
  /** Carries out the last strip first. Only both orders together show that no strip touches the units of another. */
  readonly backwards?: boolean
}

/** One build of the kernels with a memory of its own. */
export interface TestKernels {
  readonly build: 'simd' | 'relaxed simd'
  readonly memory: WebAssembly.Memory
  /**
   * Carries out instructions one after the other and writes the result into `out`. Expects that nothing else in memory
   * has changed. Around the arrays lie huge numbers: a kernel that reads them computes nonsense.
   */
  run(
    instructions: readonly Instruction[],
    out: Float32Array,
    inputs: readonly (Float32Array | Int32Array)[],
    options?: RunOptions,
  ): void
}

const assembly = fileURLToPath(new URL('../../../../../src-main/engine/compute/kernels/assembly/', import.meta.url))
const files = ['elementwise', 'gather', 'softmax', 'rows', 'maxima', 'shaping', 'passes']

/** Both builds of the kernels, compiled from their sources. */
export async function loadTestKernels(): Promise<TestKernels[]> {
  return [await load('simd'), await load('relaxed simd')]
}

async function load(build: TestKernels['build']): Promise<TestKernels> {
  const module = new WebAssembly.Module(await compile(build === 'relaxed simd'))
  const memory = new WebAssembly.Memory({ initial: 256, maximum: 256, shared: true })
  const { exports } = new WebAssembly.Instance(module, { env: { memory } })
  return new LoadedKernels(build, memory, exports)
}

async function compile(relaxed: boolean): Promise<Uint8Array<ArrayBuffer>> {
  const entry = files.map((file) => `export * from './${file}'`).join('\n')
  let binary: Uint8Array<ArrayBuffer> | undefined
  const memoryFlags = ['--importMemory', '--noExportMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536']
  const features = ['simd', 'threads', 'bulk-memory', ...(relaxed ? ['relaxed-simd'] : [])].flatMap((name) => ['--enable', name])
  const { error, stderr } = await asc.main(
    [
      'entry.ts',
      '--baseDir',
      assembly,
      '-o',
      'kernels.wasm',
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      ...memoryFlags,
      ...features,
    ],
    {
      readFile: (name) => (name === 'entry.ts' ? entry : readSource(name)),
      writeFile: (_name, contents) => {
        if (typeof contents !== 'string') binary = new Uint8Array(contents)
      },
      listFiles: () => [],
    },
  )
  if (error || !binary) throw new Error(`The kernels do not compile: ${stderr.toString()}`, { cause: error })
  return binary
}

function readSource(name: string): string | null {
  try {
    return readFileSync(new URL(name, `file://${assembly}`), 'utf8')
  } catch {
    return null
  }
}

/** `OP_ADD_ROWS` is the export `addRows`. */
const exportNames = new Map(
  Object.entries(opcodes).map(([name, opcode]) => [
    opcode as number,
    name
      .slice(3)
      .toLowerCase()
      .replace(/_(.)/g, (_match, letter: string) => letter.toUpperCase()),
  ]),
)

/** The first page belongs to the kernels: constants. */
const INSTRUCTION_AT = 65_536
const ARRAYS_AT = INSTRUCTION_AT + 256
const GUARD_BYTES = 64
/** As a float32: 3.4e38. */
const GUARD = 0x7f

class LoadedKernels implements TestKernels {
  readonly build: TestKernels['build']
  readonly memory: WebAssembly.Memory
  readonly #exports: Readonly<Record<string, unknown>>

  constructor(build: TestKernels['build'], memory: WebAssembly.Memory, exports: Readonly<Record<string, unknown>>) {
    this.build = build
    this.memory = memory
    this.#exports = exports
  }

  run(
    instructions: readonly Instruction[],
    out: Float32Array,
    inputs: readonly (Float32Array | Int32Array)[],
    { inPlace, changed = [], cuts = [], backwards = false }: RunOptions = {},
  ): void {
    const places = this.#place(inPlace === undefined ? [...inputs, out] : inputs, inputs.length)
    const outAt = inPlace === undefined ? places.starts[inputs.length]! : places.starts[inPlace]!
    const before = new Uint8Array(this.memory.buffer).slice(ARRAYS_AT, places.end)
    for (const instruction of instructions) {
      this.#write(instruction, INSTRUCTION_AT, (word) => (word.address === 'out' ? outAt : places.starts[word.address]!))
      const strips = stripsOf(instruction, cuts)
      for (const [from, to] of backwards ? strips.reverse() : strips) this.#kernel(instruction.opcode)(INSTRUCTION_AT, from, to)
    }
    out.set(new Float32Array(this.memory.buffer, outAt, out.length))
    for (const index of changed)
      inputs[index]!.set(new Float32Array(this.memory.buffer, places.starts[index], inputs[index]!.length))
    const after = new Uint8Array(this.memory.buffer).slice(ARRAYS_AT, places.end)
    const written = [{ start: outAt, bytes: out.byteLength }]
    for (const index of changed) written.push({ start: places.starts[index]!, bytes: inputs[index]!.byteLength })
    for (const { start, bytes } of written)
      for (const copy of [before, after]) copy.fill(0, start - ARRAYS_AT, start - ARRAYS_AT + bytes)
    expect(Buffer.compare(before, after), 'nothing but the result may change').toBe(0)
  }

  /** Lays arrays into memory between guards. Only the first `filled` bring values. */
  #place(arrays: readonly (Float32Array | Int32Array)[], filled: number): { starts: number[]; end: number } {
    const bytes = new Uint8Array(this.memory.buffer)
    const starts: number[] = []
    let end = ARRAYS_AT
    for (const [index, array] of arrays.entries()) {
      const start = end + GUARD_BYTES
      end = 16 * Math.ceil((start + array.byteLength) / 16) + GUARD_BYTES
      expect(end, 'the test needs more memory').toBeLessThan(bytes.length)
      bytes.fill(GUARD, start - GUARD_BYTES, end)
      if (index < filled) bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), start)
      starts.push(start)
    }
    return { starts, end }
  }

  #write(instruction: Instruction, at: number, addressOf: (word: Address) => number): void {
    const ints = new Int32Array(this.memory.buffer, at, 16)
    const floats = new Float32Array(this.memory.buffer, at, 16)
    expect(instruction.words.length).toBeLessThanOrEqual(12)
    ints.set([instruction.opcode, 1, instruction.units, instruction.grain])
    for (const [index, word] of instruction.words.entries()) {
      if (typeof word === 'number') ints[4 + index] = word
      else if ('float' in word) floats[4 + index] = word.float
      else ints[4 + index] = addressOf(word) + 4 * (word.offset ?? 0)
    }
  }

  #kernel(opcode: number): (instruction: number, from: number, to: number) => void {
    const kernel = this.#exports[exportNames.get(opcode) ?? '']
    if (typeof kernel !== 'function') throw new Error(`There is no kernel for opcode ${opcode}.`)
    return kernel as (instruction: number, from: number, to: number) => void
  }
}

/** Half-open ranges of units that begin at multiples of the grain near the wanted parts. What must not be shared is not cut. */
function stripsOf({ units, grain, cost }: Instruction, cuts: readonly number[]): [number, number][] {
  const wanted = cost === 0 ? [] : cuts.map((part) => Math.min(units, Math.round((part * units) / grain) * grain))
  const borders = [0, ...wanted.sort((a, b) => a - b), units]
  return borders.slice(1).map((to, index) => [borders[index]!, to])
}
