import { setPriority } from 'node:os'
import { Worker } from 'node:worker_threads'
import { toErrorRecord } from '../../contract/errors.ts'
import { LiveDesk } from '../live/live-desk.ts'
import type { LiveRequest } from '../live/live-protocol.ts'
import { TrainerLoop, type TrainerBackend, type TrainerCompute, type TrainerLink } from './trainer-loop.ts'
import { toTrainer, type FromTrainer, type ToTrainer } from './trainer-protocol.ts'

/** A trainer whose engine process is gone leaves within this time, whatever it is doing. */
const orphanLimitMs = 5000
/** Below everything that a person waits for (the window, the engine process), above idle. */
const trainerNice = 10
/** Threads that have not gone home by then are ended with the process. */
const closeLimitMs = 1000
const batchProgressEveryMs = 150

/**
 * The life of a trainer process: one job by IPC, its reports, goodbye. Needs a parent that forked it with
 * `serialization: 'advanced'` and gave its own process id as the argument. Exit codes: 0 it said how the job ended, 1 it could not, 3 the engine process was gone.
 */
export function runTrainer(backend: TrainerBackend): void {
  if (!process.send) {
    process.stderr.write('A trainer is started by Palate itself, with a channel to its engine process. Run: palate train\n')
    process.exit(1)
  }
  const parent = Number(process.argv[2])
  if (process.ppid !== parent) process.exit(3)
  // First the watch, whose thread keeps the priority that it is born with: it must run also on a busy machine.
  watchParent(parent)
  const link: TrainerLink = { send }
  let loop: TrainerLoop | null = null
  let begun = false
  /** Asked for while the job was still being made: two messages may be read in one turn of the event loop. */
  let early: 'stop' | 'pause' | null = null

  let compute: TrainerCompute | null = null

  let live: LiveDesk | null = null

  const begin = async (
    message: Extract<ToTrainer, { kind: 'train' | 'evaluate' | 'probe' | 'live-open' | 'batch' | 'genre-test' }>,
  ) => {
    begun = true
    // A person waits for a live session; everything else can wait for a person.
    if (message.kind !== 'live-open') lowerPriority()
    try {
      compute = await backend.open(message.compute)
      if (message.kind !== 'train') await send({ kind: 'opened', compute: compute.opened })
      if (message.kind === 'probe') {
        if (message.selfTest) await send({ kind: 'tested', problems: compute.selfTest() })
        if (message.measure) await send({ kind: 'measured', flopsPerSecond: compute.measureSteps(message.measure) })
        return
      }
      if (message.kind === 'live-open') {
        const { spec, table, model, setup, persona, answers } = message
        live = new LiveDesk(compute.openLive(spec, table, model, setup, persona), answers)
        return await send({ kind: 'live', reply: live.reply({ ask: 'frame' }) })
      }
      if (message.kind === 'batch') return await playBatch(compute, message)
      if (message.kind === 'genre-test') return await testGenres(compute, message)
      if (message.kind === 'evaluate') {
        const outcome = await compute.evaluate(message.spec, message.table, message.model)
        return await send({ kind: 'outcome', outcome, model: null, endedEarly: false, elapsedMs: 0 })
      }
      loop = await TrainerLoop.create(compute, link, message)
    } catch (error) {
      return await send({ kind: 'failed', error: toErrorRecord(error) })
    }
    if (early) loop.request(early)
    const end = await loop.run()
    if (end === 'orphaned') process.exit(3)
  }

  process.on('message', (raw: unknown) => {
    const parsed = toTrainer.safeParse(raw)
    if (!parsed.success) {
      void send({ kind: 'failed', error: toErrorRecord(new Error(`message to the trainer: ${parsed.error.message}`)) })
      return
    }
    const message = parsed.data
    switch (message.kind) {
      case 'train':
      case 'evaluate':
      case 'probe':
      case 'live-open':
      case 'batch':
      case 'genre-test':
        if (!begun) begin(message).catch(leaveBroken)
        break
      case 'stop':
      case 'pause':
        if (loop) loop.request(message.kind)
        else early = early === 'pause' ? early : message.kind
        break
      case 'live':
        void send(answerLive(live, message.request))
        break
      case 'checkpoint-stored':
        loop?.checkpointStored()
        break
      case 'points-stored':
        loop?.pointsStored(message.count)
        break
      case 'goodbye':
        leave(compute)
    }
  })
  process.on('disconnect', () => (loop ? loop.request('orphaned') : process.exit(3)))
  // The parent decides what Ctrl-C means; a terminal sends it to the whole process group.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => (loop ? loop.request('pause') : process.exit(1)))
}

/** Its steps are short: between two of them the loss of the parent is heard. */
async function playBatch(compute: TrainerCompute, message: Extract<ToTrainer, { kind: 'batch' }>): Promise<void> {
  const { contenders, table, settings, learning } = message
  const playing = compute.playBatch(contenders, table, { settings, learning })
  let toldAt = 0
  for (let next = playing.next(); ; next = playing.next()) {
    if (next.done) return send({ kind: 'batch-outcome', played: next.value })
    if (Date.now() - toldAt < batchProgressEveryMs) continue
    toldAt = Date.now()
    await send({ kind: 'batch-progress', ...next.value })
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Says now and then how far it is, and listens in between. */
async function testGenres(compute: TrainerCompute, message: Extract<ToTrainer, { kind: 'genre-test' }>): Promise<void> {
  const { spec, table, model, wish } = message
  const test = compute.testGenres(spec, table, model, wish)
  let said = 0
  for (let next = test.next(); ; next = test.next()) {
    if (next.done) return send({ kind: 'genre-tested', step: { kind: 'report', report: next.value } })
    if (next.value - said < 0.01) continue
    said = next.value
    await send({ kind: 'genre-tested', step: { kind: 'progress', share: said } })
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function answerLive(live: LiveDesk | null, request: LiveRequest): FromTrainer {
  try {
    if (!live) throw new Error('there is no live session in this process')
    return { kind: 'live', reply: live.reply(request) }
  } catch (error) {
    return { kind: 'live-refused', error: toErrorRecord(error) }
  }
}

function send(message: FromTrainer): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected) return resolve()
    // A failed send means that the parent is gone: `disconnect` deals with it.
    process.send!(message, undefined, undefined, () => resolve())
  })
}

function leave(compute: TrainerCompute | null): void {
  setTimeout(() => process.exit(0), closeLimitMs)
  const gone = compute?.close() ?? Promise.resolve()
  gone.then(
    () => process.exit(0),
    () => process.exit(0),
  )
}

function leaveBroken(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(1)
}

function lowerPriority(): void {
  try {
    setPriority(trainerNice)
  } catch {
    // Some containers forbid it; training works all the same.
  }
}

/**
 * The event loop hears a lost parent between slices only. This thread hears it also while a slice hangs or runs long, and
 * ends the process when it has not left by itself. Watching the parent's id works because an orphan is adopted at once.
 */
function watchParent(parent: number): void {
  const code = `
    const { workerData } = require('node:worker_threads')
    // Where an orphan keeps its parent's number (Windows), that number is asked after instead.
    const alive = () => { try { return process.kill(workerData.parent, 0) } catch (error) { return error.code === 'EPERM' } }
    let goneSince = 0
    setInterval(() => {
      if (process.ppid === workerData.parent && alive()) return
      goneSince ||= Date.now()
      if (Date.now() - goneSince >= workerData.graceMs) process.kill(process.pid, 'SIGKILL')
    }, 250)`
  const worker = new Worker(code, { eval: true, workerData: { parent, graceMs: orphanLimitMs - 3000 } })
  worker.unref()
}
