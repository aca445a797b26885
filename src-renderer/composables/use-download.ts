import { ref } from 'vue'
import type { PalateError } from '../../src-main/contract/errors.ts'
import { zipFiles } from './zip-writer.ts'

/** Asks for what is saved, piece by piece; the signal is aborted by `cancel`. */
type Pieces<T> = (signal: AbortSignal) => Promise<AsyncIterable<T>>

/** Saves text that comes in chunks as a file of the browser's. The same way in both hosts. */
export function useDownload() {
  const busy = ref('')
  let work = new AbortController()

  /**
   * @param name  the file's name
   * @returns false when it was cancelled
   * @throws PalateError when the engine fails half way; no file is saved then
   */
  function save(name: string, chunks: Pieces<string>): Promise<boolean> {
    return gather(name, chunks, (parts) => Promise.resolve(new Blob(parts, { type: 'text/csv;charset=utf-8' })))
  }

  /** As `save`, for several files: one zip of them all. The parts of a file come one after the other. */
  function saveZip(name: string, parts: Pieces<{ file: string; text: string }>): Promise<boolean> {
    return gather(name, parts, (all) => {
      const files = Map.groupBy(all, (part) => part.file)
      return zipFiles([...files].map(([file, of]) => ({ name: file, parts: of.map((part) => part.text) })))
    })
  }

  /** As `save`, for a file of bytes. */
  function saveBytes(name: string, parts: Pieces<{ base64: string }>): Promise<boolean> {
    return gather(name, parts, (all) => Promise.resolve(new Blob(all.map((part) => bytesOf(part.base64)))))
  }

  async function gather<T>(name: string, pieces: Pieces<T>, pack: (all: T[]) => Promise<Blob>): Promise<boolean> {
    const mine = (work = new AbortController())
    busy.value = name
    try {
      const all: T[] = []
      for await (const piece of await pieces(mine.signal)) all.push(piece)
      offer(name, await pack(all))
      return true
    } catch (failure) {
      if (mine.signal.aborted || (failure as PalateError).code === 'CANCELLED') return false
      throw failure
    } finally {
      busy.value = ''
    }
  }
  return { busy, save, saveZip, saveBytes, cancel: () => work.abort() }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
}

/** Hands a file to the browser to save. */
export function offer(name: string, blob: Blob): void {
  const anchor = document.createElement('a')
  anchor.href = URL.createObjectURL(blob)
  anchor.download = name
  anchor.click()
  // The browser reads the blob after the click; freeing it at once would make an empty file.
  setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000)
}
