import type { TextEncoding } from '../../../contract/dto/import-settings.ts'
import { isPalateError, PalateError } from '../../../contract/errors.ts'
import { byteOrderMark, utf16Length, Utf16Transcoder } from './decoding.ts'
import type { CancelSignal, SourceFile } from './file-tree.ts'
import { MAX_FILE_BYTES } from './limits.ts'
import type { Dialect, TableRecord } from './record.ts'
import { RecordSplitter, type SplitterHost } from './record-splitter.ts'
import { encodeUtf8, isUtf8 } from './text.ts'

export interface RecordOptions {
  /** "auto" when left out. A byte order mark in the file stands above it. */
  readonly encoding?: TextEncoding | undefined
  readonly signal?: CancelSignal | undefined
  /** After every chunk. @param bytesRead of this file so far */
  readonly onChunk?: ((bytesRead: number) => void) | undefined
  /** Reads no further than this: a record that it cuts is left out. */
  readonly sampleBytes?: number | undefined
}

/**
 * Calls `handle` for every record that is not blank. Memory use is one chunk and one record. A record that is not in order
 * (its quotes, or bytes that are no UTF-8 where UTF-8 was chosen) comes with its `fault` said and without fields.
 *
 * @throws PalateError INPUT_REFUSED for NUL bytes, for a record above 1 MiB, for too many columns or bytes, for damaged
 *         UTF-16; CANCELLED between two chunks
 */
export async function readRecords(
  file: SourceFile,
  dialect: Dialect,
  handle: (record: TableRecord) => void,
  options: RecordOptions = {},
): Promise<void> {
  const reading = new RecordReading(file, dialect, handle, options.encoding ?? 'auto')
  const limit = options.sampleBytes ?? Infinity
  let bytesRead = 0
  for await (const whole of file.open()) {
    if (options.signal?.aborted) throw cancelled(file)
    const chunk = bytesRead + whole.length > limit ? whole.subarray(0, limit - bytesRead) : whole
    bytesRead += chunk.length
    if (bytesRead > MAX_FILE_BYTES) refuse(file, `it is larger than ${MAX_FILE_BYTES / 1024 ** 3} GiB`)
    reading.push(chunk)
    options.onChunk?.(bytesRead)
    if (chunk.length < whole.length) return
  }
  reading.end()
}

/**
 * For looking at a sample: what the file is refused for here, its import will refuse with the reason.
 *
 * @returns whether `reading` came to its end
 * @throws whatever else `reading` throws
 */
export async function unlessRefused(reading: Promise<void>): Promise<boolean> {
  try {
    await reading
    return true
  } catch (error) {
    if (isPalateError(error) && error.code === 'INPUT_REFUSED') return false
    throw error
  }
}

/** Collects the first bytes, so that a byte order mark is whole; then decodes, checks and splits. */
class RecordReading implements SplitterHost {
  readonly #file: SourceFile
  readonly #dialect: Dialect
  readonly #handle: (record: TableRecord) => void
  #encoding: TextEncoding
  #head: Uint8Array = new Uint8Array(0)
  #splitter: RecordSplitter | null = null
  #transcoder: Utf16Transcoder | null = null
  #markLength = 0
  /** Of the byte after those that were split, in the file. */
  #offset = 0

  constructor(file: SourceFile, dialect: Dialect, handle: (record: TableRecord) => void, encoding: TextEncoding) {
    this.#file = file
    this.#dialect = dialect
    this.#handle = handle
    this.#encoding = encoding
  }

  push(chunk: Uint8Array): void {
    if (this.#splitter) return this.#feed(this.#splitter, chunk)
    const head = new Uint8Array(this.#head.length + chunk.length)
    head.set(this.#head)
    head.set(chunk, this.#head.length)
    this.#head = head
    if (head.length >= 3) this.#begin()
  }

  end(): void {
    const splitter = this.#splitter ?? this.#begin()
    const cut = this.#transcoder?.end() ?? null
    if (cut !== null) this.#damaged(cut)
    splitter.end()
  }

  #begin(): RecordSplitter {
    const mark = byteOrderMark(this.#head)
    if (mark) this.#encoding = mark.encoding
    const encoding = this.#encoding
    if (encoding === 'utf-16le' || encoding === 'utf-16be') this.#transcoder = new Utf16Transcoder(encoding)
    this.#markLength = mark?.length ?? 0
    this.#offset = this.#markLength
    const splitter = new RecordSplitter(this.#dialect, this.#offset, this)
    this.#splitter = splitter
    this.#feed(splitter, this.#head.subarray(this.#offset))
    this.#head = new Uint8Array(0)
    return splitter
  }

  #feed(splitter: RecordSplitter, chunk: Uint8Array): void {
    const bytes = this.#transcoder ? this.#transcoder.push(chunk) : chunk
    if (typeof bytes === 'number') this.#damaged(bytes)
    const nul = bytes.indexOf(0)
    if (nul >= 0) {
      const at = this.#offset + this.sourceLength(bytes, 0, nul)
      this.refuse(`it holds a NUL byte (byte ${at}), so it is no text`)
    }
    this.#offset += chunk.length
    splitter.push(bytes)
  }

  encode(text: string): Uint8Array {
    const single = this.#encoding === 'windows-1252' || this.#encoding === 'latin-1'
    return single ? Uint8Array.from(text, (character) => character.charCodeAt(0)) : encodeUtf8(text)
  }

  emit(record: TableRecord, high: boolean): void {
    const encoding = this.#encoding
    if (!high) record.encoding = 'ascii'
    else if (encoding === 'windows-1252' || encoding === 'latin-1') record.encoding = encoding
    else if (isUtf8(record.bytes, record.start, record.end)) record.encoding = 'utf-8'
    else {
      record.encoding = 'windows-1252'
      if (encoding !== 'auto' && record.fault === null) {
        record.fault = 'it is not valid UTF-8'
        record.count = 0
      }
    }
    this.#handle(record)
  }

  sourceLength(bytes: Uint8Array, start: number, end: number): number {
    return this.#transcoder ? utf16Length(bytes, start, end) : end - start
  }

  refuse(reason: string): never {
    return refuse(this.#file, reason)
  }

  #damaged(offset: number): never {
    // The transcoder counts from behind the byte order mark.
    return refuse(this.#file, `it is no valid UTF-16: half a character stands at byte ${offset + this.#markLength}`)
  }
}

function refuse(file: SourceFile, reason: string): never {
  const { display } = file
  throw new PalateError('INPUT_REFUSED', `${display} was not imported: ${reason}. Nothing was kept.`, { path: display, reason })
}

function cancelled(file: SourceFile): PalateError {
  return new PalateError('CANCELLED', `Reading ${file.display} was cancelled. Nothing was kept.`, {
    what: `reading ${file.display}`,
  })
}
