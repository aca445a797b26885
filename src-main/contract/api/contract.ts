import { backupsApi } from './backups.ts'
import { benchmarksApi } from './benchmarks.ts'
import { bundlesApi } from './bundles.ts'
import { configurationsApi } from './configurations.ts'
import { datasetsApi } from './datasets.ts'
import { duelsApi } from './duels.ts'
import { evaluationApi } from './evaluation.ts'
import { liveApi } from './live.ts'
import { liveBatchesApi } from './live-batches.ts'
import { modelsApi } from './models.ts'
import { queueApi } from './queue.ts'
import { runsApi } from './runs.ts'
import { simulatorsApi } from './simulators.ts'
import { systemApi } from './system.ts'

/** The one contract between renderer, command line and engine; `embeddings` joins it as a file beside these. */
export const contract = {
  backups: backupsApi,
  benchmarks: benchmarksApi,
  bundles: bundlesApi,
  configurations: configurationsApi,
  datasets: datasetsApi,
  duels: duelsApi,
  evaluation: evaluationApi,
  live: liveApi,
  liveBatches: liveBatchesApi,
  models: modelsApi,
  queue: queueApi,
  runs: runsApi,
  simulators: simulatorsApi,
  system: systemApi,
}
export type Contract = typeof contract
