import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PalateError } from '../../contract/errors.ts'
import { plainFactorisation } from '../../engine/compute/plain/plain-factorisation.ts'
import { plainMemory } from '../../engine/compute/plain/plain-memory.ts'
import { plainPasses } from '../../engine/compute/plain/plain-passes.ts'
import { backendUnavailable, reasonOf } from './loaded-backend.ts'
import type { LoadedBackend } from './loaded-backend.ts'
import { SyncWorker } from './sync-worker.ts'
import type { WebGpuGreeting } from './tfjs-webgpu.types.ts'
import { WebGpuLink, WebGpuProgram } from './webgpu-program.ts'

const id = 'tfjs-webgpu'

export const webGpuAdvice =
  'Training on the CPU needs nothing of this. For a GPU install its Vulkan driver (on Linux also libvulkan1), and see what "palate doctor" says.'

export interface WebGpuOptions {
  /** The thread's script; by default the one that belongs to this code, in the sources or in the bundle. */
  readonly entry?: string
  /** Default 60 s. */
  readonly startTimeoutMs?: number
  /** Longest time that one run may take, the first one with all its shaders included. Default 120 s. */
  readonly runTimeoutMs?: number
}

/**
 * WebGPU through Dawn. What a GPU has computed can only be read asynchronously, and a program runs synchronously: so the GPU
 * is driven by a thread of its own, for which the caller's thread waits. Not inside Electron, which forbids the buffers that
 * Dawn makes. A crash in a driver ends the whole process: `probeBackend` tries it in another one first.
 * @throws PalateError BACKEND_UNAVAILABLE; so do later runs if the device is lost or the thread dies or does not answer
 */
export async function loadTfjsWebGpu(options: WebGpuOptions = {}): Promise<LoadedBackend> {
  if (process.versions['electron'])
    throw backendUnavailable(id, 'Electron cannot run it', 'Train in a process of plain Node, as Palate does by itself.')
  const worker = await startWorker(options)
  const { device, versions } = worker.greeting as WebGpuGreeting
  const link = new WebGpuLink(worker, options.runTimeoutMs ?? 120_000, lostOnTheWay)
  return {
    executor: {
      id,
      device: `WebGPU: ${device}`,
      memory: plainMemory,
      passes: plainPasses,
      factorisation: plainFactorisation,
      compile: (graph) => new WebGpuProgram(graph, link),
    },
    versions,
    close: () => worker.close(),
  }
}

async function startWorker({ entry, startTimeoutMs = 60_000 }: WebGpuOptions): Promise<SyncWorker> {
  try {
    return await SyncWorker.start(entry ?? ownWorkerEntry(), startTimeoutMs)
  } catch (error) {
    throw backendUnavailable(id, reasonOf(error), webGpuAdvice, error)
  }
}

function lostOnTheWay(reason: string, cause: Error): PalateError {
  return backendUnavailable(
    id,
    reason.replace(/\.$/, ''),
    'Resume the run from its last checkpoint: that opens the device anew. If it happens again, choose another backend.',
    cause,
  )
}

function ownWorkerEntry(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  const candidates = ['tfjs-webgpu-worker.ts', 'tfjs-webgpu-worker.js'].map((name) => join(here, name))
  const found = candidates.find((path) => existsSync(path))
  if (!found) throw new Error(`the program of its thread is missing (looked for ${candidates.join(', ')})`)
  return found
}
