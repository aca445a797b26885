import type { CsvCell } from '../../contract/csv.ts'
import type { LiveDrift, LiveSession, PastAnswer } from '../../contract/dto/live.ts'
import { csvChunks } from './csv.ts'

/** The form of the document; another one gets another number. */
const FORM = 1

/**
 * A session as one JSON document, in chunks: an answer each, so that a long one never stands in memory as one text. Ranks count
 * from 1; heads of rankings are item ids, best first.
 *
 * @param drift null where the model cannot be measured
 */
export function* liveSessionJson(
  session: LiveSession,
  answers: readonly PastAnswer[],
  drift: LiveDrift | null,
): Generator<string, void, void> {
  const head = JSON.stringify({ palate: 'live session', form: FORM, session, drift }, null, 2)
  yield `${head.slice(0, -2)},\n  "answers": [`
  for (const [at, { topBefore, topAfter, at: time, ...answer }] of answers.entries()) {
    const ids = (top: PastAnswer['topAfter']) => top.map(({ itemId }) => itemId)
    const whole = { ...answer, time: new Date(time).toISOString(), topBefore: ids(topBefore), topAfter: ids(topAfter) }
    yield `${at === 0 ? '' : ','}\n    ${JSON.stringify(whole)}`
  }
  yield `${answers.length === 0 ? '' : '\n  '}]\n}\n`
}

const columns: readonly [string, (session: LiveSession) => CsvCell][] = [
  ['id', ({ id }) => id],
  ['name', ({ name }) => name],
  ['run', ({ runId }) => runId],
  ['run name', ({ runName }) => runName],
  ['model', ({ model }) => model],
  ['viewer', ({ setup }) => setup.viewer.kind],
  ['user', ({ setup: { viewer } }) => (viewer.kind === 'user' ? viewer.userIndex : null)],
  ['favourites', ({ setup: { viewer }, persona }) => (viewer.kind === 'guest' ? viewer : persona)?.favourites.length],
  ['persona', ({ setup: { viewer } }) => (viewer.kind === 'persona' ? viewer.persona : null)],
  ['persona seed', ({ setup: { viewer } }) => (viewer.kind === 'persona' ? viewer.seed : null)],
  ['user vector', ({ setup }) => setup.userVector],
  ['updates per answer', ({ setup }) => setup.learning?.updatesPerAnswer ?? 0],
  ['rate factor', ({ setup }) => setup.learning?.rateFactor],
  ['slate', ({ setup }) => setup.slate],
  ['exploration', ({ setup }) => setup.exploration ?? 0],
  ['seed', ({ setup }) => setup.seed],
  ['state', ({ state }) => state],
  ['begun', ({ createdAt }) => new Date(createdAt).toISOString()],
  ['changed', ({ changedAt }) => new Date(changedAt).toISOString()],
  ['answers', ({ answers }) => answers],
  ['liked', ({ likes }) => likes],
  ['disliked', ({ dislikes }) => dislikes],
  ['skipped', ({ skips }) => skips],
  ['mean reward', ({ meanReward }) => meanReward],
  ['branch of', ({ branchOf }) => branchOf?.sessionId],
  ['branch after', ({ branchOf }) => branchOf?.answers],
  ['duel', ({ duelId }) => duelId],
  ['notes', ({ notes }) => notes],
]

/** A row per session as CSV text, in chunks. */
export function liveSessionsCsv(
  sessions: readonly LiveSession[],
  options: { readonly formulaGuard: boolean },
): AsyncGenerator<string, void, void> {
  const rows = sessions.map((session) => columns.map(([, cell]) => cell(session)))
  return csvChunks(
    columns.map(([name]) => name),
    rows,
    options,
  )
}
