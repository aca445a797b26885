import { portMessage, type PalateBridge } from '../../src-main/contract/bridge.ts'
import { portFromMessagePort, portFromWebSocket, type RpcPort } from '../../src-main/contract/rpc-port.ts'

declare global {
  interface Window {
    readonly palate?: PalateBridge
  }
}

/** How long one attempt to reach the engine may take. */
const attemptMs = 8000

/** Opens a port to the engine: Electron's message port where the bridge is there, otherwise this host's WebSocket. */
export function openPort(): Promise<RpcPort> {
  return window.palate ? portFromElectron(window.palate) : portFromHost()
}

function portFromElectron(bridge: PalateBridge): Promise<RpcPort> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish(() => reject(new Error('The window got no port to the engine.'))), attemptMs)
    const listen = (event: MessageEvent) => {
      const port = event.ports[0]
      // Only this very window may hand in a port: a frame could post the same text.
      if (event.source !== window || event.data !== portMessage || !port) return
      finish(() => resolve(portFromMessagePort(port)))
    }
    const finish = (settle: () => void) => {
      clearTimeout(timer)
      window.removeEventListener('message', listen)
      settle()
    }
    window.addEventListener('message', listen)
    bridge.requestPort()
  })
}

function portFromHost(): Promise<RpcPort> {
  return new Promise((resolve, reject) => {
    const address = new URL('/rpc', window.location.href)
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
    const socket = new WebSocket(address)
    const timer = setTimeout(() => socket.close(), attemptMs)
    socket.addEventListener('open', () => {
      clearTimeout(timer)
      // The DOM's type of `send` leaves out shared memory, which nobody sends.
      resolve(portFromWebSocket(socket as Parameters<typeof portFromWebSocket>[0]))
    })
    socket.addEventListener('close', () => {
      clearTimeout(timer)
      reject(new Error('The connection to the engine was refused or closed.'))
    })
  })
}
