/**
 * Decodes a line: as UTF-8 where it is valid UTF-8, else as latin-1, in which every byte is a character. So nothing ever
 * becomes U+FFFD. (Text in latin-1 that happens to be valid UTF-8 is next to unknown in practice.)
 */
export function decodeText(bytes: Uint8Array, start: number, end: number): string {
  return decodeUtf8(bytes, start, end) ?? decodeLatin1(bytes, start, end)
}

export function decodeLatin1(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]!)
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
    const extra = lead >= 0xc2 && lead < 0xe0 ? 1 : lead >= 0xe0 && lead < 0xf0 ? 2 : lead >= 0xf0 && lead < 0xf5 ? 3 : 0
    if (extra === 0 || i + extra >= end) return null
    let point = lead & (0x3f >> extra)
    for (let k = 1; k <= extra; k++) {
      const byte = bytes[i + k]!
      if ((byte & 0xc0) !== 0x80) return null
      point = (point << 6) | (byte & 0x3f)
    }
    const smallest = [0, 0x80, 0x800, 0x10000][extra]!
    if (point < smallest || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return null
    text += String.fromCodePoint(point)
    i += extra + 1
  }
  return text
}
