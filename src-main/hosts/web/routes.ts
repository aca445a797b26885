import type { IncomingMessage, ServerResponse } from 'node:http'
import { PalateError, toErrorRecord } from '../../contract/errors.ts'
import type { Policy } from './rules/policy.ts'
import type { StaticFiles } from '../static-files.ts'
import type { Uploads } from './upload.ts'

/** `UPGRADE` stands for a GET that asks for a WebSocket. */
export type RouteMethod = 'GET' | 'HEAD' | 'POST' | 'DELETE' | 'UPGRADE'

export interface RouteCall {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** As it came, undecoded, without the query. */
  readonly path: string
  readonly query: URLSearchParams
}

export interface Route {
  /** An exact path, or `*` for whatever no other route names. */
  readonly path: string
  readonly methods: readonly RouteMethod[]
  readonly policy: Policy
  /** Absent for UPGRADE, which the socket server answers. */
  readonly run?: (call: RouteCall) => Promise<void>
}

/** Every route of the web host, each with its policy; what is not here does not exist. */
export function createRoutes(files: StaticFiles, uploads: Uploads): Route[] {
  const serve = (call: RouteCall) => serveFile(files, call)
  return [
    { path: '/', methods: ['GET', 'HEAD'], policy: 'start', run: serve },
    { path: '/rpc', methods: ['UPGRADE'], policy: 'session-same-origin' },
    { path: '/upload', methods: ['POST'], policy: 'session-same-origin', run: (call) => receiveUpload(uploads, call) },
    { path: '/upload', methods: ['DELETE'], policy: 'session-same-origin', run: (call) => removeUpload(uploads, call) },
    { path: '*', methods: ['GET', 'HEAD'], policy: 'session', run: serve },
  ]
}

async function serveFile(files: StaticFiles, { request, response, path }: RouteCall): Promise<void> {
  const file = await files.open(path)
  if (!file) {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }).end('Not found\n')
    return
  }
  // The bundler writes a hash into the name of every asset, so the content behind a name never changes.
  const cache = path.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-store'
  response.writeHead(200, { 'content-type': file.contentType, 'content-length': file.bytes, 'cache-control': cache })
  if (request.method === 'HEAD') {
    await file.handle.close()
    response.end()
    return
  }
  const stream = file.handle.createReadStream()
  stream.on('error', () => response.destroy())
  response.on('close', () => stream.destroy())
  stream.pipe(response)
}

async function receiveUpload(uploads: Uploads, { request, response, query }: RouteCall): Promise<void> {
  try {
    sendJson(response, 201, await uploads.receive(request, query))
  } catch (error) {
    // What is still under way is not read, so the connection cannot be used again.
    response.setHeader('connection', 'close')
    const full = error instanceof PalateError && error.code === 'DISK_FULL'
    const known = error instanceof PalateError
    sendJson(response, full ? 507 : known ? 413 : 500, { error: toErrorRecord(error) })
  }
}

async function removeUpload(uploads: Uploads, { response, query }: RouteCall): Promise<void> {
  await uploads.remove(query.get('upload') ?? '')
  response.writeHead(204, { 'cache-control': 'no-store' }).end()
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body))
}
