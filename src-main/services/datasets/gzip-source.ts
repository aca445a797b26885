import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { PalateError } from '../../contract/errors.ts'
import type { SourceFile } from '../../engine/data/reading/file-tree.ts'

/** As for entries of a zip: far above what text compresses to, far below a bomb. */
const MAX_RATIO = 250
const RATIO_FREE_BYTES = 1024 * 1024
const MAX_INFLATED_BYTES = 64 * 1024 ** 3
/** How much text grows, where the file does not say. */
const USUAL_RATIO = 4

/**
 * A gzip file as the file that it holds: read under its name without ".gz", inflated while it is read, the bytes that come
 * out counted against those that went in.
 *
 * @param absolute where the compressed file lies: its last four bytes tell the inflated size, for the progress
 */
export async function gunzipped(file: SourceFile, absolute: string): Promise<SourceFile> {
  return {
    path: file.path.replace(/\.gz$/i, ''),
    display: file.display,
    bytes: await inflatedSize(file, absolute),
    open: () => inflate(file),
  }
}

/** The size modulo 4 GiB, of the last member: a hint, not to be trusted for more than a progress bar. */
async function inflatedSize(file: SourceFile, absolute: string): Promise<number> {
  const handle = await open(absolute, 'r').catch(() => null)
  if (!handle) return file.bytes * USUAL_RATIO
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, Math.max(0, file.bytes - 4))
    const claimed = bytesRead === 4 ? buffer.readUInt32LE(0) : 0
    return claimed >= file.bytes && claimed <= file.bytes * MAX_RATIO ? claimed : file.bytes * USUAL_RATIO
  } finally {
    await handle.close()
  }
}

async function* inflate(file: SourceFile): AsyncGenerator<Uint8Array, void, void> {
  let inflated = 0
  const source = Readable.from(file.open())
  const gunzip = createGunzip()
  // An error of reading must reach whoever reads the inflated bytes.
  source.on('error', (error) => gunzip.destroy(error))
  try {
    for await (const chunk of source.pipe(gunzip) as AsyncIterable<Uint8Array>) {
      inflated += chunk.length
      // What the engine has taken, not what waits before it: the ratio shows after the first megabyte.
      const ratio = inflated / Math.max(1, gunzip.bytesWritten)
      if (inflated > RATIO_FREE_BYTES && ratio > MAX_RATIO) {
        throw refused(file, `it unpacks to more than ${MAX_RATIO} times its size`)
      }
      if (inflated > MAX_INFLATED_BYTES) throw refused(file, `it unpacks to more than ${MAX_INFLATED_BYTES} bytes`)
      yield chunk
    }
  } catch (error) {
    if (error instanceof PalateError) throw error
    throw refused(file, `it cannot be unpacked (${error instanceof Error ? error.message : String(error)})`)
  } finally {
    source.destroy()
    gunzip.destroy()
  }
}

function refused(file: SourceFile, reason: string): PalateError {
  return new PalateError('INPUT_REFUSED', `${file.display} was not imported: ${reason}. Nothing was kept.`, {
    path: file.display,
    reason,
  })
}
