import type { ComputeService } from '../compute/compute-service.ts'
import { toErrorRecord } from '../../contract/errors.ts'
import type { QueueMove, QueueState } from '../../contract/dto/queue.ts'
import type { RunState, RunSummary } from '../../contract/dto/run.ts'
import type { BackendId, ThreadCount } from '../../contract/dto/system.ts'
import type { RunChange, StoredRun } from '../../storage/repositories/runs.ts'
import type { Workspace } from '../workspace.ts'
import { threadsColumn } from './plan-runs.ts'
import { QueueDesk } from './queue-desk.ts'
import { RunEventBus } from './run-events.ts'
import { RunQueue } from './run-queue.ts'
import { runNotFound, runState } from './run-errors.ts'
import { RunLogWriter } from './run-log.ts'
import { endText } from './run-end.ts'
import { toRunSummary } from './run-summary.ts'
import type { TrainerLaunch } from './trainer-process.ts'
import { TrainingSession, type SessionEnd } from './training-session.ts'

export interface RunManagerOptions {
  readonly workspace: Workspace
  readonly launch: TrainerLaunch
  readonly compute: ComputeService
  readonly checkpointEveryMs: number
  /** How many runs may train at once, asked before each start. */
  readonly concurrentRuns: () => number
}

/** What a person asks a run to compute with from now on. */
export interface ComputeChange {
  readonly backend?: BackendId | undefined
  readonly threads?: ThreadCount | undefined
}

/** A run's events go out at most this often while it trains. */
const announceEveryMs = 200

/** Owns what is going on: the queue, the sessions at work, and the news of both. */
export class RunManager {
  readonly events = new RunEventBus()
  readonly #options: RunManagerOptions
  readonly #queue: RunQueue
  readonly #desk: QueueDesk
  readonly #sessions = new Map<number, TrainingSession>()
  /** Runs that are to be evaluated as they stand when their turn comes. */
  readonly #stopAtOnce = new Set<number>()
  /** What runs are to go on with, where a person has asked for another backend; recorded once it has been opened. */
  readonly #wantedBackends = new Map<number, BackendId>()
  /** States that could not be stored, because the disk is full: newer than the row until the next change. */
  readonly #unsaved = new Map<number, RunChange>()

  constructor(options: RunManagerOptions) {
    this.#options = options
    this.#queue = new RunQueue(
      options.concurrentRuns,
      (runId) => this.#work(runId),
      () => this.#desk.note(),
    )
    this.#desk = new QueueDesk({
      queue: this.#queue,
      settings: options.workspace.repositories.settings,
      changed: (queue) => this.events.publish({ kind: 'queue', queue }),
    })
  }

  get #runs() {
    return this.#options.workspace.repositories.runs
  }

  /**
   * Takes over a workspace: what was running when the process before died is interrupted; what was waiting waits again.
   *
   * @param startQueue go on with the runs that were waiting
   */
  async open(startQueue: boolean): Promise<void> {
    for (const runId of await this.#runs.markInterrupted(Date.now())) {
      const text = 'Interrupted: the process that owned the workspace ended.'
      await this.#runs.addNote(runId, { at: Date.now(), text })
      const { runLog } = this.#options.workspace.repositories
      await runLog.add(runId, { at: Date.now(), update: null, kind: 'interrupted', text })
    }
    if (startQueue) await this.#desk.open((await this.#runs.listByState(['queued'])).map((run) => run.id))
  }

  get queueState(): QueueState {
    return this.#desk.state
  }

  /** @throws PalateError RUN_NOT_FOUND, RUN_STATE for a run that does not wait */
  async moveInQueue(runId: number, to: QueueMove): Promise<QueueState> {
    const run = await this.stored(runId)
    if (!this.#desk.move(runId, to)) throw runState(run, this.#stateOf(run), 'moved in the queue')
    return this.#desk.state
  }

  /** Resolves when everything that was at work stands at its checkpoint. */
  async pauseAll(): Promise<QueueState> {
    const atWork = [...this.#sessions.keys()]
    this.#desk.hold(atWork)
    // One may end by itself meanwhile: then there is nothing left to pause.
    await Promise.all(atWork.map((runId) => this.pause(runId).catch(() => undefined)))
    return this.#desk.state
  }

  async resumeAll(): Promise<QueueState> {
    const paused = this.#desk.release()
    // Back to the front, in their order: the last one first.
    for (const runId of [...paused].reverse()) {
      const run = await this.#runs.get(runId)
      if (!run || this.#stateOf(run) !== 'paused' || this.#queue.has(runId)) continue
      await this.#requeue(runId)
      this.#queue.move(runId, 'first')
    }
    this.#queue.hold(false)
    this.#desk.note()
    return this.#desk.state
  }

  clearEnded(): QueueState {
    this.#desk.clearEnded(Date.now())
    return this.#desk.state
  }

  /** @throws PalateError RUN_NOT_FOUND */
  async stored(runId: number): Promise<StoredRun> {
    const run = await this.#runs.get(runId)
    if (!run) throw runNotFound(runId)
    return run
  }

  /** What is newer than the stored row. */
  live(runId: number): RunChange {
    return { ...this.#unsaved.get(runId), ...this.#sessions.get(runId)?.live }
  }

  async summary(runId: number): Promise<RunSummary> {
    const run = await this.stored(runId)
    return toRunSummary(run, this.live(runId))
  }

  async summaries(): Promise<RunSummary[]> {
    return (await this.#runs.list()).map((run) => toRunSummary(run, this.live(run.id)))
  }

  /** The process that trains a run, for tests and the doctor. */
  trainerPid(runId: number): number | undefined {
    return this.#sessions.get(runId)?.pid
  }

  async enqueue(runIds: readonly number[]): Promise<void> {
    for (const runId of runIds) await this.announce(runId)
    this.#queue.add(runIds)
  }

  /**
   * Paused, interrupted, stopped and failed runs go on; so does one left "queued" that no queue knows.
   *
   * @param change what it computes with from now on; what is left out stays as it was
   */
  async resume(runId: number, change: ComputeChange = {}): Promise<RunSummary> {
    const run = await this.stored(runId)
    const resumable: readonly RunState[] = ['paused', 'interrupted', 'stopped', 'failed', 'queued']
    if (!resumable.includes(this.#stateOf(run)) || this.#queue.has(runId)) throw runState(run, this.#stateOf(run), 'resumed')
    this.#stopAtOnce.delete(runId)
    if (change.backend !== undefined) this.#wantedBackends.set(runId, change.backend)
    if (change.threads !== undefined) await this.#change(runId, { threads: threadsColumn(change.threads) })
    await this.#requeue(runId)
    return this.summary(runId)
  }

  async pause(runId: number): Promise<RunSummary> {
    const run = await this.stored(runId)
    const session = this.#sessions.get(runId)
    if (session) {
      session.leave('paused')
      await this.#queue.ended(runId)
    } else if (this.#queue.withdraw(runId)) await this.#change(runId, { state: 'paused' })
    else throw runState(run, this.#stateOf(run), 'paused')
    return this.summary(runId)
  }

  /** A run at work is evaluated as it stands; a paused one is taken up again for that; a waiting one never starts. */
  async stop(runId: number): Promise<RunSummary> {
    const run = await this.stored(runId)
    const session = this.#sessions.get(runId)
    const state = this.#stateOf(run)
    if (session) session.stop()
    else if (this.#queue.withdraw(runId)) await this.#change(runId, { state: 'stopped', endedAt: Date.now() })
    else if (state === 'paused' || state === 'interrupted') {
      const checkpoints = await this.#options.workspace.repositories.checkpoints.list(runId)
      if (checkpoints.length === 0) await this.#change(runId, { state: 'stopped', endedAt: Date.now() })
      else {
        this.#stopAtOnce.add(runId)
        await this.#requeue(runId)
      }
    } else throw runState(run, state, 'stopped')
    return this.summary(runId)
  }

  async remove(runId: number): Promise<boolean> {
    const run = await this.stored(runId)
    if (this.#sessions.has(runId)) throw runState(run, 'running', 'removed')
    this.#queue.withdraw(runId)
    this.#unsaved.delete(runId)
    const removed = await this.#runs.remove(runId)
    await this.#options.workspace.repositories.checkpoints.removeFiles(runId)
    if (removed) this.events.publish({ kind: 'removed', runId })
    return removed
  }

  /** It trains, or waits in the queue for its turn. */
  isAtWork(runId: number): boolean {
    return this.#sessions.has(runId) || this.#queue.has(runId)
  }

  async announce(runId: number): Promise<void> {
    const run = await this.#runs.get(runId)
    if (run) this.events.publish({ kind: 'run', run: toRunSummary(run, this.live(runId)) })
  }

  /** As `announce`, for many at once. */
  async announceAll(runIds: readonly number[]): Promise<void> {
    for (const run of await this.#runs.list(runIds)) {
      this.events.publish({ kind: 'run', run: toRunSummary(run, this.live(run.id)) })
    }
  }

  /** A changed number of concurrent runs takes effect. */
  fillQueue(): void {
    this.#queue.fill()
  }

  /**
   * Ends everything at work with a checkpoint, as "interrupted".
   *
   * @param waitingToo runs that still wait become "interrupted" as well, instead of waiting for the next owner
   */
  async close(waitingToo: boolean): Promise<void> {
    await this.#desk.close()
    const waiting = this.#queue.close()
    for (const session of this.#sessions.values()) session.leave('interrupted')
    await this.#queue.allEnded()
    if (waitingToo) for (const runId of waiting) await this.#change(runId, { state: 'interrupted' })
    this.events.close()
  }

  #stateOf(run: StoredRun): RunState {
    return this.#unsaved.get(run.id)?.state ?? run.state
  }

  async #requeue(runId: number): Promise<void> {
    await this.#change(runId, { state: 'queued', error: null, endedAt: null })
    this.#queue.add([runId])
  }

  /** The life of one run in the queue. Never rejects. */
  async #work(runId: number): Promise<void> {
    try {
      const run = await this.stored(runId)
      const log = new RunLogWriter(runId, this.#options.workspace, (event) => this.events.publish(event))
      const session = new TrainingSession(run, {
        workspace: this.#options.workspace,
        launch: this.#options.launch,
        compute: this.#options.compute,
        backend: this.#wantedBackends.get(runId) ?? run.executor,
        trainers: () => this.#queue.concurrency,
        checkpointEveryMs: this.#options.checkpointEveryMs,
        stopAtOnce: this.#stopAtOnce.delete(runId),
        changed: announcer(() => this.announce(runId)),
        publish: (event) => this.events.publish(event),
        log,
      })
      this.#wantedBackends.delete(runId)
      this.#sessions.set(runId, session)
      await this.#change(runId, { state: 'running', startedAt: run.startedAt ?? Date.now(), endedAt: null, error: null })
      await this.#end(runId, session, await session.run(), log)
    } catch (error) {
      this.#sessions.delete(runId)
      await this.#change(runId, { state: 'failed', endedAt: Date.now(), error: toErrorRecord(error) })
    }
  }

  async #end(runId: number, session: TrainingSession, end: SessionEnd, log: RunLogWriter): Promise<void> {
    const last = session.live
    const { state } = end
    // Before the state: who hears of the end finds it in the log.
    if (state !== 'queued' && state !== 'running') await log.add(state, last.updatesDone ?? null, endText(state, end.error))
    this.#sessions.delete(runId)
    const over = end.state !== 'paused' && end.state !== 'interrupted'
    await this.#change(runId, {
      ...last,
      ...end,
      endedAt: over || end.state === 'interrupted' ? Date.now() : null,
      updatesPerSecond: null,
      remainingMs: null,
    })
  }

  async #change(runId: number, change: RunChange): Promise<void> {
    try {
      await this.#runs.update(runId, { ...this.#unsaved.get(runId), ...change })
      this.#unsaved.delete(runId)
    } catch {
      // Told all the same: the run is not what its row says, and the next change that can be stored says so there too.
      this.#unsaved.set(runId, { ...this.#unsaved.get(runId), ...change })
    }
    await this.announce(runId).catch(() => undefined)
  }
}

/** Calls `announce` at once, then at most every `announceEveryMs`; what came meanwhile is told by the next call. */
function announcer(announce: () => Promise<void>): () => void {
  let last = 0
  return () => {
    const now = Date.now()
    if (now - last < announceEveryMs) return
    last = now
    announce().catch(() => undefined)
  }
}
