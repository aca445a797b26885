import { benchmarksApi } from './benchmarks.ts'
import { datasetsApi } from './datasets.ts'
import { evaluationApi } from './evaluation.ts'
import { modelsApi } from './models.ts'
import { runsApi } from './runs.ts'
import { systemApi } from './system.ts'

/** The one contract between renderer, command line and engine; `live` and `embeddings` join it as files beside these. */
export const contract = {
  benchmarks: benchmarksApi,
  datasets: datasetsApi,
  evaluation: evaluationApi,
  models: modelsApi,
  runs: runsApi,
  system: systemApi,
}
export type Contract = typeof contract
