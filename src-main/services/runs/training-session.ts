import { isPalateError, PalateError, toErrorRecord, type ErrorRecord } from '../../contract/errors.ts'
import type { RunEvent, RunState } from '../../contract/dto/run.ts'
import type { RunChange, StoredRun } from '../../storage/repositories/runs.ts'
import type { ComputeService } from '../compute/compute-service.ts'
import type { OpenedCompute } from '../compute/compute-request.ts'
import type { FromTrainer } from '../trainer/trainer-protocol.ts'
import type { Workspace } from '../workspace.ts'
import { fallbackFor, fallbackNote, mixedNote } from './fallback.ts'
import { headlineFigures } from './run-summary.ts'
import { Speedometer } from './speedometer.ts'
import type { RunLogWriter } from './run-log.ts'
import { prepareStartingPoint, rescuePathOf } from './starting-point.ts'
import { TrainerProcess, type TrainerLaunch } from './trainer-process.ts'
import { lostWhileComputing } from './trainer-lost.ts'

export interface SessionOptions {
  readonly workspace: Workspace
  readonly launch: TrainerLaunch
  readonly compute: ComputeService
  /** What to compute with: the run's own executor unless a person has asked for another. */
  readonly backend: string
  /** How many compute at the same time, this one included. */
  readonly trainers: () => number
  readonly checkpointEveryMs: number
  readonly log: RunLogWriter
  /** Evaluate the last checkpoint instead of training on. */
  readonly stopAtOnce: boolean
  /** What changed since the last call is in `live`. */
  readonly changed: () => void
  readonly publish: (event: RunEvent) => void
}

/** How a session ended; the caller stores it. */
export interface SessionEnd {
  readonly state: RunState
  readonly error: ErrorRecord | null
}

/** A trainer that has not handed over its checkpoint this long after it was asked is killed; the one before serves. */
const pauseLimitMs = 15_000
/** The same when the whole lab closes: its host does not wait longer than 12 s. */
const interruptLimitMs = 6_000
const storeProgressEveryMs = 1000
/** The newest embeddings of the data set up to this size travel to a trainer. */
const embeddingBudgetBytes = 64 * 1024 * 1024

/** One run in one trainer process: from its last good state to its end, or to the next pause. */
export class TrainingSession {
  readonly #run: StoredRun
  readonly #options: SessionOptions
  readonly #speed = new Speedometer()
  #trainer: TrainerProcess | null = null
  #leaveAs: 'paused' | 'interrupted' | null = null
  #stopWanted = false
  /** What is asked for now; a fallback changes it. */
  #backend: string
  /** What computed the run before the trainer at work; null when that one starts from the beginning. */
  #executorBefore: string | null = null
  /** What computes in the trainer at work; null until that has opened it. */
  #executor: string | null = null
  #storedPoints = 0
  #progressStoredAt = 0
  /** What is newer than the stored row. */
  live: RunChange = {}

  constructor(run: StoredRun, options: SessionOptions) {
    this.#run = run
    this.#options = options
    this.#backend = options.backend
    this.#stopWanted = options.stopAtOnce
  }

  /** The process at work; undefined before it is started. */
  get pid(): number | undefined {
    return this.#trainer?.pid
  }

  /** Checkpoint, leave, and be resumed later. */
  leave(as: 'paused' | 'interrupted'): void {
    if (this.#leaveAs) return
    this.#leaveAs = as
    this.#trainer?.send({ kind: 'pause' })
    setTimeout(() => this.#trainer?.kill(), as === 'paused' ? pauseLimitMs : interruptLimitMs).unref()
  }

  /** End training now and evaluate. */
  stop(): void {
    this.#stopWanted = true
    this.#trainer?.send({ kind: 'stop' })
  }

  kill(): void {
    this.#trainer?.kill()
  }

  /** Never rejects: whatever happens to a run becomes its state. */
  async run(): Promise<SessionEnd> {
    try {
      for (;;) {
        const end = await this.#train()
        await this.#options.log.processEnded()
        if (!(await this.#fallBack(end))) return end
      }
    } catch (error) {
      this.kill()
      await this.#trainer?.exit
      await this.#options.log.processEnded()
      if (isPalateError(error) && error.code === 'DISK_FULL')
        return { state: 'paused', error: diskFullRecord(this.#run.id, error) }
      return { state: 'failed', error: toErrorRecord(error) }
    }
  }

  /** One trainer, from its start to its end. */
  async #train(): Promise<SessionEnd> {
    const trainer = await this.#begin()
    if (!trainer) return { state: this.#leaveAs ?? 'interrupted', error: null }
    for await (const message of trainer.messages()) {
      const end = await this.#handle(trainer, message)
      if (end) {
        await trainer.goodbye()
        return end
      }
    }
    const exit = await trainer.exit
    if (this.#leaveAs) return { state: this.#leaveAs, error: null }
    return { state: 'failed', error: toErrorRecord(lostWhileComputing(this.#run.id, exit, this.#executor)) }
  }

  /** @returns whether the run goes on from its last checkpoint with another backend */
  async #fallBack({ error }: SessionEnd): Promise<boolean> {
    const fallback = this.#leaveAs ? null : await fallbackFor(error, this.#options.compute)
    if (!fallback) return false
    await this.#say(fallbackNote(fallback), true)
    this.#backend = fallback.to
    return true
  }

  /** Into the run's notes, and to everybody who watches. */
  async #say(text: string, urgent: boolean): Promise<void> {
    await this.#options.workspace.repositories.runs.addNote(this.#run.id, { at: Date.now(), text })
    this.#options.publish({ kind: 'note', runId: this.#run.id, text, urgent })
  }

  /** @returns null when the run was called back before its trainer was started */
  async #begin(): Promise<TrainerProcess | null> {
    const { workspace, launch, checkpointEveryMs } = this.#options
    const run = this.#run
    const point = await prepareStartingPoint(workspace, run)
    await this.#options.log.begin(point.update, run.updatesDone > 0, validationCurve)
    const table = await workspace.loadInteractions(run.datasetId)
    const embeddings = await this.#knownEmbeddings()
    this.live = { ...this.live, updatesDone: Math.max(0, point.update), elapsedMs: point.elapsedMs }
    this.#executorBefore = point.checkpoint ? (this.live.executor ?? run.executor) : null
    const compute = await this.#options.compute.request(this.#backend, run.threads, this.#options.trainers())
    if (this.#leaveAs) return null
    this.#storedPoints = 0
    this.#executor = null
    const trainer = new TrainerProcess(launch)
    this.#trainer = trainer
    const { modelId, params, split, seed, protocols, ks } = run
    trainer.send({
      kind: 'train',
      compute,
      spec: { modelId, params, split, seed, protocols, ks },
      table,
      checkpoint: point.checkpoint,
      embeddings,
      elapsedMs: point.elapsedMs,
      checkpointEveryMs,
      rescuePath: rescuePathOf(workspace.folder, run.id),
      stopAtOnce: this.#stopWanted,
    })
    return trainer
  }

  async #knownEmbeddings(): Promise<{ key: string; bytes: Uint8Array }[]> {
    const { embeddings } = this.#options.workspace.repositories
    const known: { key: string; bytes: Uint8Array }[] = []
    let total = 0
    for (const { key } of await embeddings.list(this.#run.datasetId)) {
      const bytes = (await embeddings.get(this.#run.datasetId, key))?.bytes
      total += bytes?.byteLength ?? 0
      if (total > embeddingBudgetBytes) break
      if (bytes) known.push({ key, bytes })
    }
    return known
  }

  async #handle(trainer: TrainerProcess, message: FromTrainer): Promise<SessionEnd | null> {
    const { workspace, publish } = this.#options
    const { repositories } = workspace
    const run = this.#run
    switch (message.kind) {
      case 'started':
        await this.#started(message.splitHash, message.compute)
        return null
      case 'progress':
        if (message.process) this.#options.log.took(message.process)
        await this.#progressed(message.progress, message.elapsedMs)
        return null
      case 'points':
        await repositories.metricPoints.append(run.id, message.points)
        this.#storedPoints += message.points.length
        trainer.send({ kind: 'points-stored', count: this.#storedPoints })
        await this.#noteValidation(message.points)
        publish({ kind: 'points', runId: run.id, points: message.points })
        return null
      case 'embedding':
        await repositories.embeddings.save(run.datasetId, message.embedding, Date.now())
        return null
      case 'checkpoint': {
        const { update, elapsedMs, bytes } = message.checkpoint
        await repositories.checkpoints.save(run.id, { update, elapsedMs, createdAt: Date.now(), content: bytes })
        await this.#storeProgress()
        await this.#options.log.add('checkpoint', update, `Checkpoint at update ${update}, ${megabytes(bytes.byteLength)} MB.`)
        trainer.send({ kind: 'checkpoint-stored' })
        return null
      }
      case 'outcome':
        return this.#finished(message)
      case 'failed':
        return this.#failed(message.error)
      case 'opened':
      case 'tested':
      case 'measured':
      case 'live':
      case 'batch-progress':
      case 'batch-outcome':
      case 'genre-tested':
      case 'live-refused':
        return null
      case 'paused':
        // Not asked for by us: somebody sent the process a SIGTERM.
        return { state: this.#leaveAs ?? 'interrupted', error: null }
    }
  }

  async #started(splitHash: string, compute: OpenedCompute): Promise<void> {
    const { splits, runs } = this.#options.workspace.repositories
    const first = await splits.remember(this.#run.datasetId, this.#run.split, splitHash, Date.now())
    if (first !== splitHash) {
      const reason = `the split ${this.#run.split} holds other ratings than when it was first made`
      throw new PalateError(
        'DATA_UNSUITABLE',
        `Run ${this.#run.id} cannot be compared with earlier ones: ${reason}. The data set changed; import it under a new name and train on that.`,
        { reason },
      )
    }
    const { executor, device, versions: executorVersions } = compute
    this.#executor = executor
    const before = this.#executorBefore
    // A fallback has said so already.
    if (before !== null && before !== executor && this.#backend === this.#options.backend) {
      await this.#say(mixedNote(before, executor), true)
    }
    this.#options.compute.note(this.#backend, compute)
    await runs.update(this.#run.id, { splitHash, executor, device, executorVersions })
    this.live = { ...this.live, splitHash, executor, device, executorVersions }
    this.#options.changed()
  }

  async #progressed(progress: Extract<FromTrainer, { kind: 'progress' }>['progress'], elapsedMs: number): Promise<void> {
    if (progress.stage === 'training') this.#speed.add(elapsedMs, progress.updatesDone)
    const training = progress.stage === 'training'
    this.live = {
      ...this.live,
      stage: progress.stage,
      updatesDone: progress.updatesDone,
      updatesTotal: progress.updatesTotal,
      updatesPerSecond: training ? this.#speed.updatesPerSecond : null,
      remainingMs: training ? this.#speed.remainingMs(progress.updatesTotal - progress.updatesDone) : null,
      elapsedMs,
    }
    if (Date.now() - this.#progressStoredAt >= storeProgressEveryMs) await this.#storeProgress()
    this.#options.changed()
  }

  async #storeProgress(): Promise<void> {
    this.#progressStoredAt = Date.now()
    await this.#options.workspace.repositories.runs.update(this.#run.id, this.live)
  }

  async #noteValidation(points: readonly { name: string; value: number; update: number }[]): Promise<void> {
    for (const { update, value } of points.filter((point) => point.name === validationCurve)) {
      this.live = { ...this.live, validationNdcg: value }
      await this.#options.log.validated(update, value)
    }
  }

  async #finished(message: Extract<FromTrainer, { kind: 'outcome' }>): Promise<SessionEnd> {
    const { results, recommendations, userMetrics, checkpoints } = this.#options.workspace.repositories
    const { rows, recommendations: recommended, userMetrics: perUser } = message.outcome
    if (message.model) await checkpoints.saveModel(this.#run.id, { createdAt: Date.now(), content: message.model })
    await recommendations.save(this.#run.id, recommended)
    await userMetrics.save(this.#run.id, perUser)
    await results.save(this.#run.id, rows)
    for (const text of message.outcome.remarks) await this.#say(text, false)
    this.live = { ...this.live, ...headlineFigures(this.#run.modelId, rows), elapsedMs: message.elapsedMs }
    this.#options.publish({ kind: 'results', runId: this.#run.id })
    return { state: message.endedEarly ? 'stopped' : 'finished', error: null }
  }

  #failed(error: ErrorRecord): SessionEnd {
    if (error.code !== 'RUN_DIVERGED') return { state: 'failed', error }
    return { state: 'diverged', error: { ...error, details: { ...error.details, run: String(this.#run.id) } } }
  }
}

/** The curve that a run's table shows while it trains. */
const validationCurve = 'validationNdcg'

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}

function diskFullRecord(runId: number, error: PalateError): ErrorRecord {
  const record = toErrorRecord(error)
  return { ...record, message: `Run ${runId} paused: ${record.message} Then resume it; it goes on from its last checkpoint.` }
}
