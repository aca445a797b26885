import type { WebSocket } from 'ws'
import type { EngineLauncher, EnginePort } from './engine-launcher.ts'
import type { WebLimits } from './limits.ts'

/** Close codes that tell the page whether to come again. */
export const closeCode = { engineGone: 1012, noEngine: 1013, goingAway: 1001 } as const

/**
 * Relays frames between one page's WebSocket and a port of its own to the engine, without looking into them. When the page
 * reads slowly, the engine is asked to hold back, so that a large export does not pile up here.
 */
export async function relay(socket: WebSocket, launcher: Pick<EngineLauncher, 'openPort'>, limits: WebLimits): Promise<void> {
  // An oversized or malformed message raises `error` before `close`; the close is all that has to be done.
  socket.on('error', () => undefined)
  socket.pause()
  keepAlive(socket, limits.pingMs)
  const port = await launcher.openPort()
  if (!port) {
    socket.resume()
    return socket.close(closeCode.noEngine, 'no engine')
  }
  if (socket.readyState !== socket.OPEN) return port.close()
  socket.on('message', (data, isBinary) => {
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)
    port.send(isBinary ? bytes : bytes.toString('utf8'))
  })
  socket.on('close', () => port.close())
  port.onClose(() => socket.close(closeCode.engineGone, 'engine gone'))
  forwardFrames(port, socket, limits.bufferedBytes)
  socket.resume()
}

function forwardFrames(port: EnginePort, socket: WebSocket, bufferedBytes: number): void {
  let paused = false
  const onSent = () => {
    if (!paused || socket.bufferedAmount > bufferedBytes / 4) return
    paused = false
    port.setPaused(false)
  }
  port.onFrame((frame) => {
    if (socket.readyState !== socket.OPEN) return
    socket.send(frame, onSent)
    if (paused || socket.bufferedAmount <= bufferedBytes) return
    paused = true
    port.setPaused(true)
  })
}

/** A tunnel that broke leaves a connection that looks open for hours. */
function keepAlive(socket: WebSocket, pingMs: number): void {
  let alive = true
  socket.on('pong', () => {
    alive = true
  })
  const timer = setInterval(() => {
    if (!alive) return socket.terminate()
    alive = false
    socket.ping()
  }, pingMs)
  timer.unref()
  socket.on('close', () => clearInterval(timer))
}
