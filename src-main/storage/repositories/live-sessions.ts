import type { FeedbackKind, LiveAnswer, LiveSetup, LiveState } from '../../contract/dto/live.ts'
import type { LivePersona } from '../../contract/dto/persona.ts'
import type { ReadableDatabase, WritableDatabase, WriteTransaction } from '../database.ts'
import { insertRows } from './insert-rows.ts'

export interface StoredLiveSession {
  readonly id: number
  readonly runId: number
  readonly runName: string
  readonly model: string
  readonly datasetId: number
  readonly name: string
  readonly notes: string
  readonly setup: LiveSetup
  /** Who the persona of the setup is on the run's data; null where none watches. */
  readonly persona: LivePersona | null
  readonly state: LiveState
  /** What computed it; another one may round differently. */
  readonly executor: string
  readonly createdAt: number
  readonly changedAt: number
  readonly branchOf: { readonly sessionId: number; readonly answers: number } | null
  /** The duel that it plays in; null when it plays alone. */
  readonly duelId: number | null
  readonly answers: number
  readonly likes: number
  readonly dislikes: number
  readonly skips: number
  readonly meanReward: number | null
}

export interface StoredResponse {
  readonly itemIndex: number
  readonly feedback: FeedbackKind
  /** null for a skip. */
  readonly rating: number | null
  readonly reward: number
  readonly rank: number
  readonly score: number
}

export interface StoredAnswer {
  /** From 1. */
  readonly answer: number
  readonly at: number
  readonly leave: boolean
  readonly updates: number
  readonly topBefore: readonly number[]
  readonly topAfter: readonly number[]
  readonly responses: readonly StoredResponse[]
}

export interface NewLiveSession {
  readonly runId: number
  readonly name: string
  readonly setup: LiveSetup
  readonly persona: LivePersona | null
  readonly executor: string
  readonly at: number
  readonly branchOf: StoredLiveSession['branchOf']
}

export interface LiveSessionChange {
  readonly name?: string
  readonly notes?: string
}

export interface LiveSessionsRepository {
  insert(session: NewLiveSession): Promise<number>
  /** @returns null when there is no such session, or it was removed */
  get(sessionId: number): Promise<StoredLiveSession | null>
  /** The one changed last comes first. */
  list(): Promise<StoredLiveSession[]>
  update(sessionId: number, change: LiveSessionChange, at: number): Promise<void>
  /** One transaction: answers are there whole or not at all. */
  append(sessionId: number, answers: readonly StoredAnswer[], state: LiveState, at: number): Promise<void>
  /** Removes the answers after the first `count`. */
  cut(sessionId: number, count: number, state: LiveState, at: number): Promise<void>
  answers(sessionId: number): Promise<StoredAnswer[]>
  /** Hides the session; its rows stay. @returns false when there is no such session */
  hide(sessionId: number, at: number): Promise<boolean>
  /** @returns false when it is gone for good, or was not hidden */
  restore(sessionId: number): Promise<boolean>
  /** Deletes what is hidden, with the duels that it played in. @returns how many sessions are gone */
  purge(): Promise<number>
  /** Deletes one for good: it was never finished being made. */
  discard(sessionId: number): Promise<void>
}

const SELECT = `
  SELECT session.id, session.run_id AS runId, runs.name AS runName, configuration.model_id AS model, runs.dataset_id AS datasetId,
    session.name, session.notes, session.setup, session.persona, session.state, session.executor, session.created_at AS createdAt,
    session.changed_at AS changedAt, session.branch_session AS branchSession, session.branch_answers AS branchAnswers,
    (SELECT id FROM duels WHERE first_session = session.id OR second_session = session.id) AS duelId,
    (SELECT count(*) FROM live_answers WHERE session_id = session.id) AS answers,
    count(response.reward) AS responses, avg(response.reward) AS meanReward,
    count(CASE WHEN response.reward > 0 THEN 1 END) AS likes, count(CASE WHEN response.reward < 0 THEN 1 END) AS dislikes,
    count(CASE WHEN response.feedback = 'skip' THEN 1 END) AS skips
  FROM live_sessions AS session
    JOIN runs ON runs.id = session.run_id AND runs.removed_at IS NULL
    JOIN model_configurations AS configuration ON configuration.id = runs.model_configuration_id
    LEFT JOIN live_responses AS response ON response.session_id = session.id`

type SessionRow = Omit<StoredLiveSession, 'setup' | 'persona' | 'branchOf'> & {
  setup: string
  persona: string | null
  branchSession: number | null
  branchAnswers: number | null
  responses: number
}

function fromRow({ branchSession, branchAnswers, responses: _, setup, persona, ...row }: SessionRow): StoredLiveSession {
  const branchOf = branchSession === null ? null : { sessionId: branchSession, answers: branchAnswers ?? 0 }
  const who = persona === null ? null : (JSON.parse(persona) as LivePersona)
  return { ...row, setup: JSON.parse(setup) as LiveSetup, persona: who, branchOf }
}

export function createLiveSessionsRepository(read: ReadableDatabase, write: WritableDatabase): LiveSessionsRepository {
  return {
    async insert({ runId, name, setup, persona, executor, at, branchOf }) {
      const { lastId } = await write.run(
        `INSERT INTO live_sessions (run_id, name, notes, setup, persona, state, executor, created_at, changed_at, branch_session, branch_answers)
         VALUES (?, ?, '', ?, ?, 'open', ?, ?, ?, ?, ?)`,
        [
          ...[runId, name, JSON.stringify(setup), persona && JSON.stringify(persona), executor, at, at],
          ...[branchOf?.sessionId ?? null, branchOf?.answers ?? null],
        ],
      )
      return lastId
    },
    async get(sessionId) {
      const row = await read.get<SessionRow>(
        `${SELECT} WHERE session.id = ? AND session.removed_at IS NULL GROUP BY session.id`,
        [sessionId],
      )
      return row ? fromRow(row) : null
    },
    async list() {
      const rows = await read.all<SessionRow>(
        `${SELECT} WHERE session.removed_at IS NULL GROUP BY session.id ORDER BY session.changed_at DESC, session.id DESC`,
      )
      return rows.map(fromRow)
    },
    async update(sessionId, { name, notes }, at) {
      await write.run(
        'UPDATE live_sessions SET name = coalesce(?, name), notes = coalesce(?, notes), changed_at = ? WHERE id = ?',
        [name ?? null, notes ?? null, at, sessionId],
      )
    },
    append: (sessionId, answers, state, at) =>
      write.transaction(async (tx) => {
        for (const answer of answers) await insertAnswer(tx, sessionId, answer)
        await tx.run('UPDATE live_sessions SET state = ?, changed_at = ? WHERE id = ?', [state, at, sessionId])
      }),
    cut: (sessionId, count, state, at) =>
      write.transaction(async (tx) => {
        await tx.run('DELETE FROM live_answers WHERE session_id = ? AND answer > ?', [sessionId, count])
        await tx.run('UPDATE live_sessions SET state = ?, changed_at = ? WHERE id = ?', [state, at, sessionId])
      }),
    answers: (sessionId) => readAnswers(read, sessionId),
    async hide(sessionId, at) {
      const sql = 'UPDATE live_sessions SET removed_at = ? WHERE id = ? AND removed_at IS NULL'
      return (await write.run(sql, [at, sessionId])).changes > 0
    },
    async restore(sessionId) {
      const sql = 'UPDATE live_sessions SET removed_at = NULL WHERE id = ? AND removed_at IS NOT NULL'
      return (await write.run(sql, [sessionId])).changes > 0
    },
    async purge() {
      return (await write.run('DELETE FROM live_sessions WHERE removed_at IS NOT NULL')).changes
    },
    async discard(sessionId) {
      await write.run('DELETE FROM live_sessions WHERE id = ?', [sessionId])
    },
  }
}

async function insertAnswer(tx: WriteTransaction, sessionId: number, answer: StoredAnswer): Promise<void> {
  await tx.run(
    'INSERT INTO live_answers (session_id, answer, at, leave, updates, top_before, top_after) VALUES (?, ?, ?, ?, ?, ?, ?)',
    [
      sessionId,
      answer.answer,
      answer.at,
      answer.leave ? 1 : 0,
      answer.updates,
      JSON.stringify(answer.topBefore),
      JSON.stringify(answer.topAfter),
    ],
  )
  const head = 'INSERT INTO live_responses (session_id, answer, position, item_index, feedback, rating, reward, rank, score)'
  await insertRows(tx, head, 9, answer.responses.length, (position) => {
    const { itemIndex, feedback, rating, reward, rank, score } = answer.responses[position]!
    return [sessionId, answer.answer, position, itemIndex, feedback, rating, reward, rank, score]
  })
}

async function readAnswers(read: ReadableDatabase, sessionId: number): Promise<StoredAnswer[]> {
  type AnswerRow = Omit<StoredAnswer, 'leave' | 'topBefore' | 'topAfter' | 'responses'> & {
    leave: number
    topBefore: string
    topAfter: string
  }
  const answers = await read.all<AnswerRow>(
    `SELECT answer, at, leave, updates, top_before AS topBefore, top_after AS topAfter FROM live_answers
     WHERE session_id = ? ORDER BY answer`,
    [sessionId],
  )
  const responses = await read.all<StoredResponse & { answer: number }>(
    `SELECT answer, item_index AS itemIndex, feedback, rating, reward, rank, score FROM live_responses
     WHERE session_id = ? ORDER BY answer, position`,
    [sessionId],
  )
  const byAnswer = Map.groupBy(responses, ({ answer }) => answer)
  return answers.map(({ leave, topBefore, topAfter, ...row }) => ({
    ...row,
    leave: leave !== 0,
    topBefore: JSON.parse(topBefore) as number[],
    topAfter: JSON.parse(topAfter) as number[],
    responses: (byAnswer.get(row.answer) ?? []).map(({ answer: _, ...response }) => response),
  }))
}

/** An answer as it was given: what a replay needs. */
export function givenAnswer({ leave, responses }: StoredAnswer): LiveAnswer {
  return {
    leave,
    responses: responses.map(({ itemIndex, feedback, rating }) =>
      feedback === 'rating' ? { itemIndex, feedback, rating: rating! } : { itemIndex, feedback },
    ),
  }
}
