import type { QuoteEscape } from '../../../contract/dto/import-settings.ts'
import { decodeLatin1, decodeUtf8, decodeWindows1252 } from './text.ts'

/** How the fields of a line are divided. */
export interface Dialect {
  /** null: a line is one field. */
  readonly separator: string | null
  /** One ASCII character, or empty where fields are never quoted. */
  readonly quote: string
  readonly quoteEscape: QuoteEscape
}

/** Lines as they are. */
export const PLAIN_LINES: Dialect = { separator: null, quote: '', quoteEscape: 'double' }

/** How the bytes of one record are to be decoded; "ascii" and "utf-8" bytes are known to be valid. */
export type RecordEncoding = 'ascii' | 'utf-8' | 'windows-1252' | 'latin-1'

const BACKSLASH = 92

/**
 * A record of a table: one object for all of them, only valid during the call that it is handed to. A record is one line,
 * or several where a quoted field holds line ends.
 */
export class TableRecord {
  bytes: Uint8Array = new Uint8Array(0)
  /** The record without its line end: `bytes` from `start` to `end`. */
  start = 0
  end = 0
  /** Of its first line, from 1. */
  line = 0
  /** Of its first byte in the file. */
  byteOffset = 0
  /** Number of fields. */
  count = 0
  /** Of the contents of each field, without quotes. */
  starts = new Int32Array(32)
  ends = new Int32Array(32)
  /** 1 where a field holds escaped quotes. */
  escaped = new Uint8Array(32)
  encoding: RecordEncoding = 'ascii'
  /** The file ends without a line end after it: it may be cut. */
  unterminated = false
  /** What is wrong with its quotes or its encoding, or null; follows "line 3: ". Then there are no fields. */
  fault: string | null = null

  /** A backslash escapes, in this record. */
  backslash: boolean
  readonly #quote: number

  constructor(dialect: Dialect) {
    this.#quote = dialect.quote === '' ? -1 : dialect.quote.charCodeAt(0)
    this.backslash = dialect.quoteEscape === 'backslash' || dialect.quoteEscape === 'both'
  }

  isEmpty(column: number): boolean {
    return this.starts[column] === this.ends[column]
  }

  /** The field as text, its escapes undone. Never holds U+FFFD that does not stand in the file. */
  text(column: number): string {
    const start = this.starts[column]!
    const end = this.ends[column]!
    if (this.escaped[column] === 0) return this.#decode(this.bytes, start, end)
    const plain = new Uint8Array(end - start)
    let length = 0
    for (let i = start; i < end; i++) {
      const byte = this.bytes[i]!
      const next = i + 1 < end ? this.bytes[i + 1]! : -1
      const isEscape = this.backslash && byte === BACKSLASH && (next === this.#quote || next === BACKSLASH)
      const isDoubled = byte === this.#quote && next === this.#quote
      if (isEscape || isDoubled) i++
      plain[length++] = this.bytes[i]!
    }
    return this.#decode(plain, 0, length)
  }

  /** All fields as text. */
  texts(): string[] {
    return Array.from({ length: this.count }, (_, column) => this.text(column))
  }

  /** The whole record as it stands in the file, for reports. */
  rawText(): string {
    return this.#decode(this.bytes, this.start, this.end)
  }

  /** Makes room for `count` fields. */
  reserve(count: number): void {
    if (count <= this.starts.length) return
    const length = Math.max(count, this.starts.length * 2)
    const starts = new Int32Array(length)
    const ends = new Int32Array(length)
    const escaped = new Uint8Array(length)
    starts.set(this.starts)
    ends.set(this.ends)
    escaped.set(this.escaped)
    this.starts = starts
    this.ends = ends
    this.escaped = escaped
  }

  #decode(bytes: Uint8Array, start: number, end: number): string {
    if (this.encoding === 'ascii' || this.encoding === 'latin-1') return decodeLatin1(bytes, start, end)
    if (this.encoding === 'windows-1252') return decodeWindows1252(bytes, start, end)
    // A faulty record may hold anything; one that is in order was checked.
    return decodeUtf8(bytes, start, end) ?? decodeWindows1252(bytes, start, end)
  }
}
