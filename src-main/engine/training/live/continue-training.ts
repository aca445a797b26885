import { PalateError } from '../../../contract/errors.ts'
import type { ParamValues } from '../../../contract/params.ts'
import type { Executor } from '../../compute/types.ts'
import type { LiveModel } from '../../core/live-model.ts'
import type { InteractionTable } from '../../data/interaction-table.ts'
import { createTrainingJob } from '../create-job.ts'
import type { EnginePoint, JobSpec } from '../job.types.ts'

/** The first state of a run that goes on from a live session. */
export interface ContinuedTraining {
  readonly params: ParamValues
  /** From which the run's trainer goes on. */
  readonly checkpoint: Uint8Array
  /** Of the floors, made on the way. */
  readonly points: readonly EnginePoint[]
}

/**
 * The session's weights and transitions as the first checkpoint of a training job: on the same split, embedding and held-out users, with
 * schedules that begin anew. Checkpoint 0, which any later one must beat, are the session's weights.
 *
 * @param updates that the run is to make; null: as many as the run before it
 * @throws PalateError DATA_UNSUITABLE when the model learns nothing from transitions
 */
export function continueTraining(
  spec: JobSpec,
  table: InteractionTable,
  executor: Executor,
  model: LiveModel,
  updates: number | null,
): ContinuedTraining {
  if (!model.legacy) {
    throw new PalateError(
      'DATA_UNSUITABLE',
      'Training cannot go on from this session: its model is not learnt from transitions, or its run has kept no critic. Choose a session of an actor-critic or a Q-network.',
      { reason: 'no transitions' },
    )
  }
  const params = updates === null ? spec.params : { ...spec.params, updates }
  const job = createTrainingJob({ ...spec, params }, table, { executor, legacy: model.legacy() })
  while (job.progress.stage === 'preparing' || job.progress.stage === 'embedding') job.advance()
  return { params, checkpoint: job.snapshot(), points: job.takePoints() }
}
