import type { LiveAnswer } from '../../contract/dto/live.ts'
import { drain } from '../../engine/core/generators.ts'
import { liveFrame, whatIfRanking } from '../../engine/live/live-frame.ts'
import type { OpenedLiveSession } from '../../engine/training/live/create-live-session.ts'
import type { LiveReply, LiveRequest } from './live-protocol.ts'

/** Answers what is asked of a live session; lives in the session's own process. */
export class LiveDesk {
  readonly #opened: OpenedLiveSession
  /** NDCG on held-out users with the trained weights; asked for once. */
  readonly #asTrained: { ndcg: number; users: number } | null

  /** @param answers that were given before, played again */
  constructor(opened: OpenedLiveSession, answers: readonly LiveAnswer[]) {
    this.#opened = opened
    // Measured before anything is learnt; a frozen policy cannot drift.
    this.#asTrained = opened.model.learn ? measured(opened) : null
    for (const answer of answers) opened.session.answer(answer)
  }

  /** @throws PalateError INPUT_INVALID; the session stands as it stood */
  reply(request: LiveRequest): LiveReply {
    const { session, model } = this.#opened
    switch (request.ask) {
      case 'frame':
        return { reply: 'frame', frame: liveFrame(session, model) }
      case 'answer': {
        const record = session.answer(request.answer)
        return { reply: 'answered', record, frame: liveFrame(session, model) }
      }
      case 'undo':
        session.undo()
        return { reply: 'frame', frame: liveFrame(session, model) }
      case 'what-if':
        return { reply: 'what-if', ranking: whatIfRanking(this.#opened, request) }
      case 'simulate':
        return { reply: 'simulated', answer: this.#opened.simulate(request.user, request.items) }
      case 'continue':
        return { reply: 'continued', begun: this.#opened.continueTraining(request.updates) }
      case 'genres':
        return { reply: 'genres', moves: this.#opened.genres() }
      case 'drift': {
        const now = measured(this.#opened)
        const before = this.#asTrained ?? now
        return { reply: 'drift', before: before.ndcg, after: now.ndcg, users: now.users }
      }
    }
  }
}

function measured({ model }: OpenedLiveSession): { ndcg: number; users: number } {
  return model.probe ? drain(model.probe()) : { ndcg: 0, users: 0 }
}
