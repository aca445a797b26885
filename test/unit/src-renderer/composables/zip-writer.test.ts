import { describe, expect, test } from 'vitest'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { zipFiles, type ZippedFile } from '../../../../src-renderer/composables/zip-writer.ts'

/** The archive as another program reads it; checks sizes and CRCs on the way. */
async function unzip(blob: Blob): Promise<[name: string, text: string][]> {
  const bytes = Buffer.from(await blob.arrayBuffer())
  const zip = await new Promise<ZipFile>((resolve, reject) =>
    yauzl.fromBuffer(bytes, { lazyEntries: true }, (error, opened) => (error ? reject(error) : resolve(opened))),
  )
  const files: [string, string][] = []
  return new Promise((resolve, reject) => {
    zip.on('error', reject).on('end', () => resolve(files))
    zip.on('entry', (entry: Entry) => {
      zip.openReadStream(entry, (error, stream) => {
        if (error) return reject(error)
        const chunks: Buffer[] = []
        stream.on('error', reject)
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () => {
          files.push([entry.fileName, Buffer.concat(chunks).toString('utf8')])
          zip.readEntry()
        })
      })
    })
    zip.readEntry()
  })
}

describe('an archive of what is downloaded', () => {
  test('is read by other programs, file by file', async () => {
    const files: ZippedFile[] = [
      { name: 'ratings.csv', parts: ['user,item\r\n', ...Array.from({ length: 5000 }, (_, at) => `${at},${at % 7}\r\n`)] },
      { name: 'Müsli & Co.csv', parts: ['Amélie\u{1F3AC}', 'half of a name'] },
      { name: 'empty.csv', parts: [] },
    ]
    const blob = await zipFiles(files)
    expect(await unzip(blob)).toEqual(files.map(({ name, parts }) => [name, parts.join('')]))
    // Repetitive text must not be carried as it is.
    expect(blob.size).toBeLessThan(30_000)
  })

  test('has the checksum that the standard gives for these letters', async () => {
    const bytes = Buffer.from(await (await zipFiles([{ name: 'a', parts: ['123456789'] }])).arrayBuffer())
    expect(bytes.readUInt32LE(14)).toBe(0xcbf43926)
  })

  test('is the same bytes for the same texts, and an archive even of nothing', async () => {
    const make = async (files: ZippedFile[]) => Buffer.from(await (await zipFiles(files)).arrayBuffer())
    expect(await make([{ name: 'a', parts: ['b'] }])).toEqual(await make([{ name: 'a', parts: ['b'] }]))
    expect(await unzip(await zipFiles([]))).toEqual([])
  })
})
