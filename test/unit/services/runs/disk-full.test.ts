import { afterEach, beforeEach, expect, it } from 'vitest'
import { PalateError } from '../../../../src-main/contract/errors.ts'
import { startRunsInput } from '../../../../src-main/contract/dto/run.ts'
import { createDatasetHandlers } from '../../../../src-main/services/datasets.ts'
import { planRuns } from '../../../../src-main/services/runs/plan-runs.ts'
import { ComputeService } from '../../../../src-main/services/compute/compute-service.ts'
import { defaultSettings } from '../../../../src-main/services/settings.ts'
import { RunManager } from '../../../../src-main/services/runs/run-manager.ts'
import { findTrainerLaunch } from '../../../../src-main/services/runs/trainer-launch.ts'
import { openWorkspace, type Workspace } from '../../../../src-main/services/workspace.ts'
import { fixtureCatalogue } from '../../../support/fixture-job.ts'
import { fixtureTrainerEntry, isAlive, temporaryFolder } from '../../../support/runs-lab.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let workspace: Workspace
beforeEach(async () => {
  folder = await temporaryFolder()
  workspace = await openWorkspace(folder.path)
})
afterEach(async () => {
  await workspace.close()
  await folder.remove()
})

it('a full disk pauses the run, names the disk, and the run goes on when there is room', async () => {
  let full = false
  const { checkpoints, runs } = workspace.repositories
  const diskFull = () => new PalateError('DISK_FULL', 'Palate could not write to /data: the disk is full.', { path: '/data' })
  const failing: Workspace = {
    ...workspace,
    repositories: {
      ...workspace.repositories,
      checkpoints: {
        ...checkpoints,
        save: (runId, checkpoint) =>
          full
            ? Promise.reject(
                new PalateError('DISK_FULL', 'Palate could not write to /data: the disk is full.', { path: '/data' }),
              )
            : checkpoints.save(runId, checkpoint),
      },
      // The row cannot be written either, as on a disk that is really full.
      runs: {
        ...runs,
        update: (runId, change) => (full ? Promise.reject(diskFull()) : runs.update(runId, change)),
      },
    },
  }
  const launch = findTrainerLaunch(fixtureTrainerEntry)
  const manager = new RunManager({
    workspace: failing,
    launch,
    compute: new ComputeService({
      launch,
      settings: () => Promise.resolve(defaultSettings()),
      closing: new AbortController().signal,
    }),
    checkpointEveryMs: 100,
    concurrentRuns: () => 1,
  })
  const { id } = await createDatasetHandlers(workspace).createSampleLab({ seed: 1, name: 'lab' }, {})
  const input = startRunsInput.parse({ dataset: id, model: 'counter', params: { updates: 400, stepMs: 5 } })
  const made = { engineVersion: '1', backend: 'auto', threads: 'auto', at: 1 } as const
  const [runId] = await runs.insert(planRuns(input, await workspace.repositories.datasets.get(id), fixtureCatalogue, made))
  const state = async () => (await manager.summary(runId!)).state
  const reach = async (wanted: string) => {
    for (const end = Date.now() + 20_000; (await state()) !== wanted && Date.now() < end;) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(await state()).toBe(wanted)
  }
  await manager.enqueue([runId!])
  await reach('running')
  while (manager.trainerPid(runId!) === undefined) await new Promise((resolve) => setTimeout(resolve, 10))
  const pid = manager.trainerPid(runId!)!
  full = true
  await reach('paused')
  expect(isAlive(pid)).toBe(false)
  expect((await manager.summary(runId!)).error).toMatchObject({
    code: 'DISK_FULL',
    message: `Run ${runId} paused: Palate could not write to /data: the disk is full. Then resume it; it goes on from its last checkpoint.`,
  })
  full = false
  await manager.resume(runId!)
  await reach('finished')
  expect(await workspace.repositories.metricPoints.count(runId!)).toBe(400 + 40)
  await manager.close(false)
})
