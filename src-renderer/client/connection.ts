import { createClient, type PalateClient } from '../../src-main/contract/rpc-client.ts'
import { engineUnreachable } from '../../src-main/contract/rpc-errors.ts'
import type { RpcPort } from '../../src-main/contract/rpc-port.ts'

export type ConnectionState = 'connecting' | 'open' | 'lost'

/** A call made while the connection is being built again waits this long before it fails. */
const patienceMs = 6000
const firstRetryMs = 400
const longestRetryMs = 5000

/** Keeps one connection to the engine and builds it again when it breaks. */
export interface Connection {
  readonly state: ConnectionState
  /** @throws PalateError ENGINE_UNREACHABLE when no connection stands within some seconds */
  client(): Promise<PalateClient>
  /** Tells every change of state, and the present one at once. */
  onState(listener: (state: ConnectionState) => void): void
  /** Tries again now instead of after the pause. */
  retry(): void
}

/** @param open opens one port; called again after every loss, with pauses that double up to five seconds */
export function createConnection(open: () => Promise<RpcPort>): Connection {
  const listeners = new Set<(state: ConnectionState) => void>()
  let state: ConnectionState = 'connecting'
  let current: PalateClient | undefined
  let waiting: ((client: PalateClient) => void)[] = []
  let pauseMs = firstRetryMs
  let timer: ReturnType<typeof setTimeout> | undefined
  let attempting = false

  const enter = (next: ConnectionState) => {
    state = next
    for (const listener of listeners) listener(next)
  }
  const lost = () => {
    current = undefined
    enter('lost')
    timer = setTimeout(() => void attempt(), pauseMs)
    pauseMs = Math.min(pauseMs * 2, longestRetryMs)
  }
  const attempt = async () => {
    if (attempting || current) return
    attempting = true
    clearTimeout(timer)
    try {
      const port = await open()
      current = createClient(port)
      pauseMs = firstRetryMs
      for (const resolve of waiting.splice(0)) resolve(current)
      enter('open')
      port.onClose(lost)
    } catch {
      lost()
    } finally {
      attempting = false
    }
  }
  void attempt()

  return {
    get state() {
      return state
    },
    client: () => {
      if (current) return Promise.resolve(current)
      return new Promise<PalateClient>((resolve, reject) => {
        const giveUp = setTimeout(() => {
          waiting = waiting.filter((entry) => entry !== settle)
          reject(engineUnreachable('no connection to the engine process'))
        }, patienceMs)
        const settle = (client: PalateClient) => {
          clearTimeout(giveUp)
          resolve(client)
        }
        waiting.push(settle)
      })
    },
    onState: (listener) => {
      listeners.add(listener)
      listener(state)
    },
    retry: () => void attempt(),
  }
}
