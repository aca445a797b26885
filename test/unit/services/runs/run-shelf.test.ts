import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Services } from '../../../../src-main/services/create-services.ts'
import { clearShelf } from '../../../../src-main/services/runs/run-shelf.ts'
import { openWorkspace } from '../../../../src-main/services/workspace.ts'
import { openLab, start, temporaryFolder, textOf, until } from '../../../support/runs-lab.ts'

let lab: Services
let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
  lab = await openLab(folder.path)
})
afterAll(async () => {
  await lab.close()
  await folder.remove()
})

describe('labels and removal', () => {
  it('reach other windows, the CSV and the next session', async () => {
    const [one, two] = await start(lab, { seeds: [1, 2], params: { updates: 2 } })
    for (const run of [one!, two!]) await until(lab, run.id, ['finished'])
    const ids = [one!.id, two!.id]
    const events = lab.handlers.runs.watch({ together: true }, {})
    const first = events.next()
    const change = { addTags: ['paper', '=1+1'], comment: { text: 'good', append: true }, archived: true }
    expect(await lab.handlers.runs.label({ runIds: [...ids, 4711], ...change }, {})).toEqual({ labelled: ids })
    expect((await first).value).toMatchObject({ kind: 'run', run: { tags: ['=1+1', 'paper'], comment: 'good', archived: true } })
    await events.return()
    expect(await textOf(lab.handlers.runs.exportTable({ runIds: [one!.id] }, {}))).toContain(`,"'=1+1, paper",good,`)

    expect(await lab.handlers.runs.hide({ runIds: [...ids, 4711] }, {})).toEqual({ hidden: ids, keptDays: 3 })
    expect(await lab.handlers.runs.list(undefined, {})).toEqual([])
    await lab.close()
    lab = await openLab(folder.path)
    expect((await lab.handlers.runs.removed(undefined, {})).map((run) => run.id)).toEqual(ids.toReversed())
    expect(await lab.handlers.runs.restore({ runIds: [...ids, 4711] }, {})).toEqual({ restored: ids })
    expect((await lab.handlers.runs.list(undefined, {})).map((run) => run.tags.length)).toEqual([2, 2])
  })

  it('of runs that are all gone say so; notes have an end', async () => {
    const gone = 'There is no run 4711 in this workspace. Choose one from the list of runs.'
    await expect(lab.handlers.runs.label({ runIds: [4711], archived: true }, {})).rejects.toThrow(gone)
    await expect(lab.handlers.runs.restore({ runIds: [4711] }, {})).rejects.toThrow(gone)
    const [run] = await lab.handlers.runs.list(undefined, {})
    await lab.handlers.runs.label({ runIds: [run!.id], comment: { text: 'x'.repeat(19_999), append: false } }, {})
    await expect(lab.handlers.runs.label({ runIds: [run!.id], comment: { text: 'more', append: true } }, {})).rejects.toThrow(
      `The notes of run ${run!.id} would be longer than 20000 characters. Shorten them first.`,
    )
  })

  it('leave a run alone that trains', async () => {
    const [run] = await start(lab, { params: { updates: 400, stepMs: 5 } })
    await until(lab, run!.id, ['running'])
    expect(await lab.handlers.runs.hide({ runIds: [run!.id] }, {})).toEqual({ hidden: [], keptDays: 3 })
    await lab.handlers.runs.stop({ runId: run!.id }, {})
    await until(lab, run!.id, ['stopped'])
  })

  it('end after three days, one run after the other, and as soon as the workspace closes', async () => {
    const runs = await start(lab, { seeds: [1, 2, 3], params: { updates: 2 } })
    const ids = runs.map((run) => run.id)
    for (const id of ids) await until(lab, id, ['finished'])
    await lab.handlers.runs.hide({ runIds: ids }, {})
    await lab.close()
    const workspace = await openWorkspace(folder.path)
    const removed = async () => (await workspace.repositories.runs.removed()).map((run) => run.id).sort((a, b) => a - b)
    const days = (count: number) => Date.now() + count * 86_400_000
    await clearShelf(workspace, new AbortController().signal, days(2.9))
    expect(await removed()).toEqual(ids)
    await clearShelf(workspace, AbortSignal.abort(), days(3.1))
    expect(await removed()).toEqual(ids.slice(1))
    await clearShelf(workspace, new AbortController().signal, days(3.1))
    expect(await removed()).toEqual([])
    const folders = await readdir(join(folder.path, 'checkpoints'))
    expect(ids.filter((id) => folders.includes(String(id)))).toEqual([])
    await workspace.close()
    lab = await openLab(folder.path)
  })

  it('the view of the table stays with the workspace', async () => {
    expect(await lab.handlers.runs.tableView(undefined, {})).toBeNull()
    const view = { columns: ['name', 'param:gamma'], grouped: true, baseline: 1 }
    await lab.handlers.runs.setTableView(view, {})
    expect(await lab.handlers.runs.tableView(undefined, {})).toEqual(view)
    expect((await lab.handlers.system.getSettings(undefined, {})).theme).toBe('system')
  })
})
