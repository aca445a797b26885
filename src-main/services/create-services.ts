import type { SystemInfo } from '../contract/dto/system.ts'
import { createBackupHandlers } from './backups/backup-handlers.ts'
import { createModelHandlers } from './architecture/model-handlers.ts'
import { createBenchmarkHandlers } from './benchmarks/benchmark-handlers.ts'
import { BenchmarkManager } from './benchmarks/benchmark-manager.ts'
import type { Recipe } from './benchmarks/recipe.ts'
import { recipes } from './benchmarks/recipes/catalogue.gen.ts'
import { createBundleHandlers } from './bundle/bundle-handlers.ts'
import { ComputeService } from './compute/compute-service.ts'
import { createConfigurationHandlers } from './configurations/configuration-handlers.ts'
import { createDatasetHandlers } from './datasets.ts'
import type { Downloads } from './datasets/download/download-handlers.ts'
import { createEvaluationHandlers } from './evaluation/evaluation-handlers.ts'
import type { Handlers } from './handlers.ts'
import { createLiveBatchHandlers } from './live/live-batch-handlers.ts'
import { LiveBatches } from './live/live-batches.ts'
import { createDuelGuard } from './live/duel-guard.ts'
import { createDuelHandlers } from './live/duel-handlers.ts'
import { Duels } from './live/duels.ts'
import { createLiveHandlers } from './live/live-handlers.ts'
import { LiveSessions } from './live/live-sessions.ts'
import { engineCatalogue, type EngineCatalogue } from './models.ts'
import { createQueueHandlers } from './runs/queue-handlers.ts'
import { createRunHandlers } from './runs/run-handlers.ts'
import { RunManager } from './runs/run-manager.ts'
import { clearShelf } from './runs/run-shelf.ts'
import { findTrainerLaunch } from './runs/trainer-launch.ts'
import { getSettings, setSettings } from './settings.ts'
import { createSimulatorHandlers } from './simulators/simulator-handlers.ts'
import { createSystemHandlers } from './system.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

export interface ServicesOptions {
  readonly workspaceDir: string
  readonly host: SystemInfo['host']
  /** Stored with every run. */
  readonly version: string
  /** The script of the trainer process; by default the one that belongs to this code. */
  readonly trainerEntry?: string | undefined
  /** How often a run's state is kept while it trains. */
  readonly checkpointEveryMs?: number | undefined
  /** Go on with runs that waited when the workspace was closed. By default everywhere but on the command line, where a
   *  question like "palate runs" must not begin to train. */
  readonly startQueue?: boolean | undefined
  /** What the engine offers; tests of the queue give a catalogue of their own. */
  readonly catalogue?: EngineCatalogue | undefined
  /** What can be downloaded; only tests, which have servers of their own, give it. */
  readonly downloads?: Downloads | undefined
  /** Closes these services and opens the workspace anew: after a backup was restored. */
  readonly reopen?: (() => void) | undefined
  /** What benchmarks there are; tests give some of their own. */
  readonly recipes?: readonly Recipe[] | undefined
}

export interface Services {
  readonly handlers: Handlers
  /** The process that trains a run, while it does. */
  trainerPid(runId: number): number | undefined
  /** The process of a live session, while it has one. */
  livePid(sessionId: number): number | undefined
  /** Runs at work hand over a checkpoint and are left "interrupted"; nothing trains any more, but all can still be read. */
  interrupt(): Promise<void>
  /** `interrupt`, and the workspace is free for another owner. */
  close(): Promise<void>
}

const defaultCheckpointEveryMs = 30_000
/** The window comes first. */
const lookAfterMs = 2000

/**
 * Opens a workspace and everything that works on it.
 *
 * @throws PalateError WORKSPACE_OWNED, WORKSPACE_UNUSABLE, SCHEMA_NEWER, DISK_FULL; nothing is left open then
 */
export async function createServices(options: ServicesOptions): Promise<Services> {
  const launch = findTrainerLaunch(options.trainerEntry)
  const workspace = await openWorkspace(options.workspaceDir)
  try {
    return await assemble(options, workspace, launch)
  } catch (error) {
    await workspace.close()
    throw error
  }
}

async function assemble(
  options: ServicesOptions,
  workspace: Workspace,
  launch: ReturnType<typeof findTrainerLaunch>,
): Promise<Services> {
  const { host, version } = options
  const repository = workspace.repositories.settings
  const catalogue = options.catalogue ?? engineCatalogue()
  const settings = () => getSettings(repository)
  let { concurrentRuns } = await settings()
  const closing = new AbortController()
  const compute = new ComputeService({ launch, settings, closing: closing.signal })
  const manager = new RunManager({
    workspace,
    launch,
    compute,
    checkpointEveryMs: options.checkpointEveryMs ?? defaultCheckpointEveryMs,
    concurrentRuns: () => concurrentRuns,
  })
  await workspace.repositories.checkpoints.removeOrphans()
  const live = new LiveSessions({ workspace, launch, compute, version, runs: manager })
  const batches = new LiveBatches({ workspace, launch, compute })
  await batches.open()
  await live.purge()
  const formulaGuard = async () => (await settings()).csvFormulaGuard
  await manager.open(options.startQueue ?? host !== 'cli')
  const benchmarks = new BenchmarkManager({
    workspace,
    catalogue,
    version,
    settings,
    recipes: options.recipes ?? recipes,
    runs: manager,
    concurrentRuns: () => concurrentRuns,
  })
  await benchmarks.open()
  // What cannot be deleted now, on a full disk, is deleted another day.
  const cleared = clearShelf(workspace, closing.signal).catch(() => undefined)
  // A window shows what computes; a command has no use for it.
  const hasWindow = host === 'electron' || host === 'web'
  const lookTimer = hasWindow ? setTimeout(() => compute.look(), lookAfterMs).unref() : undefined
  const interrupt = async () => {
    await benchmarks.leave()
    await manager.close(host === 'cli')
    await benchmarks.allEnded()
  }
  let closed: Promise<void> | undefined
  const close = async () => {
    closing.abort()
    clearTimeout(lookTimer)
    await Promise.all([interrupt(), live.closeAll(), batches.closeAll(), cleared])
    await workspace.close()
  }
  return {
    handlers: {
      datasets: createDatasetHandlers(workspace, formulaGuard, options.downloads),
      duels: createDuelHandlers(new Duels({ workspace, sessions: live }), formulaGuard),
      backups: createBackupHandlers({ folder: workspace.folder, reopen: options.reopen }),
      benchmarks: createBenchmarkHandlers(benchmarks),
      bundles: createBundleHandlers({ workspace, manager, catalogue, launch, compute, version, closing: closing.signal }),
      configurations: createConfigurationHandlers(workspace.repositories.configurations, catalogue),
      evaluation: createEvaluationHandlers(workspace, catalogue),
      live: createLiveHandlers({
        workspace,
        sessions: live,
        guard: createDuelGuard(workspace.repositories.duels),
        formulaGuard,
      }),
      liveBatches: createLiveBatchHandlers(workspace, batches, formulaGuard),
      models: createModelHandlers(catalogue, workspace, compute),
      runs: createRunHandlers({
        workspace,
        manager,
        catalogue,
        launch,
        version,
        compute,
        settings,
        closing: closing.signal,
      }),
      queue: createQueueHandlers(manager),
      simulators: createSimulatorHandlers(workspace, closing.signal),
      system: {
        ...createSystemHandlers({ workspace, host, version, compute }),
        getSettings: settings,
        async setSettings(change) {
          const changed = await setSettings(repository, change, catalogue)
          concurrentRuns = changed.concurrentRuns
          if (hasWindow && (change.backend !== undefined || change.threads !== undefined)) compute.look()
          manager.fillQueue()
          return changed
        },
      },
    },
    trainerPid: (runId) => manager.trainerPid(runId),
    livePid: (sessionId) => live.pid(sessionId),
    interrupt,
    close: () => (closed ??= close()),
  }
}
