import { initial } from './0001-initial.ts'
import { runCompute } from './0002-run-compute.ts'
import { datasetNotes } from './0003-dataset-notes.ts'
import { unratedRecommendations } from './0004-unrated-recommendations.ts'
import { benchmarks } from './0005-benchmarks.ts'
import { packedChunks } from './0006-packed-chunks.ts'
import { itemAttributes } from './0007-item-attributes.ts'
import { liveSessions } from './0008-live-sessions.ts'
import { duels } from './0009-duels.ts'
import { liveBatches } from './0010-live-batches.ts'
import { runBundles } from './0011-run-bundles.ts'
import { configurations } from './0012-configurations.ts'
import { runLabels } from './0013-run-labels.ts'
import { runEvents } from './0014-run-events.ts'
import { runLineage } from './0015-run-lineage.ts'
import { livePersonas } from './0016-live-personas.ts'
import type { Migration } from './migration.ts'

/** Every step there is, oldest first. */
export const migrations: readonly Migration[] = [
  initial,
  runCompute,
  datasetNotes,
  unratedRecommendations,
  benchmarks,
  packedChunks,
  itemAttributes,
  liveSessions,
  duels,
  liveBatches,
  runBundles,
  configurations,
  runLabels,
  runEvents,
  runLineage,
  livePersonas,
]
