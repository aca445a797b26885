import type { Workspace } from '../workspace.ts'
import { activity } from '../../engine/data/statistics/activity.ts'
import { genreMeans } from '../../engine/data/statistics/genre-means.ts'
import { sparsity } from '../../engine/data/statistics/sparsity.ts'
import { userSummaries } from '../../engine/data/statistics/user-summaries.ts'
import { describeTable } from './dataset-detail.ts'
import { mapEmbedding } from './embedding-map.ts'
import { once, onceEach } from './once.ts'

const KEPT_DATASETS = 4
const KEPT_MAPS = 8

/** The figures of one data set, each computed when it is first asked for and then kept. */
export type DatasetFigures = ReturnType<typeof figuresOf>

function figuresOf(workspace: Workspace, datasetId: number) {
  const { items } = workspace.repositories
  const table = () => workspace.loadInteractions(datasetId)
  const catalogue = once(() => items.catalogue(datasetId))
  const userIds = once(() => items.userIds(datasetId))
  return {
    table,
    catalogue,
    userIds,
    description: once(async () => describeTable(await table())),
    activity: once(async () => activity(await table())),
    genres: once(async () => {
      const genresOf = (await catalogue()).map((item) => item.genres)
      return genreMeans(await table(), genresOf)
    }),
    sparsity: once(async () => sparsity(await table())),
    users: once(async () => userSummaries(await table())),
    map: onceEach(KEPT_MAPS, async (key: string) => {
      const stored = await workspace.repositories.embeddings.get(datasetId, key)
      return stored ? mapEmbedding(stored, await table(), await catalogue()) : null
    }),
  }
}

/** Figures of the data sets looked at last. */
export class FiguresCache {
  readonly #workspace: Workspace
  readonly #held = new Map<number, DatasetFigures>()

  constructor(workspace: Workspace) {
    this.#workspace = workspace
  }

  of(datasetId: number): DatasetFigures {
    const figures = this.#held.get(datasetId) ?? figuresOf(this.#workspace, datasetId)
    this.#held.delete(datasetId)
    this.#held.set(datasetId, figures)
    if (this.#held.size > KEPT_DATASETS) this.#held.delete(this.#held.keys().next().value!)
    return figures
  }

  /** After a change of the scale: what is positive or negative has changed with it. */
  forget(datasetId: number): void {
    this.#held.delete(datasetId)
  }
}
