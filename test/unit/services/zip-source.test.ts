import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSource } from '../../../src-main/services/datasets/open-source.ts'
import { collect } from '../../support/collect.ts'
import { makeZip, type ZipEntryPlan } from '../../support/make-zip.ts'
import { tempFolder } from '../../support/temp-folder.ts'

async function zipOf(entries: readonly ZipEntryPlan[]): Promise<string> {
  const path = join(await tempFolder(), 'a.zip')
  await writeFile(path, makeZip(entries))
  return path
}

async function textOf(file: { open(): AsyncIterable<Uint8Array> }): Promise<string> {
  const chunks = await collect(file.open())
  return Buffer.concat(chunks).toString()
}

describe('a zip as a source', () => {
  it('lists its files without folders and housekeeping, and unpacks only what is asked for', async () => {
    const path = await zipOf([
      { name: 'ml/', stored: true },
      { name: 'ml/u.data', content: 'ratings'.repeat(1000) },
      { name: 'ml/.DS_Store', content: 'x' },
      { name: '__MACOSX/ml/._u.data', content: 'x' },
      { name: 'ml/stored.txt', content: 'as it is', stored: true },
    ])
    const source = await openSource(path)
    expect(source.files.map(({ path: inside, display, bytes }) => ({ inside, display, bytes }))).toEqual([
      { inside: 'ml/u.data', display: `${path}/ml/u.data`, bytes: 7000 },
      { inside: 'ml/stored.txt', display: `${path}/ml/stored.txt`, bytes: 8 },
    ])
    expect(await textOf(source.files[0]!)).toBe('ratings'.repeat(1000))
    expect(await textOf(source.files[1]!)).toBe('as it is')
    // Again from the start, and twice at the same time.
    expect(await Promise.all(source.files.map(textOf))).toEqual(['ratings'.repeat(1000), 'as it is'])
    await source.close()
  })

  const zeros = Buffer.alloc(4 * 1024 * 1024)

  it.each<[string, ZipEntryPlan[], string]>([
    [
      'a path that leads outside',
      [{ name: '../u.data', content: 'x' }],
      'its directory is not in order (invalid relative path: ../u.data)',
    ],
    ['an absolute path', [{ name: '/etc/u.data', content: 'x' }], 'its directory is not in order (absolute path: /etc/u.data)'],
    [
      'an encrypted entry',
      [{ name: 'u.data', content: 'x', encrypted: true }],
      'its entry "u.data" is encrypted; unpack it first',
    ],
    ['a symbolic link', [{ name: 'u.data', content: '/etc/passwd', mode: 0o120777 }], 'its entry "u.data" is a symbolic link'],
    ['a bomb', [{ name: 'u.data', content: zeros }], 'its entry "u.data" unpacks to 1028 times its size, more than 250'],
    [
      'entries that share bytes',
      [
        { name: 'a.data', content: 'x'.repeat(100), stored: true },
        { name: 'b.data', content: 'x'.repeat(100), stored: true, sharesWith: 0 },
      ],
      'its entries "a.data" and "b.data" share bytes',
    ],
    [
      'more entries than any data set has',
      Array.from({ length: 10_001 }, (_, at) => ({ name: `f${at}`, stored: true })),
      'it holds 10001 entries, more than 10000',
    ],
    [
      'more bytes than any data set has',
      Array.from({ length: 3 }, (_, at) => ({
        name: `f${at}`,
        content: 'x',
        claimedSize: 2 ** 32 - 2,
        claimedPackedSize: 2 ** 26,
      })),
      'it would unpack to 12884901882 bytes, more than 8589934592',
    ],
  ])('with %s is refused', async (_what, entries, reason) => {
    const path = await zipOf(entries)
    const before = process.cpuUsage()
    await expect(openSource(path)).rejects.toMatchObject({
      code: 'INPUT_REFUSED',
      message: `${path} was not imported: ${reason}. Nothing was kept.`,
      details: { path, reason },
    })
    // Processor time: a busy machine stretches only the wall clock.
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1000).toBeLessThan(1000)
  })

  it('that holds more than it says is refused while it is unpacked', async () => {
    const path = await zipOf([{ name: 'u.data', content: 'x'.repeat(5000), claimedSize: 100 }])
    const source = await openSource(path)
    await expect(textOf(source.files[0]!)).rejects.toMatchObject({
      code: 'INPUT_REFUSED',
      message: `${path} was not imported: its entry "u.data" cannot be unpacked (too many bytes in the stream. expected 100. got at least 5000). Nothing was kept.`,
    })
    await source.close()
  })

  it('that is cut off is refused', async () => {
    const path = join(await tempFolder(), 'cut.zip')
    await writeFile(path, makeZip([{ name: 'u.data', content: 'x'.repeat(500) }]).subarray(0, 60))
    await expect(openSource(path)).rejects.toMatchObject({ code: 'INPUT_REFUSED' })
  })
})
