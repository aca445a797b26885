/**
 * Imports argv[3] into the workspace argv[2] and says every step of the way. Stands still at the step that argv[4] describes, until
 * somebody's kill -9: on a busy machine the signal might otherwise come after the end.
 */
import { writeSync } from 'node:fs'
import { toErrorRecord } from '../../src-main/contract/errors.ts'
import { ImportMeter } from '../../src-main/services/datasets/import-meter.ts'
import { importDataset } from '../../src-main/services/datasets/import-dataset.ts'
import { openWorkspace } from '../../src-main/services/workspace.ts'

const cut = JSON.parse(process.argv[4] ?? 'null') as Record<string, unknown> | null

function say(step: Record<string, unknown>): void {
  // In one piece and at once, because nothing is sent any more while this thread stands still.
  writeSync(1, `${JSON.stringify(step)}\n`)
  if (cut && Object.entries(cut).every(([key, value]) => step[key] === value)) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000)
  }
}

class TalkingMeter extends ImportMeter {
  override enter(stage: 'detecting' | 'reading' | 'storing' | 'indexing'): void {
    super.enter(stage)
    say({ stage, rows: 0 })
  }

  override stored(stage: 'storing' | 'indexing', rows: number): void {
    super.stored(stage, rows)
    say({ stage, rows })
  }
}

try {
  const workspace = await openWorkspace(process.argv[2]!)
  const request = { path: process.argv[3]!, name: 'killed', onBadRow: 'fail' } as const
  await importDataset(workspace, request, new TalkingMeter(), new AbortController().signal)
  say({ stage: 'finished', rows: 0 })
  await workspace.close()
} catch (error) {
  say({ error: toErrorRecord(error) })
}
