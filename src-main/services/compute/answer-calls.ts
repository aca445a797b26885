import { parentPort, workerData } from 'node:worker_threads'
import { ANSWERED, GONE } from './sync-worker.ts'
import type { SyncCall, SyncFailure, SyncGreeting, SyncReply, SyncWorkerData } from './sync-worker.ts'

/** Thrown by a handler after which no call can be answered any more. */
export class Broken extends Error {
  override readonly name = 'Broken'
}

/**
 * The thread's side of a SyncWorker: gets ready, says so, and answers calls one by one as long as it lives.
 * @param prepare what it takes to be ready; its failure is reported to who started the thread
 */
export async function answerCalls<Service extends { readonly about: unknown }>(
  prepare: () => Promise<Service>,
  handle: (service: Service, body: unknown) => Promise<unknown>,
): Promise<void> {
  const { port, control } = workerData as SyncWorkerData
  // Whoever waits for an answer is told at once that none will come.
  process.on('exit', () => {
    Atomics.store(control, GONE, 1)
    Atomics.notify(control, ANSWERED)
  })
  let service: Service
  try {
    service = await prepare()
  } catch (error) {
    greet({ failed: error instanceof Error ? error.message : String(error) })
    return
  }
  port.on('message', ({ sequence, body }: SyncCall) => {
    void handle(service, body)
      .then(
        (value): SyncReply => ({ ok: true, value }),
        (error: unknown): SyncReply => ({ ok: false, failure: failureOf(error) }),
      )
      .then((reply) => {
        port.postMessage(reply)
        Atomics.store(control, ANSWERED, sequence)
        Atomics.notify(control, ANSWERED)
      })
  })
  greet({ ready: service.about })
}

function greet(greeting: SyncGreeting): void {
  parentPort!.postMessage(greeting)
}

function failureOf(error: unknown): SyncFailure {
  const message = error instanceof Error ? error.message : String(error)
  return { kind: error instanceof Broken ? 'broken' : 'refused', message }
}
