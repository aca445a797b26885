import { closeNotice, type RpcPort } from '../../contract/rpc-port.ts'
import { createEngine, type Engine, type OpenServices } from './engine.ts'
import { toEngine, type FromEngine } from './messages.ts'

/** The parts of Electron's ParentPort and MessagePortMain that are used; the `electron` module itself is not here. */
interface PortMain {
  postMessage(data: unknown): void
  on(event: 'message', listener: (event: { data: unknown; ports: readonly PortMain[] }) => void): void
  on(event: 'close', listener: () => void): void
  start(): void
  close(): void
}

/** How long a shutdown may take before the process leaves anyway. Trainers notice by themselves that it is gone. */
const shutdownLimitMs = 5000

/**
 * Runs this process as the engine until its launcher shuts it down or is gone. Started as Electron's utility process it has
 * a `parentPort`, and every window brings a message port of its own; forked by the web host it shares one IPC channel.
 */
export function runEngineProcess(openServices: OpenServices): void {
  const parentPort = (process as unknown as { parentPort?: PortMain }).parentPort
  if (parentPort) runUnderElectron(openServices, parentPort)
  else if (process.send) runForked(openServices)
  else {
    process.stderr.write('The engine is started by Palate itself, by "palate serve" or by the window, not by hand.\n')
    process.exitCode = 2
  }
}

function runUnderElectron(openServices: OpenServices, parent: PortMain): void {
  const engine = createEngine(
    openServices,
    (message) => parent.postMessage(message),
    (code) => process.exit(code),
  )
  parent.on('message', (event) => {
    const message = toEngine.safeParse(event.data)
    const port = event.ports[0]
    if (message.success) engine.accept(message.data, port && portFromPortMain(port))
    else port?.close()
  })
  leaveOnSignals(engine)
}

function runForked(openServices: OpenServices): void {
  const post = (message: FromEngine) =>
    new Promise<void>((resolve) => {
      // A send that fails means that the launcher is gone, which is dealt with on its own.
      if (process.connected) process.send?.(message, undefined, undefined, () => resolve())
      else resolve()
    })
  const engine = createEngine(openServices, post, (code) => {
    // The last message has to be through before the channel goes.
    process.exitCode = code
    if (process.connected) process.disconnect()
    setTimeout(() => process.exit(code), 500).unref()
  })
  process.on('message', (data) => {
    const message = toEngine.safeParse(data)
    if (message.success) engine.accept(message.data)
  })
  // Whoever started us is gone: nobody can reach the workspace through us any more.
  process.once('disconnect', () => leave(engine))
  leaveOnSignals(engine)
}

function leaveOnSignals(engine: Engine): void {
  // Ctrl-C reaches the whole process group; the launcher gets it too and shuts us down in order.
  process.on('SIGINT', () => undefined)
  process.once('SIGTERM', () => leave(engine))
}

function leave(engine: Engine): void {
  setTimeout(() => process.exit(1), shutdownLimitMs).unref()
  void engine.shutdown().then(() => process.exit(process.exitCode ?? 0))
}

function portFromPortMain(port: PortMain): RpcPort {
  const notice = closeNotice()
  port.on('close', notice.announce)
  return {
    send: (frame) => {
      if (notice.closed()) throw new Error('The port is closed.')
      port.postMessage(frame)
    },
    onMessage: (listener) => {
      port.on('message', (event) => listener(event.data))
      port.start()
    },
    onClose: notice.onClose,
    close: () => {
      port.close()
      notice.announce()
    },
  }
}
