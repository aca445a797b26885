import { fork, type ChildProcess } from 'node:child_process'
import { closeNotice, type RpcFrame } from '../../contract/rpc-port.ts'
import type { EngineOptions } from '../engine/messages.ts'
import { createSupervisor, type EngineProcess, type SupervisorOptions } from '../engine/supervisor.ts'

/** The web host's end of a logical port to the engine. */
export interface EnginePort {
  send(frame: RpcFrame): void
  onFrame(listener: (frame: RpcFrame) => void): void
  onClose(listener: () => void): void
  /** Asks the engine to hold this port's frames back, or to go on. */
  setPaused(paused: boolean): void
  close(): void
}

export interface EngineLauncher {
  /** @throws PalateError when the engine cannot start */
  start(): Promise<void>
  /** A new port to the engine; waits through a restart. Undefined when there is no engine any more. */
  openPort(): Promise<EnginePort | undefined>
  /** The process id of the engine that serves now. */
  pid(): number | undefined
  stop(): Promise<void>
}

interface OpenPort {
  readonly frames: (frame: RpcFrame) => void
  readonly announceClosed: () => void
}

/**
 * Runs the engine as a forked plain Node process and multiplexes ports over its IPC channel.
 *
 * @param entry the engine's entry file
 * @param log   gets one line per event; it never holds a secret
 */
export function createEngineLauncher(
  entry: string,
  engine: EngineOptions,
  log: (text: string) => void,
  restartDelaysMs?: readonly number[],
): EngineLauncher {
  const ports = new Map<number, OpenPort>()
  let lastPort = 0
  const closeAll = () => {
    for (const port of [...ports.values()]) port.announceClosed()
  }
  const options: SupervisorOptions<ForkedEngine> = {
    spawn: () => forkEngine(entry),
    engine,
    log,
    onPortMessage: (message) => {
      const port = ports.get(message.port)
      if (message.kind === 'frame') port?.frames(message.data)
      else port?.announceClosed()
    },
    onLost: closeAll,
    ...(restartDelaysMs && { restartDelaysMs }),
  }
  const supervisor = createSupervisor(options)

  return {
    start: () => supervisor.start(),
    pid: () => supervisor.current()?.pid,
    openPort: async () => {
      const process = await supervisor.whenServing()
      if (!process) return undefined
      const id = ++lastPort
      return openPort(id, process, ports)
    },
    stop: async () => {
      await supervisor.stop()
      closeAll()
    },
  }
}

function openPort(id: number, engine: ForkedEngine, ports: Map<number, OpenPort>): EnginePort {
  const notice = closeNotice()
  const listeners: ((frame: RpcFrame) => void)[] = []
  ports.set(id, {
    frames: (frame) => {
      for (const listener of listeners) listener(frame)
    },
    announceClosed: notice.announce,
  })
  notice.onClose(() => ports.delete(id))
  engine.post({ kind: 'open', port: id })
  const post: ForkedEngine['post'] = (message) => {
    if (!notice.closed()) engine.post(message)
  }
  return {
    send: (frame) => post({ kind: 'frame', port: id, data: frame as string | Uint8Array<ArrayBuffer> }),
    onFrame: (listener) => listeners.push(listener),
    onClose: notice.onClose,
    setPaused: (paused) => post({ kind: paused ? 'pause' : 'resume', port: id }),
    close: () => {
      post({ kind: 'close', port: id })
      notice.announce()
    },
  }
}

interface ForkedEngine extends EngineProcess {
  readonly pid: number | undefined
}

function forkEngine(entry: string): ForkedEngine {
  const child: ChildProcess = fork(entry, [], {
    serialization: 'advanced',
    // What the engine prints goes to standard error: standard output belongs to whoever started the host.
    stdio: ['ignore', 2, 2, 'ipc'],
    // A debugger's or profiler's flags are meant for this process; two processes cannot share an inspector port.
    execArgv: [],
  })
  return {
    pid: child.pid,
    post: (message) => {
      // The channel may close between a check and a send; the exit is reported on its own.
      if (child.connected) child.send(message, () => undefined)
    },
    onMessage: (listener) => child.on('message', (data) => listener(data)),
    onExit: (listener) => {
      let told = false
      const tell = (reason: string) => {
        if (told) return
        told = true
        listener(reason)
      }
      child.once('exit', (code, signal) => tell(signal ? `signal ${signal}` : `exit code ${code}`))
      child.once('error', (error) => tell(error.message))
      if (child.exitCode !== null || child.signalCode !== null) tell('it is gone already')
    },
    kill: () => void child.kill('SIGKILL'),
  }
}
