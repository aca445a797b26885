import { createReadStream, existsSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import path from 'node:path'
import { WebSocketServer } from 'ws'
import { portFromWebSocket } from '../../../src-main/contract/rpc-port.ts'
import { securityHeaders } from '../../../src-main/hosts/csp.ts'
import { createRpcServer } from '../../../src-main/hosts/engine/rpc.ts'
import { fakeHandlers } from './handlers.ts'
import type { World } from './world.ts'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

export interface FakeServer {
  readonly url: string
  /** Cuts every connection and refuses new ones until `comeBack`: what a window sees when the engine dies. */
  goAway(): void
  comeBack(): void
  close(): Promise<void>
}

/** Serves the built renderer in `folder` under the real content security policy, with a fake engine behind /rpc. */
export async function startFakeServer(world: World, folder: string, port = 0): Promise<FakeServer> {
  const rpc = createRpcServer(fakeHandlers(world), (error) => console.error(error))
  let away = false
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    for (const [name, value] of Object.entries(securityHeaders())) response.setHeader(name, value)
    if (request.method === 'POST') return upload(request, response)
    const file = path.join(folder, pathname === '/' ? 'index.html' : path.normalize(pathname))
    if (!file.startsWith(folder) || !existsSync(file)) return void response.writeHead(404).end()
    response.setHeader('content-type', types[path.extname(file)] ?? 'application/octet-stream')
    createReadStream(file).pipe(response)
  })
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    if (away) return void socket.destroy()
    sockets.handleUpgrade(request, socket, head, (webSocket) =>
      rpc.serve(portFromWebSocket(webSocket as unknown as Parameters<typeof portFromWebSocket>[0])),
    )
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The fake server has no port.')
  return {
    url: `http://127.0.0.1:${address.port}/`,
    goAway: () => {
      away = true
      for (const client of sockets.clients) client.terminate()
    },
    comeBack: () => {
      away = false
    },
    close: () => {
      rpc.close()
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function upload(request: NodeJS.ReadableStream, response: ServerResponse): void {
  request.resume()
  request.on('end', () =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ upload: 'one', folder: '/uploads/one', path: '/uploads/one/file.zip' })),
  )
}
