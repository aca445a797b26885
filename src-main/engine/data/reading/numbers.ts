import type { TableRecord } from './record.ts'

const ZERO = 48
const NINE = 57
const PLUS = 43
const COMMA = 44
const MINUS = 45
const POINT = 46
/** Up to here a whole number and a power of ten are exact, and so their quotient is the nearest double. */
const EXACT_DIGITS = 15
const POWERS = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, exponent) => 10 ** exponent)
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/**
 * The number that a field holds, straight from its bytes where it is plain.
 *
 * @param decimalComma "4,5" is a number, and "4.5" still is
 * @returns NaN when it is no finite number, or too large for a 32-bit float; `numberFault` says why
 */
export function readNumber(record: TableRecord, column: number, decimalComma = false): number {
  const { bytes } = record
  const end = record.ends[column]!
  let at = record.starts[column]!
  const sign = bytes[at]
  if (at < end && (sign === MINUS || sign === PLUS)) at++
  const first = at
  let value = 0
  let decimals = -1
  for (; at < end; at++) {
    const byte = bytes[at]!
    if (byte >= ZERO && byte <= NINE) {
      value = value * 10 + (byte - ZERO)
      if (decimals >= 0) decimals++
    } else if (decimals < 0 && (byte === POINT || (decimalComma && byte === COMMA))) {
      decimals = 0
    } else {
      break
    }
  }
  const digits = at - first - (decimals >= 0 ? 1 : 0)
  if (at < end || digits === 0 || digits > EXACT_DIGITS) return parseNumber(record.text(column), decimalComma)
  if (decimals > 0) value /= POWERS[decimals]!
  // Never -0: it would be a second zero to whoever compares.
  return sign === MINUS ? 0 - value : value
}

/** As `readNumber`, for text. Blanks around the number are no fault. */
export function parseNumber(text: string, decimalComma = false): number {
  const trimmed = text.trim()
  const plain = decimalComma ? trimmed.replace(',', '.') : trimmed
  if (!NUMBER.test(plain)) return NaN
  const value = Number(plain)
  // Ratings are kept as 32-bit floats: what is infinite there cannot be used.
  return Number.isFinite(Math.fround(value)) ? value + 0 : NaN
}

/**
 * @param what for instance "rating"
 * @returns why `text` is no number that can be used; follows "line 3: "
 */
export function numberFault(what: string, text: string): string {
  const trimmed = text.trim()
  if (trimmed === '') return `the ${what} is empty`
  if (/^[+-]?(nan|inf(inity)?)$/i.test(trimmed)) return `the ${what} "${text}" is not a finite number`
  if (NUMBER.test(trimmed)) return `the ${what} "${text}" is too large for a number`
  if (/^[+-]?\d+,\d+$/.test(trimmed)) return `the ${what} "${text}" has a decimal comma, which was not chosen`
  return `the ${what} "${text}" is not a number`
}
