import { basename } from 'node:path'
import { PalateError } from '../../../contract/errors.ts'
import { toStorageError } from '../../../storage/storage-error.ts'
import type { DataSource } from './data-source.ts'

/** Nothing arrived for so long. */
export class NoAnswer extends Error {
  readonly seconds: number
  constructor(timeoutMs: number) {
    super('nothing arrived for too long')
    this.seconds = Math.round(timeoutMs / 1000)
  }
}

const connectionReasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name could not be resolved, so there seems to be no network here',
  EAI_AGAIN: 'its name could not be resolved, so there seems to be no network here',
  ECONNREFUSED: 'the connection was refused',
  ENETUNREACH: 'there is no way to it from this network',
  EHOSTUNREACH: 'there is no way to it from this network',
  ENETDOWN: 'the network is down',
  ETIMEDOUT: 'it did not answer in time',
  ECONNRESET: 'the connection was cut before it answered',
  EPIPE: 'the connection was cut before it answered',
}
const certificateCodes = /CERT|^ERR_TLS|^ERR_SSL|UNABLE_TO_|SELF_SIGNED/

export const fileName = (source: Pick<DataSource, 'url'>) => basename(new URL(source.url).pathname)
export const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`

/** @param error what the connection failed with before an answer came */
export function unreachable(source: DataSource, error: unknown): PalateError<'NETWORK_UNREACHABLE'> {
  const { hostname } = new URL(source.url)
  const reason = reasonOf(error)
  return new PalateError(
    'NETWORK_UNREACHABLE',
    `${hostname} cannot be reached: ${reason}. Try again later, or get ${fileName(source)} from ${source.home} on a computer with a network and import the file. The sample lab needs no network.`,
    { url: source.url, reason },
    { cause: error },
  )
}

function reasonOf(error: unknown): string {
  if (error instanceof NoAnswer) return `it did not answer for ${error.seconds} s`
  const code = codeOf(error)
  if (certificateCodes.test(code)) {
    return `its certificate was not accepted (${code}): it has expired, the clock of this computer is wrong, or something between them listens in`
  }
  return connectionReasons[code] ?? (error instanceof Error ? error.message : String(error))
}

/** @param keptBytes what of the file need not come again */
export function downloadFailed(
  source: DataSource,
  reason: string,
  advice: string,
  keptBytes = 0,
): PalateError<'DOWNLOAD_FAILED'> {
  const message = `${fileName(source)} was not downloaded: ${reason}. ${advice}`
  return new PalateError('DOWNLOAD_FAILED', message, { url: source.url, reason, keptBytes })
}

/** The connection ended in the middle of the file. @param received bytes of the whole file, with what had come before */
export function cutShort(source: DataSource, error: unknown, received: number, keptBytes: number): PalateError {
  const why = error instanceof NoAnswer ? `nothing arrived for ${error.seconds} s` : `the connection was cut`
  const advice =
    keptBytes > 0
      ? 'Start it again: it goes on from there.'
      : 'Start it again: from the beginning, since nothing of it could be kept.'
  return downloadFailed(source, `${why} after ${megabytes(received)}`, advice, keptBytes)
}

export function downloadCancelled(source: DataSource, keptBytes: number): PalateError<'CANCELLED'> {
  const kept =
    keptBytes > 0 ? `${megabytes(keptBytes)} are kept: the next download goes on from there.` : 'Nothing of it is kept.'
  const what = `The download of ${fileName(source)}`
  return new PalateError('CANCELLED', `${what} was cancelled. ${kept}`, { what })
}

const refusedByFolder: Readonly<Record<string, string>> = {
  EACCES: 'Palate may not write there',
  EPERM: 'Palate may not write there',
  EROFS: 'the disk is read-only',
  ENOTDIR: 'there is a file in the place of the folder',
  EEXIST: 'there is a file in the place of the folder',
  EISDIR: 'there is a folder in the place of the file',
  ERR_FS_EISDIR: 'there is a folder in the place of the file',
}

/** Runs `work` on files below `folder`. @throws PalateError DISK_FULL, WORKSPACE_UNUSABLE for what the file system refuses */
export async function withFolderErrors<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const reason = refusedByFolder[codeOf(error)]
    if (reason === undefined) throw toStorageError(error, folder)
    throw new PalateError(
      'WORKSPACE_UNUSABLE',
      `Downloads cannot be kept in ${folder}: ${reason}. Make it a folder that Palate may write to, or use another workspace.`,
      { workspace: folder, reason },
      { cause: error },
    )
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
