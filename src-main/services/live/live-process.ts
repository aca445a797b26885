import { fromErrorRecord } from '../../contract/errors.ts'
import type { OpenedCompute } from '../compute/compute-request.ts'
import { lostProcess } from '../runs/trainer-lost.ts'
import { TrainerProcess, type TrainerLaunch } from '../runs/trainer-process.ts'
import type { FromTrainer, ToTrainer } from '../trainer/trainer-protocol.ts'
import type { LiveReply, LiveRequest } from './live-protocol.ts'

export type LiveOpening = Extract<ToTrainer, { kind: 'live-open' }>

/** The engine process's end of one live session's process. One question at a time: the caller sees to it. */
export class LiveProcess {
  readonly #trainer: TrainerProcess
  readonly #messages: AsyncGenerator<FromTrainer, void, void>
  readonly #sessionId: number
  readonly opened: OpenedCompute
  readonly first: LiveReply

  private constructor(
    trainer: TrainerProcess,
    messages: AsyncGenerator<FromTrainer, void, void>,
    sessionId: number,
    opened: OpenedCompute,
    first: LiveReply,
  ) {
    this.#trainer = trainer
    this.#messages = messages
    this.#sessionId = sessionId
    this.opened = opened
    this.first = first
  }

  /** @throws PalateError CHECKPOINT_UNUSABLE, DATA_UNSUITABLE, INPUT_INVALID, BACKEND_UNAVAILABLE, TRAINER_LOST; no process is left then */
  static async open(launch: TrainerLaunch, sessionId: number, opening: LiveOpening): Promise<LiveProcess> {
    const trainer = new TrainerProcess(launch)
    const messages = trainer.messages()
    try {
      trainer.send(opening)
      const opened = await nextOf(messages, trainer, sessionId)
      if (opened.kind !== 'opened') throw unexpected(opened)
      const first = await nextOf(messages, trainer, sessionId)
      if (first.kind !== 'live') throw unexpected(first)
      return new LiveProcess(trainer, messages, sessionId, opened.compute, first.reply)
    } catch (error) {
      trainer.kill()
      throw error
    }
  }

  /** @throws PalateError what the session refuses (it goes on), TRAINER_LOST (it is gone) */
  async ask(request: LiveRequest): Promise<LiveReply> {
    this.#trainer.send({ kind: 'live', request })
    const answer = await nextOf(this.#messages, this.#trainer, this.#sessionId)
    if (answer.kind !== 'live') throw unexpected(answer)
    return answer.reply
  }

  /** Only for tests and for watching from outside. */
  get pid(): number | undefined {
    return this.#trainer.pid
  }

  close(): Promise<void> {
    return this.#trainer.goodbye()
  }
}

async function nextOf(
  messages: AsyncGenerator<FromTrainer, void, void>,
  trainer: TrainerProcess,
  sessionId: number,
): Promise<FromTrainer> {
  const next = await messages.next()
  if (next.done) {
    const advice = 'Every answer before is kept: open the session again to go on.'
    throw lostProcess(`of live session ${sessionId}`, advice, String(sessionId), await trainer.exit)
  }
  if (next.value.kind === 'failed' || next.value.kind === 'live-refused') throw fromErrorRecord(next.value.error)
  return next.value
}

function unexpected(message: FromTrainer): Error {
  return new Error(`a live session's process said "${message.kind}" where nothing of the kind was asked`)
}
