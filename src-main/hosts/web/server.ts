import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { securityHeaders } from '../csp.ts'
import type { EngineLauncher } from './engine-launcher.ts'
import type { WebLimits } from './limits.ts'
import { refusalPage, retryPage } from './pages.ts'
import type { Route, RouteMethod } from './routes.ts'
import { closeCode, relay } from './rpc-socket.ts'
import type { Credentials } from './rules/credential.ts'
import { isForeignFetch } from './rules/fetch-metadata.ts'
import { allowedHostOf } from './rules/host-header.ts'
import { isOwnOrigin } from './rules/origin.ts'
import { judge } from './rules/policy.ts'

export interface WebServerOptions {
  readonly routes: readonly Route[]
  readonly credentials: Credentials
  readonly launcher: Pick<EngineLauncher, 'openPort'>
  readonly limits: WebLimits
  readonly log: (text: string) => void
}

export interface WebServer {
  readonly http: Server
  close(): Promise<void>
}

/** A request that has passed the rules for everyone, or the answer that it gets instead. */
type Admission =
  | { kind: 'route'; route: Route; path: string; query: URLSearchParams }
  | { kind: 'redirect'; cookie: string }
  | { kind: 'refused'; status: number; reason: string; headers?: Record<string, string> }

/** The HTTP server: every request goes through `admit`, WebSocket upgrades as well, before anything of it is used. */
export function createWebServer(options: WebServerOptions): WebServer {
  const { limits, launcher } = options
  const http = createServer({
    headersTimeout: limits.headerMs,
    // An upload over a slow line may take an hour; it has an idle limit of its own, and no other route takes a body.
    requestTimeout: 0,
    connectionsCheckingInterval: Math.min(1000, limits.headerMs / 2),
    keepAliveTimeout: 5000,
    maxHeaderSize: limits.headerBytes,
    // Our own rule answers a request without Host, the same for every version of HTTP.
    requireHostHeader: false,
  })
  http.maxConnections = limits.connections
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.messageBytes, perMessageDeflate: false })
  http.on('request', (request, response) => void answer(options, request, response))
  http.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    const admission = admit(options, request, 'UPGRADE')
    if (admission.kind === 'redirect') return refuseUpgrade(socket, 404)
    if (admission.kind === 'refused') return refuseUpgrade(socket, admission.status)
    if (sockets.clients.size >= limits.webSockets) return refuseUpgrade(socket, 503)
    sockets.handleUpgrade(request, socket, head, (webSocket) => void relay(webSocket, launcher, limits))
  })
  return {
    http,
    close: async () => {
      for (const client of sockets.clients) client.close(closeCode.goingAway, 'host closes')
      const closed = new Promise<void>((resolve) => http.close(() => resolve()))
      setTimeout(() => {
        for (const client of sockets.clients) client.terminate()
        http.closeAllConnections()
      }, 200)
      await closed
    },
  }
}

async function answer(options: WebServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const host = allowedHostOf(request.headersDistinct['host'])
  // Safari does not take a WebSocket of the page's own host for 'self'. The host was checked letter by letter.
  const headers = securityHeaders(host ? [`ws://${host}`] : [])
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  response.setHeader('cache-control', 'no-store')
  const admission = admit(options, request, request.method ?? '')
  if (admission.kind === 'redirect') {
    response.writeHead(303, { location: '/', 'set-cookie': admission.cookie }).end()
  } else if (admission.kind === 'refused') {
    refuse(options, request, response, admission)
  } else if (hasBody(request) && admission.route.path !== '/upload') {
    refuse(options, request, response, { kind: 'refused', status: 413, reason: 'a body where none belongs' })
  } else {
    try {
      await admission.route.run?.({ request, response, path: admission.path, query: admission.query })
    } catch (error) {
      options.log(`${admission.route.path} failed: ${error instanceof Error ? error.message : String(error)}`)
      if (response.headersSent) response.destroy()
      else response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end('Something failed; see the terminal.\n')
    }
  }
}

/** The rules in order: host, form of the target, origin of the fetch, credential, route, method, policy. */
function admit({ routes, credentials }: WebServerOptions, request: IncomingMessage, method: string): Admission {
  const host = allowedHostOf(request.headersDistinct['host'])
  if (!host) return { kind: 'refused', status: 421, reason: 'a Host that is not this machine' }
  const target = request.url ?? ''
  if (!target.startsWith('/')) return { kind: 'refused', status: 400, reason: 'a target that is no path' }
  const [path = '/', ...rest] = target.split('?')
  const query = new URLSearchParams(rest.join('?'))
  if (isForeignFetch(request.headers, path === '/' && method === 'GET')) {
    return { kind: 'refused', status: 403, reason: 'a request by another site' }
  }
  const named = routes.filter((route) => route.path === path)
  const candidates = named.length > 0 ? named : routes.filter((route) => route.path === '*')
  const oneTimeToken = query.get('token')
  if (oneTimeToken !== null && method === 'GET' && candidates[0]?.policy === 'start') {
    const cookie = credentials.exchange(oneTimeToken)
    if (cookie) return { kind: 'redirect', cookie }
  }
  const credential = credentials.credentialOf(request)
  if (credential === 'none') return { kind: 'refused', status: 401, reason: 'no valid session or token' }
  const route = candidates.find((candidate) => candidate.methods.includes(method as RouteMethod))
  if (!route) {
    const allow = candidates.flatMap((candidate) => candidate.methods).filter((name) => name !== 'UPGRADE')
    return { kind: 'refused', status: 405, reason: 'a method this path does not have', headers: { allow: allow.join(', ') } }
  }
  const verdict = judge(route.policy, credential, isOwnOrigin(request.headersDistinct['origin'], host, credential))
  return verdict.allowed ? { kind: 'route', route, path, query } : { ...verdict, kind: 'refused' }
}

function hasBody(request: IncomingMessage): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
}

function refuse(
  { log }: WebServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  { status, reason, headers }: Extract<Admission, { kind: 'refused' }>,
): void {
  // Never the query, which may hold a token, and never a control character in the terminal.
  const path = (request.url ?? '')
    .split('?')[0]
    ?.replace(/[^\x21-\x7e]/g, '?')
    .slice(0, 200)
  log(`refused ${request.method} ${path}: ${reason}`)
  const isPage = status === 401 && request.method === 'GET' && path === '/'
  // A session cookie is not sent along when another site led here, for instance a link in a chat. Asked for by our own
  // page, the same address comes with it.
  const cameFromElsewhere = isPage && request.headers['sec-fetch-site'] !== undefined && !isOwnOrAlone(request)
  const type = isPage ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8'
  const body = cameFromElsewhere ? retryPage : isPage ? refusalPage : `${STATUS_CODES[status] ?? 'Refused'}: ${reason}\n`
  // A body that was not read would be taken for the next request.
  response.writeHead(status, { ...headers, 'content-type': type, ...(hasBody(request) && { connection: 'close' }) }).end(body)
}

function isOwnOrAlone(request: IncomingMessage): boolean {
  return request.headers['sec-fetch-site'] === 'same-origin' || request.headers['sec-fetch-site'] === 'none'
}

function refuseUpgrade(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
