import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TextEncoding } from '../../../../../src-main/contract/dto/import-settings.ts'
import { MAX_COLUMNS } from '../../../../../src-main/engine/data/reading/limits.ts'
import { readRecords } from '../../../../../src-main/engine/data/reading/read-records.ts'
import type { Dialect } from '../../../../../src-main/engine/data/reading/record.ts'
import { memoryTree } from '../../../../support/memory-tree.ts'

const COMMAS: Dialect = { separator: ',', quote: '"', quoteEscape: 'double' }

async function records(content: string | Uint8Array, dialect = COMMAS, chunkSize = 1e6, encoding: TextEncoding = 'auto') {
  const seen: { fields: string[]; line: number; at: number; fault?: string; cut?: true }[] = []
  const file = memoryTree({ 'a.csv': content }, chunkSize).files[0]!
  await readRecords(
    file,
    dialect,
    (record) => {
      seen.push({
        fields: record.texts(),
        line: record.line,
        at: record.byteOffset,
        ...(record.fault === null ? {} : { fault: record.fault }),
        ...(record.unterminated ? { cut: true as const } : {}),
      })
    },
    { encoding },
  )
  return seen
}
const fieldsOf = async (...args: Parameters<typeof records>) => (await records(...args)).map((record) => record.fields)

describe('readRecords', () => {
  it('takes LF, CRLF and CR as line ends, also mixed, and counts them', async () => {
    for (const chunkSize of [1, 2, 3, 100]) {
      expect(await records('a,1\r\nb,2\rc,3\n\nd,4', COMMAS, chunkSize)).toEqual([
        { fields: ['a', '1'], line: 1, at: 0 },
        { fields: ['b', '2'], line: 2, at: 5 },
        { fields: ['c', '3'], line: 3, at: 9 },
        { fields: ['d', '4'], line: 5, at: 14, cut: true },
      ])
    }
  })

  it('knows where a field of several lines begins and where the next record stands', async () => {
    for (const chunkSize of [1, 4, 100]) {
      expect(await records('1,"two\r\nlines, ""quoted"""\n2,x\n', COMMAS, chunkSize)).toEqual([
        { fields: ['1', 'two\r\nlines, "quoted"'], line: 1, at: 0 },
        { fields: ['2', 'x'], line: 3, at: 27 },
      ])
    }
  })

  it('takes a separator of several characters', async () => {
    const colons = { separator: '::', quote: '', quoteEscape: 'double' } as const
    for (const chunkSize of [1, 3]) {
      expect(await fieldsOf('1::a:b::5\n2::"c"::\n', colons, chunkSize)).toEqual([
        ['1', 'a:b', '5'],
        ['2', '"c"', ''],
      ])
    }
  })

  it('takes a quote inside a field for a character', async () => {
    expect(await fieldsOf('1,5" disk\n')).toEqual([['1', '5" disk']])
  })

  it.each([
    ['double', '"a ""b""";"c:\\"\n', [['a "b"', 'c:\\']]],
    ['backslash', '"a \\"b\\"";"c\\\\"\n', [['a "b"', 'c\\']]],
    ['both', '"a \\"b";"c ""d"\n', [['a "b', 'c "d']]],
    [
      'auto',
      '"\\"0210";"8"\n"c:\\";"1"\n',
      [
        ['"0210', '8'],
        ['c:\\', '1'],
      ],
    ],
  ] as const)('undoes %s escapes', async (quoteEscape, text, expected) => {
    for (const chunkSize of [1, 5, 100]) {
      expect(await fieldsOf(text, { separator: ';', quote: '"', quoteEscape }, chunkSize)).toEqual(expected)
    }
  })

  it('makes a line with quotes out of order one bad row, and goes on after it', async () => {
    for (const chunkSize of [1, 6, 100]) {
      expect(await records('1,"Weird" Al\n2,ok\n3,"open\n4,ok\n', COMMAS, chunkSize)).toEqual([
        { fields: [], line: 1, at: 0, fault: 'field 2 goes on after its closing quote' },
        { fields: ['2', 'ok'], line: 2, at: 13 },
        { fields: [], line: 3, at: 18, fault: 'the quote of field 2 is never closed' },
        { fields: ['4', 'ok'], line: 4, at: 26 },
      ])
    }
  })

  it('does not let an open quote swallow more than 1 MiB', async () => {
    const rest = 'b,2\n'.repeat(300_000)
    const seen = await records(`a,"1\n${rest}`, COMMAS, 65536)
    expect(seen[0]).toMatchObject({ line: 1, fault: 'it has a quote that is not closed within 1 MiB' })
    expect(seen).toHaveLength(300_001)
    expect(seen.at(-1)).toMatchObject({ line: 300_001, fields: ['b', '2'] })
  })

  it('reads back whatever is written, for every way to cut it into chunks', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'é', '千', '🎬', ' ', '1'), maxLength: 6 })
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 })
    const lineEnd = fc.constantFrom('\n', '\r\n', '\r')
    await fc.assert(
      fc.asyncProperty(table, lineEnd, fc.integer({ min: 1, max: 30 }), async (rows, end, chunkSize) => {
        const text = rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',') + end).join('')
        expect(await fieldsOf(text, COMMAS, chunkSize)).toEqual(rows)
        expect(await fieldsOf(Buffer.from(`\ufeff${text}`, 'utf16le'), COMMAS, chunkSize)).toEqual(rows)
      }),
      { numRuns: 300 },
    )
  })

  it('refuses a line of more columns than a table has', async () => {
    await expect(records(','.repeat(MAX_COLUMNS))).rejects.toMatchObject({
      code: 'INPUT_REFUSED',
      message: 'mem/a.csv was not imported: line 1 has more than 16384 columns. Nothing was kept.',
    })
  })
})

describe('encodings', () => {
  it('refuses NUL bytes and says where the first stands', async () => {
    await expect(records('a,1\nb\0,2\n', COMMAS, 3)).rejects.toMatchObject({
      code: 'INPUT_REFUSED',
      message: 'mem/a.csv was not imported: it holds a NUL byte (byte 5), so it is no text. Nothing was kept.',
    })
  })

  it('reads a line that is no UTF-8 as windows-1252, and the others as UTF-8', async () => {
    const mixed = Buffer.concat([Buffer.from('é,1\n'), Buffer.from([0x80, 0xe9, 0x2c, 0x32, 0x0a])])
    for (const chunkSize of [1, 100]) {
      expect(await fieldsOf(mixed, COMMAS, chunkSize)).toEqual([
        ['é', '1'],
        ['€é', '2'],
      ])
    }
  })

  it('makes such a line a bad row where UTF-8 was chosen', async () => {
    const latin1 = Buffer.from('é,1\nb,2\n', 'latin1')
    expect(await records(latin1, COMMAS, 2, 'utf-8')).toEqual([
      { fields: [], line: 1, at: 0, fault: 'it is not valid UTF-8' },
      { fields: ['b', '2'], line: 2, at: 4 },
    ])
  })

  it('keeps the offsets of the file in UTF-16, big-endian too', async () => {
    const big = Buffer.from('\ufeffé,1\n🎬,2\nc,3\n', 'utf16le').swap16()
    for (const chunkSize of [1, 3, 100]) {
      expect(await records(big, COMMAS, chunkSize)).toEqual([
        { fields: ['é', '1'], line: 1, at: 2 },
        { fields: ['🎬', '2'], line: 2, at: 10 },
        { fields: ['c', '3'], line: 3, at: 20 },
      ])
    }
  })

  it.each([
    ['half a pair', [0xff, 0xfe, 0x41, 0, 0x3d, 0xd8, 0x41, 0], 4],
    ['a pair that the end cuts', [0xff, 0xfe, 0x41, 0, 0x3d, 0xd8], 4],
    ['an odd byte at the end', [0xff, 0xfe, 0x41, 0, 0x42], 4],
  ])('refuses UTF-16 with %s', async (_what, bytes, at) => {
    await expect(records(Uint8Array.from(bytes))).rejects.toMatchObject({
      code: 'INPUT_REFUSED',
      message: `mem/a.csv was not imported: it is no valid UTF-16: half a character stands at byte ${at}. Nothing was kept.`,
    })
  })
})
