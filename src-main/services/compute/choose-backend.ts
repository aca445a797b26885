import { GraphBuilder } from '../../engine/compute/graph-builder.ts'
import type { Executor } from '../../engine/compute/types.ts'
import { backends, isComputeBackend, openBackend, type ComputeBackend } from './backends.ts'
import type { ComputeRequest } from './compute-request.ts'
import { reasonOf, type LoadedBackend } from './loaded-backend.ts'

/** A backend that is ready, and why it is this one, in words. */
export interface ChosenBackend extends LoadedBackend {
  readonly explanation: string
}

/** What opens and what measures; tests give tools of their own. */
export interface ChoiceTools {
  readonly open: (name: string, options: { readonly threads: number }) => Promise<LoadedBackend>
  /** @returns how fast it is; only the ratio of two of them counts */
  readonly measure: (executor: Executor) => number
}

/** What "auto" tries, best first. */
const preference: readonly { readonly backend: ComputeBackend; readonly absent: string }[] = [
  { backend: 'tfjs-node-gpu', absent: 'no CUDA device' },
  { backend: 'native', absent: 'no native kernels' },
  { backend: 'kernels', absent: 'no WebAssembly kernels' },
  { backend: 'plain', absent: 'no plain JavaScript' },
]

/** Further threads are taken only when they are at least this many times as fast: others want the CPUs, too. */
const worthwhileSpeedup = 1.2

/**
 * Opens what a request asks for. A backend asked for by name is that one or an error; "auto" is the best that opens.
 *
 * @throws PalateError BACKEND_UNAVAILABLE
 */
export async function chooseBackend(
  request: ComputeRequest,
  tools: ChoiceTools = { open: openBackend, measure: measureRate },
): Promise<ChosenBackend> {
  if (request.backend !== 'auto') return openWithThreads(request.backend, request, tools)
  const passedOver: string[] = []
  for (const { backend, absent } of preference) {
    if (backend === 'tfjs-node-gpu' && !request.cuda.usable) {
      passedOver.push(`${absent}: ${request.cuda.reason}`)
      continue
    }
    try {
      const chosen = await openWithThreads(backend, request, tools)
      return { ...chosen, explanation: [chosen.explanation, ...passedOver].join('; ') }
    } catch (error) {
      if (backend === 'plain') throw error
      passedOver.push(`${absent}: ${reasonOf(error)}`)
    }
  }
  throw new Error('The last resort has neither been opened nor failed.')
}

/**
 * @param speedup of all the allowed threads over one
 * @returns how many to take, and why
 */
export function decideThreads(allowed: number, speedup: number): { readonly threads: number; readonly why: string } {
  // Rounded down, so that what is below the bound does not look like it.
  const times = (Math.floor(speedup * 10) / 10).toFixed(1)
  if (speedup >= worthwhileSpeedup) return { threads: allowed, why: `${times} times as fast as one here` }
  return { threads: 1, why: `${allowed} were only ${times} times as fast here` }
}

async function openWithThreads(name: string, request: ComputeRequest, tools: ChoiceTools): Promise<ChosenBackend> {
  const { open, measure } = tools
  const { threads } = request
  const explained = (loaded: LoadedBackend, why: string): ChosenBackend => ({
    ...loaded,
    explanation: why ? `${loaded.executor.device}: ${why}` : loaded.executor.device,
  })
  const threaded = isComputeBackend(name) && backends[name].threaded
  if (!threaded || !request.measureThreads || threads === 1) {
    const why = !threaded ? '' : request.measureThreads ? 'this run may use one CPU' : 'as asked for'
    return explained(await open(name, { threads }), why)
  }
  // One after the other: the native addon knows one memory at a time.
  const single = await open(name, { threads: 1 })
  const rate = measure(single.executor)
  await single.close()
  const all = await open(name, { threads })
  const decision = decideThreads(threads, measure(all.executor) / rate)
  if (decision.threads === threads) return explained(all, decision.why)
  await all.close()
  return explained(await open(name, { threads: 1 }), decision.why)
}

const measureMs = 60
const windowMs = 10

/**
 * How often per millisecond a layer of 64 x 512 x 512 is computed, in the best of some short windows: on a machine that is
 * busy with other things their average says little.
 */
export function measureRate(executor: Executor): number {
  const g = new GraphBuilder('measurement')
  g.output('y', g.linear(g.input('x', [64, 512]), g.input('w', [512, 512]), g.input('b', [512]), 'relu'))
  const program = executor.compile(g.build())
  const bindings = {
    inputs: { x: executor.memory.floats(64 * 512).fill(0.5), b: executor.memory.floats(512).fill(0.25) },
    tables: { w: executor.memory.floats(512 * 512).fill(0.125) },
  }
  for (let run = 0; run < 5; run++) program.run(bindings)
  let best = 0
  const end = performance.now() + measureMs
  while (performance.now() < end) {
    const start = performance.now()
    let runs = 0
    let spent = 0
    for (; spent < windowMs; spent = performance.now() - start) {
      program.run(bindings)
      runs++
    }
    best = Math.max(best, runs / spent)
  }
  return best
}
