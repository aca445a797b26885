const localHead = 0x04034b50
const directoryHead = 0x02014b50
const endHead = 0x06054b50
const deflated = 8
/** Names are UTF-8. */
const flags = 0x0800
/** The first of January 1980, the earliest that a zip knows: an archive of the same texts is the same bytes. */
const date = 0x0021
const version = 20

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
    const entry = { crc: crc32(content), packed: packed.length, size: content.length, name: encoded.length }
    pieces.push(record(30, localHead, 4, entry), encoded, packed)
    const listed = record(46, directoryHead, 6, entry)
    new DataView(listed.buffer).setUint16(4, version, true)
    new DataView(listed.buffer).setUint32(42, offset, true)
    directory.push(listed, encoded)
    offset += 30 + encoded.length + packed.length
  }
  const end = new DataView(new ArrayBuffer(22))
  end.setUint32(0, endHead, true)
  end.setUint16(8, files.length, true)
  end.setUint16(10, files.length, true)
  end.setUint32(12, lengthOf(directory), true)
  end.setUint32(16, offset, true)
  return new Blob([...pieces, ...directory, new Uint8Array(end.buffer)], { type: 'application/zip' })
}

/** The fields that an entry has at its place and in the directory alike, from byte `at` on. */
function record(
  length: number,
  head: number,
  at: number,
  entry: { crc: number; packed: number; size: number; name: number },
): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(length))
  view.setUint32(0, head, true)
  view.setUint16(at, version, true)
  view.setUint16(at + 2, flags, true)
  view.setUint16(at + 4, deflated, true)
  view.setUint16(at + 8, date, true)
  view.setUint32(at + 10, entry.crc, true)
  view.setUint32(at + 14, entry.packed, true)
  view.setUint32(at + 18, entry.size, true)
  view.setUint16(at + 22, entry.name, true)
  return new Uint8Array(view.buffer)
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
