import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvRecord, type CsvCell } from '../../../../src-main/contract/csv.ts'
import { csvChunks } from '../../../../src-main/services/export/csv.ts'

/** A reader written from RFC 4180 alone, strict: anything else is an error. */
function readCsv(text: string): string[][] {
  const records: string[][] = []
  let at = 0
  while (at < text.length) {
    const record: string[] = []
    for (;;) {
      let cell = ''
      if (text[at] === '"') {
        for (at++; ; at++) {
          if (at >= text.length) throw new Error('open quote')
          if (text[at] !== '"') cell += text[at]
          else if (text[at + 1] === '"') {
            cell += '"'
            at++
          } else break
        }
        at++
      } else
        while (at < text.length && text[at] !== ',' && text[at] !== '\r') {
          if (text[at] === '"' || text[at] === '\n') throw new Error(`stray ${JSON.stringify(text[at])}`)
          cell += text[at++]
        }
      record.push(cell)
      if (text[at] === ',') at++
      else if (text.startsWith('\r\n', at)) {
        at += 2
        break
      } else throw new Error(`no comma or CRLF at ${at}`)
    }
    records.push(record)
  }
  return records
}

const nasty = fc.string({
  unit: fc.constantFrom('a', 'é', '漢', '😀', '"', ',', '\r', '\n', '\t', ' ', '=', '+', '-', '@', "'", ';'),
  maxLength: 8,
})
const number = fc.double({ noNaN: true, noDefaultInfinity: true })

describe('CSV', () => {
  it('of 10,000 rows reads back as it was, text by text and number by number', async () => {
    const rows = fc.sample(fc.tuple(nasty, number, nasty, fc.maxSafeInteger()), { numRuns: 10_000, seed: 1 })
    let text = ''
    for await (const chunk of csvChunks(['a', 'b', 'c', 'd'], rows, { formulaGuard: false })) text += chunk
    const [header, ...records] = readCsv(text)
    expect(header).toEqual(['a', 'b', 'c', 'd'])
    expect(records).toHaveLength(10_000)
    records.forEach((record, index) => {
      const [a, b, c, d] = rows[index]!
      expect([record[0], Number(record[1]), record[2], Number(record[3])]).toEqual([a, b === 0 ? 0 : b, c, d])
    })
  })

  it('guards text that a spreadsheet would run, and no number', async () => {
    const guarded = (cell: CsvCell) => readCsv(csvRecord([cell], { formulaGuard: true }))[0]![0]
    for (const start of ['=', '+', '-', '@', '\t', '\r']) expect(guarded(`${start}1+1`)).toBe(`'${start}1+1`)
    expect(guarded('Alien (1979)')).toBe('Alien (1979)')
    expect(guarded(-1.5)).toBe('-1.5')
    expect(csvRecord(['=1+1'], { formulaGuard: false })).toBe('=1+1\r\n')
  })

  it('ends records with CRLF, quotes what must be, and leaves cells empty for what is absent or not finite', () => {
    const cells: CsvCell[] = ['a,b', 'say "hi"', null, undefined, NaN, Infinity, true, 0.1, 1e21]
    expect(csvRecord(cells, { formulaGuard: true })).toBe('"a,b","say ""hi""",,,,,true,0.1,1e+21\r\n')
  })

  it('comes in chunks of bounded size', async () => {
    const rows = Array.from({ length: 5000 }, (_, index) => [index, 'x'.repeat(20)])
    const lengths: number[] = []
    for await (const chunk of csvChunks(['n', 't'], rows, { formulaGuard: true, chunkLength: 1000 })) lengths.push(chunk.length)
    expect(lengths.length).toBeGreaterThan(100)
    expect(Math.max(...lengths)).toBeLessThan(1100)
  })
})
