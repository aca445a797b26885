import type { ComputeService } from '../compute/compute-service.ts'
import type { RunManager } from '../runs/run-manager.ts'
import type { TrainerLaunch } from '../runs/trainer-process.ts'
import type { Workspace } from '../workspace.ts'

export interface LiveOptions {
  readonly workspace: Workspace
  readonly launch: TrainerLaunch
  readonly compute: ComputeService
  readonly version: string
  readonly runs: Pick<RunManager, 'enqueue' | 'summary'>
}
