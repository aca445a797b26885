const localHead = 0x04034b50
const directoryHead = 0x02014b50
const endHead = 0x06054b50
/** Names are UTF-8. */
const flags = 0x0800
/** The first of January 1980, the earliest that a zip knows: an archive of the same contents is the same bytes. */
const date = 0x0021
const version = 20

/** What a zip says of an entry; the numbers are bytes. */
export interface ZipEntry {
  readonly crc: number
  readonly packed: number
  readonly size: number
  /** Of its name, in UTF-8. */
  readonly name: number
  readonly deflated: boolean
}

/** What stands before an entry: its name follows, then its packed bytes. */
export function zipEntryHead(entry: ZipEntry): Uint8Array<ArrayBuffer> {
  return record(30, localHead, 4, entry)
}

/** An entry in the directory: its name follows. @param offset of its head from the start of the archive, below 4 GiB */
export function zipDirectoryHead(entry: ZipEntry, offset: number): Uint8Array<ArrayBuffer> {
  const head = record(46, directoryHead, 6, entry)
  const view = new DataView(head.buffer)
  view.setUint16(4, version, true)
  view.setUint32(42, offset, true)
  return head
}

/** The end of an archive. @param directory bytes of the directory, @param offset from where on it stands */
export function zipEnd(entries: number, directory: number, offset: number): Uint8Array<ArrayBuffer> {
  const end = new DataView(new ArrayBuffer(22))
  end.setUint32(0, endHead, true)
  end.setUint16(8, entries, true)
  end.setUint16(10, entries, true)
  end.setUint32(12, directory, true)
  end.setUint32(16, offset, true)
  return new Uint8Array(end.buffer)
}

/** The fields that an entry has at its place and in the directory alike, from byte `at` on. */
function record(length: number, head: number, at: number, entry: ZipEntry): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(length))
  view.setUint32(0, head, true)
  view.setUint16(at, version, true)
  view.setUint16(at + 2, flags, true)
  view.setUint16(at + 4, entry.deflated ? 8 : 0, true)
  view.setUint16(at + 8, date, true)
  view.setUint32(at + 10, entry.crc, true)
  view.setUint32(at + 14, entry.packed, true)
  view.setUint32(at + 18, entry.size, true)
  view.setUint16(at + 22, entry.name, true)
  return new Uint8Array(view.buffer)
}
