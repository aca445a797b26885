import { datasetsApi } from './datasets.ts'
import { evaluationApi } from './evaluation.ts'
import { liveApi } from './live.ts'
import { modelsApi } from './models.ts'
import { runsApi } from './runs.ts'
import { systemApi } from './system.ts'

/** The one contract between renderer, command line and engine; `benchmarks` and `embeddings` join it as files beside these. */
export const contract = {
  datasets: datasetsApi,
  evaluation: evaluationApi,
  live: liveApi,
  models: modelsApi,
  runs: runsApi,
  system: systemApi,
}
export type Contract = typeof contract
