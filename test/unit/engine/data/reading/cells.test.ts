import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detectEncoding } from '../../../../../src-main/engine/data/reading/decoding.ts'
import { IdTable } from '../../../../../src-main/engine/data/reading/id-table.ts'
import { numberFault, readNumber } from '../../../../../src-main/engine/data/reading/numbers.ts'
import { TableRecord } from '../../../../../src-main/engine/data/reading/record.ts'
import { encodeUtf8, isUtf8 } from '../../../../../src-main/engine/data/reading/text.ts'
import { detectTimeUnit, parseIsoTime, readTime, timeFault } from '../../../../../src-main/engine/data/reading/times.ts'

/** A record of one field. */
function field(text: string): TableRecord {
  const record = new TableRecord({ separator: ',', quote: '"', quoteEscape: 'double' })
  record.bytes = Buffer.from(`<${text}>`)
  record.count = 1
  record.starts[0] = 1
  record.ends[0] = record.bytes.length - 1
  record.encoding = 'utf-8'
  return record
}

describe('readNumber', () => {
  it.each([
    ['5', 5],
    ['-7.82', -7.82],
    ['+0.50', 0.5],
    ['.5', 0.5],
    ['4.', 4],
    [' 3 ', 3],
    ['1e3', 1000],
    ['123456789012345678', 123456789012345680],
  ])('reads %j as %j', (text, expected) => {
    expect(readNumber(field(text), 0)).toBe(expected)
  })

  it('gives the double nearest to whatever number is written, as far as a 32-bit float reaches', () => {
    const double = fc.double({ noNaN: true, noDefaultInfinity: true, min: -3.4e38, max: 3.4e38 })
    expect(readNumber(field('3.5e38'), 0)).toBeNaN()
    fc.assert(
      fc.property(double, fc.integer({ min: 0, max: 12 }), (value, digits) => {
        const plain = (value % 1e9).toFixed(digits)
        expect(readNumber(field(plain), 0)).toBe(Number(plain) + 0)
        expect(readNumber(field(String(value)), 0)).toBe(value + 0)
      }),
    )
  })

  it.each([
    ['NaN', 'the rating "NaN" is not a finite number'],
    ['-Infinity', 'the rating "-Infinity" is not a finite number'],
    ['inf', 'the rating "inf" is not a finite number'],
    ['1e999', 'the rating "1e999" is too large for a number'],
    ['4,5', 'the rating "4,5" has a decimal comma, which was not chosen'],
    ['', 'the rating is empty'],
    ['  ', 'the rating is empty'],
    ['five', 'the rating "five" is not a number'],
    ['0x10', 'the rating "0x10" is not a number'],
    ['1_000', 'the rating "1_000" is not a number'],
    ['-', 'the rating "-" is not a number'],
    ['1.2.3', 'the rating "1.2.3" is not a number'],
  ])('refuses %j and says why', (text, reason) => {
    expect(readNumber(field(text), 0)).toBeNaN()
    expect(numberFault('rating', text)).toBe(reason)
  })

  it('takes a decimal comma when it was chosen', () => {
    expect(readNumber(field('4,5'), 0, true)).toBe(4.5)
    expect(readNumber(field('-4.5'), 0, true)).toBe(-4.5)
    expect(readNumber(field('1,234,5'), 0, true)).toBeNaN()
  })
})

describe('times', () => {
  it.each([
    ['1970-01-01', 0],
    ['2018-01-31T12:00:00Z', 1517400000],
    ['2018-01-31 12:00:00', 1517400000],
    ['2018-01-31T12:00:00.5+01:30', 1517394600.5],
    ['2000-02-29', 951782400],
  ])('reads the date %s', (text, seconds) => {
    expect(parseIsoTime(text)).toBe(seconds)
  })

  it.each(['2018-02-29', '2018-13-01', '2018-00-10', '2018-01-31T24:00:00', '31.01.2018', '', '1517400000'])(
    'does not take %j for a date',
    (text) => {
      expect(parseIsoTime(text)).toBeNaN()
      expect(timeFault(text, 'iso')).toBe(
        text === '' ? 'the time is empty' : `the time "${text}" is no date such as 2018-01-31 or 2018-01-31T12:00:00Z`,
      )
    },
  )

  it('tells seconds from milliseconds and dates, and reads each', () => {
    expect(detectTimeUnit(['881250949', '891717742'])).toBe('seconds')
    expect(detectTimeUnit(['1511544070000'])).toBe('milliseconds')
    expect(detectTimeUnit(['2018-01-31', '2018-02-01 10:00:00'])).toBe('iso')
    expect(detectTimeUnit(['pv', 'buy'])).toBeNull()
    expect(readTime(field('1511544070500'), 0, 'milliseconds')).toBe(1511544070.5)
    expect(readTime(field('881250949'), 0, 'seconds')).toBe(881250949)
  })
})

describe('IdTable', () => {
  it('keeps apart what differs in a zero, a blank, a quote, a case or the last of 17 digits', () => {
    const ids = ['7', '007', '7 ', ' 7', '"7"', 'a', 'A', '9007199254740992', '9007199254740993', 'é', '0002005018']
    const table = new IdTable()
    expect(ids.map((id) => table.indexOf(field(id), 0))).toEqual(ids.map((_, index) => index))
    expect(ids.map((id) => table.find(field(id), 0))).toEqual(ids.map((_, index) => index))
    expect(ids.map((_, index) => table.idAt(index))).toEqual(ids)
    expect(table.findText('8')).toBe(-1)
    expect(table.size).toBe(ids.length)
  })

  it('gives each of many ids one index, whether it comes as bytes or as text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 5 }), { maxLength: 200 }), (raw) => {
        const ids = raw.filter((id) => id.isWellFormed())
        const table = new IdTable()
        const byText = new Map<string, number>()
        for (const id of ids) {
          if (!byText.has(id)) byText.set(id, byText.size)
          expect(table.indexOf(field(id), 0)).toBe(byText.get(id))
          expect(table.findText(id)).toBe(byText.get(id))
        }
        expect([...byText.keys()]).toEqual(Array.from({ length: table.size }, (_, index) => table.idAt(index)))
      }),
    )
  })

  it('grows to tens of thousands of ids', () => {
    const table = new IdTable()
    for (let id = 0; id < 50_000; id++) table.indexOfText(`user-${id}`)
    expect(table.size).toBe(50_000)
    expect(table.findText('user-49999')).toBe(49_999)
    expect(table.idAt(31_337)).toBe('user-31337')
  })
})

describe('detectEncoding', () => {
  it.each<[string, Uint8Array, string]>([
    ['plain ASCII', Buffer.from('user,item\n'), 'auto'],
    ['UTF-8', Buffer.from('Amélie\n'), 'utf-8'],
    ['UTF-8 that is cut in a character', Buffer.from('Amélie 千').subarray(0, -1), 'utf-8'],
    ['latin-1', Buffer.from('Amélie\n', 'latin1'), 'windows-1252'],
    ['a byte order mark', Buffer.from('\ufeffuser'), 'utf-8'],
    ['UTF-16', Buffer.from('\ufeffuser', 'utf16le'), 'utf-16le'],
    ['UTF-16, big-endian', Buffer.from('\ufeffuser', 'utf16le').swap16(), 'utf-16be'],
    ['UTF-16 without a mark', Buffer.from('user,item\n', 'utf16le'), 'utf-16le'],
  ])('recognises %s', (_what, bytes, encoding) => {
    expect(detectEncoding(bytes)).toBe(encoding)
  })

  it('agrees with TextDecoder and TextEncoder on UTF-8', () => {
    const strict = new TextDecoder('utf-8', { fatal: true })
    const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0xc3, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0xed, 0xa0, 0xf4))
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 6 }), fc.string({ unit: 'binary' }), (numbers, text) => {
        const bytes = Uint8Array.from(numbers)
        let valid = true
        try {
          strict.decode(bytes)
        } catch {
          valid = false
        }
        expect(isUtf8(bytes, 0, bytes.length)).toBe(valid)
        fc.pre(text.isWellFormed())
        expect([...encodeUtf8(text)]).toEqual([...new TextEncoder().encode(text)])
      }),
      { numRuns: 1000 },
    )
  })
})
