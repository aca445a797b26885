import { resolve } from 'node:path'
import type { Services } from '../../services/create-services.ts'
import { PalateError } from '../../contract/errors.ts'
import type { Downloads } from '../../services/datasets/download/download-handlers.ts'
import { palateVersion } from '../version.ts'
import { defaultWorkspaceDir } from '../workspace-dir.ts'
import type { Output } from './output.ts'

/** What every command is given. */
export interface CommandContext {
  readonly output: Output
  readonly workspace: string
  /** What can be downloaded; only tests, which have servers of their own, give it. */
  readonly downloads?: Downloads
}

/** What a command that works on a workspace is given beside it. */
export interface Session extends CommandContext {
  readonly handlers: Services['handlers']
  /** Aborted by the first Ctrl-C: work that can stop properly stops now. */
  readonly interrupted: AbortSignal
  /** Ends all training with a checkpoint; runs can still be read. */
  readonly interrupt: Services['interrupt']
}

export interface GlobalOptions {
  readonly json?: boolean
  readonly workspace?: string
}

export function contextOf(options: GlobalOptions, output: Output): CommandContext {
  return { output, workspace: options.workspace === undefined ? defaultWorkspaceDir() : resolve(options.workspace) }
}

/**
 * Opens the workspace, runs `work` on it and closes it again, however `work` ends. The services live in this process: a
 * trainer is a process of its own, the database has no other user.
 *
 * The first Ctrl-C (or SIGTERM, SIGHUP) aborts `interrupted`; what still trains when the session closes is left
 * "interrupted", with a checkpoint. The second Ctrl-C ends the process at once: the trainers follow by themselves and the
 * runs are resumed from their last checkpoint.
 */
export async function withSession<T>(
  context: CommandContext,
  work: (session: Session) => Promise<T>,
  options: { checkpointEveryMs?: number } = {},
): Promise<T> {
  const { createServices } = await import('../../services/create-services.ts')
  const services = await createServices({
    workspaceDir: context.workspace,
    host: 'cli',
    version: palateVersion,
    downloads: context.downloads,
    ...(options.checkpointEveryMs === undefined ? {} : { checkpointEveryMs: options.checkpointEveryMs }),
  })
  const interruption = new AbortController()
  const onSignal = (signal: NodeJS.Signals) => {
    if (interruption.signal.aborted) process.exit(130)
    context.output.log(`${signal === 'SIGINT' ? '\n' : ''}Stopping with a checkpoint. Press Ctrl-C again to kill.`)
    interruption.abort()
  }
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, onSignal)
  try {
    return await work({
      ...context,
      handlers: services.handlers,
      interrupted: interruption.signal,
      interrupt: services.interrupt,
    })
  } finally {
    await services.close()
    for (const signal of signals) process.off(signal, onSignal)
  }
}

/** The error of a command that was interrupted by the person at the keyboard. */
export function cancelled(what: string, advice: string): PalateError<'CANCELLED'> {
  return new PalateError('CANCELLED', `${what} was interrupted. ${advice}`, { what })
}
