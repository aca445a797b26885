import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { rm, statfs, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { availableParallelism, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import type { DoctorCheck } from '../../contract/dto/system.ts'
import { nodePackageBinary } from '../runs/trainer-launch.ts'
import type { Workspace } from '../workspace.ts'

type Finding = Omit<DoctorCheck, 'id' | 'title'>

const ok = (finding: string): Finding => ({ outcome: 'ok', finding, advice: '' })
const gibibyte = 1024 ** 3

export function checkNode(): Finding {
  const version = process.versions.node
  const plain = nodePackageBinary()
  const binary = plain ? `the package "node" brings ${plain}` : 'the package "node" has no binary here'
  if (Number(version.split('.')[0]) < 24) {
    return {
      outcome: 'warning',
      finding: `This process runs on Node ${version}; ${binary}.`,
      advice: 'Start Palate through npm (npm start, npm run palate): that uses the Node 24 of the package "node".',
    }
  }
  return ok(`Node ${version}; ${binary}.`)
}

export function checkCpus(): Finding {
  const count = availableParallelism()
  const memory = `${(totalmem() / gibibyte).toFixed(1)} GiB of memory`
  if (count >= 2) return ok(`${count} CPUs may be used, ${memory}.`)
  return {
    outcome: 'warning',
    finding: `Only one CPU may be used, ${memory}.`,
    advice: 'Training works, one run at a time; the window may answer slowly meanwhile.',
  }
}

export function checkSqlite(workspace: Workspace): Finding {
  const found = `SQLite ${workspace.sqliteVersion}, journal mode ${workspace.journalMode}.`
  if (workspace.journalMode === 'wal') return ok(found)
  return {
    outcome: 'warning',
    finding: `${found} This SQLite, or the file system of the workspace, does not allow write-ahead logging.`,
    advice:
      'The data are safe, writing is slower. Run "npm ci" for the SQLite that Palate was made with, and keep the workspace on a local disk.',
  }
}

export async function checkWorkspace(workspace: Workspace): Promise<Finding> {
  const probe = join(workspace.folder, `.doctor-${process.pid}`)
  try {
    await writeFile(probe, 'written by palate doctor\n')
    await rm(probe)
    return ok(`${workspace.folder} can be written.`)
  } catch (error) {
    return {
      outcome: 'failed',
      finding: `${workspace.folder} cannot be written: ${messageOf(error)}.`,
      advice: 'Correct the permissions of the folder, or choose another one.',
    }
  }
}

export async function checkDisk(workspace: Workspace): Promise<Finding> {
  const { bavail, bsize } = await statfs(workspace.folder)
  const free = bavail * bsize
  const finding = `${(free / gibibyte).toFixed(1)} GiB are free on the disk of the workspace.`
  if (free >= 2 * gibibyte) return ok(finding)
  return {
    outcome: free < gibibyte / 10 ? 'failed' : 'warning',
    finding,
    advice: 'Free some space: runs pause when the disk is full. Removing runs and data sets that are no longer needed helps.',
  }
}

/** Electron is optional: the browser host shows the same window. */
export function checkElectron(): Finding {
  const folder = packageFolder('electron')
  const pathFile = folder && join(folder, 'path.txt')
  const binary = pathFile && existsSync(pathFile) ? join(folder, 'dist', readFileSync(pathFile, 'utf8').trim()) : null
  if (process.versions['electron']) return ok(`Running inside Electron ${process.versions['electron']}.`)
  if (binary && isExecutable(binary)) return ok(`Electron's binary is at ${binary}: "npm start" opens a window.`)
  return {
    outcome: 'not-run',
    finding: folder
      ? 'Electron\'s binary has not been fetched here: "npm start" uses the browser host.'
      : 'The package "electron" is not installed: "npm start" uses the browser host.',
    advice: 'Nothing needs to be done. For the desktop window run "npx install-electron" where the network allows it.',
  }
}

function packageFolder(name: string): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))
  } catch {
    return null
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
