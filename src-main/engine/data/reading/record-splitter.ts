import { MAX_COLUMNS, MAX_RECORD_BYTES } from './limits.ts'
import { TableRecord, type Dialect } from './record.ts'

const LINE_FEED = 10
const CARRIAGE_RETURN = 13
const BACKSLASH = 92

/** What the scan of a record came to. */
const INCOMPLETE = -1
const QUOTED = -2

export interface SplitterHost {
  /** The bytes of a separator in the file's encoding. */
  encode(text: string): Uint8Array
  /** A complete record, never blank. `high`: it holds bytes above 0x7f. */
  emit(record: TableRecord, high: boolean): void
  /** Bytes of the file that these bytes were: differs for transcoded text only. */
  sourceLength(bytes: Uint8Array, start: number, end: number): number
  refuse(reason: string): never
}

/**
 * Cuts bytes into records and fields, in one pass over the bytes where nothing is quoted. Line ends are LF, CRLF or CR, also
 * mixed. Memory use is one chunk and one record.
 *
 * A quote is only a quote at the beginning of a field. Where quotes are not in order (text after a closing quote, none that
 * closes), the first line alone is the bad row and reading goes on after it: one stray quote must not swallow the rest.
 */
export class RecordSplitter {
  readonly #host: SplitterHost
  readonly #record: TableRecord
  readonly #separator: Uint8Array
  readonly #quote: number
  readonly #doubles: boolean
  readonly #backslash: boolean
  /** Which escape a record uses is found out anew for each. */
  readonly #either: boolean
  /** Fields are divided by runs of blanks: people line columns up with them. */
  readonly #blanks: boolean
  /** The beginning of a record whose end is in a later chunk. */
  #rest: Uint8Array = new Uint8Array(0)
  #line = 1
  #byteOffset: number
  /** Set by the scans: where the record ends, and how many lines it has. */
  #end = 0
  #lines = 1
  #high = 0
  #fault: string | null = null

  constructor(dialect: Dialect, firstByteOffset: number, host: SplitterHost) {
    this.#host = host
    this.#record = new TableRecord(dialect)
    this.#separator = host.encode(dialect.separator ?? '')
    this.#quote = dialect.quote === '' ? -1 : dialect.quote.charCodeAt(0)
    this.#doubles = dialect.quoteEscape !== 'backslash'
    this.#backslash = this.#record.backslash
    this.#either = dialect.quoteEscape === 'auto'
    this.#blanks = dialect.separator === ' ' && dialect.quote === ''
    this.#byteOffset = firstByteOffset
  }

  push(chunk: Uint8Array): void {
    const bytes = this.#rest.length === 0 ? chunk : concat(this.#rest, chunk)
    const start = this.#split(bytes, false)
    // A copy, because a host may use its chunk's memory again.
    this.#rest = bytes.slice(start)
  }

  end(): void {
    if (this.#rest.length > 0) this.#split(this.#rest, true)
    this.#rest = new Uint8Array(0)
  }

  /** @returns where the incomplete record at the end begins */
  #split(bytes: Uint8Array, final: boolean): number {
    let start = 0
    while (start < bytes.length) {
      this.#fault = null
      this.#lines = 1
      let next = this.#scanPlain(bytes, start, final)
      if (next === QUOTED) next = this.#scanEscaped(bytes, start, final)
      if (next === INCOMPLETE) {
        if (bytes.length - start <= MAX_RECORD_BYTES) return start
        next = this.#tooLong(bytes, start)
      }
      if (this.#end - start > MAX_RECORD_BYTES) next = this.#tooLong(bytes, start)
      this.#emit(bytes, start, next)
      start = next
    }
    return start
  }

  /** @returns where the next record begins, INCOMPLETE, or QUOTED: it must be read again, with care */
  #scanPlain(bytes: Uint8Array, start: number, final: boolean): number {
    const record = this.#record
    const separator = this.#separator
    const length = bytes.length
    const first = separator.length === 0 ? -1 : separator[0]!
    const width = separator.length
    const quote = this.#quote
    let { starts, ends, escaped } = record
    let count = 0
    let high = 0
    starts[0] = start
    escaped[0] = 0
    if (bytes[start] === quote) return QUOTED
    for (let i = start; i < length; i++) {
      const byte = bytes[i]!
      high |= byte
      if (byte === first && (width === 1 || matches(bytes, i, separator))) {
        ends[count++] = i
        if (count >= starts.length) {
          this.#reserve(count + 1)
          ;({ starts, ends, escaped } = record)
        }
        i += width - 1
        starts[count] = i + 1
        escaped[count] = 0
        if (i + 1 < length && bytes[i + 1] === quote) return QUOTED
      } else if (byte === LINE_FEED || byte === CARRIAGE_RETURN) {
        if (byte === CARRIAGE_RETURN && i + 1 === length && !final) return INCOMPLETE
        ends[count] = i
        record.count = count + 1
        record.unterminated = false
        this.#end = i
        this.#high = high
        return byte === CARRIAGE_RETURN && bytes[i + 1] === LINE_FEED ? i + 2 : i + 1
      }
    }
    if (!final) return INCOMPLETE
    ends[count] = length
    record.count = count + 1
    record.unterminated = true
    this.#end = length
    this.#high = high
    return length
  }

  /** As `scanPlain`, for records with quoted fields: tells by trying how quotes are escaped, where that is open. */
  #scanEscaped(bytes: Uint8Array, start: number, final: boolean): number {
    this.#record.backslash = this.#backslash
    const next = this.#scanQuoted(bytes, start, final)
    if (!this.#either || this.#fault === null) return next
    const fault = this.#fault
    this.#fault = null
    this.#lines = 1
    this.#record.backslash = true
    const second = this.#scanQuoted(bytes, start, final)
    if (this.#fault !== null) this.#fault = fault
    return second
  }

  #scanQuoted(bytes: Uint8Array, start: number, final: boolean): number {
    const record = this.#record
    const { length } = bytes
    let at = start
    this.#high = 0
    for (let count = 0; ; count++) {
      this.#reserve(count + 1)
      record.escaped[count] = 0
      if (bytes[at] === this.#quote) {
        const close = this.#closingQuote(bytes, at + 1, count)
        if (close < 0)
          return final ? this.#faulty(bytes, start, final, `the quote of field ${count + 1} is never closed`) : INCOMPLETE
        record.starts[count] = at + 1
        record.ends[count] = close
        at = close + 1
        if (at === length && !final) return INCOMPLETE
        if (at < length && !this.#isFieldEnd(bytes, at)) {
          // The separator may be cut by the chunk's end.
          if (!final && length - at < this.#separator.length) return INCOMPLETE
          return this.#faulty(bytes, start, final, `field ${count + 1} goes on after its closing quote`)
        }
      } else {
        record.starts[count] = at
        while (at < length && !this.#isFieldEnd(bytes, at)) this.#high |= bytes[at++]!
        record.ends[count] = at
      }
      record.count = count + 1
      if (at < length && bytes[at] !== LINE_FEED && bytes[at] !== CARRIAGE_RETURN) {
        at += this.#separator.length
        continue
      }
      if (at === length && !final) return INCOMPLETE
      if (bytes[at] === CARRIAGE_RETURN && at + 1 === length && !final) return INCOMPLETE
      record.unterminated = at >= length
      this.#end = at
      return at >= length ? length : bytes[at] === CARRIAGE_RETURN && bytes[at + 1] === LINE_FEED ? at + 2 : at + 1
    }
  }

  /** @returns where the quote stands that closes field `count`, or -1 when these bytes hold none for certain */
  #closingQuote(bytes: Uint8Array, from: number, count: number): number {
    for (let i = from; i < bytes.length; i++) {
      const byte = bytes[i]!
      this.#high |= byte
      if (byte === this.#quote) {
        if (!this.#doubles || bytes[i + 1] !== this.#quote) return i
        this.#record.escaped[count] = 1
        i++
      } else if (byte === BACKSLASH && this.#record.backslash) {
        this.#record.escaped[count] = 1
        i++
        if (i < bytes.length) this.#high |= bytes[i]!
      } else if (byte === LINE_FEED || (byte === CARRIAGE_RETURN && bytes[i + 1] !== LINE_FEED)) {
        this.#lines++
      }
    }
    return -1
  }

  #isFieldEnd(bytes: Uint8Array, at: number): boolean {
    const byte = bytes[at]
    return byte === LINE_FEED || byte === CARRIAGE_RETURN || (this.#separator.length > 0 && matches(bytes, at, this.#separator))
  }

  /** Makes the first line of a record that is not in order a bad row of its own. @returns where the next line begins, or INCOMPLETE */
  #faulty(bytes: Uint8Array, start: number, final: boolean, reason: string): number {
    let at = start
    while (at < bytes.length && bytes[at] !== LINE_FEED && bytes[at] !== CARRIAGE_RETURN) at++
    if (!final && at + (bytes[at] === CARRIAGE_RETURN ? 1 : 0) >= bytes.length) return INCOMPLETE
    this.#fault = reason
    this.#end = at
    this.#lines = 1
    this.#record.count = 0
    this.#record.unterminated = at === bytes.length
    if (at === bytes.length) return at
    return bytes[at] === CARRIAGE_RETURN && bytes[at + 1] === LINE_FEED ? at + 2 : at + 1
  }

  #tooLong(bytes: Uint8Array, start: number): number {
    const next = this.#faulty(bytes, start, true, 'it has a quote that is not closed within 1 MiB')
    if (this.#end - start > MAX_RECORD_BYTES) this.#host.refuse(`line ${this.#line} is longer than 1 MiB`)
    return next
  }

  #emit(bytes: Uint8Array, start: number, next: number): void {
    const record = this.#record
    if (this.#end > start) {
      record.bytes = bytes
      record.start = start
      record.end = this.#end
      record.line = this.#line
      record.byteOffset = this.#byteOffset
      record.fault = this.#fault
      if (this.#blanks) dropEmptyFields(record)
      if (record.count > 0 || record.fault !== null) this.#host.emit(record, this.#fault !== null || this.#high > 0x7f)
    }
    this.#line += this.#lines
    this.#byteOffset += this.#host.sourceLength(bytes, start, next)
  }

  #reserve(count: number): void {
    if (count > MAX_COLUMNS) this.#host.refuse(`line ${this.#line} has more than ${MAX_COLUMNS} columns`)
    this.#record.reserve(count)
  }
}

function dropEmptyFields(record: TableRecord): void {
  let kept = 0
  for (let field = 0; field < record.count; field++) {
    if (record.starts[field] === record.ends[field]) continue
    record.starts[kept] = record.starts[field]!
    record.ends[kept++] = record.ends[field]!
  }
  record.count = kept
}

function matches(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let k = 0; k < wanted.length; k++) if (bytes[at + k] !== wanted[k]) return false
  return true
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length)
  joined.set(a)
  joined.set(b, a.length)
  return joined
}
