import { describe, expect, it } from 'vitest'
import { Rng } from '../../src-main/engine/core/rng.ts'
import { openStorage } from '../../src-main/storage/open.ts'
import { createRepositories } from '../../src-main/storage/repositories/repositories.ts'
import { startScript } from '../support/processes.ts'
import { newRun, tinyDataset } from '../support/storage-lab.ts'
import { tempFolder } from '../support/temp-folder.ts'

const KILLS = 10

describe('what was acknowledged', () => {
  it(
    `is there after each of ${KILLS} kills (SIGKILL) at random moments: points without gaps, a checkpoint that loads`,
    { timeout: 180_000 },
    async () => {
      const folder = await tempFolder()
      const setup = await openStorage(folder)
      const datasetId = await createRepositories(setup).datasets.store(tinyDataset())
      const [runId] = await createRepositories(setup).runs.insert([newRun(datasetId)])
      await setup.close()
      const rng = Rng.stream(1, 'test/kills')
      let acknowledged = 0
      for (let kill = 0; kill < KILLS; kill++) {
        const script = startScript('append-points.ts', [folder, String(runId)])
        for (let left = 1 + rng.below(25); left > 0; left--) acknowledged = (await script.next())!['update'] as number
        await new Promise((resolve) => setTimeout(resolve, rng.below(8)))
        script.process.kill('SIGKILL')
        expect(await script.ended).toBe('SIGKILL')
        for (let line = await script.next(); line; line = await script.next()) acknowledged = line['update'] as number

        const storage = await openStorage(folder)
        const { metricPoints, checkpoints } = createRepositories(storage)
        const [series] = await metricPoints.series(runId!)
        expect(series!.update.length).toBeGreaterThanOrEqual(acknowledged)
        expect(series!.update).toEqual(Int32Array.from({ length: series!.update.length }, (_, at) => at + 1))
        expect(series!.value).toEqual(Float64Array.from(series!.update, (update) => Math.sin(update)))
        const checkpoint = await checkpoints.load(runId!)
        expect(checkpoint?.update ?? 0).toBeGreaterThanOrEqual(acknowledged - (acknowledged % 5))
        expect(checkpoint?.notes ?? []).toEqual([])
        expect(checkpoint?.content.every((byte) => byte === checkpoint.update % 256) ?? true).toBe(true)
        await storage.close()
      }
      expect(acknowledged).toBeGreaterThan(KILLS)
    },
  )
})
