import type { RunEvent, RunSummary } from '../../contract/dto/run.ts'

/** A subscriber that falls behind keeps at most this many points per run; the complete history is what `metrics` is for. */
const maxBufferedPoints = 4000

/**
 * The news of the runs inside the engine process. Publishing never waits for a subscriber: what one has not fetched yet is
 * coalesced (the newest summary of a run replaces the one before, points of a run are joined and thinned), so that a slow
 * window costs bounded memory and sees the present when it comes back.
 */
export class RunEventBus {
  readonly #subscribers = new Set<Subscriber>()

  publish(event: RunEvent): void {
    for (const subscriber of this.#subscribers) subscriber.offer(event)
  }

  /**
   * Events from now on: the subscription stands when this returns, so nothing between the call and the first `next` is
   * missed. Ends when the generator is returned, the signal aborts or the bus closes.
   *
   * @param runId only events of this run; undefined for all
   * @param together summaries and removals that wait are delivered as one event: thousands of runs may change at once
   */
  subscribe(runId: number | undefined, signal?: AbortSignal, together = false): AsyncGenerator<RunEvent, void, void> {
    const subscriber = new Subscriber(runId, together)
    this.#subscribers.add(subscriber)
    const leave = () => {
      this.#subscribers.delete(subscriber)
      subscriber.close()
    }
    if (signal?.aborted) leave()
    else signal?.addEventListener('abort', leave, { once: true })
    return eventsOf(subscriber, () => {
      signal?.removeEventListener('abort', leave)
      leave()
    })
  }

  /** Ends every subscription. */
  close(): void {
    for (const subscriber of this.#subscribers) subscriber.close()
    this.#subscribers.clear()
  }

  get subscriberCount(): number {
    return this.#subscribers.size
  }
}

/** A hand-made generator: `return()` must end a `next()` that is still waiting, which an async generator function cannot. */
function eventsOf(subscriber: Subscriber, leave: () => void): AsyncGenerator<RunEvent, void, void> {
  const end = (): Promise<IteratorResult<RunEvent, void>> => {
    leave()
    return Promise.resolve({ done: true, value: undefined })
  }
  const events: AsyncGenerator<RunEvent, void, void> = {
    next: async () => {
      const event = await subscriber.take()
      return event ? { done: false, value: event } : { done: true, value: undefined }
    },
    return: end,
    throw: (error: unknown) => {
      leave()
      return Promise.reject(error instanceof Error ? error : new Error(String(error)))
    },
    [Symbol.asyncIterator]: () => events,
    [Symbol.asyncDispose]: async () => void (await end()),
  }
  return events
}

class Subscriber {
  readonly #runId: number | undefined
  /** Insertion order is the order of delivery; a coalesced event keeps the place of the first. */
  readonly #pending = new Map<string, RunEvent>()
  readonly #waiting: ((event: RunEvent | null) => void)[] = []
  readonly #together: boolean
  #closed = false

  constructor(runId: number | undefined, together: boolean) {
    this.#runId = runId
    this.#together = together
  }

  offer(event: RunEvent): void {
    // Bundles are made here, out of what is offered.
    if (event.kind === 'many') return
    const runId = event.kind === 'run' ? event.run.id : event.kind === 'queue' ? undefined : event.runId
    if (this.#closed || (this.#runId !== undefined && this.#runId !== runId)) return
    const waiting = this.#waiting.shift()
    if (waiting) return waiting(event)
    const key = keyOf(event)
    const earlier = this.#pending.get(key)
    if (event.kind === 'points' && earlier?.kind === 'points') {
      this.#pending.set(key, { ...event, points: thin([...earlier.points, ...event.points]) })
    } else this.#pending.set(key, event)
    // A run that went and came back, or the other way round: the last of the two is what counts.
    if (event.kind === 'run') this.#pending.delete(`removed/${runId}`)
    if (event.kind === 'removed') this.#pending.delete(`run/${runId}`)
  }

  /** All summaries and removals that wait, the last news of each run; undefined when there are not two. */
  #takeBundle(): RunEvent | undefined {
    const news = new Map<number, RunSummary | null>()
    const keys: string[] = []
    for (const [key, event] of this.#pending) {
      if (event.kind !== 'run' && event.kind !== 'removed') continue
      keys.push(key)
      news.set(event.kind === 'run' ? event.run.id : event.runId, event.kind === 'run' ? event.run : null)
    }
    if (keys.length < 2) return undefined
    for (const key of keys) this.#pending.delete(key)
    const runs = [...news.values()].filter((run) => run !== null)
    return { kind: 'many', runs, removed: [...news].filter(([, run]) => run === null).map(([id]) => id) }
  }

  /** The next event, or null once closed. What was pending at the close is dropped: nobody wants it. */
  take(): Promise<RunEvent | null> {
    if (this.#closed) return Promise.resolve(null)
    const bundle = this.#together ? this.#takeBundle() : undefined
    if (bundle) return Promise.resolve(bundle)
    const next = this.#pending.entries().next()
    if (!next.done) {
      this.#pending.delete(next.value[0])
      return Promise.resolve(next.value[1])
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  close(): void {
    this.#closed = true
    this.#pending.clear()
    for (const waiting of this.#waiting.splice(0)) waiting(null)
  }
}

/** What replaces an earlier event that nobody has fetched has its key. Notes and entries of the log are few, and none replaces another. */
function keyOf(event: RunEvent): string {
  switch (event.kind) {
    case 'queue':
    case 'many':
      return event.kind
    case 'run':
      return `run/${event.run.id}`
    case 'note':
      return `note/${event.runId}/${event.text}`
    case 'log':
      return `log/${event.runId}/${event.entry.at}/${event.entry.kind}/${event.entry.text}`
    default:
      return `${event.kind}/${event.runId}`
  }
}

/** Every second point of each curve once there are too many; the newest always stays. */
function thin<P extends { readonly name: string }>(points: P[]): P[] {
  if (points.length <= maxBufferedPoints) return points
  const seen = new Map<string, number>()
  return points
    .reverse()
    .filter((point) => {
      const count = seen.get(point.name) ?? 0
      seen.set(point.name, count + 1)
      return count % 2 === 0
    })
    .reverse()
}
