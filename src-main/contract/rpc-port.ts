/**
 * One end of a two-way pipe of RPC frames. Every transport of the house (Electron's message ports, a WebSocket, Node's IPC
 * channel, an in-memory pair) is brought into this shape, so that server and client know only one.
 */
export interface RpcPort {
  /** Sends one frame. A returned promise resolves when the far side can take more. @throws when the port is closed */
  send(frame: RpcFrame): void | Promise<void>
  onMessage(listener: (frame: unknown) => void): void
  /** Called once, whichever side closes; at once if the port is closed already. */
  onClose(listener: () => void): void
  close(): void
}

export type RpcFrame = string | ArrayBufferLike | Uint8Array

/** The part of the browser's MessagePort and of Node's worker MessagePort that is used. */
interface MessagePortLike {
  postMessage(data: unknown): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener(type: 'close', listener: () => void): void
  start?(): void
  close(): void
}

/** The part of the browser's WebSocket that is used. */
interface WebSocketLike {
  binaryType: string
  readonly readyState: number
  send(data: string | ArrayBuffer | Uint8Array<ArrayBuffer>): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener(type: 'close', listener: () => void): void
  close(): void
}

const socketOpen = 1

/** A port that is closed once and then says so to everyone who asks. */
export function closeNotice(): { closed: () => boolean; onClose: (listener: () => void) => void; announce: () => void } {
  let closed = false
  const listeners: (() => void)[] = []
  return {
    closed: () => closed,
    onClose: (listener) => {
      if (closed) listener()
      else listeners.push(listener)
    },
    announce: () => {
      if (closed) return
      closed = true
      for (const listener of listeners.splice(0)) listener()
    },
  }
}

/** Wraps a MessagePort (Electron's renderer, Node's worker_threads). Starts it. */
export function portFromMessagePort(port: MessagePortLike): RpcPort {
  const notice = closeNotice()
  port.addEventListener('close', notice.announce)
  return {
    send: (frame) => {
      if (notice.closed()) throw new Error('The port is closed.')
      port.postMessage(frame)
    },
    onMessage: (listener) => {
      port.addEventListener('message', (event) => listener(event.data))
      port.start?.()
    },
    onClose: notice.onClose,
    close: () => {
      port.close()
      notice.announce()
    },
  }
}

/** Wraps an open WebSocket of the browser; binary frames arrive as ArrayBuffer. */
export function portFromWebSocket(socket: WebSocketLike): RpcPort {
  const notice = closeNotice()
  socket.binaryType = 'arraybuffer'
  socket.addEventListener('close', notice.announce)
  return {
    send: (frame) => {
      if (notice.closed() || socket.readyState !== socketOpen) throw new Error('The connection is closed.')
      socket.send(frame as string | Uint8Array<ArrayBuffer>)
    },
    onMessage: (listener) => socket.addEventListener('message', (event) => listener(event.data)),
    onClose: notice.onClose,
    close: () => {
      socket.close()
      notice.announce()
    },
  }
}
