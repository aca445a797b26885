import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { writeRatings } from '../../src-main/services/bench/generated-ratings.ts'
import { importDataset } from '../../src-main/services/datasets/import-dataset.ts'
import { ImportMeter } from '../../src-main/services/datasets/import-meter.ts'
import { openWorkspace } from '../../src-main/services/workspace.ts'
import { tempFolder } from '../support/temp-folder.ts'

const ROWS = 400_000
const MB = 2 ** 20

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Looks at what is held, without garbage, at every fortieth word of the import. */
class WatchingMeter extends ImportMeter {
  heap = 0
  arrays = 0
  #words = 0

  override read(rows: number, bytesRead: number, bytesTotal: number): void {
    super.read(rows, bytesRead, bytesTotal)
    this.look()
  }

  override stored(stage: 'storing' | 'indexing', rows: number): void {
    super.stored(stage, rows)
    if (this.#words++ % 4 === 0) this.look()
  }

  look(): void {
    collect()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    this.heap = Math.max(this.heap, heapUsed)
    this.arrays = Math.max(this.arrays, arrayBuffers)
  }
}

it(`an import of ${ROWS} ratings holds no object for each of them, and beside its columns hardly anything`, async () => {
  const folder = await tempFolder()
  const path = join(folder, 'ratings.csv')
  await writeRatings(path, ROWS, 1)
  const workspace = await openWorkspace(join(folder, 'workspace'))
  const meter = new WatchingMeter()
  meter.look()
  const before = { heap: meter.heap, arrays: meter.arrays }
  await importDataset(workspace, { path, name: 'watched', onBadRow: 'fail' }, meter, new AbortController().signal)
  await workspace.close()
  // The smallest object with two numbers takes 28 bytes and its place in a list 8: some 14 MB. Ids, code and all else take the rest.
  expect((meter.heap - before.heap) / MB).toBeLessThan(10)
  // One piece of the buffer, of which only what is written to takes memory; the columns, and as much again of what is read and
  // handed over at once.
  const piece = 2 ** 21 * 20
  expect(meter.arrays - before.arrays).toBeLessThan(piece + 40 * ROWS)
})
