import { engineUnreachable } from '../../contract/rpc-errors.ts'
import { fromErrorRecord } from '../../contract/errors.ts'
import { fromEngine, type EngineOptions, type FromEngine, type ToEngine } from './messages.ts'

/** A started engine process, whichever way it was started. */
export interface EngineProcess {
  post(message: ToEngine): void
  onMessage(listener: (data: unknown) => void): void
  /** Called once, with what is known of the end: an exit code or a signal. */
  onExit(listener: (reason: string) => void): void
  kill(): void
}

export interface SupervisorOptions<P extends EngineProcess> {
  readonly spawn: () => P
  readonly engine: EngineOptions
  /** A message of the running engine that concerns ports. */
  readonly onPortMessage?: (message: Extract<FromEngine, { port: number }>) => void
  /** The engine ended without being asked to; another one is on its way unless `restarting` is false. */
  readonly onLost?: (reason: string, restarting: boolean) => void
  readonly log: (text: string) => void
  /** Pauses before the first, second … restart; after the last one the engine stays away. */
  readonly restartDelaysMs?: readonly number[]
}

export interface EngineSupervisor<P extends EngineProcess> {
  /** @returns once the engine serves. @throws PalateError when it cannot: what it said, or ENGINE_UNREACHABLE */
  start(): Promise<void>
  /** The engine that serves now, if one does. */
  current(): P | undefined
  /** Resolves with the serving engine, waiting through a restart; undefined when it stays away. */
  whenServing(): Promise<P | undefined>
  stop(): Promise<void>
}

const defaultRestartDelaysMs = [250, 500, 1000, 2000, 5000, 10_000]
/** An engine that has served this long has earned a fresh row of restarts. */
const steadyMs = 60_000
const stopLimitMs = 12_000

/**
 * Keeps one engine process running: a crash is followed by one restart after a pause that grows with every crash in a row.
 * A crash while the engine was starting for the first time is reported instead, because nothing can have changed.
 */
export function createSupervisor<P extends EngineProcess>(options: SupervisorOptions<P>): EngineSupervisor<P> {
  const delays = options.restartDelaysMs ?? defaultRestartDelaysMs
  let serving: P | undefined
  let process: P | undefined
  let crashes = 0
  let stopping = false
  let timer: NodeJS.Timeout | undefined
  const waiters = new Set<(engine: P | undefined) => void>()
  const tell = (engine: P | undefined) => {
    for (const waiter of [...waiters]) waiter(engine)
    waiters.clear()
  }

  function launch(): Promise<void> {
    const started = options.spawn()
    process = started
    const outcome = Promise.withResolvers<void>()
    let servingSince = 0
    started.onMessage((data) => {
      const message = fromEngine.safeParse(data)
      if (!message.success) return options.log('The engine sent a message that is not understood.')
      switch (message.data.kind) {
        case 'ready':
          servingSince = performance.now()
          serving = started
          tell(started)
          return outcome.resolve()
        case 'failed':
          return outcome.reject(fromErrorRecord(message.data.error))
        case 'log':
          return options.log(message.data.text)
        default:
          return options.onPortMessage?.(message.data)
      }
    })
    started.onExit((reason) => {
      outcome.reject(engineUnreachable(reason))
      if (process !== started) return
      process = undefined
      serving = undefined
      if (stopping) return tell(undefined)
      if (servingSince > 0 && performance.now() - servingSince > steadyMs) crashes = 0
      if (servingSince > 0 || crashes > 0) restart(reason)
    })
    started.post({ kind: 'start', options: options.engine })
    return outcome.promise
  }

  function restart(reason: string): void {
    const delay = delays[crashes]
    crashes += 1
    options.onLost?.(reason, delay !== undefined)
    if (delay === undefined) {
      options.log(`The engine has ended ${crashes} times in a row (${reason}); it is not started again. Start Palate again.`)
      return tell(undefined)
    }
    options.log(`The engine has ended (${reason}); it is started again in ${delay} ms.`)
    timer = setTimeout(() => launch().catch((error: unknown) => options.log(String(error))), delay)
  }

  return {
    start: launch,
    current: () => serving,
    whenServing: () => {
      if (serving || stopping || crashes > delays.length) return Promise.resolve(serving)
      return new Promise((resolve) => waiters.add(resolve))
    },
    stop: async () => {
      stopping = true
      clearTimeout(timer)
      const last = process
      if (!last) return
      const gone = new Promise<void>((resolve) => last.onExit(() => resolve()))
      const limit = setTimeout(() => last.kill(), stopLimitMs)
      last.post({ kind: 'shutdown' })
      await gone
      clearTimeout(limit)
    },
  }
}
