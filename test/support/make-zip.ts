import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipEntryPlan {
  readonly name: string
  readonly content?: string | Uint8Array
  readonly stored?: boolean
  readonly encrypted?: boolean
  /** Unix mode in the high half of the external attributes, for instance 0o120777 for a link. */
  readonly mode?: number
  /** Claims this size instead of the true one. */
  readonly claimedSize?: number
  readonly claimedPackedSize?: number
  /** Points at the local header of the entry of this index instead of writing its own. */
  readonly sharesWith?: number
}

/** Writes an archive byte by byte, so that it can be wrong in chosen ways. */
export function makeZip(entries: readonly ZipEntryPlan[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  const offsets: number[] = []
  let length = 0
  for (const entry of entries) {
    const name = Buffer.from(entry.name, 'utf8')
    const content = Buffer.from(entry.content ?? '')
    const data = entry.stored ? content : deflateRawSync(content)
    const flags = 0x0800 | (entry.encrypted ? 1 : 0)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(flags, 2)
    common.writeUInt16LE(entry.stored ? 0 : 8, 4)
    common.writeUInt32LE(0x00210000, 6)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(entry.claimedPackedSize ?? data.length, 14)
    common.writeUInt32LE(entry.claimedSize ?? content.length, 18)
    common.writeUInt16LE(name.length, 22)
    const offset = entry.sharesWith === undefined ? length : offsets[entry.sharesWith]!
    offsets.push(offset)
    if (entry.sharesWith === undefined) {
      const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, data])
      parts.push(local)
      length += local.length
    }
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, tail, name]))
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(length, 16)
  return Buffer.concat([...parts, central, end])
}
