import { PalateError, toErrorRecord } from '../../contract/errors.ts'
import type { GenreTestReport, GenreTestWish } from '../../contract/dto/genre-test.ts'
import type { MetricPoint } from '../../contract/dto/run.ts'
import type { InteractionTable } from '../../engine/data/interaction-table.ts'
import type { LiveSetup } from '../../contract/dto/live.ts'
import type { LivePersona } from '../../contract/dto/persona.ts'
import type { JobOutcome, JobSpec, TrainingJob } from '../../engine/training/job.types.ts'
import type { BatchContender, BatchProgress, BatchWish, PlayedBatch } from '../../engine/training/live/play-batch.ts'
import type { OpenedLiveSession } from '../../engine/training/live/create-live-session.ts'
import type { ComputeRequest, OpenedCompute, StepSizes } from '../compute/compute-request.ts'
import { ProcessMeter } from './process-meter.ts'
import { writeRescueFile } from './rescue-file.ts'
import type { FromTrainer, ToTrainer, TrainerCheckpoint } from './trainer-protocol.ts'

/** What a trainer process runs: the engine in the product, a small machine of their own in tests of the queue. */
export interface TrainerBackend {
  /** @throws PalateError BACKEND_UNAVAILABLE when what is asked for cannot be had; nothing else is taken in its place */
  open(request: ComputeRequest): Promise<TrainerCompute>
}

/** An engine that is ready to compute. */
export interface TrainerCompute {
  readonly opened: OpenedCompute
  createJob(
    spec: JobSpec,
    table: InteractionTable,
    options: { embedding: (key: string) => Uint8Array | undefined; checkpoint?: Uint8Array },
  ): TrainingJob | Promise<TrainingJob>
  evaluate(spec: JobSpec, table: InteractionTable, model: Uint8Array): JobOutcome | Promise<JobOutcome>
  /** @throws PalateError as `createLiveSession` does */
  openLive(
    spec: JobSpec,
    table: InteractionTable,
    model: Uint8Array,
    setup: LiveSetup,
    persona: LivePersona | null,
  ): OpenedLiveSession
  /** @throws PalateError as `playBatch` of the engine does */
  playBatch(
    contenders: readonly BatchContender[],
    table: InteractionTable,
    wish: BatchWish,
  ): Generator<BatchProgress, PlayedBatch>
  /** Yields the share that is done. @throws PalateError as `genreTest` does */
  testGenres(spec: JobSpec, table: InteractionTable, model: Uint8Array, wish: GenreTestWish): Generator<number, GenreTestReport>
  /** @returns what it computes wrongly, one sentence each */
  selfTest(): string[]
  /** @returns floating-point operations per second in training steps of these sizes; takes some tenths of a second */
  measureSteps(sizes: StepSizes): number
  /** Sends threads home and frees devices; nothing computes any more. */
  close(): Promise<void>
}

/** How the loop speaks to the engine process; `send` resolves when the message has left this process. */
export interface TrainerLink {
  send(message: FromTrainer): Promise<void>
}

/** One slice lasts about this long, so that pause, stop and a lost parent are heard quickly. */
const sliceMs = 25
const progressEveryMs = 200
const pointsEveryMs = 250

type TrainMessage = Extract<ToTrainer, { kind: 'train' }>

/**
 * Turns one training job to its end and reports on the way. The clock runs only inside slices, so that `elapsedMs` is
 * training time without pauses and without waiting for the disk.
 */
export class TrainerLoop {
  readonly #link: TrainerLink
  readonly #message: TrainMessage
  readonly #job: TrainingJob
  readonly #opened: OpenedCompute
  readonly #meter = new ProcessMeter()
  #elapsedMs: number
  /** Points made but not sent yet. */
  #unsent: MetricPoint[] = []
  /** Points sent but not known to be stored. */
  #unstored: MetricPoint[] = []
  #storedCount = 0
  #request: 'none' | 'stop' | 'pause' | 'orphaned' = 'none'
  #stopping = false
  #endedEarly = false
  #checkpointStored: (() => void) | null = null
  #lastProgressAt = 0
  #lastPointsAt = 0
  #lastCheckpointAt = Date.now()

  static async create(compute: TrainerCompute, link: TrainerLink, message: TrainMessage): Promise<TrainerLoop> {
    const embeddings = new Map(message.embeddings.map(({ key, bytes }) => [key, bytes]))
    const job = await compute.createJob(message.spec, message.table, {
      embedding: (key) => embeddings.get(key),
      ...(message.checkpoint ? { checkpoint: message.checkpoint } : {}),
    })
    return new TrainerLoop(compute.opened, link, message, job)
  }

  private constructor(opened: OpenedCompute, link: TrainerLink, message: TrainMessage, job: TrainingJob) {
    this.#opened = opened
    this.#link = link
    this.#message = message
    this.#job = job
    this.#elapsedMs = message.elapsedMs
    if (message.stopAtOnce) this.#request = 'stop'
  }

  /** A pause outranks a stop, a lost parent outranks both. */
  request(what: 'stop' | 'pause' | 'orphaned'): void {
    if (this.#request === 'orphaned' || (this.#request === 'pause' && what === 'stop')) return
    this.#request = what
    if (what === 'orphaned') this.#checkpointStored?.()
  }

  checkpointStored(): void {
    this.#checkpointStored?.()
  }

  /** @param count how many points of this process are on the disk by now */
  pointsStored(count: number): void {
    this.#unstored.splice(0, count - this.#storedCount)
    this.#storedCount = count
  }

  /** @returns how it ended; the last message has been sent by then. */
  async run(): Promise<'finished' | 'paused' | 'orphaned' | 'failed'> {
    try {
      await this.#link.send({ kind: 'started', splitHash: this.#job.splitHash, compute: this.#opened })
      while (this.#job.progress.stage !== 'finished') {
        if (this.#request === 'orphaned') return this.#rescue()
        if (this.#request === 'pause') return await this.#pause()
        if (this.#request === 'stop' && !this.#stopping) await this.#stop()
        this.#slice()
        await this.#report()
        // setImmediate, not a microtask: incoming messages are read between two turns of the event loop only.
        await new Promise((resolve) => setImmediate(resolve))
      }
      await this.#finish()
      return 'finished'
    } catch (error) {
      await this.#flushPoints().catch(() => undefined)
      await this.#link.send({ kind: 'failed', error: toErrorRecord(error) })
      return 'failed'
    }
  }

  #slice(): void {
    const startedAt = performance.now()
    const end = startedAt + sliceMs
    try {
      do this.#job.advance()
      while (this.#job.progress.stage !== 'finished' && performance.now() < end)
    } finally {
      this.#elapsedMs += performance.now() - startedAt
      this.#collectPoints()
    }
  }

  #collectPoints(): void {
    for (const point of this.#job.takePoints()) {
      if (!Number.isFinite(point.value)) {
        throw new PalateError(
          'RUN_DIVERGED',
          `The run diverged: ${point.name} is ${point.value} at update ${point.update}. Lower the learning rate or the gradient clip and start again; the last good checkpoint is kept.`,
          { run: '', update: point.update, quantity: point.name },
        )
      }
      this.#unsent.push({ ...point, elapsedMs: this.#elapsedMs })
    }
  }

  async #report(): Promise<void> {
    const now = Date.now()
    for (const embedding of this.#job.takeEmbeddings()) await this.#link.send({ kind: 'embedding', embedding })
    if (now - this.#lastPointsAt >= pointsEveryMs) {
      this.#lastPointsAt = now
      await this.#flushPoints()
    }
    if (now - this.#lastProgressAt >= progressEveryMs) {
      this.#lastProgressAt = now
      await this.#sendProgress()
    }
    if (now - this.#lastCheckpointAt >= this.#message.checkpointEveryMs) await this.#checkpoint()
  }

  async #sendProgress(): Promise<void> {
    const taken = this.#meter.sample()
    await this.#link.send({
      kind: 'progress',
      progress: { ...this.#job.progress },
      elapsedMs: this.#elapsedMs,
      ...(taken ? { process: taken } : {}),
    })
  }

  async #flushPoints(): Promise<void> {
    if (this.#unsent.length === 0) return
    const points = this.#unsent
    this.#unsent = []
    this.#unstored.push(...points)
    await this.#link.send({ kind: 'points', points })
  }

  #state(): TrainerCheckpoint {
    return {
      update: this.#job.progress.updatesDone,
      elapsedMs: this.#elapsedMs,
      bytes: this.#job.snapshot(),
    }
  }

  /** Hands a checkpoint over and waits until it is on the disk: a pause acknowledged before that could lose work. */
  async #checkpoint(): Promise<void> {
    await this.#flushPoints()
    const stored = new Promise<void>((resolve) => (this.#checkpointStored = resolve))
    await this.#link.send({ kind: 'checkpoint', checkpoint: this.#state() })
    await stored
    this.#checkpointStored = null
    this.#lastCheckpointAt = Date.now()
  }

  async #pause(): Promise<'paused' | 'orphaned'> {
    await this.#checkpoint()
    if (this.#request === 'orphaned') return this.#rescue()
    await this.#sendProgress()
    await this.#link.send({ kind: 'paused', elapsedMs: this.#elapsedMs })
    return 'paused'
  }

  async #stop(): Promise<void> {
    this.#stopping = true
    const { stage } = this.#job.progress
    if (stage === 'evaluating') return
    // Before the stop takes effect, so that a stopped run can be continued as if it had never been stopped.
    await this.#checkpoint()
    this.#endedEarly = true
    this.#job.stopEarly()
  }

  #rescue(): 'orphaned' {
    const points = [...this.#unstored, ...this.#unsent]
    writeRescueFile(this.#message.rescuePath, { checkpoint: this.#state(), points })
    return 'orphaned'
  }

  async #finish(): Promise<void> {
    for (const embedding of this.#job.takeEmbeddings()) await this.#link.send({ kind: 'embedding', embedding })
    await this.#flushPoints()
    await this.#sendProgress()
    await this.#link.send({
      kind: 'outcome',
      outcome: this.#job.outcome(),
      model: this.#job.modelSnapshot(),
      endedEarly: this.#endedEarly,
      elapsedMs: this.#elapsedMs,
    })
  }
}
