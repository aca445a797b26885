/** Imports argv[3] into the workspace argv[2] and says every step of the way; what follows is somebody's kill -9. */
import { toErrorRecord } from '../../src-main/contract/errors.ts'
import { ImportMeter } from '../../src-main/services/datasets/import-meter.ts'
import { importDataset } from '../../src-main/services/datasets/import-dataset.ts'
import { openWorkspace } from '../../src-main/services/workspace.ts'

const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`)

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
