import { PalateError } from '../../../contract/errors.ts'
import type { CancelSignal, SourceFile } from './file-tree.ts'

/** A longer line is no line of a table: the file is refused before it fills the memory. */
export const MAX_LINE_BYTES = 1024 * 1024

const LINE_FEED = 10
const CARRIAGE_RETURN = 13

/**
 * One line, as the bytes from `start` to `end` of `bytes`, without its line end; only valid during the call.
 *
 * @param line       from 1
 * @param byteOffset of the line's first byte in the file
 */
export type LineHandler = (bytes: Uint8Array, start: number, end: number, line: number, byteOffset: number) => void

export interface LineOptions {
  readonly signal?: CancelSignal | undefined
  /** After every chunk. @param bytesRead of this file so far */
  readonly onChunk?: ((bytesRead: number) => void) | undefined
}

/**
 * Calls `handle` for every line that is not blank. Line ends are LF or CRLF; a byte order mark is skipped. Memory use is
 * one chunk and one line.
 *
 * @throws PalateError INPUT_REFUSED for UTF-16 and for a line above 1 MiB, CANCELLED between two chunks
 */
export async function readLines(file: SourceFile, handle: LineHandler, options: LineOptions = {}): Promise<void> {
  const splitter = new LineSplitter(file, handle)
  let bytesRead = 0
  for await (const chunk of file.open()) {
    if (options.signal?.aborted) {
      throw new PalateError('CANCELLED', `Reading ${file.display} was cancelled. Nothing was kept.`, {
        what: `reading ${file.display}`,
      })
    }
    splitter.push(chunk)
    bytesRead += chunk.length
    options.onChunk?.(bytesRead)
  }
  splitter.end()
}

class LineSplitter {
  readonly #file: SourceFile
  readonly #handle: LineHandler
  /** The beginning of a line whose end is in a later chunk. */
  #rest: Uint8Array = new Uint8Array(0)
  #line = 0
  /** Of the first byte of `#rest` in the file. */
  #offset = 0

  constructor(file: SourceFile, handle: LineHandler) {
    this.#file = file
    this.#handle = handle
  }

  push(chunk: Uint8Array): void {
    const bytes = this.#rest.length === 0 ? chunk : concat(this.#rest, chunk)
    let start = this.#line === 0 && this.#offset === 0 ? this.#skipByteOrderMark(bytes) : 0
    const base = this.#offset
    for (let feed = bytes.indexOf(LINE_FEED, start); feed >= 0; feed = bytes.indexOf(LINE_FEED, start)) {
      this.#emit(bytes, start, feed, base + start)
      start = feed + 1
    }
    this.#offset = base + start
    if (bytes.length - start > MAX_LINE_BYTES) this.#refuse(`line ${this.#line + 1} is longer than 1 MiB`)
    // A copy, because a host may use its chunk's memory again.
    this.#rest = bytes.slice(start)
  }

  end(): void {
    if (this.#rest.length > 0) this.#emit(this.#rest, 0, this.#rest.length, this.#offset)
  }

  #emit(bytes: Uint8Array, start: number, feed: number, byteOffset: number): void {
    this.#line++
    if (feed - start > MAX_LINE_BYTES) this.#refuse(`line ${this.#line} is longer than 1 MiB`)
    const end = feed > start && bytes[feed - 1] === CARRIAGE_RETURN ? feed - 1 : feed
    if (end > start) this.#handle(bytes, start, end, this.#line, byteOffset)
  }

  #skipByteOrderMark(bytes: Uint8Array): number {
    const [first, second, third] = bytes
    if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
      this.#refuse('it is written in UTF-16; save it as UTF-8')
    }
    return first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0
  }

  #refuse(reason: string): never {
    const { display } = this.#file
    throw new PalateError('INPUT_REFUSED', `${display} was not imported: ${reason}. Nothing was kept.`, { path: display, reason })
  }
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length)
  joined.set(a)
  joined.set(b, a.length)
  return joined
}
