import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const entry = fileURLToPath(new URL('../../src-main/hosts/cli/main.ts', import.meta.url))

export interface CliResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningCli {
  readonly child: ChildProcess
  readonly result: Promise<CliResult>
  /** Resolves once standard error matches; rejects when the command ends before. */
  sees(pattern: RegExp): Promise<void>
}

/** The command `palate` as a process of its own, from the sources. */
export function startCli(workspace: string, ...args: string[]): RunningCli {
  const child = spawn(process.execPath, [entry, '--workspace', workspace, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  const watchers = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    for (const watcher of watchers) watcher()
  })
  const result = new Promise<CliResult>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })))
  return {
    child,
    result,
    sees: (pattern) =>
      new Promise((resolve, reject) => {
        const watcher = () => {
          if (!pattern.test(stderr)) return
          watchers.delete(watcher)
          resolve()
        }
        watchers.add(watcher)
        watcher()
        void result.then(() => reject(new Error(`the command ended without ${pattern}: ${stderr}`)))
      }),
  }
}

export function cli(workspace: string, ...args: string[]): Promise<CliResult> {
  return startCli(workspace, ...args).result
}
