import { wholeNumber } from '../arguments.ts'
import { exitOk } from '../exit-codes.ts'
import type { CommandContext } from '../session.ts'

export interface ServeOptions {
  readonly port?: string
}

/** Serves until Ctrl-C. With `--json` the one document is the address with its one-time token. */
export async function serveCommand({ output, workspace }: CommandContext, options: ServeOptions): Promise<number> {
  const port = options.port === undefined ? undefined : wholeNumber('--port', options.port, 0, 65_535)
  const { startWebHost } = await import('../../web/start-web-host.ts')
  const { offerLinksOnEnter } = await import('../../web/links-on-enter.ts')
  const host = await startWebHost({ workspaceDir: workspace, port })
  output.result({ url: host.createLink(), port: host.port }, () => host.createLink())
  offerLinksOnEnter(host.createLink, output.json)
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
  process.stdin.pause()
  await host.close()
  return exitOk
}
