import { setTimeout as sleep } from 'node:timers/promises'
import type { GenreTestStep, GenreTestWish } from '../../contract/dto/genre-test.ts'
import type {
  LiveAnswer,
  LiveDrift,
  LiveReplay,
  LiveSession,
  LiveSetup,
  LiveView,
  WhatIfResult,
} from '../../contract/dto/live.ts'
import type { RunSummary } from '../../contract/dto/run.ts'
import { isPalateError, PalateError } from '../../contract/errors.ts'
import type { LiveFrame } from '../../engine/live/live-frame.ts'
import { givenAnswer, type StoredAnswer, type StoredLiveSession } from '../../storage/repositories/live-sessions.ts'
import type { CatalogueItem } from '../../storage/repositories/items.ts'
import type { StoredRun } from '../../storage/repositories/runs.ts'
import { runNotFound, runState } from '../runs/run-errors.ts'
import { storeContinued } from './continue-run.ts'
import { isVeiled } from './duel-guard.ts'
import { testGenres } from './genre-test.ts'
import type { LiveOptions } from './live-options.types.ts'
import { LiveProcess } from './live-process.ts'
import type { LiveReply, LiveRequest } from './live-protocol.ts'
import { replayAnswers, storedAnswer } from './live-replay.ts'
import { liveItems, liveView, toLiveSession } from './live-view.ts'
import { Turns } from './turns.ts'

/** Sessions whose processes are held at once; the one not used for longest makes room, and is played again when it is wanted. */
const MOST_PROCESSES = 4

interface AtWork {
  readonly process: LiveProcess
  readonly answers: StoredAnswer[]
  frame: LiveFrame
}

/** All live sessions of a workspace: those with a process, and those that could have one again. */
export class LiveSessions {
  readonly #options: LiveOptions
  /** In the order of their last use. */
  readonly #atWork = new Map<number, AtWork>()
  readonly #turns = new Turns()
  readonly #catalogues = new Map<number, Promise<CatalogueItem[]>>()
  #closed = false

  constructor(options: LiveOptions) {
    this.#options = options
  }

  get #repository() {
    return this.#options.workspace.repositories.liveSessions
  }

  /** @returns all but those that would give the names of a blind duel away */
  async list(): Promise<LiveSession[]> {
    const duels = await this.#options.workspace.repositories.duels.list()
    const veiled = new Set(duels.filter(isVeiled).map(({ id }) => id))
    return (await this.#repository.list()).filter(({ duelId }) => duelId === null || !veiled.has(duelId)).map(toLiveSession)
  }

  /** Sessions that were removed before the workspace was closed are gone for good. */
  async purge(): Promise<void> {
    await this.#repository.purge()
  }

  /** @throws PalateError RUN_NOT_FOUND, RUN_STATE, CHECKPOINT_UNUSABLE, DATA_UNSUITABLE, INPUT_INVALID; nothing is stored then */
  async open(runId: number, setup: LiveSetup, name: string | undefined): Promise<LiveView> {
    const run = await this.#trainedRun(runId)
    const process = await this.#start(run, 0, setup, [], this.#executorFor(run))
    const at = Date.now()
    const sessionId = await this.#repository.insert({
      runId,
      setup,
      name: name || `${run.name}, ${viewerName(setup)}`,
      executor: process.opened.executor,
      at,
      branchOf: null,
    })
    await this.#remember(sessionId, { process, answers: [], frame: frameOf(process.first) })
    return this.view(sessionId)
  }

  /** @throws PalateError LIVE_SESSION_NOT_FOUND */
  async get(sessionId: number): Promise<LiveSession> {
    return toLiveSession(await this.#stored(sessionId))
  }

  view(sessionId: number): Promise<LiveView> {
    return this.#turns.take(sessionId, async () => this.#viewOf(sessionId, await this.#working(sessionId)))
  }

  answer(sessionId: number, answer: LiveAnswer): Promise<LiveView> {
    return this.#turns.take(sessionId, async () => {
      const reply = await this.#ask(sessionId, { ask: 'answer', answer })
      if (reply.reply !== 'answered') throw new TypeError(`a live session replied "${reply.reply}" to an answer`)
      const work = this.#atWork.get(sessionId)!
      const stored = storedAnswer(work.answers.length + 1, reply.record, Date.now())
      try {
        await this.#repository.append(sessionId, [stored], reply.frame.state, stored.at)
      } catch (error) {
        // What is not on the disk has not happened: the process is let go, and the next view plays what is stored.
        await this.#letGo(sessionId)
        throw error
      }
      work.answers.push(stored)
      work.frame = reply.frame
      return this.#viewOf(sessionId, work)
    })
  }

  undo(sessionId: number): Promise<LiveView> {
    return this.#turns.take(sessionId, async () => {
      const reply = await this.#ask(sessionId, { ask: 'undo' })
      const work = this.#atWork.get(sessionId)!
      work.frame = frameOf(reply)
      await this.#repository.cut(sessionId, work.answers.length - 1, work.frame.state, Date.now())
      work.answers.pop()
      return this.#viewOf(sessionId, work)
    })
  }

  /** @throws PalateError INPUT_INVALID when the session has not so many answers */
  branch(sessionId: number, count: number): Promise<LiveView> {
    return this.#turns.take(sessionId, async () => {
      const from = await this.#stored(sessionId)
      const answers = (await this.#repository.answers(sessionId)).slice(0, count)
      if (answers.length < count) {
        const message = `The session has ${answers.length} answers: it cannot branch after answer ${count}.`
        throw new PalateError('INPUT_INVALID', message, { issues: [{ path: 'answers', message }] })
      }
      const run = await this.#trainedRun(from.runId)
      const process = await this.#start(run, sessionId, from.setup, answers, from.executor)
      const frame = frameOf(process.first)
      const { runId, setup, executor } = from
      const name = `${from.name}, from answer ${count}`.slice(0, 200)
      const branchOf = { sessionId, answers: count }
      const at = Date.now()
      const branchId = await this.#repository.insert({ runId, setup, executor, name, at, branchOf })
      await this.#repository.append(branchId, answers, frame.state, at)
      const work = { process, answers, frame }
      await this.#remember(branchId, work)
      return this.#viewOf(branchId, work)
    })
  }

  whatIf(sessionId: number, change: Omit<WhatIfResult, 'ranking'>): Promise<WhatIfResult> {
    return this.#turns.take(sessionId, async () => {
      const { answer, itemIndex: item, instead } = change
      const reply = await this.#ask(sessionId, { ask: 'what-if', answer, item, instead })
      if (reply.reply !== 'what-if') throw new TypeError(`a live session replied "${reply.reply}" to a what-if`)
      const { datasetId } = await this.#stored(sessionId)
      return { ...change, ranking: liveItems(reply.ranking, await this.#catalogue(datasetId)) }
    })
  }

  drift(sessionId: number): Promise<LiveDrift> {
    return this.#turns.take(sessionId, async () => {
      const reply = await this.#ask(sessionId, { ask: 'drift' })
      if (reply.reply !== 'drift') throw new TypeError(`a live session replied "${reply.reply}" to a question for drift`)
      const { before, after, users } = reply
      return { before, after, users }
    })
  }

  /** @throws PalateError INPUT_INVALID when nobody is named whom a guest should answer like */
  async *autopilot(
    sessionId: number,
    { as, answers, perSecond }: { readonly as?: number | undefined; readonly answers: number; readonly perSecond: number },
    signal: AbortSignal | undefined,
  ): AsyncGenerator<LiveView, void, void> {
    const { setup } = await this.#stored(sessionId)
    const user = as ?? (setup.viewer.kind === 'user' ? setup.viewer.userIndex : null)
    for (let given = 0; given < answers && !signal?.aborted; given++) {
      const due = Date.now() + (perSecond > 0 ? 1000 / perSecond : 0)
      const answer = await this.simulate(sessionId, user)
      if (answer.responses.length === 0 && !answer.leave) return
      const view = await this.answer(sessionId, answer)
      yield view
      if (view.session.state !== 'open') return
      const left = due - Date.now()
      if (left > 0) await sleep(left, undefined, { signal }).catch(() => undefined)
    }
  }

  /**
   * What a user of the data set would answer, or (null) the virtual user who watches.
   *
   * @param items what is asked about; by default the present slate
   * @throws PalateError INPUT_INVALID when nobody is named whom a guest should answer like
   */
  async simulate(sessionId: number, user: number | null, items?: readonly number[]): Promise<LiveAnswer> {
    const asked: LiveRequest = { ask: 'simulate', user, ...(items ? { items: [...items] } : {}) }
    const reply = await this.#turns.take(sessionId, () => this.#ask(sessionId, asked))
    if (reply.reply !== 'simulated') throw new TypeError(`a live session replied "${reply.reply}" to a simulation`)
    return reply.answer
  }

  /** Plays the session again from its start, in a process of its own, and compares it with what is stored. */
  async replay(sessionId: number): Promise<LiveReplay> {
    const stored = await this.#stored(sessionId)
    const answers = await this.#repository.answers(sessionId)
    const fresh = await this.#start(await this.#trainedRun(stored.runId), sessionId, stored.setup, [], stored.executor)
    try {
      return await replayAnswers(fresh, answers)
    } finally {
      await fresh.close()
    }
  }

  /** Takes answers after the first `count` for never given: their other half was not stored. */
  cutTo(sessionId: number, count: number): Promise<void> {
    return this.#turns.take(sessionId, async () => {
      await this.#letGo(sessionId)
      await this.#repository.cut(sessionId, count, 'open', Date.now())
    })
  }

  /** @throws PalateError RUN_NOT_FOUND, RUN_STATE, and what `testGenres` throws */
  async *testGenres(
    runId: number,
    wish: GenreTestWish,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<GenreTestStep, void, void> {
    const run = await this.#trainedRun(runId)
    yield* testGenres(this.#options, run, this.#executorFor(run), wish, signal)
  }

  /** @throws PalateError LIVE_SESSION_NOT_FOUND, DATA_UNSUITABLE (nothing learns from transitions), and what opening throws */
  continueTraining(sessionId: number, wish: { updates?: number | undefined; name?: string | undefined }): Promise<RunSummary> {
    return this.#turns.take(sessionId, async () => {
      const reply = await this.#ask(sessionId, { ask: 'continue', updates: wish.updates ?? null })
      if (reply.reply !== 'continued') throw new TypeError(`a live session replied "${reply.reply}" to a wish to continue`)
      const stored = await this.#stored(sessionId)
      return storeContinued(this.#options, stored, await this.#trainedRun(stored.runId), reply.begun, wish.name)
    })
  }

  close(sessionId: number): Promise<boolean> {
    return this.#turns.take(sessionId, () => this.#letGo(sessionId))
  }

  async change(sessionId: number, change: { name?: string; notes?: string }): Promise<LiveSession> {
    await this.#stored(sessionId)
    await this.#repository.update(sessionId, change, Date.now())
    return toLiveSession(await this.#stored(sessionId))
  }

  /** Hides it until `restore`, or until the workspace is opened again: then it is gone. */
  remove(sessionId: number): Promise<boolean> {
    return this.#turns.take(sessionId, async () => {
      await this.#letGo(sessionId)
      return this.#repository.hide(sessionId, Date.now())
    })
  }

  /** @throws PalateError LIVE_SESSION_NOT_FOUND when it is gone for good */
  async restore(sessionId: number): Promise<LiveSession> {
    await this.#repository.restore(sessionId)
    return toLiveSession(await this.#stored(sessionId))
  }

  /** For one that belongs to something that did not come about. */
  discard(sessionId: number): Promise<void> {
    return this.#turns.take(sessionId, async () => {
      await this.#letGo(sessionId)
      await this.#repository.discard(sessionId)
    })
  }

  /** All processes go; the sessions stay. */
  async closeAll(): Promise<void> {
    this.#closed = true
    await this.#turns.allEnded()
    await Promise.all([...this.#atWork.keys()].map((sessionId) => this.#letGo(sessionId)))
  }

  /** The process of a session, for tests. */
  pid(sessionId: number): number | undefined {
    return this.#atWork.get(sessionId)?.process.pid
  }

  /** @throws PalateError LIVE_SESSION_NOT_FOUND */
  async #stored(sessionId: number): Promise<StoredLiveSession> {
    const stored = await this.#repository.get(sessionId)
    if (stored) return stored
    throw new PalateError(
      'LIVE_SESSION_NOT_FOUND',
      `There is no live session ${sessionId} in this workspace. It may have been deleted in another window; look at the list of sessions.`,
      { session: String(sessionId) },
    )
  }

  async #trainedRun(runId: number): Promise<StoredRun> {
    const run = await this.#options.workspace.repositories.runs.get(runId)
    if (!run) throw runNotFound(runId)
    if (run.state !== 'finished' && run.state !== 'stopped') throw runState(run, run.state, 'played with')
    return run
  }

  /** A person waits for every answer: what runs elsewhere costs a trip for each of them. */
  #executorFor(run: StoredRun): string {
    return /^(plain|kernels|native)$/.test(run.executor) ? run.executor : 'auto'
  }

  async #start(
    run: StoredRun,
    sessionId: number,
    setup: LiveSetup,
    answers: readonly StoredAnswer[],
    backend: string,
  ): Promise<LiveProcess> {
    if (this.#closed)
      throw new PalateError('ENGINE_UNREACHABLE', 'The workspace is being closed. Open it again.', { reason: 'closing' })
    const { workspace, launch, compute } = this.#options
    const { modelId, params, split, seed } = run
    return LiveProcess.open(launch, sessionId, {
      kind: 'live-open',
      // One thread: a ranking takes milliseconds, and the others are wanted by training.
      compute: await compute.request(backend, 1, 1),
      spec: { modelId, params, split, seed, protocols: [], ks: [] },
      table: await workspace.loadInteractions(run.datasetId),
      model: await workspace.repositories.checkpoints.loadModel(run.id),
      setup,
      answers: answers.map(givenAnswer),
    })
  }

  /** The session's process; one that is gone is started again and plays what is stored. */
  async #working(sessionId: number): Promise<AtWork> {
    const held = this.#atWork.get(sessionId)
    if (held) {
      this.#atWork.delete(sessionId)
      this.#atWork.set(sessionId, held)
      return held
    }
    const stored = await this.#stored(sessionId)
    const answers = await this.#repository.answers(sessionId)
    const process = await this.#start(await this.#trainedRun(stored.runId), sessionId, stored.setup, answers, stored.executor)
    const work = { process, answers, frame: frameOf(process.first) }
    await this.#remember(sessionId, work)
    return work
  }

  async #remember(sessionId: number, work: AtWork): Promise<void> {
    this.#atWork.set(sessionId, work)
    const [oldest] = this.#atWork.keys()
    if (this.#atWork.size > MOST_PROCESSES && oldest !== undefined) await this.#letGo(oldest)
  }

  /** Asks the process; when it is found dead, another one plays what is stored and is asked once more. */
  async #ask(sessionId: number, request: LiveRequest): Promise<LiveReply> {
    const { process } = await this.#working(sessionId)
    try {
      return await process.ask(request)
    } catch (error) {
      if (!isPalateError(error) || error.code !== 'TRAINER_LOST') throw error
      this.#atWork.delete(sessionId)
      return (await this.#working(sessionId)).process.ask(request)
    }
  }

  async #letGo(sessionId: number): Promise<boolean> {
    const held = this.#atWork.get(sessionId)
    this.#atWork.delete(sessionId)
    await held?.process.close()
    return held !== undefined
  }

  async #viewOf(sessionId: number, { frame, answers }: AtWork): Promise<LiveView> {
    const stored = await this.#stored(sessionId)
    return liveView(stored, frame, answers, await this.#catalogue(stored.datasetId))
  }

  #catalogue(datasetId: number): Promise<CatalogueItem[]> {
    const known = this.#catalogues.get(datasetId) ?? this.#options.workspace.repositories.items.catalogue(datasetId)
    this.#catalogues.set(datasetId, known)
    return known
  }
}

function frameOf(reply: LiveReply): LiveFrame {
  if (reply.reply === 'frame' || reply.reply === 'answered') return reply.frame
  throw new TypeError(`a live session replied "${reply.reply}" where a frame was asked for`)
}

function viewerName({ viewer }: LiveSetup): string {
  if (viewer.kind === 'user') return `user ${viewer.userIndex}`
  if (viewer.kind === 'virtual') return `virtual user ${viewer.seed}`
  const count = viewer.favourites.length
  return count === 0 ? 'a guest' : `a guest with ${count} ${count === 1 ? 'favourite' : 'favourites'}`
}
