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
    expect(before).toMatchObject({ host: 'test', workspace: folder.path, node: process.versions.node, executor: 'plain' })
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
      'executor',
      'electron',
      'tensorflow-gpu',
    ])
    for (const check of checks) {
      expect(check.finding).not.toBe('')
      if (check.outcome !== 'ok') expect(check.advice).not.toBe('')
    }
    const sqlite = checks.find((check) => check.id === 'sqlite')!
    expect(sqlite.finding).toMatch(/^SQLite 3\.\d+\.\d+, journal mode wal\.$/)
    expect(checks.find((check) => check.id === 'workspace')!.finding).toBe(`${folder.path} can be written.`)
  })

  it('finds a workspace that cannot be written', async () => {
    const check = await checkWorkspace({ folder: '/proc/palate-is-not-here' } as Workspace)
    expect(check.outcome).toBe('failed')
    expect(check.finding).toMatch(/^\/proc\/palate-is-not-here cannot be written: ENOENT/)
    expect(check.advice).toBe('Correct the permissions of the folder, or choose another one with --workspace.')
  })
})
