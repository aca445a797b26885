import { Worker } from 'node:worker_threads'
import type { KernelRuntime } from '../../engine/compute/kernels/runtime.types.ts'
import type { kernelBuilds } from './kernel-files.ts'
import { compileKernels } from './kernel-module.ts'
import { backendLost, backendUnavailable } from './loaded-backend.ts'

const PAGE = 65_536
/** The first page belongs to the modules themselves. */
const CONTROL_AT = PAGE
const CONTROL_BYTES = 128
const FAILED_AT = 28
const LEAVE_AT = 64
const WAKE_AT = 24
const LINE = 64

export interface KernelOptions {
  /** The caller's own and so many helpers less one; default 1. */
  readonly threads?: number
  /** Which build of the kernels; default: the best that this machine can run. */
  readonly features?: (typeof kernelBuilds)[number]['features']
}

/** A runtime whose helper threads can be sent home. */
export interface WebAssemblyRuntime extends KernelRuntime {
  readonly features: string
  readonly memory: WebAssembly.Memory
  /** Resolves when all helpers have come up: before that they take no part. */
  readonly helpersReady: Promise<void>
  close(): Promise<void>
}

interface KernelExports {
  setUp(control: number, scratch: number): void
  run(address: number, count: number): void
  readonly GEMM_SCRATCH: WebAssembly.Global
}

/**
 * What a helper thread runs. It goes back to its event loop whenever it has been idle for a while, because a thread that
 * sleeps inside WebAssembly cannot be ended.
 */
const helperCode = `
  const { parentPort, workerData } = require('node:worker_threads')
  const { module, memory, control, scratch } = workerData
  const { setUp, help, fail } = new WebAssembly.Instance(module, { env: { memory } }).exports
  setUp(control, scratch)
  parentPort.postMessage('ready')
  const turn = () => {
    try { if (help()) setImmediate(turn); else parentPort.close() } catch (error) { fail(); throw error }
  }
  turn()`

/**
 * Loads the WebAssembly kernels with memory of their own.
 * @throws PalateError BACKEND_UNAVAILABLE when this machine cannot run the wanted build, INTERNAL when they are not built
 */
export function createKernelRuntime(options: KernelOptions = {}): WebAssemblyRuntime {
  const threads = options.threads ?? 1
  const { module, features } = compileKernels(options.features)
  const memory = reserveMemory()
  const { setUp, run, GEMM_SCRATCH } = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelExports
  const scratchBytes = Math.ceil(GEMM_SCRATCH.value / LINE) * LINE
  const scratchOf = (thread: number) => CONTROL_AT + CONTROL_BYTES + thread * scratchBytes
  const firstFree = scratchOf(threads)
  ensureSize(memory, firstFree)
  setUp(CONTROL_AT, scratchOf(0))
  // The control block never moves, and a view on it stays good when the memory grows.
  const control = new Int32Array(memory.buffer, CONTROL_AT, CONTROL_BYTES / 4)
  const helpers = Array.from({ length: threads - 1 }, (_, index) => startHelper(module, memory, scratchOf(index + 1)))
  return {
    id: 'kernels',
    device: `WebAssembly with ${features}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    threads,
    features,
    memory,
    firstFree,
    buffer: () => memory.buffer,
    grow: (bytes) => grow(memory, bytes),
    run(address, count) {
      try {
        run(address, count)
      } catch (error) {
        throw backendLost('kernels', error)
      }
      if (control[FAILED_AT / 4] !== 0) throw backendLost('kernels', new Error('a helper thread ended with an error'))
    },
    helpersReady: Promise.all(helpers.map(({ ready }) => ready)).then(() => undefined),
    close: () => sendHome(memory, helpers),
  }
}

/** Address space for 4 GiB where the system gives that much, otherwise for less. */
function reserveMemory(): WebAssembly.Memory {
  for (const maximum of [65_536, 32_768, 16_384]) {
    try {
      return new WebAssembly.Memory({ initial: 16, maximum, shared: true })
    } catch {
      // A limit on address space: try with less.
    }
  }
  throw backendUnavailable(
    'kernels',
    'the system grants no address space of 1 GiB for WebAssembly',
    'Raise the limit (ulimit -v), or choose the backend "plain".',
  )
}

function ensureSize(memory: WebAssembly.Memory, bytes: number): void {
  if (memory.buffer.byteLength < bytes) memory.grow(Math.ceil((bytes - memory.buffer.byteLength) / PAGE))
}

function grow(memory: WebAssembly.Memory, bytes: number): boolean {
  try {
    memory.grow(Math.ceil(bytes / PAGE))
    return true
  } catch {
    return false
  }
}

interface Helper {
  readonly worker: Worker
  readonly ready: Promise<void>
  readonly gone: Promise<void>
}

function startHelper(module: WebAssembly.Module, memory: WebAssembly.Memory, scratch: number): Helper {
  const worker = new Worker(helperCode, { eval: true, workerData: { module, memory, control: CONTROL_AT, scratch } })
  worker.unref()
  // A helper that cannot start or dies is a thread less, not a failure: the caller does all that nobody takes.
  worker.on('error', () => undefined)
  const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  const ready = Promise.race([new Promise<void>((resolve) => worker.once('message', () => resolve())), gone])
  return { worker, ready, gone }
}

async function sendHome(memory: WebAssembly.Memory, helpers: readonly Helper[]): Promise<void> {
  if (helpers.length === 0) return
  // Until now a helper did not keep the process alive; its leave is waited for.
  for (const { worker } of helpers) worker.ref()
  const words = new Int32Array(memory.buffer)
  Atomics.store(words, (CONTROL_AT + LEAVE_AT) / 4, 1)
  Atomics.add(words, (CONTROL_AT + WAKE_AT) / 4, 1)
  Atomics.notify(words, (CONTROL_AT + WAKE_AT) / 4)
  await Promise.all(helpers.map(({ gone }) => gone))
}
