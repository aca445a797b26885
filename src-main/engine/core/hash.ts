/**
 * A 64-bit FNV-1a style hash of the bytes of some columns, as 16 hexadecimal digits. It tells artifacts apart; it is no
 * defence against anyone (files on disk carry SHA-256 instead).
 */
export function hashColumns(columns: readonly (Int32Array | Float32Array | Float64Array | Uint8Array)[]): string {
  let low = 0x811c9dc5
  let high = 0xcbf29ce4
  const take = (byte: number) => {
    low = Math.imul(low ^ byte, 0x01000193)
    high = Math.imul(high ^ byte, 0x01000193) ^ (low >>> 15)
  }
  for (const column of columns) {
    const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
    for (let shift = 0; shift < 32; shift += 8) take((column.length >>> shift) & 255)
    for (let i = 0; i < bytes.length; i++) take(bytes[i]!)
  }
  return hex(high) + hex(low)
}

/** The same for a text, by its code points. */
export function hashText(text: string): string {
  return hashColumns([Int32Array.from(text, (char) => char.codePointAt(0)!)])
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0')
}
