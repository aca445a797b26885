import { existsSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { PalateError } from '../../contract/errors.ts'

export interface WrittenFile {
  readonly file: string
  readonly bytes: number
  /** A file of that name stood there before. */
  readonly replaced: boolean
}

/**
 * Writes text or bytes to `path` so that a reader sees the old file or the complete new one: temporary file beside it, fsync,
 * rename. The first chunk is awaited before any file is made: a refused export leaves nothing behind.
 */
export async function writeTextFile(path: string, chunks: AsyncIterable<string | Uint8Array>): Promise<WrittenFile> {
  const file = resolve(path)
  if (!existsSync(dirname(file))) {
    throw new PalateError(
      'PATH_NOT_FOUND',
      `The folder ${dirname(file)} does not exist, so ${basename(file)} cannot be written. Create it or choose another path.`,
      { path: dirname(file) },
    )
  }
  const iterator = chunks[Symbol.asyncIterator]()
  let chunk = await iterator.next()
  const replaced = existsSync(file)
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.tmp`)
  let bytes = 0
  try {
    const handle = await open(temporary, 'w')
    try {
      for (; !chunk.done; chunk = await iterator.next()) {
        const content = typeof chunk.value === 'string' ? Buffer.from(chunk.value) : chunk.value
        await handle.writeFile(content)
        bytes += content.length
      }
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true })
    throw fileError(error, file)
  }
  return { file, bytes, replaced }
}

/** What went wrong with the disk or the permission to write, as a PalateError where it is known. */
export function fileError(error: unknown, file: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return new PalateError('DISK_FULL', `The disk is full: ${file} could not be written. Free some space and export again.`, {
      path: file,
    })
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'EISDIR') {
    return new PalateError('PATH_NOT_FOUND', `${file} cannot be written (${code}). Choose a path that you may write to.`, {
      path: file,
    })
  }
  return error
}
