import { setFlagsFromString } from 'node:v8'

/**
 * WebAssembly's vectors have 128 bits. V8 can make one of 256 bits of two that lie side by side, and then a thread does nearly
 * twice the work, to the same bits: each lane is computed as before.
 */
const widening = ['--experimental-wasm-revectorize', '--no-liftoff', '--no-wasm-lazy-compilation']
/** V8's own settings, which everything else in the process is compiled with. */
const usual = ['--no-experimental-wasm-revectorize', '--liftoff', '--wasm-lazy-compilation']
/** The first V8 that it was tried with; an older one would complain of flags it does not know. */
const leastV8 = 13
/** Inner steps, rows and columns of the tiles that are measured. */
const DEPTH = 256
const ROWS = 6
const COLUMNS = 16
const STEP_BYTES = COLUMNS * 4
/**
 * A wide tile does twice the work of a narrow one. Measured: in 1.4 times its time with vectors of 256 bits, in 2.7 times
 * without, when its sums don't fit into the registers.
 */
const mostTimes = 1.9
const rounds = 15
const tilesARound = 10

type Tile = (depth: number, panel: number, group: number, start: number, startStep: number, out: number, outStep: number) => void

/**
 * Compiles at once, all of it, with vectors of 256 bits; the settings hold for this module only.
 * @returns null where there is no hope of them: other processors have none, and Electron locks V8's settings
 */
export function compileForWideVectors(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module | null {
  const possible =
    process.arch === 'x64' && process.versions.electron === undefined && Number.parseInt(process.versions.v8, 10) >= leastV8
  if (!possible) return null
  try {
    for (const flag of widening) setFlagsFromString(flag)
    return new WebAssembly.Module(bytes)
  } finally {
    for (const flag of usual) setFlagsFromString(flag)
  }
}

/** Whether its wide tiles are right here, and faster than narrow ones: no engine tells, so both are tried for a millisecond. */
export function hasWideVectors(module: WebAssembly.Module): boolean {
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 4, shared: true })
  const { wideTile6, tile6 } = new WebAssembly.Instance(module, { env: { memory } }).exports as Record<string, Tile>
  if (!wideTile6 || !tile6) return false
  // The first page belongs to the module.
  const panel = 65_536
  const group = panel + DEPTH * ROWS * 4
  const zeros = group + DEPTH * STEP_BYTES
  const out = zeros + STEP_BYTES
  const floats = new Float32Array(memory.buffer)
  // Small whole numbers: their sums are exact in any order.
  for (let at = panel / 4; at < zeros / 4; at++) floats[at] = (at % 7) - 3
  const run = (tile: Tile) => tile(DEPTH, panel, group, zeros, 0, out, STEP_BYTES)
  run(wideTile6)
  if (!isProduct(floats, panel / 4, group / 4, out / 4)) return false
  let [wide, narrow] = [Infinity, Infinity]
  for (let round = 0; round < rounds; round++) {
    wide = Math.min(wide, timed(run, wideTile6))
    narrow = Math.min(narrow, timed(run, tile6))
  }
  return wide < mostTimes * narrow
}

function timed(run: (tile: Tile) => void, tile: Tile): number {
  const before = performance.now()
  for (let each = 0; each < tilesARound; each++) run(tile)
  return performance.now() - before
}

function isProduct(floats: Float32Array, panel: number, group: number, out: number): boolean {
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      let sum = 0
      for (let step = 0; step < DEPTH; step++)
        sum += floats[panel + step * ROWS + row]! * floats[group + step * COLUMNS + column]!
      if (floats[out + row * COLUMNS + column] !== sum) return false
    }
  }
  return true
}
