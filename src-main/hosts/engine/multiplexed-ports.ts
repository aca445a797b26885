import { closeNotice, type RpcFrame, type RpcPort } from '../../contract/rpc-port.ts'
import type { FromEngine, ToEngine } from './messages.ts'

type PortMessage = Extract<ToEngine, { port: number }>

/** The engine's side of the ports that share one IPC channel. */
export interface MultiplexedPorts {
  accept(message: PortMessage): void
  closeAll(): void
}

/** Sends one message to the launcher. A returned promise resolves when it has left this process. */
export type Post = (message: FromEngine) => void | Promise<void>

/**
 * Many logical ports over one channel. Every frame is awaited until it has left: a subscription that makes frames faster
 * than the channel takes them would otherwise fill the memory, and never see the message that asks it to pause.
 *
 * @param onPort called with every port that the launcher opens
 */
export function createMultiplexedPorts(post: Post, onPort: (port: RpcPort) => void): MultiplexedPorts {
  const ports = new Map<number, LogicalPort>()
  return {
    accept: (message) => {
      if (message.kind === 'open') {
        if (ports.has(message.port)) return
        const port = createLogicalPort(message.port, post, () => ports.delete(message.port))
        ports.set(message.port, port)
        onPort(port.port)
        return
      }
      const port = ports.get(message.port)
      // A port that has closed on this side may still have messages under way to it.
      if (!port) return
      if (message.kind === 'frame') port.deliver(message.data)
      else if (message.kind === 'close') port.closedByPeer()
      else port.setPaused(message.kind === 'pause')
    },
    closeAll: () => {
      for (const { port } of [...ports.values()]) port.close()
    },
  }
}

interface LogicalPort {
  readonly port: RpcPort
  deliver(frame: RpcFrame): void
  closedByPeer(): void
  setPaused(paused: boolean): void
}

function createLogicalPort(id: number, post: Post, onGone: () => void): LogicalPort {
  const notice = closeNotice()
  const listeners: ((frame: unknown) => void)[] = []
  // Frames may arrive in the same turn as `open`, before anybody listens.
  const early: RpcFrame[] = []
  let resumed: PromiseWithResolvers<void> | undefined
  const release = () => {
    resumed?.resolve()
    resumed = undefined
  }
  notice.onClose(release)
  notice.onClose(onGone)
  return {
    port: {
      send: async (data) => {
        while (resumed) await resumed.promise
        if (notice.closed()) throw new Error('The port is closed.')
        await post({ kind: 'frame', port: id, data: typeof data === 'string' ? data : asBytes(data) })
      },
      onMessage: (listener) => {
        listeners.push(listener)
        for (const frame of early.splice(0)) listener(frame)
      },
      onClose: notice.onClose,
      close: () => {
        if (notice.closed()) return
        notice.announce()
        void post({ kind: 'close', port: id })
      },
    },
    deliver: (frame) => {
      if (listeners.length === 0) early.push(frame)
      for (const listener of listeners) listener(frame)
    },
    closedByPeer: notice.announce,
    setPaused: (paused) => {
      if (paused) resumed ??= Promise.withResolvers<void>()
      else release()
    },
  }
}

function asBytes(data: Exclude<RpcFrame, string>): Uint8Array<ArrayBuffer> {
  const view = data instanceof Uint8Array ? data : new Uint8Array(data)
  return view.buffer instanceof ArrayBuffer ? (view as Uint8Array<ArrayBuffer>) : new Uint8Array(view)
}
