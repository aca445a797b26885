import { isPalateError, PalateError } from '../contract/errors.ts'

const DISK_FULL_CODES = new Set(['SQLITE_FULL', 'ENOSPC', 'EDQUOT', 'EFBIG'])

/**
 * @param error what npm sqlite3 or node:fs threw
 * @param path  the file that was being worked on
 * @returns DISK_FULL for a full disk in any of its forms (SQLite says SQLITE_FULL at its own page limit and SQLITE_IOERR when
 *          the file system refuses a write), WORKSPACE_UNUSABLE for a file that is no database or is damaged, else `error`
 */
export function toStorageError(error: unknown, path: string): unknown {
  if (isPalateError(error)) return error
  const code = codeOf(error)
  if (DISK_FULL_CODES.has(code) || code.startsWith('SQLITE_IOERR')) {
    return new PalateError(
      'DISK_FULL',
      `Palate could not write to ${path}: the disk is full or refuses writes. Nothing was half-written. Free some space on that disk, then try again.`,
      { path },
      { cause: error },
    )
  }
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT') {
    const reason = code === 'SQLITE_NOTADB' ? 'it is not a Palate database' : 'the database file is damaged'
    return new PalateError(
      'WORKSPACE_UNUSABLE',
      `${path} cannot be opened: ${reason}. Move the file away, or restore the newest file of the "backups" folder beside it.`,
      { workspace: path, reason },
      { cause: error },
    )
  }
  return error
}

/** Runs `work`; what it throws is translated by toStorageError. */
export async function withStorageErrors<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw toStorageError(error, path)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
