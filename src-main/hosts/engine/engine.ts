import { toErrorRecord } from '../../contract/errors.ts'
import type { RpcPort } from '../../contract/rpc-port.ts'
import type { Handlers } from '../../services/handlers.ts'
import type { EngineOptions, ToEngine } from './messages.ts'
import { createMultiplexedPorts, type Post } from './multiplexed-ports.ts'
import { createRpcServer, type RpcServer } from './rpc.ts'

/**
 * Opens the workspace and everything in it; the real one is `services/create-services.ts`. Calling `reopen` closes it and opens it
 * once more, as after a restored backup; windows connect again by themselves.
 */
export type OpenServices = (
  options: EngineOptions,
  reopen: () => void,
) => Promise<{ readonly handlers: Handlers; close(): Promise<void> }>

interface Running {
  readonly server: RpcServer
  close(): Promise<void>
}

/** The engine behind one channel: starts once, serves ports, and leaves nothing open when it is shut down. */
export interface Engine {
  accept(message: ToEngine, port?: RpcPort): void
  /** Closes ports and services. Safe to call twice. */
  shutdown(): Promise<void>
}

/**
 * @param openServices called by the first `start`, and for each reopening
 * @param post   sends a message to the launcher
 * @param onExit called when the engine has nothing left to do: it could not start (1) or was shut down (0)
 */
export function createEngine(openServices: OpenServices, post: Post, onExit: (code: 0 | 1) => void): Engine {
  let starting: Promise<Running> | undefined
  let stopping: Promise<void> | undefined
  const log = (error: unknown) =>
    post({ kind: 'log', level: 'error', text: error instanceof Error ? error.message : String(error) })
  const serve = (port: RpcPort) => {
    if (starting) starting.then(({ server }) => server.serve(port)).catch(() => port.close())
    else port.close()
  }
  const ports = createMultiplexedPorts(post, serve)

  function start(options: EngineOptions): void {
    if (starting) return
    starting = open(openServices, options, () => reopen(options), log)
    starting.then(() => void post({ kind: 'ready' }), failed)
  }

  function failed(error: unknown): void {
    void post({ kind: 'failed', error: toErrorRecord(error) })
    onExit(1)
  }

  /** Ports that arrive meanwhile are served by the new services. */
  function reopen(options: EngineOptions): void {
    if (stopping) return
    const before = starting
    starting = (async () => {
      await (await before)?.close()
      return open(openServices, options, () => reopen(options), log)
    })()
    starting.catch(failed)
  }

  async function stop(): Promise<void> {
    ports.closeAll()
    const running = await starting?.catch(() => undefined)
    await running?.close()
  }

  const engine: Engine = {
    accept: (message, port) => {
      switch (message.kind) {
        case 'start':
          return start(message.options)
        case 'connect':
          return port ? serve(port) : undefined
        case 'shutdown':
          void engine.shutdown().then(() => onExit(0))
          return
        default:
          return ports.accept(message)
      }
    },
    shutdown: () => (stopping ??= stop().catch(log)),
  }
  return engine
}

async function open(
  openServices: OpenServices,
  options: EngineOptions,
  reopen: () => void,
  log: (error: unknown) => void,
): Promise<Running> {
  const { handlers, close } = await openServices(options, reopen)
  const server = createRpcServer(handlers, log)
  return {
    server,
    close: async () => {
      server.close()
      await close()
    },
  }
}
