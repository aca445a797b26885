import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { withStorageErrors } from './storage-error.ts'

/**
 * Writes a file so that under its name there is either all of it or what was there before, also after a power cut:
 * temporary file, fsync, rename, fsync of the folder.
 *
 * @throws PalateError DISK_FULL
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array | string): Promise<void> {
  const draft = `${path}.${process.pid}.draft`
  await withStorageErrors(path, async () => {
    await mkdir(dirname(path), { recursive: true })
    try {
      const file = await open(draft, 'w')
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(draft, path)
      await syncFolder(dirname(path))
    } catch (error) {
      await rm(draft, { force: true })
      throw error
    }
  })
}

export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Makes a rename inside `path` durable. Windows cannot open folders and does not need it. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
