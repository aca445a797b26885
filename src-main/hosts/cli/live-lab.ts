import { closeNotice, type RpcFrame, type RpcPort } from '../../contract/rpc-port.ts'
import { livePoints } from '../../services/bench/live-points.ts'
import { createServices } from '../../services/create-services.ts'
import { entryPath } from '../entries.ts'
import { createRpcServer } from '../engine/rpc.ts'
import { palateVersion } from '../version.ts'
import type { EnginePort } from '../web/engine-launcher.ts'
import { startWebHost } from '../web/start-web-host.ts'

/** The web host on a workspace whose runs seem to train; the engine is in this process. */
export interface LiveLab {
  readonly url: string
  /** From now on points come. */
  begin(): void
  told(): number
  close(): Promise<void>
}

/** @throws PalateError as `createServices` and `startWebHost` do */
export async function serveLiveLab(
  workspace: string,
  { lastUpdate, perSecond }: { readonly lastUpdate: number; readonly perSecond: number },
): Promise<LiveLab> {
  const services = await createServices({
    workspaceDir: workspace,
    host: 'cli',
    version: palateVersion,
    trainerEntry: entryPath('trainer'),
    startQueue: false,
  })
  const live = livePoints(services.handlers, lastUpdate, perSecond)
  const rpc = createRpcServer(live.handlers, () => undefined)
  const stop = async () => {
    live.end()
    rpc.close()
    await services.close()
  }
  try {
    const launcher = {
      start: () => Promise.resolve(),
      openPort: () => Promise.resolve(portInProcess((port) => rpc.serve(port))),
      pid: () => process.pid,
      stop,
    }
    const host = await startWebHost({ workspaceDir: workspace, port: 0, launcher, log: () => undefined })
    return { url: host.createLink(), begin: live.begin, told: live.told, close: host.close }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Both ends of a port without a process between them. */
function portInProcess(serve: (port: RpcPort) => void): EnginePort {
  const notice = closeNotice()
  let toEngine: (frame: unknown) => void = () => undefined
  let toPage: (frame: RpcFrame) => void = () => undefined
  serve({
    send: (frame) => toPage(frame),
    onMessage: (listener) => (toEngine = listener),
    onClose: notice.onClose,
    close: notice.announce,
  })
  return {
    send: (frame) => toEngine(frame),
    onFrame: (listener) => (toPage = listener),
    onClose: notice.onClose,
    setPaused: () => undefined,
    close: notice.announce,
  }
}
