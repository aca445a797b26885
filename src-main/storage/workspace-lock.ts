import { readFile, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'
import { PalateError } from '../contract/errors.ts'
import { writeFileAtomically } from './atomic-file.ts'
import { Connection } from './database.ts'

/** The file whose lock is the ownership. Nothing but SQLite may open it: closing any other handle on it drops a POSIX lock. */
const LOCK_FILE = 'workspace.lock'
/** Who holds the lock, for people; written by the owner after it has won. */
const OWNER_FILE = 'workspace-owner.json'

export interface WorkspaceLock {
  release(): Promise<void>
}

/**
 * Makes this process the one owner of `folder`.
 *
 * The ownership is an exclusive SQLite transaction on a small file, that is a lock of the operating system: it is taken
 * atomically, it ends with the process however that ends, and it cannot be mistaken for one of a later process with the
 * same number, so that there is no stale lock to take over. The owner's process id beside it only serves the message.
 *
 * @throws PalateError WORKSPACE_OWNED naming the owner, WORKSPACE_UNUSABLE when the folder is not writable
 */
export async function claimWorkspace(folder: string): Promise<WorkspaceLock> {
  const connection = await openLockFile(folder)
  try {
    // No waiting: whoever holds it holds it until it quits.
    await connection.exec(
      'PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE',
    )
  } catch (error) {
    await connection.close()
    if (!isBusy(error)) throw unusable(folder, error)
    throw owned(folder, await ownerPid(folder))
  }
  const ownerPath = join(folder, OWNER_FILE)
  try {
    const owner = { pid: process.pid, processStart: await processStart(process.pid) }
    await writeFileAtomically(ownerPath, `${JSON.stringify(owner)}\n`)
  } catch (error) {
    await connection.close()
    throw error
  }
  return {
    release: async () => {
      await rm(ownerPath, { force: true })
      await connection.close()
    },
  }
}

async function openLockFile(folder: string): Promise<Connection> {
  try {
    return await Connection.open(join(folder, LOCK_FILE), 'write')
  } catch (error) {
    throw unusable(folder, error)
  }
}

/** The owner's process id, or 0 when it does not say within a second (it may have won just now). */
async function ownerPid(folder: string): Promise<number> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const owner = await readOwner(folder)
    // A file of a dead or a reused process id was left by an earlier owner; the present one is about to replace it.
    if (owner && owner.processStart === (await processStart(owner.pid)) && isAlive(owner.pid)) return owner.pid
    await sleep(50)
  }
  return 0
}

async function readOwner(folder: string): Promise<{ pid: number; processStart: string | null } | null> {
  try {
    const value: unknown = JSON.parse(await readFile(join(folder, OWNER_FILE), 'utf8'))
    if (typeof value !== 'object' || value === null || !('pid' in value) || typeof value.pid !== 'number') return null
    const start = 'processStart' in value && typeof value.processStart === 'string' ? value.processStart : null
    return { pid: value.pid, processStart: start }
  } catch {
    return null
  }
}

/** When the process started, in clock ticks since boot, where /proc tells; null elsewhere. */
async function processStart(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The name of the program stands in parentheses and may hold anything, so fields count from the last one.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'SQLITE_BUSY' || error.code === 'SQLITE_LOCKED')
}

function owned(folder: string, pid: number): PalateError {
  const who = pid > 0 ? `process ${pid}` : 'another process'
  return new PalateError(
    'WORKSPACE_OWNED',
    `The workspace ${folder} is already open in ${who}. Only one Palate may use a workspace at a time. Close that one, or choose another workspace folder.`,
    { workspace: folder, pid },
  )
}

function unusable(folder: string, error: unknown): PalateError {
  const reason = error instanceof Error ? error.message : String(error)
  return new PalateError(
    'WORKSPACE_UNUSABLE',
    `The workspace folder ${folder} cannot be used: ${reason}. Correct its permissions, or choose another workspace folder.`,
    { workspace: folder, reason },
    { cause: error },
  )
}
