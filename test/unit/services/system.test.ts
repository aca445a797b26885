import { availableParallelism } from 'node:os'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { doctorCheck, systemInfo } from '../../../src-main/contract/dto/system.ts'
import type { Services } from '../../../src-main/services/create-services.ts'
import { checkWorkspace } from '../../../src-main/services/doctor/checks.ts'
import type { Workspace } from '../../../src-main/services/workspace.ts'
import { openLab, sampleLabId, temporaryFolder } from '../../support/runs-lab.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let lab: Services
beforeEach(async () => {
  folder = await temporaryFolder()
  lab = await openLab(folder.path)
})
afterEach(async () => {
  await lab.close()
  await folder.remove()
})

describe('the system', () => {
  it('tells what it runs on and what the workspace takes', async () => {
    const before = systemInfo.parse(await lab.handlers.system.info(undefined, {}))
    expect(before).toMatchObject({
      host: 'test',
      workspace: folder.path,
      node: process.versions.node,
      executor: 'auto',
      device: '',
    })
    await sampleLabId(lab)
    const after = await lab.handlers.system.info(undefined, {})
    expect(after.workspaceBytes).toBeGreaterThan(before.workspaceBytes + 500_000)
  })

  it('keeps settings, and refuses nothing of them half', async () => {
    expect((await lab.handlers.system.getSettings(undefined, {})).csvFormulaGuard).toBe(true)
    await lab.handlers.system.setSettings({ concurrentRuns: 3 }, {})
    await lab.close()
    lab = await openLab(folder.path)
    expect(await lab.handlers.system.getSettings(undefined, {})).toMatchObject({ concurrentRuns: 3, csvFormulaGuard: true })
  })

  it('a second owner of the workspace is refused while the first is there, and welcome after', async () => {
    await expect(openLab(folder.path)).rejects.toMatchObject({ code: 'WORKSPACE_OWNED', details: { pid: process.pid } })
    await lab.close()
    lab = await openLab(folder.path)
  })
})

describe('the doctor', () => {
  it('checks every surrounding, says what it found, and gives advice where something is amiss', async () => {
    const checks = (await lab.handlers.system.doctor(undefined, {})).map((check) => doctorCheck.parse(check))
    expect(checks.map((check) => check.id)).toEqual([
      'node',
      'cpus',
      'sqlite',
      'workspace',
      'disk',
      'compute',
      'backend-tfjs-node-gpu',
      'backend-native',
      'backend-kernels',
      'backend-plain',
      'backend-tfjs-webgpu',
      'backend-tfjs-cpu',
      'electron',
    ])
    for (const check of checks) {
      expect(check.finding).not.toBe('')
      if (check.outcome !== 'ok') expect(check.advice).not.toBe('')
    }
    const sqlite = checks.find((check) => check.id === 'sqlite')!
    expect(sqlite.finding).toMatch(/^SQLite 3\.\d+\.\d+, journal mode wal\.$/)
    expect(checks.find((check) => check.id === 'workspace')!.finding).toBe(`${folder.path} can be written.`)
  })

  it('tells which backends compute right, which wrongly, which are missing and which crash, and goes on after each', async () => {
    const checks = new Map((await lab.handlers.system.doctor(undefined, {})).map((check) => [check.id, check]))
    const cpus = Math.min(64, availableParallelism())
    expect(checks.get('compute')).toMatchObject({ outcome: 'ok', finding: '"auto" is "fixture" here: it is a fixture.' })
    expect(checks.get('backend-kernels')).toMatchObject({
      title: 'WebAssembly kernels',
      outcome: 'ok',
      finding: `"kernels" is usable (a fixture, ${cpus} threads): its values and gradients are right.`,
    })
    expect(checks.get('backend-native')).toMatchObject({
      outcome: 'failed',
      finding: `"native" opens (a fixture, ${cpus} threads), but computes wrongly: the loss is wrong.`,
      advice: 'Do not train with it. Choose another one, for instance in the settings. Please report it with this text.',
    })
    expect(checks.get('backend-tfjs-webgpu')).toMatchObject({
      outcome: 'not-run',
      finding: '"tfjs-webgpu" is not usable here: the fixture has no GPU. It needs a GPU with a Vulkan, Metal or D3D12 driver.',
      advice: 'Take another one.',
    })
    const crashed = checks.get('backend-tfjs-node-gpu')!
    expect(crashed.outcome).toBe('failed')
    expect(crashed.finding).toMatch(/^"tfjs-node-gpu" is not usable here: its process ended by itself \(signal SIGABRT\)/)
    const after = await lab.handlers.system.info(undefined, {})
    expect(after).toMatchObject({ executor: 'fixture', device: `a fixture, ${cpus} threads` })
  })

  it('finds a workspace that cannot be written', async () => {
    const check = await checkWorkspace({ folder: '/proc/palate-is-not-here' } as Workspace)
    expect(check.outcome).toBe('failed')
    expect(check.finding).toMatch(/^\/proc\/palate-is-not-here cannot be written: ENOENT/)
    expect(check.advice).toBe('Correct the permissions of the folder, or choose another one.')
  })
})
