import { isPalateError, PalateError } from '../../contract/errors.ts'
import type { LiveFrame } from '../../engine/live/live-frame.ts'
import { givenAnswer, type StoredAnswer, type StoredLiveSession } from '../../storage/repositories/live-sessions.ts'
import type { StoredRun } from '../../storage/repositories/runs.ts'
import type { PlayOptions } from './live-options.types.ts'
import { LiveProcess } from './live-process.ts'
import type { LiveReply, LiveRequest } from './live-protocol.ts'
import { playedModel, trainedRun } from './played-run.ts'
import { storedSession } from './stored-session.ts'

/** Sessions whose processes are held at once; the one not used for longest makes room, and is played again when it is wanted. */
const MOST_PROCESSES = 4

/** A session with a process. */
export interface AtWork {
  readonly process: LiveProcess
  readonly answers: StoredAnswer[]
  frame: LiveFrame
}

/** The processes of live sessions. One question at a time for each session: the caller sees to it. */
export class LiveProcesses {
  readonly #options: PlayOptions
  /** In the order of their last use. */
  readonly #atWork = new Map<number, AtWork>()
  #closed = false

  constructor(options: PlayOptions) {
    this.#options = options
  }

  /**
   * A process that the caller holds, and `remember`s or closes.
   *
   * @param sessionId for messages; 0 where it has no number yet
   * @param answers played before the process is handed over
   * @throws PalateError ENGINE_UNREACHABLE while the workspace closes, and as `LiveProcess.open`
   */
  async start(
    run: StoredRun,
    sessionId: number,
    { setup, persona }: Pick<StoredLiveSession, 'setup' | 'persona'>,
    answers: readonly StoredAnswer[],
    backend: string,
  ): Promise<LiveProcess> {
    if (this.#closed)
      throw new PalateError('ENGINE_UNREACHABLE', 'The workspace is being closed. Open it again.', { reason: 'closing' })
    const { workspace, launch, compute } = this.#options
    return LiveProcess.open(launch, sessionId, {
      kind: 'live-open',
      // One thread: a ranking takes milliseconds, and the others are wanted by training.
      compute: await compute.request(backend, 1, 1),
      ...(await playedModel(workspace, run)),
      setup,
      persona,
      answers: answers.map(givenAnswer),
    })
  }

  async remember(sessionId: number, work: AtWork): Promise<void> {
    this.#atWork.set(sessionId, work)
    const [oldest] = this.#atWork.keys()
    if (this.#atWork.size > MOST_PROCESSES && oldest !== undefined) await this.letGo(oldest)
  }

  /** The session's process; one that is gone is started again and plays what is stored. */
  async working(sessionId: number): Promise<AtWork> {
    const held = this.#atWork.get(sessionId)
    if (held) {
      this.#atWork.delete(sessionId)
      this.#atWork.set(sessionId, held)
      return held
    }
    const { workspace } = this.#options
    const stored = await storedSession(workspace, sessionId)
    const answers = await workspace.repositories.liveSessions.answers(sessionId)
    const run = await trainedRun(workspace, stored.runId)
    const process = await this.start(run, sessionId, stored, answers, stored.executor)
    const work = { process, answers, frame: frameOf(process.first) }
    await this.remember(sessionId, work)
    return work
  }

  /**
   * Asks the process; when it is found dead, another one plays what is stored and is asked once more.
   *
   * @param wanted the reply that belongs to the question
   */
  async ask<R extends LiveReply['reply']>(
    sessionId: number,
    request: LiveRequest,
    wanted: R,
  ): Promise<{ work: AtWork; reply: Extract<LiveReply, { reply: R }> }> {
    const work = await this.working(sessionId)
    try {
      return { work, reply: replyOf(await work.process.ask(request), wanted) }
    } catch (error) {
      if (!isPalateError(error) || error.code !== 'TRAINER_LOST') throw error
      this.#atWork.delete(sessionId)
      const again = await this.working(sessionId)
      return { work: again, reply: replyOf(await again.process.ask(request), wanted) }
    }
  }

  /** @returns false when it had no process */
  async letGo(sessionId: number): Promise<boolean> {
    const held = this.#atWork.get(sessionId)
    this.#atWork.delete(sessionId)
    await held?.process.close()
    return held !== undefined
  }

  /** None is started any more: called before the last turns are waited for. */
  refuseMore(): void {
    this.#closed = true
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#atWork.keys()].map((sessionId) => this.letGo(sessionId)))
  }

  pid(sessionId: number): number | undefined {
    return this.#atWork.get(sessionId)?.process.pid
  }
}

/** Two windows on one session: what the one says must not be taken for an answer to what the other has made of it. */
export function assertSeen(sessionId: number, { answers }: AtWork, seen: number | undefined): void {
  if (seen === undefined || seen === answers.length) return
  const message = `Session ${sessionId} stands behind answer ${answers.length} by now, not ${seen}: it went on in another window. Nothing was changed; look at it as it stands, then go on.`
  throw new PalateError('LIVE_SESSION_MOVED', message, { session: String(sessionId), answers: answers.length })
}

/** The frame that a process begins with. */
export function frameOf(reply: LiveReply): LiveFrame {
  return replyOf(reply, 'frame').frame
}

/** @throws TypeError on a reply to another question: a fault of the program */
export function replyOf<R extends LiveReply['reply']>(reply: LiveReply, wanted: R): Extract<LiveReply, { reply: R }> {
  if (isReply(reply, wanted)) return reply
  throw new TypeError(`a live session replied "${reply.reply}" where "${wanted}" was asked for`)
}

function isReply<R extends LiveReply['reply']>(reply: LiveReply, wanted: R): reply is Extract<LiveReply, { reply: R }> {
  return reply.reply === wanted
}
