import type { CsvCell } from '../../contract/csv.ts'
import { storedSession } from '../live/stored-session.ts'
import type { Workspace } from '../workspace.ts'
import { csvChunks } from './csv.ts'

const HEAD = [
  'time',
  'step',
  'item id',
  'title',
  'rank',
  'score',
  'feedback',
  'rating',
  'reward',
  'epsilon',
  'explored',
  'updates',
  'leave',
  'top before',
  'top after',
  'persona',
] as const

/**
 * Every response of a live session as CSV text, in chunks: a row per answered item, and one for an answer that says nothing of any.
 * `step` counts answers from 1, `rank` from 1; `epsilon` is the probability that a place was given to chance, `explored` 1 where the item
 * would not have been shown without; `updates` are those made after the answer; the tops are item ids, best first, parted by blanks;
 * `persona` is id and seed of the persona who watches.
 *
 * @throws PalateError LIVE_SESSION_NOT_FOUND before the first chunk
 */
export async function* exportLiveEvents(
  workspace: Workspace,
  sessionId: number,
  formulaGuard: () => Promise<boolean>,
): AsyncGenerator<string, void, void> {
  const session = await storedSession(workspace, sessionId)
  const { repositories } = workspace
  const { slate, exploration: epsilon = 0 } = session.setup
  const items = await repositories.items.labels(session.datasetId)
  const answers = await repositories.liveSessions.answers(sessionId)
  const { viewer } = session.setup
  const persona = viewer.kind === 'persona' ? `${viewer.persona}:${viewer.seed}` : null
  const ids = (top: readonly number[]) => top.map((item) => items[item]!.itemId).join(' ')
  async function* records(): AsyncGenerator<readonly CsvCell[], void, void> {
    for (const { answer, at, leave, updates, topBefore, topAfter, responses } of answers) {
      const head = [new Date(at).toISOString(), answer]
      const tail = [updates, leave ? 1 : 0, ids(topBefore), ids(topAfter), persona]
      if (responses.length === 0) yield [...head, null, null, null, null, null, null, null, epsilon, null, ...tail]
      for (const { itemIndex, rank, score, feedback, rating, reward } of responses) {
        const { itemId, title } = items[itemIndex]!
        yield [...head, itemId, title, rank, score, feedback, rating, reward, epsilon, rank > slate ? 1 : 0, ...tail]
      }
    }
  }
  yield* csvChunks([...HEAD], records(), { formulaGuard: await formulaGuard() })
}
