import { crc32 } from 'node:zlib'
import yauzl from 'yauzl'
import { PalateError } from '../../contract/errors.ts'
import type { SourceFile } from '../../engine/data/reading/file-tree.ts'
import type { OpenedSource } from './opened-source.ts'

/** What an archive may hold. Far above any data set there is, far below what hurts. */
const MAX_ENTRIES = 10_000
const MAX_INFLATED_BYTES = 8 * 1024 ** 3
const MAX_RATIO = 250
/** Small files may compress as well as they like. */
const RATIO_FREE_BYTES = 1024 * 1024
const LOCAL_HEADER_BYTES = 30
const FILE_TYPE_MASK = 0xf000
const SYMBOLIC_LINK = 0xa000

/**
 * Opens an archive. Nothing is inflated before a reader asks for an entry, nothing is ever written under an entry's name,
 * and what comes out is counted against what the archive's own directory says.
 *
 * @throws PalateError INPUT_REFUSED: damaged, too many or too large entries, a ratio beyond reason, an encrypted entry, a
 *         symbolic link, a path that leads outside, entries that share bytes or a name
 */
export async function openZip(path: string): Promise<OpenedSource> {
  const zip = await yauzl
    .openPromise(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true })
    .catch((error: unknown) => {
      throw refused(path, `it is no readable zip (${messageOf(error)})`)
    })
  try {
    const entries = await listEntries(zip, path)
    const files = entries
      .filter((entry) => !entry.fileName.endsWith('/') && !isHousekeeping(entry.fileName))
      .map((entry) => toSourceFile(zip, path, entry))
    return {
      display: path,
      files,
      close: () => {
        zip.close()
        return Promise.resolve()
      },
    }
  } catch (error) {
    zip.close()
    throw error
  }
}

async function listEntries(zip: yauzl.ZipFile, path: string): Promise<yauzl.Entry[]> {
  if (zip.entryCount > MAX_ENTRIES) throw refused(path, `it holds ${zip.entryCount} entries, more than ${MAX_ENTRIES}`)
  const entries: yauzl.Entry[] = []
  try {
    for await (const entry of zip.eachEntry()) entries.push(entry)
  } catch (error) {
    throw refused(path, `its directory is not in order (${messageOf(error)})`)
  }
  for (const entry of entries) checkEntry(entry, path)
  const names = new Set<string>()
  for (const { fileName } of entries) {
    // Which of the two is read would be anybody's guess.
    if (names.has(fileName)) throw refused(path, `it holds two entries "${fileName}"`)
    names.add(fileName)
  }
  const inflated = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0)
  if (inflated > MAX_INFLATED_BYTES) throw refused(path, `it would unpack to ${inflated} bytes, more than ${MAX_INFLATED_BYTES}`)
  checkOverlaps(entries, path)
  return entries
}

function checkEntry(entry: yauzl.Entry, path: string): void {
  const name = entry.fileName
  if (entry.isEncrypted()) throw refused(path, `its entry "${name}" is encrypted; unpack it first`)
  if (((entry.externalFileAttributes >>> 16) & FILE_TYPE_MASK) === SYMBOLIC_LINK) {
    throw refused(path, `its entry "${name}" is a symbolic link`)
  }
  const ratio = entry.uncompressedSize / Math.max(1, entry.compressedSize)
  if (entry.uncompressedSize > RATIO_FREE_BYTES && ratio > MAX_RATIO) {
    throw refused(path, `its entry "${name}" unpacks to ${Math.round(ratio)} times its size, more than ${MAX_RATIO}`)
  }
}

/** Entries that share bytes are how a small archive unpacks to a huge one. */
function checkOverlaps(entries: readonly yauzl.Entry[], path: string): void {
  const byPlace = entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader)
  byPlace.forEach((entry, at) => {
    const next = byPlace[at + 1]
    const end = entry.relativeOffsetOfLocalHeader + LOCAL_HEADER_BYTES + entry.fileNameLength + entry.compressedSize
    if (next && next.relativeOffsetOfLocalHeader < end) {
      throw refused(path, `its entries "${entry.fileName}" and "${next.fileName}" share bytes`)
    }
  })
}

/** What macOS and Windows add by themselves. */
function isHousekeeping(name: string): boolean {
  return /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|\._)/.test(name)
}

function toSourceFile(zip: yauzl.ZipFile, path: string, entry: yauzl.Entry): SourceFile {
  return {
    path: entry.fileName,
    display: `${path}/${entry.fileName}`,
    bytes: entry.uncompressedSize,
    async *open() {
      try {
        const stream = await zip.openReadStreamPromise(entry)
        let sum = 0
        // yauzl itself stops when more or fewer bytes come out than the directory promises; it does not look at the checksum.
        for await (const chunk of stream as AsyncIterable<Uint8Array>) {
          sum = crc32(chunk, sum)
          yield chunk
        }
        if (sum !== entry.crc32) throw new Error('its checksum is wrong')
      } catch (error) {
        throw refused(path, `its entry "${entry.fileName}" cannot be unpacked (${messageOf(error)})`)
      }
    },
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function refused(path: string, reason: string): PalateError {
  return new PalateError('INPUT_REFUSED', `${path} was not imported: ${reason}. Nothing was kept.`, { path, reason })
}
