import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_LINE_BYTES, readLines } from '../../../../../src-main/engine/data/reading/lines.ts'
import { decodeText } from '../../../../../src-main/engine/data/reading/text.ts'
import { memoryTree } from '../../../../support/memory-tree.ts'

async function linesOf(content: string | Uint8Array, chunkSize = 7) {
  const seen: { text: string; line: number; byteOffset: number }[] = []
  const file = memoryTree({ 'a.txt': content }, chunkSize).files[0]!
  await readLines(file, (bytes, start, end, line, byteOffset) => {
    seen.push({ text: decodeText(bytes, start, end), line, byteOffset })
  })
  return seen
}

describe('readLines', () => {
  it('gives lines with their number and byte offset, whatever the line ends', async () => {
    expect(await linesOf('one\r\ntwo\n\nfour')).toEqual([
      { text: 'one', line: 1, byteOffset: 0 },
      { text: 'two', line: 2, byteOffset: 5 },
      { text: 'four', line: 4, byteOffset: 10 },
    ])
  })

  it('skips a byte order mark, also one that is cut in two by a chunk', async () => {
    const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('1\t2\n3')])
    for (const chunkSize of [1, 2, 100]) {
      expect(await linesOf(marked, chunkSize)).toEqual([
        { text: '1\t2', line: 1, byteOffset: 3 },
        { text: '3', line: 2, byteOffset: 7 },
      ])
    }
  })

  it('says the same for every way to cut the file into chunks', async () => {
    const text = fc.stringMatching(/^([a-zé]{0,9}\r?\n){0,12}[a-z]{0,5}$/)
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 40 }), async (content, chunkSize) => {
        const whole = await linesOf(content, 1e6)
        expect(await linesOf(content, chunkSize)).toEqual(whole)
        expect(whole.map((line) => line.text)).toEqual(content.split(/\r?\n/).filter((line) => line !== ''))
      }),
    )
  })

  it('refuses a line above 1 MiB before the file is read to its end', async () => {
    let chunks = 0
    const endless = {
      path: 'x',
      display: '/data/x',
      bytes: 1e12,
      async *open() {
        for (;;) {
          chunks++
          await Promise.resolve()
          yield new Uint8Array(65536).fill(65)
        }
      },
    }
    await expect(readLines(endless, () => undefined)).rejects.toMatchObject({
      code: 'INPUT_REFUSED',
      message: '/data/x was not imported: line 1 is longer than 1 MiB. Nothing was kept.',
    })
    expect(chunks).toBe(MAX_LINE_BYTES / 65536 + 1)
  })

  it('reads UTF-16, with the offsets of the file', async () => {
    for (const chunkSize of [1, 3, 100]) {
      expect(await linesOf(Buffer.from('\ufeffé\t2\n🎬\n3', 'utf16le'), chunkSize)).toEqual([
        { text: 'é\t2', line: 1, byteOffset: 2 },
        { text: '🎬', line: 2, byteOffset: 10 },
        { text: '3', line: 3, byteOffset: 16 },
      ])
    }
  })

  it('stops between two chunks when cancelled', async () => {
    const signal = { aborted: false }
    const seen: number[] = []
    const file = memoryTree({ a: '1\n2\n3\n4\n' }, 2).files[0]!
    const reading = readLines(
      file,
      (_bytes, _start, _end, line) => {
        seen.push(line)
        signal.aborted = line === 2
      },
      { signal },
    )
    await expect(reading).rejects.toMatchObject({ code: 'CANCELLED', message: 'Reading mem/a was cancelled. Nothing was kept.' })
    expect(seen).toEqual([1, 2])
  })
})
