import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { MessagePort, Transferable } from 'node:worker_threads'

/** What a thread is started with. */
export interface SyncWorkerData {
  readonly port: MessagePort
  /** [ANSWERED] the number of the latest call that was answered, [GONE] 1 once the thread has ended. */
  readonly control: Int32Array
}

export interface SyncCall {
  readonly sequence: number
  readonly body: unknown
}

export type SyncReply = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly failure: SyncFailure }

/** `refused`: this call alone was wrong. `broken`: no call will be answered any more. */
export interface SyncFailure {
  readonly kind: 'refused' | 'broken'
  readonly message: string
}

/** First message of a thread, by its parent port. */
export type SyncGreeting = { readonly ready: unknown } | { readonly failed: string }

export const ANSWERED = 0
export const GONE = 1

/** How often a waiting caller looks whether the thread is still there, if nothing wakes it. */
const lookMs = 1000

/** Says that the thread cannot be used, now and in any later call. */
export class SyncWorkerBroken extends Error {
  override readonly name = 'SyncWorkerBroken'
}

class StillStarting extends SyncWorkerBroken {}

/** The call was answered with an error; others may still succeed. */
export class SyncCallRefused extends Error {
  override readonly name = 'SyncCallRefused'
}

/**
 * A thread that is called as if it were a function: the caller's thread sleeps until the answer is there. For what is only
 * to be had asynchronously but is wanted in the middle of a synchronous computation. Every wait is bounded.
 */
export class SyncWorker {
  /** What the thread said when it was ready. */
  readonly greeting: unknown
  readonly #worker: Worker
  readonly #port: MessagePort
  readonly #control: Int32Array
  #sequence = 0
  #broken: SyncWorkerBroken | null = null

  /**
   * @param entry path of the thread's script, which must call `answerCalls`
   * @throws SyncWorkerBroken if it says that it cannot start, dies before it is ready, or is not ready in time
   */
  static async start(entry: string, startTimeoutMs: number): Promise<SyncWorker> {
    const { port1, port2 } = new MessageChannel()
    const control = new Int32Array(new SharedArrayBuffer(8))
    const data: SyncWorkerData = { port: port2, control }
    const worker = new Worker(entry, { workerData: data, transferList: [port2] })
    try {
      const greeting = await awaitGreeting(worker, startTimeoutMs)
      return new SyncWorker(worker, port1, control, greeting)
    } catch (error) {
      port1.close()
      // One that is still at work is left alone, see `#leaveAlone`.
      if (error instanceof StillStarting) worker.unref()
      else await worker.terminate()
      throw error
    }
  }

  private constructor(worker: Worker, port: MessagePort, control: Int32Array, greeting: unknown) {
    this.#worker = worker
    this.#port = port
    this.#control = control
    this.greeting = greeting
    // It must not keep a process alive that has nothing else to do.
    worker.unref()
    port.unref()
    // Without a listener an error of the thread would be one of this process.
    worker.on('error', (error) => this.#breakOff(`its thread failed (${error instanceof Error ? error.message : String(error)})`))
    worker.on('exit', (code) => this.#breakOff(`its thread ended with code ${code}`))
  }

  /**
   * @param body what can be cloned; `transfer` is moved instead
   * @throws SyncCallRefused, or SyncWorkerBroken if there is no answer within `timeoutMs`
   */
  call(body: unknown, timeoutMs: number, transfer: readonly Transferable[] = []): unknown {
    if (this.#broken) throw this.#broken
    const sequence = ++this.#sequence
    const call: SyncCall = { sequence, body }
    this.#port.postMessage(call, transfer)
    this.#await(sequence, timeoutMs)
    const reply = receiveMessageOnPort(this.#port)?.message as SyncReply | undefined
    if (!reply) throw this.#breakOff('its thread answered nothing')
    if (reply.ok) return reply.value
    if (reply.failure.kind === 'broken') throw this.#breakOff(reply.failure.message)
    throw new SyncCallRefused(reply.failure.message)
  }

  /** Ends the thread, unless it has not answered a call: see `#leaveAlone`. */
  async close(): Promise<void> {
    if (this.#busy) return
    this.#leaveAlone('it was closed')
    await this.#worker.terminate()
  }

  get #busy(): boolean {
    return Atomics.load(this.#control, ANSWERED) !== this.#sequence && Atomics.load(this.#control, GONE) === 0
  }

  #await(sequence: number, timeoutMs: number): void {
    const deadline = performance.now() + timeoutMs
    while (Atomics.load(this.#control, ANSWERED) !== sequence) {
      if (Atomics.load(this.#control, GONE) !== 0) throw this.#breakOff('its thread ended in the middle of a call')
      const left = deadline - performance.now()
      if (left <= 0) throw this.#leaveAlone(`its thread gave no answer within ${timeoutMs / 1000} s`)
      Atomics.wait(this.#control, ANSWERED, sequence - 1, Math.min(left, lookMs))
    }
  }

  /** For a thread that is at rest or gone. */
  #breakOff(reason: string): SyncWorkerBroken {
    if (!this.#broken) void this.#worker.terminate()
    return this.#leaveAlone(reason)
  }

  /**
   * For a thread that is still at work: native code may end the whole process if it is stopped there, and the process has
   * something to say yet. The first reason stays: what follows is its consequence.
   */
  #leaveAlone(reason: string): SyncWorkerBroken {
    if (this.#broken) return this.#broken
    this.#port.close()
    return (this.#broken = new SyncWorkerBroken(reason))
  }
}

function awaitGreeting(worker: Worker, timeoutMs: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const end = (reason: string): void => finish(() => reject(new SyncWorkerBroken(reason)))
    const late = new StillStarting(`its thread was not ready within ${timeoutMs / 1000} s`)
    const timer = setTimeout(() => finish(() => reject(late)), timeoutMs)
    const finish = (settle: () => void): void => {
      clearTimeout(timer)
      worker.removeAllListeners()
      // What still comes from a thread that is being ended is of no interest, but must be heard.
      worker.on('error', () => undefined)
      settle()
    }
    worker.on('message', (greeting: SyncGreeting) => {
      if ('failed' in greeting) end(greeting.failed)
      else finish(() => resolve(greeting.ready))
    })
    worker.on('error', (error) => end(error instanceof Error ? error.message : String(error)))
    worker.on('exit', (code) => end(`its thread ended with code ${code} before it was ready`))
  })
}
