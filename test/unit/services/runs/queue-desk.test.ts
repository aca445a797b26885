import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Services } from '../../../../src-main/services/create-services.ts'
import { openLab, start, takeEvents, temporaryFolder, until, untilUpdate } from '../../../support/runs-lab.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let lab: Services

beforeEach(async () => {
  folder = await temporaryFolder()
  lab = await openLab(folder.path)
  await lab.handlers.system.setSettings({ concurrentRuns: 1 }, {})
})
afterEach(async () => {
  await lab.close()
  await folder.remove()
})

const slow = { params: { updates: 2000, stepMs: 3 } }
const queue = () => lab.handlers.queue.get(undefined, {})
const move = (runId: number, to: 'up' | 'down' | 'first' | 'last') => lab.handlers.queue.move({ runId, to }, {})

it('keeps its order and its hold over a restart, and nothing starts until it is let go', async () => {
  const [first, ...waiting] = await start(lab, { ...slow, seeds: [1, 2, 3, 4] })
  await untilUpdate(lab, first!.id, 1)
  const [two, three, four] = waiting.map((run) => run.id)
  expect((await move(four!, 'first')).waiting).toEqual([four, two, three])
  expect(await lab.handlers.queue.pauseAll(undefined, {})).toMatchObject({ held: true, waiting: [four, two, three] })
  expect((await lab.handlers.runs.get({ runId: first!.id }, {})).state).toBe('paused')
  await lab.close()

  lab = await openLab(folder.path)
  expect(await queue()).toMatchObject({ held: true, waiting: [four, two, three] })
  await lab.handlers.queue.resumeAll(undefined, {})
  await untilUpdate(lab, first!.id, 1)
  expect(await queue(), 'what was paused together goes first').toMatchObject({ held: false, waiting: [four, two, three] })
  await lab.handlers.runs.stop({ runId: first!.id }, {})
  await until(lab, four!, ['running'])
  expect((await queue()).waiting).toEqual([two, three])
})

it('resumes together only what was paused together', async () => {
  const [alone, together] = await start(lab, { ...slow, seeds: [1, 2] })
  await untilUpdate(lab, alone!.id, 1)
  await lab.handlers.runs.pause({ runId: alone!.id }, {})
  await untilUpdate(lab, together!.id, 1)
  await lab.handlers.queue.pauseAll(undefined, {})
  await lab.handlers.queue.resumeAll(undefined, {})
  await until(lab, together!.id, ['running'])
  expect((await lab.handlers.runs.get({ runId: alone!.id }, {})).state).toBe('paused')
})

it('tells whoever watches all runs of every change', async () => {
  const [, two, three] = await start(lab, { ...slow, seeds: [1, 2, 3] })
  const events = lab.handlers.runs.watch({}, {})
  await move(three!.id, 'up')
  const told = (await takeEvents(events, 6)).find((event) => event.kind === 'queue')
  expect(told?.queue).toMatchObject({ waiting: [three!.id, two!.id], held: false })
  await events.return()
})

it('moves only what waits, and says why otherwise', async () => {
  const [run] = await start(lab, slow)
  await untilUpdate(lab, run!.id, 1)
  await expect(move(run!.id, 'first')).rejects.toThrow(
    `Run ${run!.id} cannot be moved in the queue: it is running. Pause or stop it first.`,
  )
  await expect(move(99, 'first')).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' })
})

it('remembers when its list was cleared', async () => {
  const before = Date.now()
  const { clearedAt } = await lab.handlers.queue.clearEnded(undefined, {})
  expect(clearedAt).toBeGreaterThanOrEqual(before)
  await lab.close()
  lab = await openLab(folder.path)
  expect((await queue()).clearedAt).toBe(clearedAt)
})

it('tries a run again as a new one with the same configuration, beside the old one', async () => {
  const [run] = await start(lab, { params: { updates: 300, stepMs: 5 }, seeds: [7], name: 'Mine' })
  await untilUpdate(lab, run!.id, 3)
  await expect(lab.handlers.runs.retry({ runId: run!.id }, {})).rejects.toMatchObject({ code: 'RUN_STATE' })
  await lab.handlers.runs.stop({ runId: run!.id }, {})
  await until(lab, run!.id, ['stopped'])
  const again = await lab.handlers.runs.retry({ runId: run!.id }, {})
  const [old, made] = await Promise.all([run!.id, again.id].map((runId) => lab.handlers.runs.get({ runId }, {})))
  for (const same of ['name', 'group', 'seed', 'split', 'params', 'protocols', 'ks', 'executor', 'datasetFingerprint'] as const)
    expect(made![same], same).toEqual(old![same])
  expect(made!.id).not.toBe(old!.id)
  expect(old!.notes.at(-1)!.text).toBe(`Tried again as run ${again.id}.`)
  expect(made!.notes[0]!.text).toBe(`The configuration of run ${run!.id}, which is stopped.`)
})
