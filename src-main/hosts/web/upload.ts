import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import path from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { PalateError } from '../../contract/errors.ts'
import type { WebLimits } from './limits.ts'
import { safeUploadName } from './rules/upload-name.ts'

/** A file that has arrived. `folder` holds every file that was sent with the same `upload`: a dropped folder, piece by piece. */
export interface Uploaded {
  readonly upload: string
  readonly path: string
  readonly folder: string
  readonly bytes: number
}

export interface Uploads {
  /** @throws PalateError INPUT_REFUSED when it is too large, unnamed, stops half way, or its `into` is unknown */
  receive(request: IncomingMessage, query: URLSearchParams): Promise<Uploaded>
  /** Removes an upload's files; unknown ones are no error. */
  remove(upload: string): Promise<void>
  /** Removes whatever an earlier host left behind. Only for the owner of the workspace. */
  removeAll(): Promise<void>
}

interface UploadState {
  bytes: number
  expiry?: NodeJS.Timeout
}

const uploadId = /^[0-9a-f]{32}$/

/** Files that the page sends are kept in `uploads` of the workspace until the page removes them after the import, for an hour at most. */
export function createUploads(workspaceDir: string, limits: WebLimits): Uploads {
  const root = path.join(workspaceDir, 'uploads')
  const known = new Map<string, UploadState>()

  async function receive(request: IncomingMessage, query: URLSearchParams): Promise<Uploaded> {
    const name = query.get('name') ?? ''
    if (name === '') throw refused(name, 'it has no name; send POST /upload?name=FILE')
    const into = query.get('into')
    if (into !== null && !known.has(into)) throw refused(name, 'the upload it belongs to is unknown; send the files again')
    const upload = into ?? randomBytes(16).toString('hex')
    const state = known.get(upload) ?? { bytes: 0 }
    const stated = Number(request.headers['content-length'] ?? 0)
    if (stated > limits.uploadBytes - state.bytes) throw tooLarge(name, limits)
    clearTimeout(state.expiry)
    known.set(upload, state)
    const folder = path.join(root, upload)
    const file = path.join(folder, safeUploadName(name))
    await mkdir(folder, { recursive: true, mode: 0o700 })
    try {
      const bytes = await store(request, file, state, limits, name)
      expireLater(upload, state)
      return { upload, path: file, folder, bytes }
    } catch (error) {
      if (into !== null) expireLater(upload, state)
      const failure = error instanceof PalateError ? error : storeFailure(error, name, file)
      if (into === null) await remove(upload)
      else if (failure.message !== alreadySent(name).message) await rm(file, { force: true })
      throw failure
    }
  }

  function expireLater(upload: string, state: UploadState): void {
    clearTimeout(state.expiry)
    state.expiry = setTimeout(() => void remove(upload), limits.uploadKeepMs).unref()
  }

  async function remove(upload: string): Promise<void> {
    if (!uploadId.test(upload)) return
    clearTimeout(known.get(upload)?.expiry)
    known.delete(upload)
    await rm(path.join(root, upload), { recursive: true, force: true })
  }

  return { receive, remove, removeAll: () => rm(root, { recursive: true, force: true }) }
}

async function store(
  request: IncomingMessage,
  file: string,
  state: UploadState,
  limits: WebLimits,
  name: string,
): Promise<number> {
  let bytes = 0
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.byteLength
      // Counted as it arrives, because several files of one upload may arrive at the same time.
      state.bytes += chunk.byteLength
      if (state.bytes > limits.uploadBytes) done(tooLarge(name, limits))
      else done(null, chunk)
    },
  })
  const onIdle = () => counted.destroy(refused(name, 'nothing arrived for too long; send it again'))
  const onCut = () => {
    if (!request.complete) counted.destroy(refused(name, 'the connection was cut; send it again'))
  }
  request.setTimeout(limits.idleMs, onIdle)
  request.once('close', onCut)
  // Piped by hand: a pipeline would destroy the request when something fails, and its answer could not get out.
  request.pipe(counted)
  try {
    await pipeline(counted, createWriteStream(file, { flags: 'wx', mode: 0o600 }))
  } catch (error) {
    state.bytes -= bytes
    throw error
  } finally {
    request.setTimeout(0)
    request.off('timeout', onIdle)
    request.off('close', onCut)
  }
  return bytes
}

function storeFailure(error: unknown, name: string, file: string): PalateError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC') {
    return new PalateError('DISK_FULL', `There is no room on the disk for ${name}. Free some space and send it again.`, {
      path: file,
    })
  }
  if (code === 'EEXIST') return alreadySent(name)
  return refused(name, error instanceof Error ? error.message : String(error))
}

/** The one failure after which the file must stay: it is the first one of that name. */
function alreadySent(name: string): PalateError {
  return refused(name, 'a file of that name was sent already')
}

function tooLarge(name: string, limits: WebLimits): PalateError {
  const size =
    limits.uploadBytes >= 1024 ** 2 ? `${Math.round(limits.uploadBytes / 1024 ** 2)} MiB` : `${limits.uploadBytes} bytes`
  return refused(name, `it is larger than ${size}; type the path of the file on this computer instead`)
}

function refused(name: string, reason: string): PalateError {
  return new PalateError('INPUT_REFUSED', `${name || 'The file'} was not taken: ${reason}.`, { path: name, reason })
}
