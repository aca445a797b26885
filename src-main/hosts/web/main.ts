/** The web host as a program of its own: `node out/main/web.js [--workspace DIR] [--port P] [--open]`. */
import { parseArgs } from 'node:util'
import { PalateError } from '../../contract/errors.ts'
import { defaultWorkspaceDir } from '../workspace-dir.ts'
import { offerLinksOnEnter } from './links-on-enter.ts'
import { startWebHost, type WebHost } from './start-web-host.ts'

export { startWebHost, type WebHost, type WebHostOptions } from './start-web-host.ts'

// `palate serve` imports this file as well, and the bundler may put it into a chunk, where `import.meta.main` is false.
if (/(^|[\\/])web([\\/]main\.ts|\.js)$/.test(process.argv[1] ?? '')) await runAsProgram()

async function runAsProgram(): Promise<void> {
  try {
    const { values } = parseArgs({
      options: { workspace: { type: 'string' }, port: { type: 'string' }, open: { type: 'boolean', default: false } },
    })
    const port = values.port === undefined ? undefined : Number(values.port)
    if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
      throw new TypeError(`--port must be a whole number from 0 to 65535, not "${values.port}".`)
    }
    await serve({ workspaceDir: values.workspace ?? defaultWorkspaceDir(), port, openBrowser: values.open })
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = error instanceof TypeError ? 2 : 1
  }
}

/** Starts the host, prints its link on standard output, and runs until Ctrl-C or SIGTERM. */
export async function serve(options: Parameters<typeof startWebHost>[0]): Promise<WebHost> {
  const host = await startWebHost(options)
  process.stdout.write(`${host.createLink()}\n`)
  offerLinksOnEnter(host.createLink)
  const leave = () => {
    process.stdin.pause()
    host.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${error instanceof PalateError ? error.message : String(error)}\n`)
        process.exit(1)
      },
    )
  }
  process.once('SIGINT', leave)
  process.once('SIGTERM', leave)
  return host
}
