import { describe, expect, it } from 'vitest'
import { createKernelExecutor } from '../../src-main/engine/compute/kernels/kernel-executor.ts'
import { plainExecutor } from '../../src-main/engine/compute/plain/plain-executor.ts'
import type { Executor } from '../../src-main/engine/compute/types.ts'
import { flatMemory, type MemorySample } from '../../src-main/services/bench/flat-memory.ts'
import { createKernelRuntime } from '../../src-main/services/compute/kernel-runtime.ts'

const UPDATES = 4000

/** The same executor; it notes what is asked of it, and does something more in each run. */
function watched(executor: Executor, inEachRun: () => void = () => undefined) {
  const asked = { arrays: 0, programs: 0, programBytes: 0 }
  const { memory } = executor
  const watching: Executor = {
    ...executor,
    memory: {
      floats(size) {
        asked.arrays++
        return memory.floats(size)
      },
      ints(size) {
        asked.arrays++
        return memory.ints(size)
      },
    },
    compile(graph) {
      const program = executor.compile(graph)
      asked.programs++
      asked.programBytes += program.memoryBytes
      return {
        graph,
        memoryBytes: program.memoryBytes,
        outputs: program.outputs,
        run(bindings) {
          inEachRun()
          return program.run(bindings)
        },
      }
    },
  }
  return { asked, watching }
}

/** How much the heap has grown since the first quarter of the updates, when all code has been compiled. */
function growthMb(samples: readonly MemorySample[]): number {
  const early = samples.find((sample) => sample.update >= UPDATES / 4)!
  return samples.at(-1)!.heapUsedMb - early.heapUsedMb
}

describe.each<[string, () => Executor]>([
  ['kernels', () => createKernelExecutor(createKernelRuntime())],
  ['plain', () => plainExecutor],
])('training on the executor "%s"', (_id, open) => {
  it('holds as much memory after thousands of updates as after the first thousand', () => {
    const { asked, watching } = watched(open())
    const askedByThen: unknown[] = []
    const onSample = () => void askedByThen.push({ ...asked })
    const samples = flatMemory({ executor: watching, updates: UPDATES, onSample })
    expect(samples).toHaveLength(21)
    expect([samples[0]!.update, samples.at(-1)!.update]).toEqual([0, UPDATES])
    expect(growthMb(samples)).toBeLessThan(1)
    expect(samples.at(-1)!.arrayBuffersMb - samples[5]!.arrayBuffersMb).toBeLessThan(0.5)
    // The resident size is the system's affair: pages come in blocks.
    expect(samples.at(-1)!.rssMb - samples[5]!.rssMb).toBeLessThan(24)
    // Programs and their memory are made before the first update, and none while it goes on.
    expect(asked.programBytes).toBeGreaterThan(0)
    expect(new Set(askedByThen.slice(0, 20).map((then) => JSON.stringify(then))).size).toBe(1)
  })

  it('is seen to grow when each run leaves a little behind: the comparison can fail', () => {
    const left: number[][] = []
    const { watching } = watched(open(), () => void left.push(new Array<number>(64).fill(0.5)))
    expect(growthMb(flatMemory({ executor: watching, updates: UPDATES }))).toBeGreaterThan(2)
    expect(left.length).toBeGreaterThan(UPDATES)
  })
})
