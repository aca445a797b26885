import type { InteractionTable } from '../engine/data/interaction-table.ts'
import { sideFeaturesOf, type SideFeatures } from '../engine/data/side-features.ts'
import { openStorage } from '../storage/open.ts'
import type { PackedColumns } from '../storage/repositories/packed-columns.ts'
import { createRepositories, type Repositories } from '../storage/repositories/repositories.ts'

/** An open workspace folder: everything that the services keep, owned by this process until `close`. */
export interface Workspace {
  /** Absolute path of the folder. */
  readonly folder: string
  readonly sqliteVersion: string
  /** "wal" as a rule; "delete" where SQLite has the WAL-reset bug. */
  readonly journalMode: string
  readonly repositories: Repositories
  /**
   * The ratings of a data set and what is known of its users and items, as training wants them. The columns of the data sets last used are kept in memory and
   * shared: treat them as read-only.
   *
   * @throws PalateError DATASET_NOT_FOUND
   */
  loadInteractions(datasetId: number): Promise<InteractionTable>
  close(): Promise<void>
}

const CACHED_TABLES = 3

/**
 * Opens `folder`, making it when it is not there.
 *
 * @throws PalateError WORKSPACE_OWNED, WORKSPACE_UNUSABLE, SCHEMA_NEWER, DISK_FULL
 */
export async function openWorkspace(folder: string): Promise<Workspace> {
  const storage = await openStorage(folder)
  const repositories = createRepositories(storage)
  type Loaded = PackedColumns & { readonly features: SideFeatures }
  const cache = new Map<number, Promise<Loaded>>()
  const load = async (datasetId: number): Promise<Loaded> => {
    // Side by side: while this thread makes groups of the descriptions, SQLite's reads on.
    const [columns, features] = await Promise.all([
      repositories.datasets.columns(datasetId),
      repositories.items.descriptions(datasetId).then(sideFeaturesOf),
    ])
    return { ...columns, features }
  }
  return {
    folder: storage.folder,
    sqliteVersion: storage.sqliteVersion,
    journalMode: storage.journalMode,
    repositories,
    async loadInteractions(datasetId) {
      const dataset = await repositories.datasets.get(datasetId)
      // The promise is kept: a page asks for several figures at once, and twenty megabytes are read for all of them.
      const loading = cache.get(datasetId) ?? load(datasetId)
      // Numbers of data sets are never used twice, so that an entry is never stale; the oldest makes room.
      cache.delete(datasetId)
      cache.set(datasetId, loading)
      if (cache.size > CACHED_TABLES) cache.delete(cache.keys().next().value!)
      const columns = await loading.catch((error: unknown) => {
        cache.delete(datasetId)
        throw error
      })
      return {
        ...columns,
        size: columns.rating.length,
        userCount: dataset.users,
        itemCount: dataset.items,
        timeKind: dataset.timeKind,
        scale: dataset.scale,
      }
    },
    close: () => storage.close(),
  }
}
