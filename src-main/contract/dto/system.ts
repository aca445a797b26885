import * as z from 'zod'
import { runDefaults } from './run-defaults.ts'

/** What can compute the networks. "auto" is the fastest that this machine has. */
export const backendId = z.enum(['auto', 'native', 'kernels', 'plain', 'tfjs-node-gpu', 'tfjs-webgpu', 'tfjs-cpu'])
export type BackendId = z.infer<typeof backendId>

/** As people are shown them. */
export const backendTitles: Readonly<Record<BackendId, string>> = {
  auto: 'Automatic: the fastest that this machine has',
  native: 'Native code (AVX-512 or AVX2)',
  kernels: 'WebAssembly kernels',
  plain: 'Plain JavaScript',
  'tfjs-node-gpu': 'TensorFlow on CUDA',
  'tfjs-webgpu': 'TensorFlow.js on WebGPU',
  'tfjs-cpu': 'TensorFlow.js in JavaScript',
}

/** The most threads that one run may be given. */
export const maxThreads = 64

/** Threads of one run; "auto": this run's share of the CPUs, as far as more of them are measured to be faster. */
export const threadCount = z.union([z.literal('auto'), z.int().min(1).max(maxThreads)])
export type ThreadCount = z.infer<typeof threadCount>

/** Where a call may choose what computes; what it leaves out is taken from the settings, or from the run's own record. */
export const computeChoice = { backend: backendId.optional(), threads: threadCount.optional() }

export const systemInfo = z.object({
  version: z.string(),
  host: z.enum(['electron', 'web', 'cli', 'test']),
  node: z.string(),
  platform: z.string(),
  cpus: z.int(),
  memoryBytes: z.number(),
  workspace: z.string(),
  workspaceBytes: z.number(),
  sqlite: z.string(),
  /** The backend of the settings, or, where that is "auto", what it was last seen to choose. */
  executor: z.string(),
  /** What it computes on, in words; empty until something has computed or the doctor has looked. */
  device: z.string(),
})
export type SystemInfo = z.infer<typeof systemInfo>

export const doctorCheck = z.object({
  id: z.string(),
  title: z.string(),
  outcome: z.enum(['ok', 'warning', 'failed', 'not-run']),
  /** What was found. */
  finding: z.string(),
  /** What to do about it; empty when ok. */
  advice: z.string(),
})
export type DoctorCheck = z.infer<typeof doctorCheck>

export const settings = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  /** How many runs train at the same time. */
  concurrentRuns: z.int().min(1).max(64),
  /** Prefix text cells that a spreadsheet would run as a formula (= + - @ TAB CR) with an apostrophe. */
  csvFormulaGuard: z.boolean(),
  /** What computes new runs. */
  backend: backendId,
  threads: threadCount,
  /** A run whose backend breaks goes on from its last checkpoint on the CPU, instead of failing. */
  allowFallback: z.boolean(),
  ...runDefaults.shape,
})
export type Settings = z.infer<typeof settings>
