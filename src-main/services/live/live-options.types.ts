import type { ComputeService } from '../compute/compute-service.ts'
import type { RunManager } from '../runs/run-manager.ts'
import type { TrainerLaunch } from '../runs/trainer-process.ts'
import type { Workspace } from '../workspace.ts'

/** For what plays with trained runs in processes of its own. */
export interface PlayOptions {
  readonly workspace: Workspace
  readonly launch: TrainerLaunch
  readonly compute: ComputeService
}

export interface LiveOptions extends PlayOptions {
  readonly version: string
  readonly runs: Pick<RunManager, 'enqueue' | 'summary'>
}
