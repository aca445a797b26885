import { PalateError } from '../../../src-main/contract/errors.ts'
import type { DatasetDetail } from '../../../src-main/contract/dto/dataset.ts'
import type { RunEvent, RunState } from '../../../src-main/contract/dto/run.ts'
import { defaultValues } from '../../../src-main/engine/core/model.ts'
import { describeArchitecture, usualSizes } from '../../../src-main/engine/training/describe/describe-architecture.ts'
import { findModel } from '../../../src-main/engine/training/find-model.ts'
import type { Handlers } from '../../../src-main/services/handlers.ts'
import { fakeBackups } from './backups.ts'
import { fakeBenchmarks } from './benchmarks.ts'
import { fakeBundles } from './bundles.ts'
import { fakeConfigurations } from './configurations.ts'
import { fakeDatasetPage } from './dataset-page.ts'
import { fakeDownloads } from './downloads.ts'
import { fakeDuels } from './duels.ts'
import { fakeInspection } from './inspection.ts'
import { fakeQueue } from './queue.ts'
import { fakeLive } from './live.ts'
import { fakeLiveBatches, fakeSimulators } from './live-batches.ts'
import { fakeMetrics, fakeModels, fakeProtocols } from './models.ts'
import { fakeComparison } from './comparison.ts'
import { fakeSideBySide } from './side-by-side.ts'
import { fakeRunTable } from './run-table.ts'
import { fakeSplitCheck } from './split-check.ts'
import { fakeDataset, fakePoints, fakeRows, fakeRun, type FakeRun, type World } from './world.ts'
import { fakeLog } from './run-log.ts'

const tickMs = 250
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** An engine in memory that trains nothing and shows everything: for the states a real one reaches seldom or slowly. */
export function fakeHandlers(world: World): Handlers {
  const listeners = new Set<(event: RunEvent) => void>()
  const tell = (event: RunEvent) => listeners.forEach((listener) => listener(event))
  const datasetOf = (ref: number | string): DatasetDetail => {
    const found = world.datasets.find((one) => one.id === ref || one.name === ref)
    if (!found)
      throw new PalateError('DATASET_NOT_FOUND', `There is no data set "${ref}". Choose one of the list.`, { name: String(ref) })
    return found
  }
  const runOf = (id: number): FakeRun => {
    const run = world.runs.get(id)
    if (!run) throw new PalateError('RUN_NOT_FOUND', `There is no run ${id}. It may have been deleted.`, { run: String(id) })
    return run
  }
  const put = (run: FakeRun, part: Partial<FakeRun['detail']>) => {
    Object.assign(run.detail, part)
    tell({ kind: 'run', run: { ...run.detail } })
    return Promise.resolve({ ...run.detail })
  }

  async function train(run: FakeRun) {
    await put(run, { state: 'running', stage: 'training', startedAt: Date.now(), updatesPerSecond: 400, remainingMs: 7000 })
    const all = fakePoints(run.detail.updatesTotal, run.detail.seed)
    while (run.detail.state === 'running' && run.detail.updatesDone < run.detail.updatesTotal) {
      await wait(tickMs)
      const done = Math.min(run.detail.updatesTotal, run.detail.updatesDone + 100)
      const points = all.filter(
        (point) => point.update <= done && !run.points.some((old) => old.name === point.name && old.update === point.update),
      )
      run.points.push(...points)
      tell({ kind: 'points', runId: run.detail.id, points })
      await put(run, { updatesDone: done, remainingMs: (run.detail.updatesTotal - done) * 2.5 })
    }
    if (run.detail.state !== 'running') return
    run.rows = fakeRows(run.detail)
    tell({ kind: 'results', runId: run.detail.id })
    await put(run, {
      state: 'finished',
      endedAt: Date.now(),
      precision20: 0.6961,
      ndcg20: 0.9082,
      remainingMs: null,
      updatesPerSecond: null,
    })
  }

  return {
    backups: fakeBackups(),
    benchmarks: fakeBenchmarks(world),
    bundles: fakeBundles(world),
    datasets: {
      ...fakeDatasetPage(world, datasetOf),
      ...fakeDownloads(world),
      list: () => Promise.resolve(world.datasets),
      get: ({ dataset }) => Promise.resolve(datasetOf(dataset)),
      formats: () =>
        Promise.resolve([
          { id: 'movielens-100k', title: 'MovieLens 100k', doc: 'Folder or zip with u.data, u.item and u.user.' },
        ]),
      detect: ({ path }) => {
        if (path.includes('missing'))
          return Promise.reject(
            new PalateError('PATH_NOT_FOUND', `There is nothing at ${path}. Check the spelling, or drop the file here.`, {
              path,
            }),
          )
        return Promise.resolve({ format: 'movielens-100k', title: 'MovieLens 100k', confidence: 0.97, suggestedName: 'ml-100k' })
      },
      inspect: ({ path, settings }) => {
        if (path.includes('missing'))
          return Promise.reject(
            new PalateError('PATH_NOT_FOUND', `There is nothing at ${path}. Check the spelling, or drop the file here.`, {
              path,
            }),
          )
        return Promise.resolve(fakeInspection(path, settings))
      },
      import: async function* ({ path, name }) {
        for (let rows = 0; rows <= 100_000; rows += 20_000) {
          yield {
            kind: 'progress' as const,
            stage: 'reading' as const,
            rows,
            bytesRead: rows * 20,
            bytesTotal: 2_000_000,
            elapsedMs: rows / 50,
            rowsPerSecond: rows > 0 ? 50_000 : null,
            remainingMs: rows > 0 ? (100_000 - rows) / 50 : null,
          }
          await wait(120)
          if (path.includes('broken') && rows > 30_000) {
            const details = {
              path,
              line: 31_007,
              byteOffset: 620_140,
              reason: 'rating "<b>five</b>" is no number',
              rawText: '405\t56\t<b>five</b>\t885544911',
            }
            throw new PalateError(
              'ROW_INVALID',
              `Line 31,007 of ${path} cannot be read: its rating is no number. Correct the line, or choose "skip with report".`,
              details,
            )
          }
        }
        const dataset = fakeDataset(world.datasets.length + 1, name ?? 'ml-100k')
        world.datasets.push(dataset)
        yield { kind: 'finished' as const, dataset, report: dataset.report }
      },
      createSampleLab: ({ name }) => {
        const present = world.datasets.find((one) => one.name === name)
        const made = present ?? fakeDataset(world.datasets.length + 1, name)
        if (!present) world.datasets.push(made)
        return Promise.resolve(made)
      },
      export: async function* ({ dataset }) {
        yield { file: 'ratings.csv', text: `userId,itemId,rating,timestamp\r\n${datasetOf(dataset).id},1,5,881250949\r\n` }
      },
      exportRejects: async function* ({ dataset }) {
        yield 'file,line,byteOffset,reason,rawText\r\n'
        for (const row of datasetOf(dataset).report.rejectedRows)
          yield `${row.file},${row.line},${row.byteOffset},"${row.reason.replaceAll('"', '""')}",${row.rawText}\r\n`
        await Promise.resolve()
      },
      rename: ({ dataset, name }) => Promise.resolve(Object.assign(datasetOf(dataset), { name })),
      setScale: ({ dataset, scale }) => Promise.resolve(Object.assign(datasetOf(dataset), { scale })),
      remove: ({ dataset, undoable }) => {
        const found = datasetOf(dataset)
        const runs = [...world.runs.values()].filter((run) => run.detail.datasetId === found.id).length
        if (runs > 0)
          return Promise.reject(
            new PalateError(
              'DATASET_IN_USE',
              `"${found.name}" cannot be deleted: ${runs} runs refer to it. Delete those runs first.`,
              { name: found.name, runs },
            ),
          )
        world.datasets.splice(world.datasets.indexOf(found), 1)
        if (undoable) world.removed.push(found)
        return Promise.resolve({ removed: true, undoMs: 60_000 })
      },
    },
    queue: fakeQueue(world, tell),
    simulators: fakeSimulators,
    evaluation: {
      ...fakeSideBySide(runOf),
      checkSplit: ({ dataset, split }) => Promise.resolve(fakeSplitCheck(datasetOf(dataset), split)),
      compare: ({ runIds, metric = 'ndcg', k = 20, protocol = 'rerank-sequential', subset = 'all' }) =>
        Promise.resolve(fakeComparison(runIds.map(runOf), { metric, k, protocol, subset })),
    },
    duels: fakeDuels(world),
    configurations: fakeConfigurations(),
    live: fakeLive(),
    liveBatches: fakeLiveBatches(world),
    models: {
      // Its models have other parameters; how the real one is built is as good a drawing as any.
      describe: () => {
        const model = findModel('mdrr-att')
        return Promise.resolve(describeArchitecture(model, defaultValues(model), usualSizes))
      },
      estimate: () =>
        Promise.resolve({
          ms: 52_000,
          memoryBytes: 18_300_000,
          flopsPerSecond: 1.21e9,
          device: 'WebAssembly with relaxed SIMD, 2 threads',
          basis: '2,000 updates of 31.5 MFLOP at 1.21 GFLOP/s, measured on WebAssembly with relaxed SIMD, 2 threads.',
        }),
      list: () => Promise.resolve(fakeModels),
      protocols: () => Promise.resolve(fakeProtocols),
      metrics: () => Promise.resolve(fakeMetrics),
    },
    runs: {
      ...fakeRunTable(world, tell),
      list: () => Promise.resolve([...world.runs.values()].map((run) => ({ ...run.detail }))),
      get: ({ runId }) => Promise.resolve({ ...runOf(runId).detail }),
      start: async ({ dataset, model, preset, params, seeds = [1], updates, name, split }) => {
        const group = `g${world.nextRun}`
        const started = seeds.map((seed) => {
          const id = world.nextRun++
          const part = {
            group,
            seed,
            modelId: model,
            preset: preset ?? 'palate',
            name: name ?? `${model} on ${datasetOf(dataset).name}`,
            split: `${split ?? 'random:0.8'}@${seed}`,
            createdAt: Date.now(),
            updatesTotal: updates ?? 3000,
          }
          const run = fakeRun(id, datasetOf(dataset), 'queued', part)
          Object.assign(run.detail.params, params)
          world.runs.set(id, run)
          return run
        })
        for (const run of started) setTimeout(() => void train(run), 300)
        return started.map((run) => ({ ...run.detail }))
      },
      pause: ({ runId }) => put(runOf(runId), { state: 'paused', updatesPerSecond: null, remainingMs: null }),
      resume: ({ runId, backend }) => {
        const run = runOf(runId)
        setTimeout(() => void train(run), 100)
        return put(run, { state: 'queued', error: null, ...(backend ? { executor: backend } : {}) })
      },
      stop: ({ runId }) => put(runOf(runId), { state: 'stopped' satisfies RunState, endedAt: Date.now() }),
      retry: ({ runId }) => {
        const id = world.nextRun++
        const { detail } = runOf(runId)
        const run = fakeRun(id, datasetOf(detail.datasetId), 'queued', {
          name: detail.name,
          seed: detail.seed,
          group: detail.group,
        })
        world.runs.set(id, run)
        setTimeout(() => void train(run), 300)
        return put(run, {})
      },
      remove: ({ runId }) => {
        runOf(runId)
        world.runs.delete(runId)
        tell({ kind: 'removed', runId })
        return Promise.resolve({ removed: true })
      },
      rename: ({ runId, name }) => put(runOf(runId), { name }),
      metrics: ({ runId, from = 0, to = Number.MAX_SAFE_INTEGER }) => {
        const inside = runOf(runId).points.filter((point) => point.update >= from && point.update <= to)
        const byName = Map.groupBy(inside, (point) => point.name)
        return Promise.resolve(
          [...byName].map(([name, points]) => ({
            name,
            total: points.length,
            update: points.map((one) => one.update),
            value: points.map((one) => one.value),
            elapsedMs: points.map((one) => one.elapsedMs),
          })),
        )
      },
      log: ({ runId }) => Promise.resolve(fakeLog(runOf(runId))),
      results: ({ runId }) => Promise.resolve(runOf(runId).rows),
      evaluate: async ({ runId, protocols, ks }) => {
        const run = runOf(runId)
        await wait(400)
        const known = new Set(run.rows.map((row) => `${row.protocol} ${row.k}`))
        run.rows.push(...fakeRows({ ...run.detail, protocols, ks }).filter((row) => !known.has(`${row.protocol} ${row.k}`)))
        tell({ kind: 'results', runId })
        return run.rows
      },
      watch: async function* (_input, { signal }) {
        const queue: RunEvent[] = []
        let wake = () => {}
        const listener = (event: RunEvent) => {
          queue.push(event)
          wake()
        }
        listeners.add(listener)
        signal?.addEventListener('abort', () => wake())
        try {
          while (!signal?.aborted) {
            while (queue.length > 0) yield queue.shift()!
            await new Promise<void>((resolve) => (wake = resolve))
          }
        } finally {
          listeners.delete(listener)
        }
      },
      exportTable: async function* () {
        yield 'id,name,state\r\n'
        for (const run of world.runs.values())
          yield `${run.detail.id},"${run.detail.name.replaceAll('"', '""')}",${run.detail.state}\r\n`
        await Promise.resolve()
      },
      exportRun: async function* ({ runId }) {
        yield 'name,update,value,elapsedMs\r\n'
        for (const point of runOf(runId).points) yield `${point.name},${point.update},${point.value},${point.elapsedMs}\r\n`
        await Promise.resolve()
      },
    },
    system: {
      info: () =>
        Promise.resolve({
          version: '0.1.0',
          host: 'test' as const,
          node: 'v24.21.0',
          platform: 'linux',
          cpus: 2,
          memoryBytes: 8e9,
          workspace: '/home/someone/palate',
          workspaceBytes: 48_300_000,
          sqlite: '3.52.0',
          executor: 'kernels',
          device: 'WebAssembly with relaxed SIMD, 2 threads',
        }),
      doctor: () =>
        Promise.resolve([
          { id: 'node', title: 'Node', outcome: 'ok' as const, finding: 'v24.21.0', advice: '' },
          {
            id: 'compute',
            title: 'What computes',
            outcome: 'ok' as const,
            finding: '"auto" is "kernels" here: WebAssembly with relaxed SIMD, 2 threads: 1.8 times as fast as one here.',
            advice: '',
          },
          { id: 'sqlite', title: 'SQLite', outcome: 'ok' as const, finding: '3.52.0, WAL', advice: '' },
          {
            id: 'tfjs-node-gpu',
            title: 'TensorFlow on a GPU',
            outcome: 'warning' as const,
            finding: 'The package is not installed.',
            advice: 'Runs compute on the CPU. On a machine with CUDA: npm install @tensorflow/tfjs-node-gpu.',
          },
          {
            id: 'electron',
            title: 'Electron',
            outcome: 'not-run' as const,
            finding: 'Its binary is not here.',
            advice: 'The browser host is used instead.',
          },
        ]),
      getSettings: () => Promise.resolve(world.settings),
      setSettings: (part) => Promise.resolve(Object.assign(world.settings, part)),
    },
  }
}
