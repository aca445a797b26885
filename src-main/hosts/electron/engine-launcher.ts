import { MessageChannelMain, utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron'
import type { EngineOptions } from '../engine/messages.ts'
import { createSupervisor, type EngineProcess } from '../engine/supervisor.ts'

export interface ElectronEngine {
  /** @throws PalateError when the engine cannot start */
  start(): Promise<void>
  /** A port straight to the engine process; waits through a restart. Undefined when there is no engine any more. */
  connect(): Promise<MessagePortMain | undefined>
  stop(): Promise<void>
}

interface UtilityEngine extends EngineProcess {
  readonly child: UtilityProcess
}

/** Runs the engine as a utility process. The main process only brokers ports: no call or answer passes through it. */
export function createElectronEngine(entry: string, engine: EngineOptions, log: (text: string) => void): ElectronEngine {
  const supervisor = createSupervisor<UtilityEngine>({ spawn: () => forkUtility(entry), engine, log })
  return {
    start: () => supervisor.start(),
    connect: async () => {
      const serving = await supervisor.whenServing()
      if (!serving) return undefined
      const { port1, port2 } = new MessageChannelMain()
      serving.child.postMessage({ kind: 'connect' }, [port1])
      return port2
    },
    stop: () => supervisor.stop(),
  }
}

function forkUtility(entry: string): UtilityEngine {
  const child = utilityProcess.fork(entry, [], { serviceName: 'Palate engine', stdio: 'inherit' })
  let exited: string | undefined
  child.once('exit', (code) => {
    exited = `exit code ${code}`
  })
  return {
    child,
    post: (message) => {
      if (exited === undefined) child.postMessage(message)
    },
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => {
      if (exited !== undefined) listener(exited)
      else child.once('exit', (code) => listener(`exit code ${code}`))
    },
    kill: () => void child.kill(),
  }
}
