import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { startWebHost, type WebHost, type WebHostOptions } from '../../src-main/hosts/web/start-web-host.ts'

/** A web host with a small page of its own and an engine without a workspace. */
export interface TestHost extends WebHost {
  readonly folder: string
  readonly workspaceDir: string
  readonly token: string
  readonly logged: string[]
  /** Opens a session by a one-time link and returns its `name=value`. */
  signIn(): Promise<string>
  dispose(): Promise<void>
}

/** Starts it on a free port; `secret.txt` lies beside the page's folder and is what attacks try to reach. */
export async function startTestHost(options: Partial<WebHostOptions> = {}): Promise<TestHost> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'palate-web-'))
  const rendererDir = path.join(folder, 'renderer')
  const workspaceDir = path.join(folder, 'workspace')
  const logged: string[] = []
  await mkdir(path.join(rendererDir, 'assets'), { recursive: true })
  await mkdir(path.join(folder, 'renderer-secret'), { recursive: true })
  await writeFile(path.join(rendererDir, 'index.html'), '<!doctype html><title>page</title>')
  await writeFile(path.join(rendererDir, 'assets', 'app-1.js'), 'export {}')
  await writeFile(path.join(folder, 'secret.txt'), 'SECRET')
  await writeFile(path.join(folder, 'renderer-secret', 'secret.txt'), 'SECRET')
  await symlink(path.join(folder, 'secret.txt'), path.join(rendererDir, 'linked.txt'))
  await symlink(folder, path.join(rendererDir, 'linked-folder'))
  const host = await startWebHost({
    workspaceDir,
    port: 0,
    rendererDir,
    engineEntry: path.join(import.meta.dirname, 'fixture-engine.ts'),
    log: (text) => logged.push(text),
    restartDelaysMs: [20, 20, 20],
    ...options,
  })
  const token = (await readFile(path.join(workspaceDir, 'web', `token-${host.port}`), 'utf8')).trim()
  return {
    ...host,
    folder,
    workspaceDir,
    token,
    logged,
    signIn: async () => {
      const response = await fetch(host.createLink(), { redirect: 'manual' })
      return (response.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''
    },
    dispose: async () => {
      await host.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * Sends exactly these bytes and reads until the host closes or has answered: `fetch` would repair what an attack needs.
 *
 * @param head lines of the request, without the empty one
 */
export async function rawRequest(port: number, head: readonly string[], body = ''): Promise<RawAnswer> {
  const socket = net.connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.write(Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1'))
  await new Promise<void>((resolve) => {
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      if (isComplete(Buffer.concat(chunks).toString('latin1'))) resolve()
    })
    socket.on('close', () => resolve())
    socket.on('error', () => resolve())
  })
  socket.destroy()
  return parseAnswer(Buffer.concat(chunks).toString('latin1'))
}

function parseAnswer(text: string): RawAnswer {
  const [top = '', ...rest] = text.split('\r\n\r\n')
  const [statusLine = '', ...lines] = top.split('\r\n')
  const headers = lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()])
  return { status: Number(statusLine.split(' ')[1] ?? 0), headers: Object.fromEntries(headers), body: rest.join('\r\n\r\n') }
}

function isComplete(text: string): boolean {
  const { status, headers, body } = parseAnswer(text)
  if (!text.includes('\r\n\r\n')) return false
  if (status === 101 || status === 204 || status === 303) return true
  if (headers['transfer-encoding'] === 'chunked') return body.endsWith('0\r\n\r\n')
  return body.length >= Number(headers['content-length'] ?? Infinity)
}
