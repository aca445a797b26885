import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openStorage } from '../../src-main/storage/open.ts'
import { startScript } from '../support/processes.ts'
import { tempFolder } from '../support/temp-folder.ts'

describe('one owner per workspace', () => {
  it('lets exactly one of ten processes that start at once win, and tells the others whose it is', async () => {
    const folder = await tempFolder()
    const scripts = Array.from({ length: 10 }, () => startScript('hold-workspace.ts', [folder]))
    const answers = await Promise.all(scripts.map((script) => script.next()))
    const winners = answers.filter((answer) => answer?.['opened'] === true)
    expect(winners).toHaveLength(1)
    const pid = winners[0]!['pid']
    for (const answer of answers) {
      if (answer === winners[0]) continue
      expect(answer?.['error']).toEqual({
        code: 'WORKSPACE_OWNED',
        message: `The workspace ${folder} is already open in process ${String(pid)}. Only one Palate may use a workspace at a time. Close that one, or choose another workspace folder.`,
        details: { workspace: folder, pid },
      })
    }
  })

  it('is free again at once when the owner was killed', async () => {
    const folder = await tempFolder()
    const owner = startScript('hold-workspace.ts', [folder])
    expect(await owner.next()).toMatchObject({ opened: true })
    owner.process.kill('SIGKILL')
    await owner.ended
    await (await openStorage(folder)).close()
  })

  it('does not believe a note of an owner that is long gone, even if its number lives again in another process', async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, 'workspace-owner.json'), JSON.stringify({ pid: process.pid, processStart: '1' }))
    const storage = await openStorage(folder)
    const owner = JSON.parse(await readFile(join(folder, 'workspace-owner.json'), 'utf8')) as { pid: number }
    expect(owner.pid).toBe(process.pid)
    await storage.close()
  })

  it('also holds within one process', async () => {
    const folder = await tempFolder()
    const storage = await openStorage(folder)
    await expect(openStorage(folder)).rejects.toMatchObject({ code: 'WORKSPACE_OWNED', details: { pid: process.pid } })
    // The refused attempt must not have dropped the lock of the first.
    await expect(openStorage(folder)).rejects.toMatchObject({ code: 'WORKSPACE_OWNED' })
    expect(await startScript('hold-workspace.ts', [folder]).next()).toMatchObject({ opened: false })
    await storage.close()
    await (await openStorage(folder)).close()
  })
})
