import { PalateError } from '../../src-main/contract/errors.ts'
import { engineUnreachable } from '../../src-main/contract/rpc-errors.ts'

/** Where a chosen file lies for the engine: its own path in Electron, or a copy inside the workspace in the browser host. */
export async function pathOfFile(
  file: File,
  options: { signal: AbortSignal; onProgress: (sentBytes: number, totalBytes: number) => void },
): Promise<string> {
  const ownPath = window.palate?.pathForFile(file)
  return ownPath || upload(file, options)
}

/** XMLHttpRequest, because fetch tells nothing about how much of an upload has been sent. */
function upload(
  file: File,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (sentBytes: number, totalBytes: number) => void },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/upload?name=${encodeURIComponent(file.name)}`)
    request.responseType = 'text'
    request.upload.addEventListener('progress', (event) => onProgress(event.loaded, event.total))
    request.addEventListener('load', () => {
      const path = request.status === 200 || request.status === 201 ? pathIn(request.responseText) : undefined
      if (path) resolve(path)
      else reject(refused(file.name, request.status, request.responseText))
    })
    request.addEventListener('error', () => reject(engineUnreachable('the upload was cut off')))
    request.addEventListener('abort', () => reject(new PalateError('CANCELLED', 'The upload was cancelled.', { what: 'upload' })))
    signal.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}

function pathIn(text: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(text)
    return typeof answer === 'object' && answer !== null && 'path' in answer ? String(answer.path) : undefined
  } catch {
    return undefined
  }
}

function refused(name: string, status: number, text: string): PalateError {
  const reason = text.length > 0 && text.length < 400 && !text.startsWith('<') ? text : `status ${status}`
  return new PalateError(
    'INPUT_REFUSED',
    `"${name}" could not be handed to the engine: ${reason}. Type its path instead, if it lies on the computer where Palate runs.`,
    { path: name, reason },
  )
}
