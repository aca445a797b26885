import { PalateError } from '../../contract/errors.ts'
import type { UserRow } from '../../contract/dto/dataset-figures.ts'
import { userTimeline } from '../../engine/data/statistics/user-timeline.ts'
import type { Handlers } from '../handlers.ts'
import type { Workspace } from '../workspace.ts'
import type { DatasetFigures, FiguresCache } from './figures.ts'

type PageCalls = 'activity' | 'genres' | 'sparsity' | 'users' | 'timeline' | 'embeddings' | 'embeddingMap' | 'notes' | 'setNotes'

/** What the page of a data set shows beside its counts. */
export function createDatasetPageHandlers(workspace: Workspace, cache: FiguresCache): Pick<Handlers['datasets'], PageCalls> {
  const { datasets, embeddings, items } = workspace.repositories
  const figuresOf = async (dataset: number | string) => {
    const summary = await datasets.get(dataset)
    return { ...summary, figures: cache.of(summary.id) }
  }
  return {
    async activity({ dataset }) {
      const { figures, timeKind } = await figuresOf(dataset)
      return { timeKind, ...(await figures.activity()) }
    },
    genres: async ({ dataset }) => (await figuresOf(dataset)).figures.genres(),
    async sparsity({ dataset }) {
      const { userEdges, itemEdges, ratings, ...halves } = await (await figuresOf(dataset)).figures.sparsity()
      return { userEdges: [...userEdges], itemEdges: [...itemEdges], ratings: [...ratings], ...halves }
    },
    async users({ dataset, ...query }) {
      return pageOfUsers((await figuresOf(dataset)).figures, query)
    },
    async timeline({ dataset, userIndex }) {
      const { id, timeKind, figures } = await figuresOf(dataset)
      const user = await items.user(id, userIndex)
      if (!user) throw userNotFound(userIndex)
      const [table, catalogue, row] = await Promise.all([figures.table(), figures.catalogue(), userRows(figures)])
      const events = userTimeline(table, userIndex).map((event) => {
        const { itemId, title, genres } = catalogue[event.itemIndex]!
        return { ...event, itemId, title, genres: [...genres] }
      })
      return { ...row(userIndex), attributes: user.attributes, timeKind, events }
    },
    async embeddings({ dataset }) {
      const list = await embeddings.list((await datasets.get(dataset)).id)
      return list.map((one) => ({ ...one, params: { ...one.params }, lossCurve: [...one.lossCurve] }))
    },
    embeddingMap: async ({ dataset, key }) => (await figuresOf(dataset)).figures.map(key),
    notes: async ({ dataset }) => ({ notes: await datasets.notes((await datasets.get(dataset)).id) }),
    async setNotes({ dataset, notes }) {
      await datasets.setNotes((await datasets.get(dataset)).id, notes)
      return { notes }
    },
  }
}

/** @returns what is known of a user, by userIndex */
async function userRows(figures: DatasetFigures): Promise<(userIndex: number) => UserRow> {
  const [ids, { ratings, meanRating, positives, negatives }] = await Promise.all([figures.userIds(), figures.users()])
  return (userIndex) => ({
    userIndex,
    userId: ids[userIndex]!,
    ratings: ratings[userIndex]!,
    meanRating: ratings[userIndex]! > 0 ? meanRating[userIndex]! : null,
    positives: positives[userIndex]!,
    negatives: negatives[userIndex]!,
  })
}

interface UserQuery {
  readonly search: string
  readonly sort: 'ratings' | 'meanRating'
  readonly direction: 'asc' | 'desc'
  readonly offset: number
  readonly limit: number
}

async function pageOfUsers(figures: DatasetFigures, query: UserQuery): Promise<{ total: number; rows: UserRow[] }> {
  const [ids, summaries, row] = await Promise.all([figures.userIds(), figures.users(), userRows(figures)])
  const wanted = query.search.trim().toLowerCase()
  const found = Array.from(ids.keys()).filter((user) => wanted === '' || ids[user]!.toLowerCase().includes(wanted))
  const values = summaries[query.sort]
  const sign = query.direction === 'asc' ? 1 : -1
  // Whoever rated nothing has no mean and comes last in both directions.
  const missing = (user: number) => (Number.isNaN(values[user]!) ? 1 : 0)
  found.sort((a, b) => missing(a) - missing(b) || sign * (values[a]! - values[b]!) || a - b)
  return { total: found.length, rows: found.slice(query.offset, query.offset + query.limit).map(row) }
}

function userNotFound(userIndex: number): PalateError {
  const message = `There is no user number ${userIndex} in this data set. Choose one from the list of its users.`
  return new PalateError('INPUT_INVALID', message, { issues: [{ path: 'userIndex', message }] })
}
