import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export interface Script {
  readonly process: ChildProcess
  /** The next line of its standard output as JSON, or null when it has ended. */
  next(): Promise<Record<string, unknown> | null>
  /** Exit code or signal, once it is gone. */
  readonly ended: Promise<number | string>
}

/**
 * Starts a TypeScript file of test/support in a process of its own, with this Node; it is killed when the test ends.
 *
 * @param options.flags of Node itself
 * @param options.through a shell line that ends with `exec "$@"`, for limits
 */
export function startScript(
  name: string,
  args: readonly string[],
  { flags = [], through }: { flags?: readonly string[]; through?: string } = {},
): Script {
  const script = fileURLToPath(new URL(name, import.meta.url))
  const command = [process.execPath, ...flags, script, ...args]
  const child = through
    ? spawn('bash', ['-c', through, 'bash', ...command], { stdio: ['pipe', 'pipe', 'inherit'] })
    : spawn(command[0]!, command.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    process: child,
    ended: new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'))),
    async next() {
      const { value, done } = await lines.next()
      return done ? null : (JSON.parse(value) as Record<string, unknown>)
    },
  }
}
