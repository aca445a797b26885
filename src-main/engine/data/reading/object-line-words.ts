const NUMBER = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
/** Numbers to Python and to many a writer of JSON; a field that wants a finite one refuses them by name. */
const NOT_FINITE = /^-?(NaN|nan|Infinity|inf)$/

export function isNumberWord(word: string): boolean {
  return NUMBER.test(word) || NOT_FINITE.test(word)
}

export function describeByte(byte: number): string {
  return byte > 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `the byte 0x${byte.toString(16).padStart(2, '0')}`
}

const ESCAPE = /\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|[0-7]{1,3}|[\s\S])/g
const JSON_SIGNS: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}
const PYTHON_SIGNS: Readonly<Record<string, string>> = { ...JSON_SIGNS, "'": "'", a: '\u0007', v: '\v' }

/**
 * Undoes the escapes of a text. A text that would hold a NUL or half a character is refused: nothing downstream could store
 * it as it is.
 */
export function decodeEscapes(raw: string, python: boolean): { readonly text: string } | { readonly fault: string } {
  let unknown: string | null = null
  const text = raw.replace(ESCAPE, (whole, escape: string) => {
    const decoded = decodeEscape(escape, python)
    if (decoded === null) unknown ??= whole
    return decoded ?? whole
  })
  if (unknown !== null) return { fault: `it holds the escape "${String(unknown)}", which nobody defined` }
  if (text.includes('\0')) return { fault: 'it holds an escaped NUL' }
  if (!text.isWellFormed()) return { fault: 'it holds half a character, escaped' }
  return { text }
}

function decodeEscape(escape: string, python: boolean): string | null {
  const signs = python ? PYTHON_SIGNS : JSON_SIGNS
  const sign = Object.hasOwn(signs, escape) ? signs[escape]! : null
  if (sign !== null && !(python && escape === '/')) return sign
  if (/^u[0-9a-fA-F]{4}$/.test(escape)) return String.fromCharCode(parseInt(escape.slice(1), 16))
  if (!python) return null
  if (/^[0-7]+$/.test(escape)) return String.fromCharCode(parseInt(escape, 8))
  if (escape.length > 1) {
    const point = parseInt(escape.slice(1), 16)
    return point <= 0x10ffff ? String.fromCodePoint(point) : null
  }
  // \N{...} wants a table of names; \u, \U and \x without their digits are cut.
  return 'NuUx'.includes(escape) ? null : `\\${escape}`
}
