import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Services } from '../../../../src-main/services/create-services.ts'
import {
  curve,
  isAlive,
  openLab,
  sampleLabId,
  start,
  takeEvents,
  temporaryFolder,
  textOf,
  until,
  untilUpdate,
} from '../../../support/runs-lab.ts'

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

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

describe('a run in a process of its own', () => {
  it('trains, keeps every point, is evaluated and leaves no process behind', async () => {
    const [run] = await start(lab, { params: { updates: 100 } })
    await untilUpdate(lab, run!.id, 1)
    const pid = lab.trainerPid(run!.id)!
    const done = await until(lab, run!.id, ['finished'])
    expect(done).toMatchObject({ state: 'finished', updatesDone: 100, updatesTotal: 100, error: null, split: 'random:0.8@1' })
    expect(done.precision20).toBeTypeOf('number')
    expect((await curve(lab, run!.id, 'loss')).update).toEqual(upTo(100))
    const rows = await lab.handlers.runs.results({ runId: run!.id }, {})
    expect(rows).toHaveLength(2 * 3 * 2 * 2)
    expect(isAlive(pid)).toBe(false)
    const detail = await lab.handlers.runs.get({ runId: run!.id }, {})
    expect(detail).toMatchObject({
      executor: 'fixture',
      engineVersion: '0.0.0-test',
      protocols: ['rerank-sequential', 'rerank-oneshot'],
    })
    expect(detail.splitHash).toMatch(/^[0-9a-f]{64}$/)
  })

  it('gives the same rows for the same seed, other rows for another', async () => {
    const runs = await start(lab, { params: { updates: 30 }, seeds: [1, 2] })
    const again = await start(lab, { params: { updates: 30 }, seeds: [1] })
    for (const run of [...runs, ...again]) await until(lab, run.id, ['finished'])
    const [one, two, repeated] = await Promise.all(
      [...runs, ...again].map((run) => lab.handlers.runs.results({ runId: run.id }, {})),
    )
    expect(repeated).toEqual(one)
    expect(two!.map((row) => row.value)).not.toEqual(one!.map((row) => row.value))
    expect(runs[0]!.group).toBe(runs[1]!.group)
    expect(again[0]!.group).not.toBe(runs[0]!.group)
  })

  it('paused and resumed makes each update once and ends with the rows of an undisturbed run', async () => {
    const [calm, disturbed] = await start(lab, { params: { updates: 300, stepMs: 2 }, seeds: [1, 2] })
    await lab.handlers.runs.pause({ runId: disturbed!.id }, {})
    const [twin] = await start(lab, { params: { updates: 300, stepMs: 2 }, seeds: [2] })
    await lab.handlers.runs.resume({ runId: disturbed!.id }, {})
    await untilUpdate(lab, disturbed!.id, 20)
    const pid = lab.trainerPid(disturbed!.id)!
    const paused = await lab.handlers.runs.pause({ runId: disturbed!.id }, {})
    expect(paused.state).toBe('paused')
    expect(paused.updatesPerSecond).toBeNull()
    expect(isAlive(pid)).toBe(false)
    const { checkpoints } = await lab.handlers.runs.get({ runId: disturbed!.id }, {})
    expect(checkpoints.at(-1)!.update).toBe(paused.updatesDone)
    const times = async () =>
      (await lab.handlers.runs.metrics({ runId: disturbed!.id, names: ['loss'], maxPoints: 1000 }, {}))[0]!.elapsedMs
    expect((await curve(lab, disturbed!.id, 'loss')).update).toEqual(upTo(paused.updatesDone))
    const timesBefore = await times()
    await lab.handlers.runs.resume({ runId: disturbed!.id }, {})
    for (const run of [calm, disturbed, twin]) await until(lab, run!.id, ['finished'])
    const rowsOf = (runId: number) => lab.handlers.runs.results({ runId }, {})
    expect(await rowsOf(disturbed!.id)).toEqual(await rowsOf(twin!.id))
    expect(await curve(lab, disturbed!.id, 'loss')).toEqual(await curve(lab, twin!.id, 'loss'))
    // Starting again from the beginning would give the same figures, too: that no update was made twice shows in the times.
    const timesAfter = await times()
    expect(timesAfter.slice(0, timesBefore.length)).toEqual(timesBefore)
    expect(timesAfter).toEqual(timesAfter.toSorted((a, b) => a - b))
  })

  it('stopped is evaluated as it stands, and can still be taken to its end', async () => {
    const [run] = await start(lab, { params: { updates: 2000, stepMs: 1 } })
    await untilUpdate(lab, run!.id, 10)
    await lab.handlers.runs.stop({ runId: run!.id }, {})
    const stopped = await until(lab, run!.id, ['stopped'])
    expect(stopped.updatesDone).toBeLessThan(2000)
    expect(stopped.precision20).toBeTypeOf('number')
    await lab.handlers.runs.resume({ runId: run!.id }, {})
    const done = await until(lab, run!.id, ['finished'])
    expect(done.updatesDone).toBe(2000)
    expect((await curve(lab, run!.id, 'loss')).update).toEqual(upTo(2000))
  })

  it('paused and then stopped is evaluated at the update where it was paused', async () => {
    const [run] = await start(lab, { params: { updates: 100_000, stepMs: 1 } })
    await untilUpdate(lab, run!.id, 10)
    const paused = await lab.handlers.runs.pause({ runId: run!.id }, {})
    await lab.handlers.runs.stop({ runId: run!.id }, {})
    const stopped = await until(lab, run!.id, ['stopped'])
    expect(stopped.updatesDone).toBe(paused.updatesDone)
    expect(await lab.handlers.runs.results({ runId: run!.id }, {})).not.toEqual([])
  })

  it('is paused also while its process is only just starting', async () => {
    const [run] = await start(lab, { params: { updates: 100_000, stepMs: 1 } })
    while (lab.trainerPid(run!.id) === undefined) await new Promise((resolve) => setTimeout(resolve, 1))
    const from = Date.now()
    expect((await lab.handlers.runs.pause({ runId: run!.id }, {})).state).toBe('paused')
    // Long before a trainer that does not answer is killed.
    expect(Date.now() - from).toBeLessThan(10_000)
    expect((await lab.handlers.runs.get({ runId: run!.id }, {})).checkpoints).toHaveLength(1)
  })

  it('uses an embedding that an earlier run has trained on the same data set', async () => {
    const [first] = await start(lab, { params: { updates: 3, wantsEmbedding: true } })
    await until(lab, first!.id, ['finished'])
    const [second] = await start(lab, { params: { updates: 3, wantsEmbedding: true } })
    await until(lab, second!.id, ['finished'])
    expect((await curve(lab, first!.id, 'embeddingReused')).value).toEqual([0])
    expect((await curve(lab, second!.id, 'embeddingReused')).value).toEqual([1])
  })
})

describe('a trainer that goes wrong', () => {
  it('fails its run alone when it crashes: the lab lives on', async () => {
    const [bad] = await start(lab, { params: { updates: 100, crashAt: 20 } })
    const [good] = await start(lab, { params: { updates: 50 } })
    const failed = await until(lab, bad!.id, ['failed'])
    expect(failed.error).toMatchObject({ code: 'TRAINER_LOST', details: { run: String(bad!.id), exit: 'signal SIGABRT' } })
    expect(failed.error!.message).toContain(
      `The process that trained run ${bad!.id} ended by itself (signal SIGABRT). Resume it to go on from its last checkpoint; if it happens again, report it with the text below.`,
    )
    expect((await until(lab, good!.id, ['finished'])).error).toBeNull()
  })

  it('killed from outside fails its run and says what is likely; resumed, it ends with exact figures', async () => {
    await lab.close()
    lab = await openLab(folder.path, { checkpointEveryMs: 50 })
    const [run, twin] = await start(lab, { params: { updates: 400, stepMs: 2 }, seeds: [5] })
    expect(twin).toBeUndefined()
    await untilUpdate(lab, run!.id, 100)
    process.kill(lab.trainerPid(run!.id)!, 'SIGKILL')
    const failed = await until(lab, run!.id, ['failed'])
    expect(failed.error!.message).toBe(
      `The process that trained run ${run!.id} ended by itself (signal SIGKILL). Most likely it ran out of memory, or somebody killed it: close other programs or train fewer runs at once, then resume it.`,
    )
    const resumed = await lab.handlers.runs.resume({ runId: run!.id }, {})
    expect(resumed.error).toBeNull()
    await until(lab, run!.id, ['finished'])
    expect((await curve(lab, run!.id, 'loss')).update).toEqual(upTo(400))
    const notes = (await lab.handlers.runs.get({ runId: run!.id }, {})).notes.map((note) => note.text)
    expect(notes.at(-1)).toMatch(/^Continued from the checkpoint at update \d+\.$/)
    const [again] = await start(lab, { params: { updates: 400, stepMs: 0 }, seeds: [5] })
    await until(lab, again!.id, ['finished'])
    expect((await curve(lab, run!.id, 'loss')).value).toEqual((await curve(lab, again!.id, 'loss')).value)
  })

  it('diverging keeps its last finite checkpoint and stores no NaN', async () => {
    await lab.close()
    lab = await openLab(folder.path, { checkpointEveryMs: 20 })
    const [run] = await start(lab, { params: { updates: 500, stepMs: 2, divergeAt: 120 } })
    const diverged = await until(lab, run!.id, ['diverged'])
    expect(diverged.error).toMatchObject({
      code: 'RUN_DIVERGED',
      details: { run: String(run!.id), update: 120, quantity: 'loss' },
    })
    const { checkpoints } = await lab.handlers.runs.get({ runId: run!.id }, {})
    expect(checkpoints.length).toBeGreaterThan(0)
    expect(checkpoints.at(-1)!.update).toBeLessThan(120)
    expect((await curve(lab, run!.id, 'loss')).update).toEqual(upTo(119))
    await expect(lab.handlers.runs.resume({ runId: run!.id }, {})).rejects.toThrow(
      `Run ${run!.id} cannot be resumed: it is diverged. The same settings and seed diverge again; start a new run with a lower learning rate or gradient clip.`,
    )
  })
})

describe('the queue', () => {
  it('runs so many at once as the settings say, first come first served', async () => {
    await lab.handlers.system.setSettings({ concurrentRuns: 1 }, {})
    const running: number[] = []
    let mostAtOnce = 0
    const runs = await start(lab, { params: { updates: 20, stepMs: 5 }, seeds: [1, 2, 3] })
    for (const last = runs[2]!.id; ; await new Promise((resolve) => setTimeout(resolve, 10))) {
      const now = (await lab.handlers.runs.list(undefined, {})).filter((run) => run.state === 'running')
      mostAtOnce = Math.max(mostAtOnce, now.length)
      for (const run of now) if (running.at(-1) !== run.id) running.push(run.id)
      if ((await lab.handlers.runs.get({ runId: last }, {})).state === 'finished') break
    }
    expect(mostAtOnce).toBe(1)
    expect(running).toEqual(runs.map((run) => run.id))
  })

  it('takes a waiting run off when it is stopped or paused', async () => {
    await lab.handlers.system.setSettings({ concurrentRuns: 1 }, {})
    const runs = await start(lab, { params: { updates: 200, stepMs: 2 }, seeds: [1, 2, 3] })
    expect((await lab.handlers.runs.stop({ runId: runs[1]!.id }, {})).state).toBe('stopped')
    expect((await lab.handlers.runs.pause({ runId: runs[2]!.id }, {})).state).toBe('paused')
    await until(lab, runs[0]!.id, ['finished'])
    expect((await lab.handlers.runs.get({ runId: runs[1]!.id }, {})).updatesDone).toBe(0)
    await lab.handlers.runs.resume({ runId: runs[2]!.id }, {})
    await until(lab, runs[2]!.id, ['finished'])
  })

  it('closing interrupts what is at work with a checkpoint and keeps the rest waiting for the next owner', async () => {
    await lab.handlers.system.setSettings({ concurrentRuns: 1 }, {})
    const [first, second] = await start(lab, { params: { updates: 150, stepMs: 2 }, seeds: [1, 2] })
    await untilUpdate(lab, first!.id, 5)
    const pid = lab.trainerPid(first!.id)!
    await lab.close()
    expect(isAlive(pid)).toBe(false)
    lab = await openLab(folder.path, { startQueue: false })
    expect((await lab.handlers.runs.get({ runId: first!.id }, {})).state).toBe('interrupted')
    expect((await lab.handlers.runs.get({ runId: first!.id }, {})).checkpoints).toHaveLength(1)
    expect((await lab.handlers.runs.get({ runId: second!.id }, {})).state).toBe('queued')
    await lab.close()
    lab = await openLab(folder.path)
    await until(lab, second!.id, ['finished'])
    await lab.handlers.runs.resume({ runId: first!.id }, {})
    await until(lab, first!.id, ['finished'])
    expect((await curve(lab, first!.id, 'loss')).update).toEqual(upTo(150))
  })
})

describe('what is told about runs', () => {
  it('reaches a subscriber as it happens, and ends when the subscriber leaves', async () => {
    const events = lab.handlers.runs.watch({}, {})
    const [run] = await start(lab, { params: { updates: 50 } })
    const seen = await takeEvents(events, 4)
    const aboutRuns = seen.filter((event) => event.kind !== 'queue')
    expect(
      aboutRuns.every((event) => (event.kind === 'run' ? event.run.id : event.kind !== 'many' && event.runId) === run!.id),
    ).toBe(true)
    expect(seen[0]).toMatchObject({ kind: 'run', run: { state: 'queued' } })
    const waiting = events.next()
    await events.return()
    expect((await events.next()).done).toBe(true)
    await waiting
    await until(lab, run!.id, ['finished'])
  })

  it('removing a run removes everything of it, but not while it is at work', async () => {
    const [run] = await start(lab, { params: { updates: 500, stepMs: 2 } })
    await untilUpdate(lab, run!.id, 1)
    await expect(lab.handlers.runs.remove({ runId: run!.id }, {})).rejects.toThrow(
      `Run ${run!.id} cannot be removed: it is running. Pause or stop it first.`,
    )
    await lab.handlers.runs.pause({ runId: run!.id }, {})
    expect(await lab.handlers.runs.remove({ runId: run!.id }, {})).toEqual({ removed: true })
    await expect(lab.handlers.runs.get({ runId: run!.id }, {})).rejects.toThrow(
      `There is no run ${run!.id} in this workspace. Choose one from the list of runs.`,
    )
  })

  it('scores a trained run again under other list lengths and keeps both', async () => {
    const [run] = await start(lab, { params: { updates: 5 }, ks: [5], protocols: ['rerank-sequential'] })
    await until(lab, run!.id, ['finished'])
    const before = await lab.handlers.runs.results({ runId: run!.id }, {})
    const rows = await lab.handlers.runs.evaluate({ runId: run!.id, protocols: ['rerank-oneshot'], ks: [3] }, {})
    expect(rows.every((row) => row.k === 3 && row.protocol === 'rerank-oneshot')).toBe(true)
    expect(rows.find((row) => row.model === 'counter')!.value).toBe(before.find((row) => row.model === 'counter')!.value)
    expect(await lab.handlers.runs.results({ runId: run!.id }, {})).toHaveLength(before.length + rows.length)
    await expect(lab.handlers.runs.evaluate({ runId: run!.id, protocols: ['rerank-backwards'], ks: [3] }, {})).rejects.toThrow(
      'There is no protocol "rerank-backwards". Choose from: rerank-sequential, rerank-oneshot.',
    )
  })

  it('shows at most so many points as asked for and says how many there are', async () => {
    const [run] = await start(lab, { params: { updates: 400, stepMs: 0 } })
    await until(lab, run!.id, ['finished'])
    const [loss] = await lab.handlers.runs.metrics({ runId: run!.id, names: ['loss'], maxPoints: 50 }, {})
    expect(loss!.total).toBe(400)
    expect(loss!.update).toHaveLength(50)
    const text = await textOf(lab.handlers.runs.exportRun({ runId: run!.id, what: 'metrics' }, {}))
    expect(
      text
        .trimEnd()
        .split('\r\n')
        .filter((line) => line.startsWith('loss,')),
    ).toHaveLength(400)
  })
})

describe('what cannot be started', () => {
  const nothing = async () => expect(await lab.handlers.runs.list(undefined, {})).toEqual([])

  it('an unknown model, preset or data set', async () => {
    await expect(start(lab, { model: 'counting' })).rejects.toThrow('There is no model "counting". Choose one of: counter.')
    await expect(start(lab, { preset: 'huge' })).rejects.toThrow(
      'The model "counter" has no preset "huge". Choose one of: default, long.',
    )
    await sampleLabId(lab)
    await expect(start(lab, { dataset: 'films' })).rejects.toMatchObject({ code: 'DATASET_NOT_FOUND' })
    await nothing()
  })

  it('parameters that do not fit: all of them at once', async () => {
    const failure = start(lab, { params: { updates: -1, stepMs: 'fast', colour: 'red' } })
    await expect(failure).rejects.toThrow(
      '3 parameters are not valid for the model "counter". updates must be a whole number from 0 to 1000000, not -1. stepMs must be a whole number from 0 to 60000, not "fast". There is no parameter "colour". Known: updates, stepMs, crashAt, divergeAt, loseAt, faultAt, wantsEmbedding. Look up the parameters of the model.',
    )
    await expect(failure).rejects.toMatchObject({
      code: 'PARAMS_INVALID',
      details: { issues: [{ name: 'updates' }, { name: 'stepMs' }, { name: 'colour' }] },
    })
    await nothing()
  })

  it('an unknown protocol', async () => {
    await expect(start(lab, { protocols: ['guess'] })).rejects.toThrow(
      'There is no protocol "guess". Choose from: rerank-sequential, rerank-oneshot.',
    )
    await nothing()
  })
})
