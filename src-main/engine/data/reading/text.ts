/** What windows-1252 puts in place of latin-1's control characters 0x80 to 0x9f; the five that it leaves free stay as they are. */
const WINDOWS_1252 =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178'

/**
 * Decodes a line: as UTF-8 where it is valid UTF-8, else as windows-1252, in which every byte is a character. So nothing ever
 * becomes U+FFFD. (Text in windows-1252 that happens to be valid UTF-8 is next to unknown in practice.)
 */
export function decodeText(bytes: Uint8Array, start: number, end: number): string {
  return decodeUtf8(bytes, start, end) ?? decodeWindows1252(bytes, start, end)
}

export function decodeLatin1(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]!)
  return text
}

/** The same as latin-1, but for 27 characters such as the euro sign and curly quotes. */
export function decodeWindows1252(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!
    text += byte >= 0x80 && byte < 0xa0 ? WINDOWS_1252[byte - 0x80]! : String.fromCharCode(byte)
  }
  return text
}

/** @returns null when the bytes are not valid UTF-8 (overlong forms, surrogates and values above U+10FFFF included) */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string | null {
  let text = ''
  for (let i = start; i < end;) {
    const lead = bytes[i]!
    if (lead < 0x80) {
      text += String.fromCharCode(lead)
      i++
      continue
    }
    const length = sequenceLength(bytes, i, end)
    if (length <= 0) return null
    let point = lead & (0x7f >> length)
    for (let k = 1; k < length; k++) point = (point << 6) | (bytes[i + k]! & 0x3f)
    text += String.fromCodePoint(point)
    i += length
  }
  return text
}

/**
 * @param cut the bytes are the beginning of something longer: a character that is cut off at their end is no fault
 */
export function isUtf8(bytes: Uint8Array, start: number, end: number, cut = false): boolean {
  for (let i = start; i < end;) {
    if (bytes[i]! < 0x80) {
      i++
      continue
    }
    const length = sequenceLength(bytes, i, end)
    if (length < 0) return cut
    if (length === 0) return false
    i += length
  }
  return true
}

/** Length of the character at `at`: 2 to 4; 0 when it is malformed, -1 when `end` cuts it and it is in order so far. */
function sequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at]!
  const length = lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0
  if (length === 0) return 0
  for (let k = 1; k < length; k++) {
    if (at + k >= end) return -1
    const byte = bytes[at + k]!
    if ((byte & 0xc0) !== 0x80) return 0
    // The second byte alone tells overlong forms, surrogates and what lies above U+10FFFF.
    if (k > 1) continue
    if (lead === 0xe0 && byte < 0xa0) return 0
    if (lead === 0xed && byte >= 0xa0) return 0
    if (lead === 0xf0 && byte < 0x90) return 0
    if (lead === 0xf4 && byte >= 0x90) return 0
  }
  return length
}

/** Writes `text` as UTF-8. The engine has no TextEncoder: its types promise neither browser nor Node. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3)
  let at = 0
  for (const character of text) at = writeCodePoint(bytes, at, character.codePointAt(0)!)
  return bytes.subarray(0, at)
}

/** @returns the place after what was written */
export function writeCodePoint(bytes: Uint8Array, at: number, point: number): number {
  if (point < 0x80) {
    bytes[at] = point
    return at + 1
  }
  const length = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  for (let k = length - 1; k > 0; k--) {
    bytes[at + k] = 0x80 | (point & 0x3f)
    point >>>= 6
  }
  bytes[at] = ([0, 0, 0xc0, 0xe0, 0xf0][length]! | point) & 0xff
  return at + length
}
