import { isDeepStrictEqual } from 'node:util'
import type { LiveReplay } from '../../contract/dto/live.ts'
import type { AnswerRecord } from '../../engine/live/live-session.ts'
import { givenAnswer, type StoredAnswer } from '../../storage/repositories/live-sessions.ts'
import type { LiveProcess } from './live-process.ts'
import { replyOf } from './live-processes.ts'

/** An answer in the form in which it is kept. @param at milliseconds since 1970 */
export function storedAnswer(answer: number, record: AnswerRecord, at: number): StoredAnswer {
  const { leave } = record.answer
  const { updates, topBefore, topAfter } = record
  const responses = record.items.map(({ item, ...response }) => ({ itemIndex: item, ...response }))
  return { answer, at, leave, updates, topBefore, topAfter, responses }
}

/** Gives the stored answers again and compares what comes of each, bit by bit: ranks, scores, rewards, updates, heads of the rankings. */
export async function replayAnswers(fresh: LiveProcess, answers: readonly StoredAnswer[]): Promise<LiveReplay> {
  for (const stored of answers) {
    const reply = replyOf(await fresh.ask({ ask: 'answer', answer: givenAnswer(stored) }), 'answered')
    if (!isDeepStrictEqual(storedAnswer(stored.answer, reply.record, stored.at), stored)) {
      return { answers: answers.length, identical: false, firstDifference: stored.answer }
    }
  }
  return { answers: answers.length, identical: true, firstDifference: null }
}
