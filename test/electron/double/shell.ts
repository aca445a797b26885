import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { ensureBuilt } from '../../../build/scripts/ensure-built.mjs'
import type { ShellFacts } from './run-shell.ts'

/** Texts of the built bundles and what takes their place. */
export interface Alterations {
  readonly main?: [from: string, to: string][]
  readonly preload?: [from: string, to: string][]
}

/**
 * Runs the built shell against the double in a process of its own and returns what it was seen to do.
 *
 * @param givenWorkspace default: a new one; removed afterwards in either case
 * @throws with what the shell printed when it shows no window
 */
export async function runShell(alter: Alterations = {}, givenWorkspace?: string): Promise<ShellFacts & { workspace: string }> {
  await ensureBuilt()
  const workspace = givenWorkspace ?? (await mkdtemp(path.join(os.tmpdir(), 'palate-shell-')))
  const args = ['--import', path.join(import.meta.dirname, 'hooks.mjs'), path.join(import.meta.dirname, 'run-shell.ts')]
  const env = { ...process.env, PALATE_WORKSPACE: workspace, PALATE_DOUBLE_ALTER: JSON.stringify(alter) }
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, { env, maxBuffer: 1024 ** 2 })
    return { ...(JSON.parse(stdout) as ShellFacts), workspace }
  } finally {
    await rm(workspace, { recursive: true, force: true })
  }
}
