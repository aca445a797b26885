import type { Storage } from '../open.ts'
import { createConfigurationsRepository, type ConfigurationsRepository } from './configurations.ts'
import { createBenchmarksRepository, type BenchmarksRepository } from './benchmarks.ts'
import { createCheckpointsRepository, type CheckpointsRepository } from './checkpoints.ts'
import { createDatasetContentsRepository, type DatasetContentsRepository } from './dataset-contents.ts'
import { createDatasetsRepository, type DatasetsRepository } from './datasets.ts'
import { createDuelsRepository, type DuelsRepository } from './duels.ts'
import { createEmbeddingsRepository, type EmbeddingsRepository } from './embeddings.ts'
import { createImportedRunsRepository, type ImportedRunsRepository } from './imported-runs.ts'
import { createItemsRepository, type ItemsRepository } from './items.ts'
import { createLiveBatchesRepository, type LiveBatchesRepository } from './live-batches.ts'
import { createLiveSessionsRepository, type LiveSessionsRepository } from './live-sessions.ts'
import { createMetricPointsRepository, type MetricPointsRepository } from './metric-points.ts'
import { createRecommendationsRepository, type RecommendationsRepository } from './recommendations.ts'
import { createResultsRepository, type ResultsRepository } from './results.ts'
import { createRunFiguresRepository, type RunFiguresRepository } from './run-figures.ts'
import { createRunLogRepository, type RunLogRepository } from './run-log.ts'
import { createRunsRepository, type RunsRepository } from './runs.ts'
import { createSettingsRepository, type SettingsRepository } from './settings.ts'
import { createSplitsRepository, type SplitsRepository } from './splits.ts'
import { createUserMetricsRepository, type UserMetricsRepository } from './user-metrics.ts'

/** All questions that can be put to a workspace. SQL is written behind these and nowhere else. */
export interface Repositories {
  readonly datasets: DatasetsRepository
  readonly contents: DatasetContentsRepository
  readonly items: ItemsRepository
  readonly splits: SplitsRepository
  readonly embeddings: EmbeddingsRepository
  readonly runs: RunsRepository
  readonly importedRuns: ImportedRunsRepository
  readonly runFigures: RunFiguresRepository
  readonly runLog: RunLogRepository
  readonly metricPoints: MetricPointsRepository
  readonly checkpoints: CheckpointsRepository
  readonly results: ResultsRepository
  readonly userMetrics: UserMetricsRepository
  readonly recommendations: RecommendationsRepository
  readonly liveBatches: LiveBatchesRepository
  readonly liveSessions: LiveSessionsRepository
  readonly duels: DuelsRepository
  readonly configurations: ConfigurationsRepository
  readonly settings: SettingsRepository
  readonly benchmarks: BenchmarksRepository
}

export function createRepositories({ read, write, folder }: Pick<Storage, 'read' | 'write' | 'folder'>): Repositories {
  return {
    datasets: createDatasetsRepository(read, write),
    contents: createDatasetContentsRepository(read),
    items: createItemsRepository(read),
    splits: createSplitsRepository(read, write),
    embeddings: createEmbeddingsRepository(read, write),
    runs: createRunsRepository(read, write),
    importedRuns: createImportedRunsRepository(read, write, folder),
    runFigures: createRunFiguresRepository(read),
    runLog: createRunLogRepository(read, write),
    metricPoints: createMetricPointsRepository(read, write),
    checkpoints: createCheckpointsRepository(read, write, folder),
    results: createResultsRepository(read, write),
    userMetrics: createUserMetricsRepository(read, write),
    recommendations: createRecommendationsRepository(read, write),
    liveBatches: createLiveBatchesRepository(read, write),
    liveSessions: createLiveSessionsRepository(read, write),
    duels: createDuelsRepository(read, write),
    configurations: createConfigurationsRepository(read, write),
    settings: createSettingsRepository(read, write),
    benchmarks: createBenchmarksRepository(read, write),
  }
}
