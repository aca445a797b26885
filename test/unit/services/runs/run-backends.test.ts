import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startRunsInput } from '../../../../src-main/contract/dto/run.ts'
import type { Services } from '../../../../src-main/services/create-services.ts'
import { curve, openLab, start, temporaryFolder, textOf, until, untilUpdate } from '../../../support/runs-lab.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let lab: Services

beforeEach(async () => {
  folder = await temporaryFolder()
  lab = await openLab(folder.path, { checkpointEveryMs: 30 })
})
afterEach(async () => {
  await lab.close()
  await folder.remove()
})

const detail = (runId: number) => lab.handlers.runs.get({ runId }, {})
const notes = async (runId: number) => (await detail(runId)).notes.map((note) => note.text)
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

describe('what computes a run', () => {
  it('is recorded with device, versions and threads, and stands in the table of runs', async () => {
    const [run] = await start(lab, { params: { updates: 5 }, backend: 'kernels', threads: 3 })
    await until(lab, run!.id, ['finished'])
    expect(await detail(run!.id)).toMatchObject({
      executor: 'kernels',
      device: 'a fixture, 3 threads',
      executorVersions: { fixture: '1' },
      threads: 3,
    })
    const [header, row] = (await textOf(lab.handlers.runs.exportTable({}, {}))).split('\r\n')
    expect(header).toContain(',updates,executor,device,executor versions,')
    expect(row).toContain(',5,kernels,"a fixture, 3 threads",fixture 1,')
    const columns = ['param.updates', 'device', 'precision@20', 'id', 'precision@5.all']
    const chosen = await textOf(lab.handlers.runs.exportTable({ columns }, {}))
    expect(chosen).toMatch(
      /^param\.updates,device,rerank-sequential\.full-length\.precision@20,id,rerank-sequential\.all\.precision@5\r\n5,"a fixture, 3 threads",0?\.?\d+,1,0?\.?\d+\r\n$/,
    )
    await expect(textOf(lab.handlers.runs.exportTable({ columns: ['id', 'accuracy@5'] }, {}))).rejects.toThrow(
      'These runs have no column "accuracy@5". Columns are id, name, group, dataset, model, preset, split, seed, state, created, duration seconds, updates, executor, device, executor versions, tags, notes, archived, parameters as param.gamma, and figures as rerank-oneshot.all.ndcg@20, of which ndcg@20 and ndcg@20.all are short for the sequential re-ranking.',
    )
  })

  it('is what the settings say when the run was asked for, unless the run says another', async () => {
    await lab.handlers.system.setSettings({ backend: 'plain', threads: 2 }, {})
    const [bySettings] = await start(lab, { params: { updates: 5 } })
    const [byName] = await start(lab, { params: { updates: 5 }, backend: 'kernels', threads: 'auto' })
    await until(lab, bySettings!.id, ['finished'])
    await until(lab, byName!.id, ['finished'])
    expect(await detail(bySettings!.id)).toMatchObject({ executor: 'plain', threads: 2, device: 'a fixture, 2 threads' })
    expect(await detail(byName!.id)).toMatchObject({ executor: 'kernels', threads: null })
  })

  it('asked for by name and missing fails the run, and computes nothing', async () => {
    const [run] = await start(lab, { params: { updates: 5 }, backend: 'tfjs-webgpu' })
    const failed = await until(lab, run!.id, ['failed'])
    expect(failed.error).toEqual({
      code: 'BACKEND_UNAVAILABLE',
      message: 'The compute backend "tfjs-webgpu" cannot be used: the fixture has no GPU. Take another one.',
      details: { backend: 'tfjs-webgpu', reason: 'the fixture has no GPU' },
    })
    expect((await curve(lab, run!.id, 'loss')).update).toEqual([])
    await lab.handlers.runs.resume({ runId: run!.id, backend: 'kernels' }, {})
    await until(lab, run!.id, ['finished'])
    // Nothing had been computed before: there is no mixture to tell of.
    expect(await notes(run!.id)).toEqual([])
    expect((await detail(run!.id)).executor).toBe('kernels')
  })
})

it('a backend that is none and a number of threads that is none are refused by the contract', () => {
  const issues = (part: object) => {
    const { error } = startRunsInput.safeParse({ dataset: 1, model: 'counter', ...part })
    return error?.issues.map((issue) => issue.path.join('.')) ?? []
  }
  expect(issues({ backend: 'tfjs-webgpu', threads: 64 })).toEqual([])
  expect(issues({ threads: 'auto' })).toEqual([])
  expect(issues({ backend: 'cuda', threads: 0 })).toEqual(['backend', 'threads'])
  expect(issues({ threads: 65 })).toEqual(['threads'])
  expect(issues({ threads: 1.5 })).toEqual(['threads'])
})

describe('a resumed run', () => {
  it('goes on on the executor that it began with, whatever the settings say by then', async () => {
    const [run] = await start(lab, { params: { updates: 200, stepMs: 2 }, backend: 'kernels' })
    await untilUpdate(lab, run!.id, 10)
    await lab.handlers.runs.pause({ runId: run!.id }, {})
    await lab.handlers.system.setSettings({ backend: 'plain' }, {})
    await lab.handlers.runs.resume({ runId: run!.id }, {})
    await until(lab, run!.id, ['finished'])
    expect((await detail(run!.id)).executor).toBe('kernels')
    expect((await notes(run!.id)).some((text) => text.startsWith('Computed with'))).toBe(false)
  })

  it('goes on on another one when that is asked for by name, and says so in its notes', async () => {
    const [run] = await start(lab, { params: { updates: 200, stepMs: 2 }, backend: 'kernels' })
    await untilUpdate(lab, run!.id, 10)
    await lab.handlers.runs.pause({ runId: run!.id }, {})
    await lab.handlers.runs.resume({ runId: run!.id, backend: 'plain', threads: 1 }, {})
    await until(lab, run!.id, ['finished'])
    expect(await detail(run!.id)).toMatchObject({ executor: 'plain', threads: 1 })
    expect(await notes(run!.id)).toContain(
      'Computed with "plain" from here on, as asked for; until now it was "kernels". Another executor rounds differently: the same seed on one alone gives other last digits.',
    )
  })
})

describe('a backend that breaks in the middle of a run', () => {
  const breaking = { params: { updates: 120, stepMs: 2, loseAt: 60 }, backend: 'tfjs-cpu' }

  it('fails the run, which keeps its checkpoint and goes on with another backend', async () => {
    const [run] = await start(lab, { ...breaking, backend: 'native' })
    const failed = await until(lab, run!.id, ['failed'])
    expect(failed.error).toEqual({
      code: 'BACKEND_LOST',
      message:
        'The compute backend "native" broke while it computed: the device was lost. Resume the run to go on from its last checkpoint; another backend can be chosen for the rest, and the settings can allow the CPU as a fallback.',
      details: { backend: 'native', reason: 'the device was lost' },
    })
    await lab.handlers.runs.resume({ runId: run!.id, backend: 'kernels' }, {})
    await until(lab, run!.id, ['finished'])
    expect((await curve(lab, run!.id, 'loss')).update).toEqual(upTo(120))
  })

  it('is replaced by the CPU from the last checkpoint on where the settings allow it; the run and all who watch are told', async () => {
    await lab.handlers.system.setSettings({ allowFallback: true }, {})
    const events = lab.handlers.runs.watch({}, {})
    const [run] = await start(lab, { ...breaking, backend: 'native' })
    const said: string[] = []
    for await (const event of events) {
      if (event.kind === 'note') said.push(event.text)
      if (event.kind === 'run' && event.run.state === 'finished') break
    }
    const note =
      'The backend "native" broke (the device was lost). The settings allow a fallback: the run goes on from its last checkpoint with "kernels". Another executor rounds differently: the same seed on one alone gives other last digits.'
    expect(said).toEqual([note])
    expect(await notes(run!.id)).toContain(note)
    expect((await detail(run!.id)).executor).toBe('kernels')
    expect((await curve(lab, run!.id, 'loss')).update).toEqual(upTo(120))
  })

  it("is told from a process that ended: a fault in a driver or an addon is the backend's, and the CPU goes on", async () => {
    const faulty = { params: { updates: 120, stepMs: 2, faultAt: 60 }, backend: 'native' } as const
    const [alone] = await start(lab, faulty)
    const failed = await until(lab, alone!.id, ['failed'])
    expect(failed.error).toMatchObject({
      code: 'BACKEND_LOST',
      details: { backend: 'native', reason: 'its process ended by itself (signal SIGSEGV)' },
    })
    await lab.handlers.system.setSettings({ allowFallback: true }, {})
    const [run] = await start(lab, { ...faulty, seeds: [2] })
    await until(lab, run!.id, ['finished'])
    expect(await notes(run!.id)).toContain(
      'The backend "native" broke (its process ended by itself (signal SIGSEGV)). The settings allow a fallback: the run goes on from its last checkpoint with "kernels". Another executor rounds differently: the same seed on one alone gives other last digits.',
    )
    expect((await curve(lab, run!.id, 'loss')).update).toEqual(upTo(120))
  })

  it('is not blamed for a process that ended where nothing but JavaScript and WebAssembly ran', async () => {
    await lab.handlers.system.setSettings({ allowFallback: true }, {})
    const [run] = await start(lab, { params: { updates: 120, stepMs: 2, faultAt: 60 }, backend: 'tfjs-cpu' })
    const failed = await until(lab, run!.id, ['failed'])
    expect(failed.error).toMatchObject({ code: 'TRAINER_LOST', details: { exit: 'signal SIGSEGV' } })
  })

  it('whose replacement breaks as well ends where there is nothing left', async () => {
    await lab.handlers.system.setSettings({ allowFallback: true }, {})
    const [run] = await start(lab, breaking)
    const failed = await until(lab, run!.id, ['failed'])
    expect(failed.error).toMatchObject({ code: 'BACKEND_LOST', details: { backend: 'plain' } })
  })
})

it('an evaluation on another executor than the run was trained with is noted', async () => {
  const [run] = await start(lab, { params: { updates: 5 }, backend: 'kernels', threads: 1 })
  await until(lab, run!.id, ['finished'])
  const wanted = { runId: run!.id, protocols: ['rerank-oneshot'], ks: [3] }
  await lab.handlers.runs.evaluate(wanted, {})
  expect(await notes(run!.id)).toEqual([])
  await lab.handlers.runs.evaluate({ ...wanted, backend: 'plain' }, {})
  expect(await notes(run!.id)).toEqual(['Evaluated with "plain" (a fixture, 1 threads); it was trained with "kernels".'])
  await expect(lab.handlers.runs.evaluate({ ...wanted, backend: 'tfjs-webgpu' }, {})).rejects.toMatchObject({
    code: 'BACKEND_UNAVAILABLE',
  })
})
