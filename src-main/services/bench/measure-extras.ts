import { openBackend } from '../compute/backends.ts'
import type { ComputeBenchOptions, ExtraRow } from './compute-bench.types.ts'
import type { Contender } from './contender.types.ts'
import { extraBenchmarks } from './extra-benchmarks.ts'
import type { BenchClock } from './extra-benchmarks.ts'
import type { Field } from './field.ts'

const clock: BenchClock = {
  nowMs: () => performance.now(),
  cpuSeconds: () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  },
}

/** Runs each extra benchmark on each backend, opened for it alone: their tables are large and an executor gives none back. */
export async function measureExtras(
  { extras, log }: ComputeBenchOptions,
  field: Field,
  contenders: readonly Contender[],
): Promise<ExtraRow[]> {
  if (!extras) return []
  await field.close()
  const rows: ExtraRow[] = []
  for (const { name, unit, run } of extraBenchmarks) {
    for (const { backend, threads, executor } of contenders) {
      if (backend === null) continue
      log(`${name}: ${executor}, ${threads}`)
      const opened = await openBackend(backend, { threads })
      try {
        const value = run(opened.executor, clock)
        if (value !== null) rows.push({ name, unit, executor, threads, value })
      } finally {
        await opened.close()
      }
    }
  }
  return rows
}
