import type { PackedColumns } from './packed-columns.ts'

/** SQLite's binary JSON: the type of an element in the low half of its first byte, its size in the high half. */
const INTEGER = 3
const REAL = 5
const ARRAY = 11
/** Where the size does not fit into the first byte: it stands in the next one, or in the next four. */
const SIZE_IN_1_BYTE = 12 << 4
const SIZE_IN_4_BYTES = 14 << 4
const HEAD_BYTES = 5
/** From here on JavaScript writes whole numbers with an exponent, and those are REAL. */
const FIRST_WITH_EXPONENT = 1e21
/** Two bytes of its own, two indexes of 1 + 10, two numbers of 2 + 25 (-2.2250738585072014e-308). */
const MAX_ROW_BYTES = 2 + 2 * 11 + 2 * 27
/** Ratings are few values as a rule, and to write a double in decimals is what takes the time. */
const REMEMBERED_RATINGS = 4096

/**
 * Ratings as binary JSON for `jsonb_each` (SQLite from 3.51 on): the array of [userIndex, itemIndex, rating, time]. As text, a
 * million rows take SQLite twice as long, for it parses the whole and then every row once more.
 */
export class JsonbRows {
  #bytes = new Uint8Array(0)
  readonly #ratings = new Map<number, Uint8Array>()

  /** @returns rows `start` to `end`, all of whose numbers must be finite: a view, valid until the next call */
  encode({ userIndex, itemIndex, rating, time }: PackedColumns, start: number, end: number): Uint8Array {
    const most = HEAD_BYTES + (end - start) * MAX_ROW_BYTES
    if (this.#bytes.length < most) this.#bytes = new Uint8Array(most)
    const bytes = this.#bytes
    let at = HEAD_BYTES
    for (let row = start; row < end; row++) {
      const head = at
      at = writeNumber(bytes, head + 2, userIndex[row]!)
      at = writeNumber(bytes, at, itemIndex[row]!)
      at = this.#writeRating(at, rating[row]!)
      at = writeNumber(bytes, at, time[row]!)
      bytes[head] = SIZE_IN_1_BYTE | ARRAY
      bytes[head + 1] = at - head - 2
    }
    bytes[0] = SIZE_IN_4_BYTES | ARRAY
    new DataView(bytes.buffer).setUint32(1, at - HEAD_BYTES)
    return bytes.subarray(0, at)
  }

  #writeRating(at: number, rating: number): number {
    const known = this.#ratings.get(rating)
    if (known) {
      for (let k = 0; k < known.length; k++) this.#bytes[at + k] = known[k]!
      return at + known.length
    }
    const end = writeNumber(this.#bytes, at, rating)
    if (this.#ratings.size < REMEMBERED_RATINGS) this.#ratings.set(rating, this.#bytes.slice(at, end))
    return end
  }
}

/** @returns the place after the element */
function writeNumber(bytes: Uint8Array, at: number, value: number): number {
  if (value >= 0 && value < 2 ** 31 && Number.isInteger(value)) return writeDigits(bytes, at, value)
  const text = String(value)
  const isWhole = Number.isInteger(value) && Math.abs(value) < FIRST_WITH_EXPONENT
  bytes[at] = SIZE_IN_1_BYTE | (isWhole ? INTEGER : REAL)
  bytes[at + 1] = text.length
  for (let k = 0; k < text.length; k++) bytes[at + 2 + k] = text.charCodeAt(k)
  return at + 2 + text.length
}

function writeDigits(bytes: Uint8Array, at: number, value: number): number {
  let digits = 1
  for (let power = 10; power <= value; power *= 10) digits++
  bytes[at] = (digits << 4) | INTEGER
  let rest = value | 0
  for (let place = at + digits; place > at; place--) {
    const tenth = (rest / 10) | 0
    bytes[place] = 48 + rest - tenth * 10
    rest = tenth
  }
  return at + 1 + digits
}
