import { zipDirectoryHead, zipEnd, zipEntryHead } from '../../src-main/contract/zip-layout.ts'

export interface ZippedFile {
  readonly name: string
  readonly parts: readonly string[]
}

/** An archive of text files, deflated by the browser itself; for what is downloaded as one file. At most 4 GiB. */
export async function zipFiles(files: readonly ZippedFile[]): Promise<Blob> {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  const directory: Uint8Array<ArrayBuffer>[] = []
  let offset = 0
  for (const { name, parts } of files) {
    const content = new Uint8Array(await new Blob([...parts]).arrayBuffer())
    const packed = await deflate(content)
    const encoded = new TextEncoder().encode(name)
    const entry = { crc: crc32(content), packed: packed.length, size: content.length, name: encoded.length, deflated: true }
    pieces.push(zipEntryHead(entry), encoded, packed)
    directory.push(zipDirectoryHead(entry, offset), encoded)
    offset += 30 + encoded.length + packed.length
  }
  const end = zipEnd(files.length, lengthOf(directory), offset)
  return new Blob([...pieces, ...directory, end], { type: 'application/zip' })
}

async function deflate(content: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([content]).stream().pipeThrough(new CompressionStream('deflate-raw'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

const lengthOf = (parts: readonly Uint8Array[]) => parts.reduce((sum, part) => sum + part.length, 0)

let table: Uint32Array | undefined

function crcTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
    return value
  })
}

function crc32(bytes: Uint8Array): number {
  table ??= crcTable()
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 0xff]!
  return (crc ^ 0xffffffff) >>> 0
}
