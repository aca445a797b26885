import { describe, expect, it } from 'vitest'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import {
  chooseBackend,
  decideThreads,
  measureRate,
  type ChoiceTools,
} from '../../../../src-main/services/compute/choose-backend.ts'
import type { ComputeRequest } from '../../../../src-main/services/compute/compute-request.ts'
import { shareOfThreads } from '../../../../src-main/services/compute/compute-service.ts'
import { backendUnavailable } from '../../../../src-main/services/compute/loaded-backend.ts'

interface Machine {
  /** Backends that do not open, and why. */
  readonly absent?: Readonly<Record<string, string>>
  /** Speed by number of threads. */
  readonly rate?: (threads: number) => number
}

/** Tools that open nothing; `open` afterwards holds what was left open. */
function machine({
  absent = {},
  rate = () => 1,
}: Machine): ChoiceTools & { readonly open: ChoiceTools['open']; readonly still: string[] } {
  const still: string[] = []
  const threadsOf = new Map<object, number>()
  return {
    still,
    open(name, { threads }) {
      const reason = absent[name]
      if (reason !== undefined) return Promise.reject(backendUnavailable(name, reason, 'Take another one.'))
      const executor = { ...plainExecutor, id: name, device: `${name} on ${threads}` }
      threadsOf.set(executor, threads)
      still.push(executor.device)
      const close = () => Promise.resolve(void still.splice(still.indexOf(executor.device), 1))
      return Promise.resolve({ executor, versions: {}, close })
    },
    measure: (executor) => rate(threadsOf.get(executor)!),
  }
}

const noCuda = { usable: false, reason: 'none is installed' }
const request = (part: Partial<ComputeRequest> = {}): ComputeRequest => ({
  backend: 'auto',
  threads: 2,
  measureThreads: true,
  cuda: noCuda,
  ...part,
})

describe('"auto"', () => {
  it('is CUDA where a device has answered', async () => {
    const tools = machine({})
    const chosen = await chooseBackend(request({ cuda: { usable: true, reason: '' } }), tools)
    expect(chosen.executor.id).toBe('tfjs-node-gpu')
    expect(chosen.explanation).toBe('tfjs-node-gpu on 2')
  })

  it('is native code otherwise, and says why not CUDA', async () => {
    const chosen = await chooseBackend(request({ threads: 1 }), machine({}))
    expect(chosen.executor.id).toBe('native')
    expect(chosen.explanation).toBe('native on 1: this run may use one CPU; no CUDA device: none is installed')
  })

  it('is WebAssembly where there is no native code, on two threads where these are worth it', async () => {
    const tools = machine({ absent: { native: 'they are not built here' }, rate: (threads) => (threads === 2 ? 1.8 : 1) })
    const chosen = await chooseBackend(request(), tools)
    expect(chosen.explanation).toBe(
      'kernels on 2: 1.8 times as fast as one here; no CUDA device: none is installed; no native kernels: they are not built here',
    )
    expect(tools.still).toEqual(['kernels on 2'])
  })

  it('is plain JavaScript where nothing else opens', async () => {
    const tools = machine({ absent: { native: 'not built', kernels: 'no SIMD' } })
    expect((await chooseBackend(request(), tools)).executor.id).toBe('plain')
  })

  it('passes on to the next when a CUDA device that answered does not open', async () => {
    const tools = machine({ absent: { 'tfjs-node-gpu': 'it is busy' } })
    expect((await chooseBackend(request({ cuda: { usable: true, reason: '' } }), tools)).executor.id).toBe('native')
  })
})

describe('a backend asked for by name', () => {
  it('is an error when it is missing, and nothing is taken in its place', async () => {
    const tools = machine({ absent: { native: 'they are not built here' } })
    await expect(chooseBackend(request({ backend: 'native' }), tools)).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: 'The compute backend "native" cannot be used: they are not built here. Take another one.',
      details: { backend: 'native', reason: 'they are not built here' },
    })
    expect(tools.still).toEqual([])
  })

  it('gets the threads that were asked for without a measurement', async () => {
    const tools = machine({ rate: () => expect.unreachable() })
    const chosen = await chooseBackend(request({ backend: 'kernels', threads: 3, measureThreads: false }), tools)
    expect(chosen.explanation).toBe('kernels on 3: as asked for')
  })
})

describe('further threads', () => {
  it('are taken when they are at least 1.2 times as fast, and not below', () => {
    expect(decideThreads(2, 1.2)).toEqual({ threads: 2, why: '1.2 times as fast as one here' })
    expect(decideThreads(2, 1.19)).toEqual({ threads: 1, why: '2 were only 1.1 times as fast here' })
    expect(decideThreads(8, 0.7)).toEqual({ threads: 1, why: '8 were only 0.7 times as fast here' })
    expect(decideThreads(2, NaN).threads).toBe(1)
  })

  it('are sent home when they are not worth it', async () => {
    const tools = machine({ rate: (threads) => (threads === 2 ? 1.1 : 1) })
    const chosen = await chooseBackend(request({ backend: 'kernels' }), tools)
    expect(chosen.explanation).toBe('kernels on 1: 2 were only 1.1 times as fast here')
    expect(tools.still).toEqual(['kernels on 1'])
  })

  it('are the CPUs shared among the runs at work, at least one each and at most 64', () => {
    expect([shareOfThreads(2, 1), shareOfThreads(2, 2), shareOfThreads(2, 5), shareOfThreads(16, 3)]).toEqual([2, 1, 1, 5])
    expect(shareOfThreads(128, 1)).toBe(64)
  })
})

it('the measurement takes about 60 ms and finds a rate', () => {
  const start = performance.now()
  expect(measureRate(plainExecutor)).toBeGreaterThan(0)
  expect(performance.now() - start).toBeLessThan(2000)
})
