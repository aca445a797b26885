import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Services } from '../../../../src-main/services/create-services.ts'
import { openLab, start, temporaryFolder, until, untilUpdate } from '../../../support/runs-lab.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let lab: Services

beforeEach(async () => {
  folder = await temporaryFolder()
  lab = await openLab(folder.path, { checkpointEveryMs: 200 })
})
afterEach(async () => {
  await lab.close()
  await folder.remove()
})

it('tells what happened to a run and at which update, and what its processes took', async () => {
  const [run] = await start(lab, { params: { updates: 700, stepMs: 5 } })
  const runId = run!.id
  const events = lab.handlers.runs.watch({ runId }, {})
  await untilUpdate(lab, runId, 250)
  const paused = await lab.handlers.runs.pause({ runId }, {})
  await lab.handlers.runs.resume({ runId }, {})
  await until(lab, runId, ['finished'])

  const { entries, total } = await lab.handlers.runs.log({ runId }, {})
  const kinds = entries.map((entry) => entry.kind)
  expect(kinds[0]).toBe('started')
  expect(kinds).toEqual(expect.arrayContaining(['best', 'checkpoint', 'paused', 'resumed']))
  expect(entries.find((entry) => entry.kind === 'paused')).toMatchObject({
    update: paused.updatesDone,
    text: 'Paused at a checkpoint.',
  })
  const resumed = entries.filter((entry) => entry.text === `Continued from the checkpoint at update ${paused.updatesDone}.`)
  expect(
    resumed.map((entry) => entry.kind),
    'told once, though it is a note as well',
  ).toEqual(['resumed'])
  expect(entries.at(-1)).toMatchObject({ kind: 'finished', update: 700, text: 'Trained to the end and evaluated.' })
  const best = entries.filter((entry) => entry.kind === 'best').map((entry) => Number(/([\d.]+)\.$/.exec(entry.text)![1]))
  expect(best, 'each better than the one before').toEqual([...new Set(best)].sort((a, b) => a - b))
  expect(total!.peakMemoryBytes).toBeGreaterThan(20e6)
  expect(total!.cpuMs).toBeGreaterThan(0)

  for (;;) {
    const { value } = await events.next()
    if (value?.kind !== 'process') continue
    expect(value.facts.memoryBytes).toBeGreaterThan(20e6)
    break
  }
  await events.return()
})

it('says why a run diverged, in its own words', async () => {
  const [run] = await start(lab, { params: { updates: 50, divergeAt: 20 } })
  const ended = await until(lab, run!.id, ['diverged'])
  const { entries } = await lab.handlers.runs.log({ runId: run!.id }, {})
  expect(entries.at(-1)).toMatchObject({ kind: 'diverged', text: ended.error!.message })
})
