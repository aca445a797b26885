import { describeByte, decodeEscapes, isNumberWord } from './object-line-words.ts'
import { decodeText, encodeUtf8 } from './text.ts'

/** A number as it is written: an id of 17 digits must not become a double. */
export interface WrittenNumber {
  readonly written: string
}

/** What stands behind a name; "object" is all that is told of an object inside an object. */
export type FieldValue = string | WrittenNumber | boolean | null | readonly FieldValue[] | { readonly kind: 'object' }

const OBJECT: FieldValue = { kind: 'object' }
/** Reviews nest two levels deep; a line of a million brackets must not exhaust the stack. */
const MAX_DEPTH = 64

const BLANKS = new Set([32, 9, 10, 13])
const [DOUBLE_QUOTE, SINGLE_QUOTE, COMMA, COLON, BACKSLASH] = [34, 39, 44, 58, 92]
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT, OPEN_TUPLE, CLOSE_TUPLE] = [91, 93, 123, 125, 40, 41]
const WORD_ENDS = new Set([...BLANKS, COMMA, COLON, CLOSE_LIST, CLOSE_OBJECT, CLOSE_TUPLE])
const PREFIXES = new Set([117, 85])

/**
 * Reads lines that are one object each, as JSON or as Python writes its dictionaries (single quotes, True, None): a grammar of
 * literals only, nothing is evaluated. Texts of fields that nobody wants are passed over without being decoded.
 */
export class ObjectLine {
  /** Of the line last read: the wanted fields that stand in it. */
  readonly fields = new Map<string, FieldValue>()
  readonly #wanted: ReadonlyMap<string, Uint8Array> | null
  #bytes: Uint8Array = new Uint8Array(0)
  #start = 0
  #at = 0
  #end = 0
  #python = false
  #fault: string | null = null
  #value: FieldValue = null
  /** Of the text last passed: its contents. */
  #from = 0
  #to = 0
  #escaped = false

  /** @param wanted names of fields; null for all */
  constructor(wanted: readonly string[] | null) {
    this.#wanted = wanted && new Map(wanted.map((name) => [name, encodeUtf8(name)]))
  }

  /** @returns null when the line is in order, otherwise why not; follows "line 3: " */
  read(bytes: Uint8Array, start: number, end: number): string | null {
    this.fields.clear()
    this.#bytes = bytes
    this.#start = start
    this.#at = start
    this.#end = end
    this.#fault = null
    this.#skipBlanks()
    if (this.#peek() !== OPEN_OBJECT) return 'it is no JSON object'
    this.#python = this.#firstQuote() === SINGLE_QUOTE
    if (!this.#sequence(CLOSE_OBJECT, this.#topMember)) return this.#fault
    this.#skipBlanks()
    return this.#at === this.#end ? null : 'it goes on after its closing brace'
  }

  #firstQuote(): number | undefined {
    for (let at = this.#at + 1; at < this.#end; at++) {
      const byte = this.#bytes[at]!
      if (!BLANKS.has(byte) && !PREFIXES.has(byte)) return byte
    }
    return undefined
  }

  /** `element` after `element` with commas between them, up to `close`; a comma before it is forgiven. */
  #sequence(close: number, element: () => boolean): boolean {
    this.#at++
    for (;;) {
      this.#skipBlanks()
      if (this.#take(close)) return true
      if (!element()) return false
      this.#skipBlanks()
      if (!this.#take(COMMA)) return this.#take(close) || this.#unexpected()
    }
  }

  readonly #topMember = (): boolean => {
    if (!this.#skipText()) return false
    const name = this.#wantedName()
    if (this.#fault !== null || !this.#colon()) return false
    if (name === null) return this.#readValue(false, 1)
    if (this.fields.has(name)) return this.#fail(`the field "${name}" stands twice`)
    if (!this.#readValue(true, 1)) return false
    this.fields.set(name, this.#value)
    return true
  }

  /** The name last passed, or null when nobody wants it. */
  #wantedName(): string | null {
    if (this.#wanted === null || this.#escaped) {
      const name = this.#text()
      return name !== null && (this.#wanted === null || this.#wanted.has(name)) ? name : null
    }
    for (const [name, bytes] of this.#wanted) {
      if (bytes.length === this.#to - this.#from && bytes.every((byte, k) => byte === this.#bytes[this.#from + k])) return name
    }
    return null
  }

  #colon(): boolean {
    this.#skipBlanks()
    if (!this.#take(COLON)) return this.#unexpected()
    this.#skipBlanks()
    return true
  }

  /** @param keep leave the value in #value */
  #readValue(keep: boolean, depth: number): boolean {
    if (depth > MAX_DEPTH) return this.#fail(`it is nested deeper than ${MAX_DEPTH} levels`)
    const byte = this.#peek()
    if (byte === OPEN_OBJECT) {
      const member = () => this.#skipText() && this.#colon() && this.#readValue(false, depth + 1)
      this.#value = OBJECT
      return this.#sequence(CLOSE_OBJECT, member) && this.#keep(OBJECT)
    }
    if (byte === OPEN_LIST) return this.#readList(CLOSE_LIST, keep, depth)
    if (byte === OPEN_TUPLE && this.#python) return this.#readList(CLOSE_TUPLE, keep, depth)
    if (!this.#startsText()) return this.#readWord()
    if (!this.#skipText()) return false
    if (!keep) return true
    const text = this.#text()
    return text !== null && this.#keep(text)
  }

  #readList(close: number, keep: boolean, depth: number): boolean {
    const values: FieldValue[] = []
    const element = () => {
      if (!this.#readValue(keep, depth + 1)) return false
      if (keep) values.push(this.#value)
      return true
    }
    return this.#sequence(close, element) && this.#keep(values)
  }

  /** A number or a name of a constant. */
  #readWord(): boolean {
    const from = this.#at
    while (this.#at < this.#end && !WORD_ENDS.has(this.#bytes[this.#at]!)) this.#at++
    const word = decodeText(this.#bytes, from, this.#at)
    if (isNumberWord(word)) return this.#keep({ written: word })
    const [yes, no, nothing] = this.#python ? ['True', 'False', 'None'] : ['true', 'false', 'null']
    if (word === yes || word === no) return this.#keep(word === yes)
    if (word === nothing) return this.#keep(null)
    // A file that ends within "tru" is cut, not misspelt.
    if (this.#at < this.#end || word === '') this.#at = from
    return this.#unexpected()
  }

  #startsText(): boolean {
    const byte = this.#peek()
    if (byte === DOUBLE_QUOTE || (byte === SINGLE_QUOTE && this.#python)) return true
    const next = this.#bytes[this.#at + 1]
    return this.#python && byte !== undefined && PREFIXES.has(byte) && (next === DOUBLE_QUOTE || next === SINGLE_QUOTE)
  }

  /** Moves behind the text at hand; its contents then stand between #from and #to. */
  #skipText(): boolean {
    if (!this.#startsText()) return this.#unexpected()
    if (PREFIXES.has(this.#bytes[this.#at]!)) this.#at++
    const quote = this.#bytes[this.#at]!
    this.#from = this.#at + 1
    this.#escaped = false
    for (let at = this.#from; at < this.#end; at++) {
      const byte = this.#bytes[at]!
      if (byte === BACKSLASH) {
        this.#escaped = true
        at++
      } else if (byte === quote) {
        this.#to = at
        this.#at = at + 1
        return true
      }
    }
    this.#at = this.#end
    return this.#unexpected()
  }

  /** The text last passed, or null with #fault set. */
  #text(): string | null {
    const raw = decodeText(this.#bytes, this.#from, this.#to)
    if (!this.#escaped) return raw
    const decoded = decodeEscapes(raw, this.#python)
    if ('text' in decoded) return decoded.text
    this.#fault = decoded.fault
    return null
  }

  #keep(value: FieldValue): true {
    this.#value = value
    return true
  }

  #peek(): number | undefined {
    return this.#at < this.#end ? this.#bytes[this.#at] : undefined
  }

  #take(byte: number): boolean {
    if (this.#peek() !== byte) return false
    this.#at++
    return true
  }

  #skipBlanks(): void {
    while (this.#at < this.#end && BLANKS.has(this.#bytes[this.#at]!)) this.#at++
  }

  #fail(reason: string): false {
    this.#fault ??= reason
    return false
  }

  #unexpected(): false {
    if (this.#at >= this.#end) return this.#fail('it ends before its object does')
    const what = this.#python ? 'Python literal' : 'JSON'
    return this.#fail(`it is no valid ${what}: ${describeByte(this.#bytes[this.#at]!)} at byte ${this.#at - this.#start + 1}`)
  }
}
