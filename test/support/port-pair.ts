import { closeNotice, type RpcPort } from '../../src-main/contract/rpc-port.ts'

/** Two ends of an in-memory pipe; frames are delivered in later turns, as on a real one. */
export function createPortPair(): [RpcPort, RpcPort] {
  const notice = closeNotice()
  const listeners: [((frame: unknown) => void)[], ((frame: unknown) => void)[]] = [[], []]
  const end = (own: 0 | 1): RpcPort => ({
    send: (frame) => {
      if (notice.closed()) throw new Error('The port is closed.')
      setImmediate(() => {
        for (const listener of listeners[own === 0 ? 1 : 0]) listener(frame)
      })
    },
    onMessage: (listener) => listeners[own].push(listener),
    onClose: notice.onClose,
    close: notice.announce,
  })
  return [end(0), end(1)]
}
