import type { GenreTestStep, GenreTestWish } from '../../contract/dto/genre-test.ts'
import type {
  LiveAnswer,
  LiveDrift,
  LiveGenres,
  LiveReplay,
  LiveSession,
  LiveSetup,
  LiveView,
  WhatIfResult,
} from '../../contract/dto/live.ts'
import type { RunSummary } from '../../contract/dto/run.ts'
import { PalateError } from '../../contract/errors.ts'
import type { CatalogueItem } from '../../storage/repositories/items.ts'
import type { StoredRun } from '../../storage/repositories/runs.ts'
import { storeContinued } from './continue-run.ts'
import { isVeiled } from './duel-guard.ts'
import { testGenres } from './genre-test.ts'
import type { LiveOptions } from './live-options.types.ts'
import { assertSeen, frameOf, LiveProcesses, type AtWork } from './live-processes.ts'
import type { LiveRequest } from './live-protocol.ts'
import { replayAnswers, storedAnswer } from './live-replay.ts'
import { liveItems, liveView, toLiveSession, viewerName } from './live-view.ts'
import { pacing } from './pacing.ts'
import { Personas } from './personas.ts'
import { trainedRun } from './played-run.ts'
import { besideControl } from './session-genres.ts'
import { storedSession } from './stored-session.ts'
import { Turns } from './turns.ts'

/** All live sessions of a workspace: those with a process, and those that could have one again. */
export class LiveSessions {
  readonly #options: LiveOptions
  readonly #processes: LiveProcesses
  readonly #turns = new Turns()
  readonly personas: Personas
  readonly #catalogues = new Map<number, Promise<CatalogueItem[]>>()

  constructor(options: LiveOptions) {
    this.#options = options
    this.#processes = new LiveProcesses(options)
    this.personas = new Personas(options.workspace)
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
    const run = await trainedRun(this.#options.workspace, runId)
    const persona = await this.personas.cast(run, setup)
    const process = await this.#processes.start(run, 0, { setup, persona }, [], executorFor(run))
    const at = Date.now()
    const sessionId = await this.#repository.insert({
      runId,
      setup,
      persona,
      name: name || `${run.name}, ${viewerName({ setup, persona })}`,
      executor: process.opened.executor,
      at,
      branchOf: null,
    })
    await this.#processes.remember(sessionId, { process, answers: [], frame: frameOf(process.first) })
    return this.view(sessionId)
  }

  /** @throws PalateError LIVE_SESSION_NOT_FOUND */
  async get(sessionId: number): Promise<LiveSession> {
    return toLiveSession(await storedSession(this.#options.workspace, sessionId))
  }

  view(sessionId: number): Promise<LiveView> {
    return this.#turns.take(sessionId, async () => this.#viewOf(sessionId, await this.#processes.working(sessionId)))
  }

  /** @param seen how many answers the caller knows of @throws PalateError LIVE_SESSION_MOVED where there are others by now */
  answer(sessionId: number, answer: LiveAnswer, seen?: number): Promise<LiveView> {
    return this.#turns.take(sessionId, async () => {
      assertSeen(sessionId, await this.#processes.working(sessionId), seen)
      const { work, reply } = await this.#processes.ask(sessionId, { ask: 'answer', answer }, 'answered')
      const stored = storedAnswer(work.answers.length + 1, reply.record, Date.now())
      try {
        await this.#repository.append(sessionId, [stored], reply.frame.state, stored.at)
      } catch (error) {
        // What is not on the disk has not happened: the process is let go, and the next view plays what is stored.
        await this.#processes.letGo(sessionId)
        throw error
      }
      work.answers.push(stored)
      work.frame = reply.frame
      return this.#viewOf(sessionId, work)
    })
  }

  /** As `answer`. */
  undo(sessionId: number, seen?: number): Promise<LiveView> {
    return this.#turns.take(sessionId, async () => {
      assertSeen(sessionId, await this.#processes.working(sessionId), seen)
      const { work, reply } = await this.#processes.ask(sessionId, { ask: 'undo' }, 'frame')
      work.frame = reply.frame
      await this.#repository.cut(sessionId, work.answers.length - 1, work.frame.state, Date.now())
      work.answers.pop()
      return this.#viewOf(sessionId, work)
    })
  }

  /** @throws PalateError INPUT_INVALID when the session has not so many answers */
  branch(sessionId: number, count: number): Promise<LiveView> {
    return this.#turns.take(sessionId, async () => {
      const from = await storedSession(this.#options.workspace, sessionId)
      const answers = (await this.#repository.answers(sessionId)).slice(0, count)
      if (answers.length < count) {
        const message = `The session has ${answers.length} answers: it cannot branch after answer ${count}.`
        throw new PalateError('INPUT_INVALID', message, { issues: [{ path: 'answers', message }] })
      }
      const run = await trainedRun(this.#options.workspace, from.runId)
      const process = await this.#processes.start(run, sessionId, from, answers, from.executor)
      const frame = frameOf(process.first)
      const { runId, setup, persona, executor } = from
      const name = `${from.name}, from answer ${count}`.slice(0, 200)
      const branchOf = { sessionId, answers: count }
      const at = Date.now()
      const branchId = await this.#repository.insert({ runId, setup, persona, executor, name, at, branchOf })
      await this.#repository.append(branchId, answers, frame.state, at)
      const work = { process, answers, frame }
      await this.#processes.remember(branchId, work)
      return this.#viewOf(branchId, work)
    })
  }

  whatIf(sessionId: number, change: Omit<WhatIfResult, 'ranking'>): Promise<WhatIfResult> {
    return this.#turns.take(sessionId, async () => {
      const { answer, itemIndex: item, instead } = change
      const { reply } = await this.#processes.ask(sessionId, { ask: 'what-if', answer, item, instead }, 'what-if')
      const { datasetId } = await storedSession(this.#options.workspace, sessionId)
      return { ...change, ranking: liveItems(reply.ranking, await this.#catalogue(datasetId)) }
    })
  }

  drift(sessionId: number): Promise<LiveDrift> {
    return this.#turns.take(sessionId, async () => {
      const { reply } = await this.#processes.ask(sessionId, { ask: 'drift' }, 'drift')
      const { before, after, users } = reply
      return { before, after, users }
    })
  }

  /** The control is played in a process of its own, beside the session: who answers meanwhile does not wait for it. */
  async genres(sessionId: number): Promise<LiveGenres> {
    const asked = await this.#turns.take(sessionId, async () => {
      const { work, reply } = await this.#processes.ask(sessionId, { ask: 'genres' }, 'genres')
      return { answers: [...work.answers], moves: reply.moves }
    })
    const { workspace } = this.#options
    const stored = await storedSession(workspace, sessionId)
    return besideControl(stored.setup, asked, async (setup) => {
      const run = await trainedRun(workspace, stored.runId)
      return this.#processes.start(run, sessionId, { ...stored, setup }, asked.answers, stored.executor)
    })
  }

  /** @throws PalateError INPUT_INVALID when nobody is named whom a guest should answer like */
  async *autopilot(
    sessionId: number,
    { as, answers, perSecond }: { readonly as?: number | undefined; readonly answers: number; readonly perSecond: number },
    signal: AbortSignal | undefined,
  ): AsyncGenerator<LiveView, void, void> {
    const { setup } = await storedSession(this.#options.workspace, sessionId)
    const user = as ?? (setup.viewer.kind === 'user' ? setup.viewer.userIndex : null)
    for (let given = 0; given < answers && !signal?.aborted; given++) {
      const wait = pacing(perSecond, signal)
      const answer = await this.simulate(sessionId, user)
      // Whoever stops it and looks must not see an answer come in afterwards.
      if ((answer.responses.length === 0 && !answer.leave) || signal?.aborted) return
      const view = await this.answer(sessionId, answer)
      yield view
      if (view.session.state !== 'open') return
      if (given + 1 < answers) await wait()
    }
  }

  /**
   * What a user of the data set would answer, or (null) the virtual user or persona who watches.
   *
   * @param items what is asked about; by default the present slate
   * @throws PalateError INPUT_INVALID when nobody is named whom a guest should answer like
   */
  async simulate(sessionId: number, user: number | null, items?: readonly number[]): Promise<LiveAnswer> {
    const asked: LiveRequest = { ask: 'simulate', user, ...(items ? { items: [...items] } : {}) }
    const { reply } = await this.#turns.take(sessionId, () => this.#processes.ask(sessionId, asked, 'simulated'))
    return reply.answer
  }

  /** Plays the session again from its start, in a process of its own, and compares it with what is stored. */
  async replay(sessionId: number): Promise<LiveReplay> {
    const stored = await storedSession(this.#options.workspace, sessionId)
    const answers = await this.#repository.answers(sessionId)
    const fresh = await this.#processes.start(
      await trainedRun(this.#options.workspace, stored.runId),
      sessionId,
      stored,
      [],
      stored.executor,
    )
    try {
      return await replayAnswers(fresh, answers)
    } finally {
      await fresh.close()
    }
  }

  /** Takes answers after the first `count` for never given: their other half was not stored. */
  cutTo(sessionId: number, count: number): Promise<void> {
    return this.#turns.take(sessionId, async () => {
      await this.#processes.letGo(sessionId)
      await this.#repository.cut(sessionId, count, 'open', Date.now())
    })
  }

  /** @throws PalateError RUN_NOT_FOUND, RUN_STATE, and what `testGenres` throws */
  async *testGenres(
    runId: number,
    wish: GenreTestWish,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<GenreTestStep, void, void> {
    const run = await trainedRun(this.#options.workspace, runId)
    yield* testGenres(this.#options, run, executorFor(run), wish, signal)
  }

  /** @throws PalateError LIVE_SESSION_NOT_FOUND, DATA_UNSUITABLE (nothing learns from transitions), and what opening throws */
  continueTraining(sessionId: number, wish: { updates?: number | undefined; name?: string | undefined }): Promise<RunSummary> {
    return this.#turns.take(sessionId, async () => {
      const asked = { ask: 'continue' as const, updates: wish.updates ?? null }
      const { reply } = await this.#processes.ask(sessionId, asked, 'continued')
      const stored = await storedSession(this.#options.workspace, sessionId)
      return storeContinued(
        this.#options,
        stored,
        await trainedRun(this.#options.workspace, stored.runId),
        reply.begun,
        wish.name,
      )
    })
  }

  close(sessionId: number): Promise<boolean> {
    return this.#turns.take(sessionId, () => this.#processes.letGo(sessionId))
  }

  async change(sessionId: number, change: { name?: string; notes?: string }): Promise<LiveSession> {
    await storedSession(this.#options.workspace, sessionId)
    await this.#repository.update(sessionId, change, Date.now())
    return toLiveSession(await storedSession(this.#options.workspace, sessionId))
  }

  /** Hides it until `restore`, or until the workspace is opened again: then it is gone. */
  remove(sessionId: number): Promise<boolean> {
    return this.#turns.take(sessionId, async () => {
      await this.#processes.letGo(sessionId)
      return this.#repository.hide(sessionId, Date.now())
    })
  }

  /** @throws PalateError LIVE_SESSION_NOT_FOUND when it is gone for good */
  async restore(sessionId: number): Promise<LiveSession> {
    await this.#repository.restore(sessionId)
    return toLiveSession(await storedSession(this.#options.workspace, sessionId))
  }

  /** For one that belongs to something that did not come about. */
  discard(sessionId: number): Promise<void> {
    return this.#turns.take(sessionId, async () => {
      await this.#processes.letGo(sessionId)
      await this.#repository.discard(sessionId)
    })
  }

  /** All processes go; the sessions stay. */
  async closeAll(): Promise<void> {
    this.#processes.refuseMore()
    await this.#turns.allEnded()
    await this.#processes.closeAll()
  }

  /** The process of a session, for tests. */
  pid(sessionId: number): number | undefined {
    return this.#processes.pid(sessionId)
  }

  async #viewOf(sessionId: number, { frame, answers }: AtWork): Promise<LiveView> {
    const stored = await storedSession(this.#options.workspace, sessionId)
    return liveView(stored, frame, answers, await this.#catalogue(stored.datasetId))
  }

  #catalogue(datasetId: number): Promise<CatalogueItem[]> {
    const known = this.#catalogues.get(datasetId) ?? this.#options.workspace.repositories.items.catalogue(datasetId)
    this.#catalogues.set(datasetId, known)
    return known
  }
}

/** A person waits for every answer: what runs elsewhere costs a trip for each of them. */
function executorFor({ executor }: StoredRun): string {
  return /^(plain|kernels|native)$/.test(executor) ? executor : 'auto'
}
