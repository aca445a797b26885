import type { MetricSeries, RunState } from '../../contract/dto/run.ts'
import { parseSplit } from '../../contract/dto/split.ts'
import type { Settings } from '../../contract/dto/system.ts'
import { refuseLeaks } from '../../engine/data/splits/check-split.ts'
import type { ComputeService } from '../compute/compute-service.ts'
import { againstBaseline } from '../evaluation/against-baseline.ts'
import { reportSplit } from '../evaluation/check-split.ts'
import { exportRun } from '../export/run-export.ts'
import { exportRunTable } from '../export/run-table.ts'
import type { Handlers } from '../handlers.ts'
import type { EngineCatalogue } from '../models.ts'
import type { Workspace } from '../workspace.ts'
import { largestTriangleThreeBuckets } from './downsample.ts'
import { evaluateRun } from './evaluate-run.ts'
import { checkProtocols, planRetry, planRuns } from './plan-runs.ts'
import { runState } from './run-errors.ts'
import type { RunManager } from './run-manager.ts'
import { createRunShelf } from './run-shelf.ts'
import { headlineFigures, toRunDetail } from './run-summary.ts'
import { getTableView, setTableView } from './table-view.ts'
import type { TrainerLaunch } from './trainer-process.ts'

/** So many points of a curve are read in a few milliseconds; of more, the database picks out the extremes first. */
const FEW_POINTS = 20_000

export interface RunHandlerOptions {
  readonly workspace: Workspace
  readonly manager: RunManager
  readonly catalogue: EngineCatalogue
  readonly launch: TrainerLaunch
  readonly version: string
  readonly compute: ComputeService
  readonly settings: () => Promise<Settings>
  /** Ends evaluations at work when the services close. */
  readonly closing: AbortSignal
}

/** Ended without the result that they were started for. */
const retried: readonly RunState[] = ['failed', 'diverged', 'interrupted', 'stopped']

export function createRunHandlers(options: RunHandlerOptions): Handlers['runs'] {
  const { workspace, manager, catalogue, launch, compute, closing } = options
  const csvFormulaGuard = async () => (await options.settings()).csvFormulaGuard
  const { repositories } = workspace
  return {
    ...createRunShelf(workspace, manager),
    list: () => manager.summaries(),
    async get({ runId }) {
      return toRunDetail(await manager.stored(runId), manager.live(runId), repositories)
    },
    async start(input) {
      const dataset = await repositories.datasets.get(input.dataset)
      const { backend, threads } = await options.settings()
      const made = { engineVersion: options.version, backend, threads, at: Date.now() }
      const planned = planRuns(input, dataset, catalogue, made)
      // Without a seed there is one split for all runs: what speaks against it is said now, not by each run in its turn.
      if (parseSplit(input.split, 0).kind !== 'random') refuseLeaks(await reportSplit(workspace, dataset.id, input.split, 0))
      const runIds = await repositories.runs.insert(planned)
      await manager.enqueue(runIds)
      return Promise.all(runIds.map((runId) => manager.summary(runId)))
    },
    pause: ({ runId }) => manager.pause(runId),
    resume: ({ runId, ...change }) => manager.resume(runId, change),
    stop: ({ runId }) => manager.stop(runId),
    async retry({ runId }) {
      const run = await manager.stored(runId)
      if (!retried.includes(run.state)) throw runState(run, run.state, 'tried again')
      const planned = planRetry(run, catalogue, { engineVersion: options.version, at: Date.now() })
      const [again] = await repositories.runs.insert([planned])
      await repositories.runs.addNote(again!, {
        at: Date.now(),
        text: `The configuration of run ${runId}, which is ${run.state}.`,
      })
      await repositories.runs.addNote(runId, { at: Date.now(), text: `Tried again as run ${again}.` })
      await manager.enqueue([again!])
      return manager.summary(again!)
    },
    remove: async ({ runId }) => ({ removed: await manager.remove(runId) }),
    async rename({ runId, name }) {
      await manager.stored(runId)
      await repositories.runs.update(runId, { name })
      await manager.announce(runId)
      return manager.summary(runId)
    },
    async metrics({ runId, maxPoints, ...wanted }) {
      await manager.stored(runId)
      const limits = { fineUpTo: Math.max(FEW_POINTS, maxPoints), buckets: 2 * maxPoints }
      const series = await repositories.metricPoints.outlines(runId, { ...wanted, ...limits })
      return series.map(({ name, total, update, value, elapsedMs }): MetricSeries => {
        const kept = largestTriangleThreeBuckets({ x: update, y: value }, maxPoints)
        const pick = (column: Int32Array | Float64Array) => kept.map((index) => column[index]!)
        return { name, total, update: pick(update), value: pick(value), elapsedMs: pick(elapsedMs) }
      })
    },
    async log({ runId }) {
      await manager.stored(runId)
      return repositories.runLog.read(runId)
    },
    async results({ runId }) {
      await manager.stored(runId)
      return repositories.results.list(runId)
    },
    async evaluate({ runId, protocols, ks, ...change }, { signal }) {
      checkProtocols(protocols, catalogue)
      const run = await manager.stored(runId)
      if (run.state !== 'finished' && run.state !== 'stopped') throw runState(run, run.state, 'evaluated')
      const stop = signal ? AbortSignal.any([signal, closing]) : closing
      const outcome = await evaluateRun({ workspace, launch, compute, signal: stop }, run, { protocols, ks, ...change })
      await repositories.recommendations.save(runId, outcome.recommendations)
      await repositories.userMetrics.save(runId, outcome.userMetrics)
      await repositories.results.save(runId, outcome.rows)
      for (const text of outcome.remarks) await repositories.runs.addNote(runId, { at: Date.now(), text })
      await repositories.runs.update(runId, headlineFigures(run.modelId, await repositories.results.list(runId)))
      manager.events.publish({ kind: 'results', runId })
      await manager.announce(runId)
      return [...outcome.rows]
    },
    figureNames: () => repositories.runFigures.names(),
    figures: ({ figures, runIds }) => Promise.all(figures.map((figure) => repositories.runFigures.column(figure, runIds))),
    settings: ({ runIds }) => repositories.runFigures.settings(runIds),
    tableView: () => getTableView(repositories.settings),
    setTableView: (view) => setTableView(repositories.settings, view),
    againstBaseline: (wanted, { signal }) => againstBaseline(workspace, wanted, signal),
    watch: ({ runId, together }, { signal }) => manager.events.subscribe(runId, signal, together),
    exportTable: (choice) => exportRunTable(workspace, choice, csvFormulaGuard),
    exportRun: ({ runId, what }) => exportRun(workspace, runId, what, csvFormulaGuard),
  }
}
