import type { TextEncoding } from '../../../contract/dto/import-settings.ts'
import { isUtf8, writeCodePoint } from './text.ts'

/** Bytes before the text. */
export interface ByteOrderMark {
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be'
  readonly length: number
}

export function byteOrderMark(head: Uint8Array): ByteOrderMark | null {
  const [first, second, third] = head
  if (first === 0xef && second === 0xbb && third === 0xbf) return { encoding: 'utf-8', length: 3 }
  if (first === 0xff && second === 0xfe) return { encoding: 'utf-16le', length: 2 }
  if (first === 0xfe && second === 0xff) return { encoding: 'utf-16be', length: 2 }
  return null
}

/**
 * @param head the first bytes of a file; a character may be cut at their end
 * @returns "auto" where the sample is plain ASCII and so decides nothing
 */
export function detectEncoding(head: Uint8Array): TextEncoding {
  const mark = byteOrderMark(head)
  if (mark) return mark.encoding
  const wide = wideWithoutMark(head)
  if (wide) return wide
  if (!head.some((byte) => byte >= 0x80)) return 'auto'
  return isUtf8(head, 0, head.length, true) ? 'utf-8' : 'windows-1252'
}

/** In UTF-16 without a mark, every other byte of western text is zero. */
function wideWithoutMark(head: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const zeros = [0, 0]
  head.forEach((byte, at) => {
    if (byte === 0) zeros[at & 1]! += 1
  })
  const half = head.length / 2
  if (half < 4) return null
  if (zeros[1]! > 0.7 * half && zeros[0]! < 0.1 * half) return 'utf-16le'
  if (zeros[0]! > 0.7 * half && zeros[1]! < 0.1 * half) return 'utf-16be'
  return null
}

/** Turns UTF-16 into UTF-8, chunk by chunk; chunks may cut a character anywhere. */
export class Utf16Transcoder {
  readonly #low: 0 | 1
  /** A byte whose partner is in the next chunk, or -1. */
  #odd = -1
  /** A high surrogate whose partner is in the next chunk, or 0. */
  #high = 0
  /** Bytes of the source that were taken. */
  #taken = 0

  constructor(encoding: 'utf-16le' | 'utf-16be') {
    this.#low = encoding === 'utf-16le' ? 0 : 1
  }

  /** @returns the text as UTF-8, or the source offset of a surrogate without partner */
  push(chunk: Uint8Array): Uint8Array | number {
    const out = new Uint8Array((chunk.length + 4) * 2)
    let at = 0
    for (const byte of chunk) {
      this.#taken++
      if (this.#odd < 0) {
        this.#odd = byte
        continue
      }
      const unit = this.#low === 0 ? this.#odd | (byte << 8) : (this.#odd << 8) | byte
      this.#odd = -1
      const isLow = unit >= 0xdc00 && unit <= 0xdfff
      if (isLow !== this.#high > 0) return this.#taken - (isLow ? 2 : 4)
      if (unit >= 0xd800 && unit <= 0xdbff) {
        this.#high = unit
      } else {
        const point = isLow ? 0x10000 + ((this.#high - 0xd800) << 10) + (unit - 0xdc00) : unit
        this.#high = 0
        at = writeCodePoint(out, at, point)
      }
    }
    return out.subarray(0, at)
  }

  /** @returns the source offset of a character that the file's end cuts, or null */
  end(): number | null {
    if (this.#odd >= 0) return this.#taken - 1
    return this.#high > 0 ? this.#taken - 2 : null
  }
}

/** Bytes that UTF-8 text takes in UTF-16: how offsets in the source are kept while its transcoded text is read. */
export function utf16Length(bytes: Uint8Array, start: number, end: number): number {
  let units = 0
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1
  }
  return units * 2
}
