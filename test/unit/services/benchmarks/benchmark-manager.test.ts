import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Recipe } from '../../../../src-main/services/benchmarks/recipe.ts'
import type { Services, ServicesOptions } from '../../../../src-main/services/create-services.ts'
import { cellStates, counterRow, countingRecipe, openBenchmarkLab, untilOver } from '../../../support/benchmark-lab.ts'
import { isAlive, sampleLabId, start, temporaryFolder, until } from '../../../support/runs-lab.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const open: Services[] = []
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(async () => {
  for (const lab of open.splice(0)) await lab.close()
  await folder.remove()
})

async function openWith(recipes: readonly Recipe[], options: Partial<ServicesOptions> = {}): Promise<Services> {
  const lab = await openBenchmarkLab(folder.path, recipes, options)
  open.push(lab)
  await sampleLabId(lab)
  return lab
}

const runIdsOf = async ({ handlers }: Services) =>
  (await handlers.runs.list(undefined, {})).map((run) => run.id).sort((a, b) => a - b)

describe('a benchmark', () => {
  it('fills each row once per seed by ordinary runs that bear its name, and guesses the one data set it is about', async () => {
    const lab = await openWith([countingRecipe([counterRow('a'), counterRow('b', { updates: 6 })])])
    const begun = await lab.handlers.benchmarks.start({ recipe: 'counting' }, {})
    expect(begun).toMatchObject({ recipe: 'counting', datasetName: 'Sample lab', seeds: [1, 2], state: 'running', cellsTotal: 4 })
    const over = await untilOver(lab, begun.id)
    expect(over).toMatchObject({ state: 'finished', cellsDone: 4, cellsFailed: 0, deadline: null })
    expect(cellStates(over)).toEqual(['counter/a 1 done', 'counter/a 2 done', 'counter/b 1 done', 'counter/b 2 done'])
    const runs = await lab.handlers.runs.list(undefined, {})
    expect(runs.map((run) => run.name).sort()).toEqual([
      'counting: counter/a (seed 1)',
      'counting: counter/a (seed 2)',
      'counting: counter/b (seed 1)',
      'counting: counter/b (seed 2)',
    ])
    expect(new Set(runs.map((run) => run.group)).size).toBe(1)
  })

  it('does a cell that is done not again, adds seeds that are new, and takes a run that somebody made by hand', async () => {
    const lab = await openWith([countingRecipe([counterRow('a')])])
    const first = await lab.handlers.benchmarks.start({ recipe: 'counting', seeds: [1] }, {})
    await untilOver(lab, first.id)
    const [byHand] = await start(lab, { params: { updates: 5, stepMs: 1 }, seeds: [3], ks: [5, 10] })
    await until(lab, byHand!.id, ['finished'])
    const before = await runIdsOf(lab)
    const again = await lab.handlers.benchmarks.start({ recipe: 'counting', seeds: [1, 2, 3] }, {})
    expect(again.id).toBe(first.id)
    const over = await untilOver(lab, again.id)
    expect(over.cells.filter((cell) => cell.state === 'done').map((cell) => cell.seed)).toEqual([1, 2, 3])
    expect((await runIdsOf(lab)).length).toBe(before.length + 1)
    expect(over.cells.find((cell) => cell.seed === 3 && cell.state === 'done')!.runId).toBe(byHand!.id)
  })

  it('tells of a failed cell in its row and fills the others; it is tried again, a diverged one is not', async () => {
    const rows = [counterRow('lost', { crashAt: 2 }), counterRow('fine'), counterRow('nan', { divergeAt: 2 })]
    const lab = await openWith([countingRecipe(rows)])
    const { id } = await lab.handlers.benchmarks.start({ recipe: 'counting', seeds: [1] }, {})
    const over = await untilOver(lab, id)
    expect(cellStates(over)).toEqual(['counter/lost 1 failed', 'counter/fine 1 done', 'counter/nan 1 failed'])
    const result = await lab.handlers.benchmarks.result({ benchmarkId: id }, {})
    const told = result.rows.filter((row) => row.model === 'counter').map(({ state, error }) => [state, error])
    expect(told[0]![1]).toMatch(/^The process that trained run \d+ ended/)
    expect(told).toMatchObject([
      ['failed', expect.any(String)],
      ['done', null],
      ['failed', 'The run diverged: loss is NaN at update 2.'],
    ])
    const startedAt = async () =>
      Object.fromEntries((await lab.handlers.runs.list(undefined, {})).map((run) => [run.name, run.endedAt]))
    const before = await startedAt()
    await lab.handlers.benchmarks.start({ recipe: 'counting', seeds: [1] }, {})
    await untilOver(lab, id)
    const after = await startedAt()
    expect(after['counting: counter/nan (seed 1)']).toBe(before['counting: counter/nan (seed 1)'])
    expect(after['counting: counter/lost (seed 1)']).toBeGreaterThan(before['counting: counter/lost (seed 1)']!)
  })

  it('says why a row cannot be filled: no such model, or only the paper has it', async () => {
    const rows = [counterRow('a'), { model: 'dqn', title: 'DQN', presets: ['paper'] }, { model: null, title: 'Their best' }]
    const lab = await openWith([countingRecipe(rows)])
    const { id } = await lab.handlers.benchmarks.start({ recipe: 'counting', seeds: [1] }, {})
    await untilOver(lab, id)
    const { rows: filled } = await lab.handlers.benchmarks.result({ benchmarkId: id }, {})
    const reasons = filled.map((row) => [row.id, row.state, row.unavailable])
    expect(reasons).toContainEqual(['dqn/paper', 'unavailable', 'The model "dqn" is not in the catalogue.'])
    expect(reasons).toContainEqual(['Their best', 'unavailable', 'Only the paper has it.'])
    expect(reasons).toContainEqual(['counter/a', 'done', null])
  })

  it('whose protocol is not in the catalogue trains nothing and says so', async () => {
    const lab = await openWith([countingRecipe([counterRow('a')], { protocols: ['online-simulated'] })])
    const { id } = await lab.handlers.benchmarks.start({ recipe: 'counting', seeds: [1] }, {})
    const over = await untilOver(lab, id)
    expect(over.rows.find((row) => row.id === 'counter/a')!.unavailable).toBe(
      'The protocol "online-simulated" is not in the catalogue.',
    )
    expect(await runIdsOf(lab)).toEqual([])
    const [listed] = await lab.handlers.benchmarks.list(undefined, {})
    expect(listed!.remarks).toEqual([
      'The protocol "online-simulated" is not in the catalogue. What it would measure stays empty.',
    ])
  })

  it('that is cancelled pauses what is at work and goes on from there', async () => {
    const lab = await openWith([countingRecipe([counterRow('long', { updates: 300, stepMs: 5 })])])
    const { id } = await lab.handlers.benchmarks.start({ recipe: 'counting', seeds: [1] }, {})
    for await (const { cells } of lab.handlers.benchmarks.watch({ benchmarkId: id }, {})) {
      if (cells.some((cell) => cell.share > 0.05)) break
    }
    await expect(lab.handlers.benchmarks.start({ recipe: 'counting' }, {})).rejects.toMatchObject({
      code: 'RUN_STATE',
      message: `Benchmark ${id} cannot be started: it is at work. Cancel it first.`,
    })
    const cancelled = await lab.handlers.benchmarks.cancel({ benchmarkId: id }, {})
    expect([cancelled.state, cellStates(cancelled)]).toEqual(['cancelled', ['counter/long 1 paused']])
    await lab.handlers.benchmarks.start({ recipe: 'counting', seeds: [1] }, {})
    expect(cellStates(await untilOver(lab, id))).toEqual(['counter/long 1 done'])
    const notes = (await lab.handlers.runs.get({ runId: (await runIdsOf(lab))[0]! }, {})).notes.map((note) => note.text)
    expect(notes).toEqual([expect.stringMatching(/^Continued from the checkpoint at update \d+\.$/)])
  })

  it('whose time is over begins no further cell', async () => {
    const rows = [counterRow('a', { updates: 400, stepMs: 5 }), counterRow('b', { updates: 401, stepMs: 5 })]
    const lab = await openWith([countingRecipe(rows)])
    await lab.handlers.system.setSettings({ concurrentRuns: 1 }, {})
    const { id, deadline } = await lab.handlers.benchmarks.start({ recipe: 'counting', seeds: [1], budgetMinutes: 1 / 60 }, {})
    expect(deadline! - Date.now()).toBeLessThanOrEqual(1000)
    const over = await untilOver(lab, id)
    expect([over.state, cellStates(over)]).toEqual(['out-of-time', ['counter/a 1 paused', 'counter/b 1 waiting']])
  })

  it('is left interrupted when the lab closes', async () => {
    const recipes = [countingRecipe([counterRow('long', { updates: 300, stepMs: 5 })])]
    const lab = await openWith(recipes)
    const { id } = await lab.handlers.benchmarks.start({ recipe: 'counting', seeds: [1] }, {})
    for await (const { cells } of lab.handlers.benchmarks.watch({ benchmarkId: id }, {})) {
      if (cells.some((cell) => cell.share > 0.05)) break
    }
    await open.pop()!.close()
    const next = await openWith(recipes)
    expect((await next.handlers.benchmarks.get({ benchmarkId: id }, {})).state).toBe('interrupted')
  })

  it('refuses names that it does not know', async () => {
    const lab = await openWith([countingRecipe([counterRow('a')])])
    const { benchmarks } = lab.handlers
    await expect(benchmarks.start({ recipe: 'guess' }, {})).rejects.toMatchObject({
      code: 'BENCHMARK_NOT_FOUND',
      message: 'There is no benchmark "guess". Choose one of: counting.',
    })
    await expect(benchmarks.start({ recipe: 'counting', rows: ['counter', 'guess'] }, {})).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(/^There is no row "guess"\. Choose from: .*counter\/a/),
    })
    await expect(benchmarks.get({ benchmarkId: 7 }, {})).rejects.toMatchObject({
      code: 'BENCHMARK_NOT_FOUND',
      message: 'There is no benchmark 7 in this workspace. See: palate benchmark list',
    })
    expect((await benchmarks.list(undefined, {}))[0]!.started).toEqual([])
  })

  it('that is removed leaves its runs', async () => {
    const lab = await openWith([countingRecipe([counterRow('a')])])
    const { id } = await lab.handlers.benchmarks.start({ recipe: 'counting', seeds: [1] }, {})
    await untilOver(lab, id)
    expect(await lab.handlers.benchmarks.remove({ benchmarkId: id }, {})).toEqual({ removed: true })
    expect(await runIdsOf(lab)).toHaveLength(1)
    expect((await lab.handlers.benchmarks.list(undefined, {}))[0]!.started).toEqual([])
  })
})

describe('a benchmark whose process is killed (SIGKILL)', () => {
  it('goes on where it was: what was done stays, what was at work loses no update, and the table is the same', async () => {
    const program = fileURLToPath(new URL('../../../support/benchmark-process.ts', import.meta.url))
    const child = spawn(process.execPath, [program, folder.path], { stdio: ['ignore', 'pipe', 'inherit'] })
    const line = await new Promise<string>((resolve, reject) => {
      child.stdout.once('data', (data: Buffer) => resolve(data.toString()))
      child.once('exit', (code) => reject(new Error(`the process ended with ${code}`)))
    })
    const { id, runId, trainerPid } = JSON.parse(line) as { id: number; runId: number; trainerPid: number }
    child.kill('SIGKILL')
    while (isAlive(trainerPid)) await new Promise((resolve) => setTimeout(resolve, 20))

    const lab = await openWith([countingRecipe([counterRow('short'), counterRow('long', { updates: 400, stepMs: 5 })])])
    const found = await lab.handlers.benchmarks.get({ benchmarkId: id }, {})
    expect(found.state).toBe('interrupted')
    const doneBefore = found.cells.filter((cell) => cell.state === 'done').map((cell) => cell.runId)
    expect(doneBefore.length).toBeGreaterThan(0)
    expect(found.cells.find((cell) => cell.runId === runId)).toMatchObject({ row: 'counter/long', state: 'paused' })
    const endedBefore = (await lab.handlers.runs.get({ runId: doneBefore[0]! }, {})).endedAt

    await lab.handlers.benchmarks.start({ recipe: 'counting' }, {})
    const over = await untilOver(lab, id)
    expect(over).toMatchObject({ state: 'finished', cellsDone: 4 })
    expect(over.cells.find((cell) => cell.row === 'counter/long' && cell.seed === 1)!.runId).toBe(runId)
    expect((await lab.handlers.runs.get({ runId: doneBefore[0]! }, {})).endedAt).toBe(endedBefore)
    const { notes } = await lab.handlers.runs.get({ runId }, {})
    expect(notes.map((note) => note.text)).toEqual([
      'Interrupted: the process that owned the workspace ended.',
      expect.stringMatching(/^Continued from the checkpoint at update \d+\.$/),
    ])
    const [twin] = await start(lab, { params: { updates: 400, stepMs: 0 }, seeds: [1], ks: [5] })
    await until(lab, twin!.id, ['finished'])
    expect(await lab.handlers.runs.results({ runId }, {})).toEqual(await lab.handlers.runs.results({ runId: twin!.id }, {}))
  })
})
