import type { TableRecord } from './record.ts'
import { decodeUtf8, encodeUtf8 } from './text.ts'

/**
 * Ids as they come, each with a dense index from 0. Ids are text: "007" and "7" are two, and so are "a" and "A". Looked up
 * by their bytes, so that a million rows make no million strings.
 */
export class IdTable {
  #size = 0
  /** UTF-8 of all ids, one after the other; id `index` begins at `#starts[index]` and ends where the next begins. */
  #text = new Uint8Array(1 << 10)
  #starts = new Int32Array(1 << 7)
  #hashes = new Int32Array(1 << 7)
  /** Open hash table of index + 1; 0 is free. */
  #slots = new Int32Array(1 << 8)

  get size(): number {
    return this.#size
  }

  /** @returns the index of the id in `column`, a new one when it was never seen */
  indexOf(record: TableRecord, column: number): number {
    if (isPlain(record, column)) return this.#index(record.bytes, record.starts[column]!, record.ends[column]!)
    return this.indexOfText(record.text(column))
  }

  /** @returns the index of the id in `column`, or -1 */
  find(record: TableRecord, column: number): number {
    if (isPlain(record, column)) return this.#find(record.bytes, record.starts[column]!, record.ends[column]!)
    return this.findText(record.text(column))
  }

  indexOfText(id: string): number {
    const bytes = encodeUtf8(id)
    return this.#index(bytes, 0, bytes.length)
  }

  findText(id: string): number {
    const bytes = encodeUtf8(id)
    return this.#find(bytes, 0, bytes.length)
  }

  idAt(index: number): string {
    return decodeUtf8(this.#text, this.#starts[index]!, this.#starts[index + 1]!) ?? ''
  }

  #find(bytes: Uint8Array, start: number, end: number): number {
    return this.#slots[this.#slotOf(bytes, start, end, hashOf(bytes, start, end))]! - 1
  }

  #index(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashOf(bytes, start, end)
    const slot = this.#slotOf(bytes, start, end, hash)
    const held = this.#slots[slot]!
    if (held > 0) return held - 1
    const index = this.#size++
    this.#slots[slot] = index + 1
    this.#append(bytes, start, end, index, hash)
    if (this.#size * 2 > this.#slots.length) this.#rehash()
    return index
  }

  /** The slot that holds these bytes, or the free one where they belong. */
  #slotOf(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    const length = end - start
    let slot = hash & mask
    for (let held = slots[slot]!; held !== 0; held = slots[slot]!) {
      if (this.#hashes[held - 1] === hash) {
        const from = this.#starts[held - 1]!
        if (this.#starts[held]! - from === length) {
          let k = 0
          while (k < length && this.#text[from + k] === bytes[start + k]) k++
          if (k === length) return slot
        }
      }
      slot = (slot + 1) & mask
    }
    return slot
  }

  #append(bytes: Uint8Array, start: number, end: number, index: number, hash: number): void {
    const from = this.#starts[index]!
    const to = from + end - start
    if (to > this.#text.length) this.#text = grown(this.#text, to, (length) => new Uint8Array(length))
    for (let k = start; k < end; k++) this.#text[from + k - start] = bytes[k]!
    if (index + 2 > this.#starts.length) this.#starts = grown(this.#starts, index + 2, (length) => new Int32Array(length))
    if (index + 1 > this.#hashes.length) this.#hashes = grown(this.#hashes, index + 1, (length) => new Int32Array(length))
    this.#starts[index + 1] = to
    this.#hashes[index] = hash
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2)
    const mask = slots.length - 1
    for (let index = 0; index < this.#size; index++) {
      let slot = this.#hashes[index]! & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = index + 1
    }
    this.#slots = slots
  }
}

/** The bytes of the field are the UTF-8 of the id. */
function isPlain(record: TableRecord, column: number): boolean {
  return record.escaped[column] === 0 && (record.encoding === 'ascii' || record.encoding === 'utf-8')
}

/** FNV-1a, with a last stir because the table takes the low bits. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5 | 0
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
  return hash ^ (hash >>> 15)
}

function grown<T extends Uint8Array | Int32Array>(column: T, least: number, make: (length: number) => T): T {
  const larger = make(Math.max(least, column.length * 2))
  larger.set(column)
  return larger
}
