import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import type { Server } from 'node:http'
import path from 'node:path'
import { promisify } from 'node:util'
import { PalateError } from '../../contract/errors.ts'
import { entryPath, rendererFolder } from '../entries.ts'
import { palateVersion } from '../version.ts'
import { openInBrowser } from './browser.ts'
import { createEngineLauncher, type EngineLauncher } from './engine-launcher.ts'
import { defaultLimits, type WebLimits } from './limits.ts'
import { createRoutes, type Route } from './routes.ts'
import { createCredentials } from './rules/credential.ts'
import { listStaticFiles } from '../static-files.ts'
import { writeTokenFile } from './rules/token-file.ts'
import { createWebServer } from './server.ts'
import { createUploads } from './upload.ts'

export interface WebHostOptions {
  readonly workspaceDir: string
  /** Refused when it is taken. Without it the usual port is used, or another one when that is taken. */
  readonly port?: number | undefined
  /** Opens the page in the user's browser as well. */
  readonly openBrowser?: boolean | undefined
  /** One line per event; never a secret. Default: standard error. */
  readonly log?: (text: string) => void
  /** What brings ports to the engine; a process of its own by default. For measurements. */
  readonly launcher?: EngineLauncher
  /** For tests. */
  readonly rendererDir?: string
  readonly engineEntry?: string
  readonly limits?: Partial<WebLimits>
  readonly restartDelaysMs?: readonly number[]
}

export interface WebHost {
  readonly port: number
  /** `http://127.0.0.1:PORT` */
  readonly origin: string
  /** Every route with its policy, for the test that enumerates them. */
  readonly routes: readonly Route[]
  /** @returns a link that opens one session, once */
  createLink(): string
  /** The process id of the engine that serves now. */
  enginePid(): number | undefined
  /** How many connections are open. */
  connections(): Promise<number>
  close(): Promise<void>
}

export const usualPort = 4719

/**
 * Starts the engine on `workspaceDir` and serves the page and the RPC to browsers of this machine.
 *
 * @throws PalateError what the engine says (WORKSPACE_OWNED, SCHEMA_NEWER …), PORT_TAKEN, or INTERNAL for a missing build
 */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const log = options.log ?? ((text) => void process.stderr.write(`${text}\n`))
  const limits = { ...defaultLimits, ...options.limits }
  const workspaceDir = path.resolve(options.workspaceDir)
  const files = await listStaticFiles(existingPage(options.rendererDir ?? rendererFolder()))
  await mkdir(workspaceDir, { recursive: true, mode: 0o700 })
  const trainerEntry = options.engineEntry ? '' : entryPath('trainer')
  const engine = { workspaceDir, host: 'web' as const, version: palateVersion, trainerEntry }
  const launcher =
    options.launcher ?? createEngineLauncher(options.engineEntry ?? entryPath('engine'), engine, log, options.restartDelaysMs)
  const credentials = createCredentials(randomBytes(6).toString('hex'))
  const uploads = createUploads(workspaceDir, limits)
  const routes = createRoutes(files, uploads)
  const server = createWebServer({ routes, credentials, launcher, limits, log })
  // The port first: it fails at once, while an engine may have to migrate a database.
  const port = await listen(server.http, options.port)
  try {
    await launcher.start()
    // Only now is the workspace known to be ours.
    await uploads.removeAll()
    const removeTokenFile = await writeTokenFile(workspaceDir, port, credentials.token)
    const origin = `http://127.0.0.1:${port}`
    const createLink = () => `${origin}/?token=${credentials.createOneTimeToken()}`
    if (options.openBrowser) await openInBrowser(createLink(), workspaceDir, log)
    return {
      port,
      origin,
      routes,
      createLink,
      enginePid: launcher.pid,
      connections: () => promisify(server.http.getConnections.bind(server.http))(),
      close: async () => {
        await server.close()
        await launcher.stop()
        await uploads.removeAll()
        await removeTokenFile()
      },
    }
  } catch (error) {
    await server.close()
    await launcher.stop()
    throw error
  }
}

function existingPage(folder: string): string {
  if (existsSync(path.join(folder, 'index.html'))) return folder
  const message = `The page is not built: ${path.join(folder, 'index.html')} is missing. Run "npm run build" and try again.`
  throw new PalateError('INTERNAL', message, { reason: 'no built page' })
}

/** Listens on 127.0.0.1 and nowhere else. */
async function listen(http: Server, wanted: number | undefined): Promise<number> {
  const attempt = (port: number) =>
    new Promise<number>((resolve, reject) => {
      http.once('error', reject)
      http.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
        http.off('error', reject)
        const address = http.address()
        resolve(typeof address === 'object' && address ? address.port : port)
      })
    })
  try {
    return await attempt(wanted ?? usualPort)
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')
    if (!taken) throw error
    if (wanted === undefined) return attempt(0)
    throw new PalateError(
      'PORT_TAKEN',
      `Port ${wanted} cannot be used: another program has it, or it needs privileges. Choose another with --port, or leave it out.`,
      { port: wanted },
    )
  }
}
