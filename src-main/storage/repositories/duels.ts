import type { DuelPreference, DuelSetup } from '../../contract/dto/duel.ts'
import type { FeedbackKind } from '../../contract/dto/live.ts'
import type { ReadableDatabase, WritableDatabase } from '../database.ts'
import { parseJson } from './json-column.ts'

type PolicyName = 'first' | 'second'

export interface StoredDuel {
  readonly id: number
  readonly name: string
  readonly setup: DuelSetup
  readonly firstSession: number
  readonly secondSession: number
  readonly over: boolean
  readonly lookedAfter: number | null
  readonly createdAt: number
  readonly changedAt: number
  readonly steps: number
  /** Of the sessions; more than there are steps where a step was not finished. */
  readonly firstAnswers: number
  readonly secondAnswers: number
}

export interface ShownItem {
  readonly itemIndex: number
  readonly by: PolicyName
  readonly feedback: FeedbackKind
  readonly rating: number | null
  /** 1 for what counts as liked, -1 for disliked, 0 for neither. */
  readonly credit: number
}

export interface StoredDuelStep {
  /** From 1. */
  readonly step: number
  readonly at: number
  readonly leftPolicy: PolicyName
  readonly preference: DuelPreference | null
  readonly winner: PolicyName | 'tie'
  /** In the order in which they were shown, the left slate first. */
  readonly shown: readonly ShownItem[]
}

export type NewDuel = Pick<StoredDuel, 'name' | 'setup' | 'firstSession' | 'secondSession'> & { readonly at: number }
export type DuelChange = Partial<Pick<StoredDuel, 'name' | 'over' | 'lookedAfter'>>

export interface DuelsRepository {
  insert(duel: NewDuel): Promise<number>
  /** @returns null when there is no such duel, or it was removed */
  get(duelId: number): Promise<StoredDuel | null>
  /** The duel that a session plays in; null when it plays alone. */
  ofSession(sessionId: number): Promise<StoredDuel | null>
  /** The latest first. */
  list(): Promise<StoredDuel[]>
  update(duelId: number, change: DuelChange, at: number): Promise<void>
  append(duelId: number, step: StoredDuelStep): Promise<void>
  /** Removes the steps after the first `count`. */
  cut(duelId: number, count: number, at: number): Promise<void>
  steps(duelId: number): Promise<StoredDuelStep[]>
  /** Hides the duel and its sessions. @returns false when there is no such duel */
  hide(duelId: number, at: number): Promise<boolean>
  /** @returns false when it is gone for good, or was not hidden */
  restore(duelId: number): Promise<boolean>
}

const SELECT = `
  SELECT duels.id, duels.name, duels.setup, first_session AS firstSession, second_session AS secondSession, over,
    looked_after AS lookedAfter, duels.created_at AS createdAt, duels.changed_at AS changedAt,
    (SELECT count(*) FROM duel_steps WHERE duel_id = duels.id) AS steps,
    (SELECT count(*) FROM live_answers WHERE session_id = first_session) AS firstAnswers,
    (SELECT count(*) FROM live_answers WHERE session_id = second_session) AS secondAnswers
  FROM duels JOIN live_sessions ON live_sessions.id = first_session AND live_sessions.removed_at IS NULL`

type DuelRow = Omit<StoredDuel, 'setup' | 'over'> & { setup: string; over: number }
const fromRow = ({ setup, over, ...row }: DuelRow): StoredDuel => ({
  ...row,
  over: over !== 0,
  setup: parseJson<DuelSetup>(setup),
})

const BOTH = 'SELECT first_session FROM duels WHERE id = ? UNION ALL SELECT second_session FROM duels WHERE id = ?'

export function createDuelsRepository(read: ReadableDatabase, write: WritableDatabase): DuelsRepository {
  const one = async (where: string, params: readonly number[]) => {
    const row = await read.get<DuelRow>(`${SELECT} WHERE ${where}`, params)
    return row ? fromRow(row) : null
  }
  return {
    async insert({ name, setup, firstSession, secondSession, at }) {
      const { lastId } = await write.run(
        `INSERT INTO duels (name, setup, first_session, second_session, over, created_at, changed_at) VALUES (?, ?, ?, ?, 0, ?, ?)`,
        [name, JSON.stringify(setup), firstSession, secondSession, at, at],
      )
      return lastId
    },
    get: (duelId) => one('duels.id = ?', [duelId]),
    ofSession: (sessionId) => one('first_session = ? OR second_session = ?', [sessionId, sessionId]),
    async list() {
      return (await read.all<DuelRow>(`${SELECT} ORDER BY duels.changed_at DESC, duels.id DESC`)).map(fromRow)
    },
    async update(duelId, { name, over, lookedAfter }, at) {
      await write.run(
        `UPDATE duels SET name = coalesce(?, name), over = coalesce(?, over), looked_after = coalesce(?, looked_after), changed_at = ?
         WHERE id = ?`,
        [name ?? null, over === undefined ? null : Number(over), lookedAfter ?? null, at, duelId],
      )
    },
    append: (duelId, { step, at, leftPolicy, preference, winner, shown }) =>
      write.transaction(async (tx) => {
        await tx.run(
          'INSERT INTO duel_steps (duel_id, step, at, left_policy, preference, winner, shown) VALUES (?, ?, ?, ?, ?, ?, ?)',
          [duelId, step, at, leftPolicy, preference, winner, JSON.stringify(shown)],
        )
        await tx.run('UPDATE duels SET changed_at = ? WHERE id = ?', [at, duelId])
      }),
    cut: (duelId, count, at) =>
      write.transaction(async (tx) => {
        await tx.run('DELETE FROM duel_steps WHERE duel_id = ? AND step > ?', [duelId, count])
        await tx.run('UPDATE duels SET changed_at = ? WHERE id = ?', [at, duelId])
      }),
    async steps(duelId) {
      const rows = await read.all<Omit<StoredDuelStep, 'shown'> & { shown: string }>(
        `SELECT step, at, left_policy AS leftPolicy, preference, winner, shown FROM duel_steps WHERE duel_id = ? ORDER BY step`,
        [duelId],
      )
      return rows.map(({ shown, ...row }) => ({ ...row, shown: parseJson<ShownItem[]>(shown) }))
    },
    async hide(duelId, at) {
      const sql = `UPDATE live_sessions SET removed_at = ? WHERE removed_at IS NULL AND id IN (${BOTH})`
      return (await write.run(sql, [at, duelId, duelId])).changes > 0
    },
    async restore(duelId) {
      const sql = `UPDATE live_sessions SET removed_at = NULL WHERE removed_at IS NOT NULL AND id IN (${BOTH})`
      return (await write.run(sql, [duelId, duelId])).changes > 0
    },
  }
}
