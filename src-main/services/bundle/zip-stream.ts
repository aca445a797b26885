import { promisify } from 'node:util'
import { crc32, deflateRaw } from 'node:zlib'
import { PalateError } from '../../contract/errors.ts'
import { zipDirectoryHead, zipEnd, zipEntryHead } from '../../contract/zip-layout.ts'

export interface ZipFile {
  readonly name: string
  readonly content: Uint8Array
}

const deflate = promisify(deflateRaw)
/** What packs better than this is left as it is: readers take it for a bomb. */
const mostRatio = 100
/** Beyond it the format needs an extension. */
const mostBytes = 2 ** 32 - 1

/**
 * An archive as bytes, file by file: one file at a time is in memory.
 *
 * @throws PalateError DATA_UNSUITABLE beyond 4 GiB
 */
export async function* zipStream(files: AsyncIterable<ZipFile>): AsyncGenerator<Uint8Array, void, void> {
  const directory: Uint8Array[] = []
  let offset = 0
  let count = 0
  for await (const { name, content } of files) {
    const encoded = new TextEncoder().encode(name)
    const short = await deflate(content)
    const deflated = short.length < content.length && content.length <= short.length * mostRatio
    const data = deflated ? short : content
    const entry = { crc: crc32(content), packed: data.length, size: content.length, name: encoded.length, deflated }
    const parts = [zipEntryHead(entry), encoded, data]
    const end = parts.reduce((sum, part) => sum + part.length, offset)
    refuseLarge(end)
    directory.push(zipDirectoryHead(entry, offset), encoded)
    yield* parts
    offset = end
    count += 1
  }
  const listed = directory.reduce((sum, part) => sum + part.length, 0)
  refuseLarge(offset + listed)
  yield* directory
  yield zipEnd(count, listed, offset)
}

function refuseLarge(bytes: number): void {
  if (bytes <= mostBytes) return
  const reason = 'a bundle holds at most 4 GiB'
  throw new PalateError(
    'DATA_UNSUITABLE',
    `The runs were not packed: ${reason}. Pack fewer of them, or leave the data set out.`,
    {
      reason,
    },
  )
}
