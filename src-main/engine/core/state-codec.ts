import { PalateError } from '../../contract/errors.ts'

/** What a checkpoint holds: plain values and typed arrays, nested. Typed arrays come back bit by bit the same. */
export type StateTree = { readonly [name: string]: StateValue }
export type StateValue = number | string | boolean | null | StateArray | StateTree | readonly StateValue[]
export type StateArray = Int32Array | Uint32Array | Uint8Array | Float32Array | Float64Array

const MAGIC = 0x504c5431 // "PLT1"
const ARRAY_TYPES = { i4: Int32Array, u4: Uint32Array, u1: Uint8Array, f4: Float32Array, f8: Float64Array } as const
type TypeTag = keyof typeof ARRAY_TYPES

interface ArrayReference {
  readonly $array: TypeTag
  readonly at: number
  readonly length: number
}

/**
 * Encodes a tree: magic number, header length, an ASCII JSON header in which each array stands as a reference, then the
 * arrays' bytes, each aligned to 8. Little-endian, as every platform of Node and Electron is.
 */
export function encodeState(tree: StateTree): Uint8Array {
  const arrays: { array: StateArray; at: number }[] = []
  let size = 0
  const header = JSON.stringify(tree, (_key, value: unknown) => {
    const tag = tagOf(value)
    if (tag === undefined) {
      if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`A checkpoint cannot hold ${value}`)
      return value
    }
    const array = value as StateArray
    const reference: ArrayReference = { $array: tag, at: size, length: array.length }
    arrays.push({ array, at: size })
    size += Math.ceil(array.byteLength / 8) * 8
    return reference
  }).replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const bodyStart = Math.ceil((8 + header.length) / 8) * 8
  const bytes = new Uint8Array(bodyStart + size)
  new Uint32Array(bytes.buffer, 0, 2).set([MAGIC, header.length])
  for (let i = 0; i < header.length; i++) bytes[8 + i] = header.charCodeAt(i)
  for (const { array, at } of arrays) bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), bodyStart + at)
  return bytes
}

/** @throws PalateError CHECKPOINT_UNUSABLE when the bytes are no such tree */
export function decodeState(bytes: Uint8Array): StateTree {
  // A copy, so that every array is aligned wherever the bytes came from. Not slice(): that of Node's Buffer copies nothing.
  const buffer = new Uint8Array(bytes).buffer
  const prefix = buffer.byteLength >= 8 ? new Uint32Array(buffer, 0, 2) : new Uint32Array(2)
  const headerLength = prefix[1]!
  const bodyStart = Math.ceil((8 + headerLength) / 8) * 8
  if (prefix[0] !== MAGIC || bodyStart > buffer.byteLength) throw unusable('it does not begin as a checkpoint does')
  const pieces: string[] = []
  for (let at = 8; at < 8 + headerLength; at += 8192) {
    pieces.push(String.fromCharCode(...new Uint8Array(buffer, at, Math.min(8192, 8 + headerLength - at))))
  }
  let tree: unknown
  try {
    tree = JSON.parse(pieces.join(''), (_key, value: unknown) => {
      if (!isReference(value)) return value
      const Type = ARRAY_TYPES[value.$array]
      return new Type(buffer, bodyStart + value.at, value.length)
    })
  } catch {
    throw unusable('it is damaged or cut short')
  }
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) throw unusable('it is damaged or cut short')
  return tree as StateTree
}

function unusable(reason: string): PalateError {
  return new PalateError(
    'CHECKPOINT_UNUSABLE',
    `The checkpoint cannot be used: ${reason}. Resume from an older checkpoint, or start the run again.`,
    { run: '', reason },
  )
}

function tagOf(value: unknown): TypeTag | undefined {
  if (!ArrayBuffer.isView(value)) return undefined
  for (const tag of Object.keys(ARRAY_TYPES) as TypeTag[]) if (value instanceof ARRAY_TYPES[tag]) return tag
  throw new TypeError('A checkpoint holds Int32Array, Uint32Array, Uint8Array, Float32Array and Float64Array only')
}

function isReference(value: unknown): value is ArrayReference {
  return typeof value === 'object' && value !== null && '$array' in value && Object.hasOwn(ARRAY_TYPES, String(value.$array))
}

/** Typed access for restoring: each names what is wrong instead of failing somewhere later. */
export function readArray<T extends StateArray>(tree: StateTree, name: string, type: new (length: number) => T): T {
  const value = tree[name]
  if (!(value instanceof type)) throw unusable(`"${name}" is missing or of the wrong kind`)
  return value
}

export function readNumber(tree: StateTree, name: string): number {
  const value = tree[name]
  if (typeof value !== 'number') throw unusable(`"${name}" is missing or no number`)
  return value
}

export function readText(tree: StateTree, name: string): string {
  const value = tree[name]
  if (typeof value !== 'string') throw unusable(`"${name}" is missing or no text`)
  return value
}

export function readTree(tree: StateTree, name: string): StateTree {
  const value = tree[name]
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Array.isArray(value)) {
    throw unusable(`"${name}" is missing or no group`)
  }
  return value as StateTree
}
