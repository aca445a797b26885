import { flatMemory } from '../../../services/bench/flat-memory.ts'
import { openBackend } from '../../../services/compute/backends.ts'
import { wholeNumber } from '../arguments.ts'
import { exitOk } from '../exit-codes.ts'
import type { CommandContext } from '../session.ts'
import { textTable } from '../text-table.ts'

export interface MemoryBenchFlags {
  readonly updates: string
  readonly backend: string
}

/** Trains a small model for long and reports what the process holds on the way; it needs no workspace. */
export async function memoryBenchCommand({ output }: CommandContext, flags: MemoryBenchFlags): Promise<number> {
  const updates = wholeNumber('--updates', flags.updates, 1, 100_000_000)
  const { executor, close } = await openBackend(flags.backend, { threads: 1 })
  try {
    const samples = flatMemory({ executor, updates, onSample: ({ update }) => output.log(`${update} of ${updates} updates`) })
    const report = { executor: executor.id, device: executor.device, updates, samples }
    output.result(report, () =>
      textTable(
        ['update', 'process MB', 'heap MB', 'arrays MB'],
        samples.map(({ update, rssMb, heapUsedMb, arrayBuffersMb }) => [update, rssMb, heapUsedMb, arrayBuffersMb]),
      ),
    )
    return exitOk
  } finally {
    await close()
  }
}
