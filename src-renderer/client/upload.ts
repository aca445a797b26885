import { fromErrorRecord, PalateError } from '../../src-main/contract/errors.ts'
import { engineUnreachable } from '../../src-main/contract/rpc-errors.ts'

/** What the person dropped or chose: one file, or all files of a folder. */
export interface Chosen {
  readonly name: string
  readonly isFolder: boolean
  readonly files: readonly File[]
}

/** Where the engine finds what was chosen. `remove` frees the copy, if one was made. */
export interface Placed {
  readonly path: string
  remove(): void
}

interface Options {
  readonly signal: AbortSignal
  readonly onProgress: (sentBytes: number, totalBytes: number) => void
}

/**
 * Makes what was chosen reachable for the engine: by its own path in Electron, by a copy inside the workspace in the
 * browser host, which alone is why anything is sent.
 * @throws PalateError INPUT_REFUSED, DISK_FULL, CANCELLED, ENGINE_UNREACHABLE
 */
export async function place(chosen: Chosen, options: Options): Promise<Placed> {
  const ownPath = pathOnDisk(chosen)
  return ownPath ? { path: ownPath, remove: () => undefined } : upload(chosen, options)
}

function pathOnDisk({ files, isFolder }: Chosen): string | undefined {
  const first = files[0]
  const path = first && window.palate?.pathForFile(first)
  if (!path || !isFolder || first.webkitRelativePath === '') return path || undefined
  // A folder picker gives its files only; the folder is what is left without the part below it.
  const below = first.webkitRelativePath.split('/').length - 1
  return path
    .split(/(?<=[\\/])/)
    .slice(0, -below)
    .join('')
    .replace(/[\\/]$/, '')
}

async function upload(chosen: Chosen, { signal, onProgress }: Options): Promise<Placed> {
  const totalBytes = chosen.files.reduce((sum, file) => sum + file.size, 0)
  let sentBytes = 0
  let placed: Receipt | undefined
  const remove = () => {
    if (placed) void fetch(`/upload?upload=${placed.upload}`, { method: 'DELETE' }).catch(() => undefined)
  }
  try {
    for (const file of chosen.files) {
      placed = await send(file, placed?.upload, signal, (bytes) => onProgress(sentBytes + bytes, totalBytes))
      sentBytes += file.size
    }
  } catch (error) {
    remove()
    throw error
  }
  if (!placed) throw refused(chosen.name, 'there is no file in it')
  return { path: chosen.isFolder ? placed.folder : placed.path, remove }
}

interface Receipt {
  readonly upload: string
  readonly path: string
  readonly folder: string
}

/** XMLHttpRequest, because fetch tells nothing about how much of an upload has been sent. */
function send(
  file: File,
  into: string | undefined,
  signal: AbortSignal,
  onProgress: (sentBytes: number) => void,
): Promise<Receipt> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/upload?name=${encodeURIComponent(file.name)}${into === undefined ? '' : `&into=${into}`}`)
    request.upload.addEventListener('progress', (event) => onProgress(event.loaded))
    request.addEventListener('load', () => {
      const answer = parse(request.responseText)
      if (isReceipt(answer)) resolve(answer)
      else if (typeof answer === 'object' && answer !== null && 'error' in answer) reject(fromErrorRecord(answer.error))
      else reject(refused(file.name, `status ${request.status}`))
    })
    request.addEventListener('error', () => reject(engineUnreachable('the upload was cut off')))
    request.addEventListener('abort', () => reject(new PalateError('CANCELLED', 'The upload was cancelled.', { what: 'upload' })))
    signal.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function isReceipt(answer: unknown): answer is Receipt {
  return typeof answer === 'object' && answer !== null && 'upload' in answer && 'path' in answer && 'folder' in answer
}

function refused(name: string, reason: string): PalateError {
  const advice = 'Type its path instead, if it lies on the computer where Palate runs.'
  return new PalateError('INPUT_REFUSED', `"${name}" could not be handed to the engine: ${reason}. ${advice}`, {
    path: name,
    reason,
  })
}
