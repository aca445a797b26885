import { GraphBuilder } from '../../engine/compute/graph-builder.ts'
import type { Executor } from '../../engine/compute/types.ts'
import { pmfEpochBenchmark } from './factorisation-bench.ts'
import { median } from './statistics.ts'

/** What time is measured with. */
export interface BenchClock {
  nowMs(): number
  /** Of all threads of this process, since it began. */
  cpuSeconds(): number
}

/** A measurement beside the reference step. */
export interface ExtraBenchmark {
  readonly name: string
  /** Of the value: "ms", "CPU seconds". */
  readonly unit: string
  /** @returns the value, or null when this executor cannot do it */
  run(executor: Executor, clock: BenchClock): number | null
}

const scoring = { items: 1_000_000, k: 100, repetitions: 7 } as const

/** One user's scores of a large catalogue, as `act` computes them: bound by the memory's bandwidth. */
const catalogueScoring: ExtraBenchmark = {
  name: `scores of ${scoring.items.toLocaleString('en-US')} items, k = ${scoring.k}`,
  unit: 'ms',
  run(executor, clock) {
    const { items, k, repetitions } = scoring
    const g = new GraphBuilder('bench.catalogue-scoring')
    g.output('scores', g.matmul(g.input('user', [1, k]), g.input('items', [items, k]), { b: true }))
    const program = executor.compile(g.build())
    const user = executor.memory.floats(k).fill(0.5)
    const bindings = { inputs: { user }, tables: { items: executor.memory.floats(items * k).fill(0.5) } }
    const times: number[] = []
    // The first one brings the table in and is not counted.
    for (let repetition = 0; repetition <= repetitions; repetition++) {
      const start = clock.nowMs()
      program.run(bindings)
      if (repetition > 0) times.push(clock.nowMs() - start)
    }
    return median(times)
  },
}

/** In the order in which they are run and reported. Each is given an executor that was opened for it alone. */
export const extraBenchmarks: readonly ExtraBenchmark[] = [catalogueScoring, pmfEpochBenchmark]
