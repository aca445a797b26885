import { ref } from 'vue'
import type { PalateError } from '../../src-main/contract/errors.ts'

/** Saves text that comes in chunks as a file of the browser's. The same way in both hosts. */
export function useDownload() {
  const busy = ref('')
  let work = new AbortController()

  /**
   * @param name  the file's name
   * @param chunks asks for the text; the signal is aborted by `cancel`
   * @returns false when it was cancelled
   * @throws PalateError when the engine fails half way; no file is saved then
   */
  async function save(name: string, chunks: (signal: AbortSignal) => Promise<AsyncIterable<string>>): Promise<boolean> {
    const mine = (work = new AbortController())
    busy.value = name
    try {
      const parts: string[] = []
      for await (const chunk of await chunks(mine.signal)) parts.push(chunk)
      offer(name, new Blob(parts, { type: 'text/csv;charset=utf-8' }))
      return true
    } catch (failure) {
      if (mine.signal.aborted || (failure as PalateError).code === 'CANCELLED') return false
      throw failure
    } finally {
      busy.value = ''
    }
  }
  return { busy, save, cancel: () => work.abort() }
}

function offer(name: string, blob: Blob): void {
  const anchor = document.createElement('a')
  anchor.href = URL.createObjectURL(blob)
  anchor.download = name
  anchor.click()
  // The browser reads the blob after the click; freeing it at once would make an empty file.
  setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000)
}
