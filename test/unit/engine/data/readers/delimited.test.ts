import { describe, expect, it } from 'vitest'
import type { ImportSettings } from '../../../../../src-main/contract/dto/import-settings.ts'
import delimited from '../../../../../src-main/engine/data/readers/delimited.ts'
import { previewDataset } from '../../../../../src-main/engine/data/reading/read-dataset.ts'
import { LEAST_CONFIDENCE } from '../../../../../src-main/engine/data/reading/reader.ts'
import { memoryTree } from '../../../../support/memory-tree.ts'
import { importFrom, ratingsOf } from '../../../../support/read-table.ts'

const recognise = (text: string | Uint8Array, settings: ImportSettings = {}) =>
  delimited.recognise(memoryTree({ 'some.txt': text }), settings)
const read = (text: string | Uint8Array, settings?: ImportSettings, onBadRow?: 'fail' | 'skip') =>
  importFrom(delimited, { 'some.txt': text }, settings, onBadRow)

describe('recognising a table', () => {
  it.each<[string, string | Uint8Array, ImportSettings, string[]]>([
    [
      'CSV with a header',
      'userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n7,31,4,1260759145\n',
      { separator: ',', header: true, columns: { user: 'userId', item: 'movieId', rating: 'rating', time: 'timestamp' } },
      ['1 31 2.5 1260759144', '7 31 4 1260759145'],
    ],
    [
      'columns in another order, named as they are elsewhere',
      'Book-Rating;ISBN;User-ID\n5;034545104X;276725\n0;0155061224;276726\n',
      { separator: ';', header: true, columns: { user: 'User-ID', item: 'ISBN', rating: 'Book-Rating' } },
      ['276725 034545104X 5 0', '276726 0155061224 0 1'],
    ],
    [
      'tabs without a header',
      '196\t242\t3\t881250949\n186\t302\t3\t891717742\n',
      { separator: '\t', header: false, columns: { user: '1', item: '2', rating: '3', time: '4' } },
      ['196 242 3 881250949', '186 302 3 891717742'],
    ],
    [
      'double colons',
      '1::122::5::838985046\n1::185::4.5::838983525\n',
      { separator: '::', header: false },
      ['1 122 5 838985046', '1 185 4.5 838983525'],
    ],
    ['blanks', '1 2 3\n4 5 1\n', { separator: ' ', header: false }, ['1 2 3 0', '4 5 1 1']],
    ['bars', 'u|i|rating\na|b|3\nc|d|1\n', { separator: '|', header: true }, ['a b 3 0', 'c d 1 1']],
    ['a decimal comma', 'user;item;rating\na;b;4,5\nc;d;1,0\n', { separator: ';', decimalComma: true }, ['a b 4.5 0', 'c d 1 1']],
    [
      'milliseconds',
      'user_id,video_id,rating,time_ms\n1,2,3,1511544070500\n1,3,4,1511544071000\n',
      { timeUnit: 'milliseconds', columns: { user: 'user_id', item: 'video_id', rating: 'rating', time: 'time_ms' } },
      ['1 2 3 1511544070.5', '1 3 4 1511544071'],
    ],
    [
      'dates',
      'user,item,rating,date\n1,2,3,2018-01-31\n1,3,4,2018-02-01 00:00:01\n',
      { timeUnit: 'iso' },
      ['1 2 3 1517356800', '1 3 4 1517443201'],
    ],
    [
      'quoted fields with separators, quotes and line ends in them',
      '"user","item","rating"\n"a, ""b""","x\ny","5"\n"c",z,1\n',
      { separator: ',', quote: '"', header: true },
      ['a, "b" x\ny 5 0', 'c z 1 1'],
    ],
    [
      'RecBole headers',
      'user_id:token\titem_id:token\trating:float\ttimestamp:float\n1\t2\t3\t881250949\n2\t2\t4\t881250950\n',
      {
        separator: '\t',
        header: true,
        columns: { user: 'user_id:token', item: 'item_id:token', rating: 'rating:float', time: 'timestamp:float' },
      },
      ['1 2 3 881250949', '2 2 4 881250950'],
    ],
    [
      'UTF-16',
      Buffer.from('\ufeffuser,item,rating\né,千,5\nb,c,1\n', 'utf16le'),
      { encoding: 'utf-16le' },
      ['é 千 5 0', 'b c 1 1'],
    ],
    ['latin-1', Buffer.from('user,item,rating\né,x,5\nb,c,1\n', 'latin1'), { encoding: 'auto' }, ['é x 5 0', 'b c 1 1']],
  ])('finds %s and reads it', async (_what, text, settings, rows) => {
    const found = await recognise(text)
    expect(found.settings).toMatchObject(settings)
    expect(found.confidence).toBeGreaterThanOrEqual(LEAST_CONFIDENCE)
    expect(ratingsOf(await read(text))).toEqual(rows)
  })

  it('is surer of named columns than of numbers alone, and of numbers than of prose', async () => {
    const sure = async (text: string) => (await recognise(text)).confidence
    const named = await sure('user,item,rating\n1,2,3\n4,5,1\n')
    const numbers = await sure('1,2,3\n4,5,1\n')
    const prose = await sure('It was the best of times,\nit was the worst of times.\n')
    expect(named).toBeCloseTo(0.87)
    expect(numbers).toBeCloseTo(0.45)
    expect(prose).toBeLessThan(LEAST_CONFIDENCE)
    expect(await sure('')).toBe(0)
    expect(await sure('one\ntwo\n')).toBe(0)
  })

  it('is as sure of columns that a person named as it can be', async () => {
    const found = await recognise('a,b,c\nx,y,z\n', { header: true, columns: { user: 'b', item: '3' } })
    expect(found.confidence).toBe(0.95)
    expect(found.columns.map(({ name, role }) => [name, role])).toEqual([
      ['a', null],
      ['b', 'user'],
      ['c', 'item'],
    ])
  })

  it('says which columns there are when one is named that is not', async () => {
    await expect(recognise('user,item\n1,2\n', { header: true, columns: { user: 'who' } })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: 'There is no column "who" for the user. Its columns are: user, item.',
    })
    await expect(recognise('1,2\n3,4\n', { header: false, columns: { rating: '7' } })).rejects.toMatchObject({
      message: 'There is no column "7" for the rating. It has 2 columns and no header: give a number from 1.',
    })
  })

  it('looks for no column in a role that a person said no column has', async () => {
    const table = 'user,item,rating,time\na,x,5,1500000000\nb,y,1,1500000001\n'
    const columns = { rating: '', time: '' }
    const found = await recognise(table, { columns })
    expect(found.settings.columns).toEqual({ user: 'user', item: 'item', rating: '', time: '' })
    expect(await recognise(table, found.settings)).toMatchObject({ settings: found.settings })
    expect(ratingsOf(await read(table, { columns }))).toEqual(['a x 1 0', 'b y 1 1'])
    await expect(recognise(table, { columns: { item: '' } })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: 'A table of feedback needs a column for the item. Name one.',
    })
  })

  it('takes the table of feedback among the files of a folder, or the one that a person names', async () => {
    const files = {
      'a/items.csv': 'item,title\n1,A\n2,B\n',
      'a/log.csv': 'user,item,rating\n7,1,5\n8,2,1\n',
      'a/old.csv': 'user,item,rating\n9,1,3\n9,2,1\n',
    }
    expect((await delimited.recognise(memoryTree(files), {})).settings.file).toBe('a/log.csv')
    expect(ratingsOf(await importFrom(delimited, files))).toEqual(['7 1 5 0', '8 2 1 1'])
    expect(ratingsOf(await importFrom(delimited, files, { file: 'a/old.csv' }))).toEqual(['9 1 3 0', '9 2 1 1'])
  })
})

describe('behaviours', () => {
  const LOG = '1,10,500,pv,1511544070\n1,11,500,cart,1511544071\n1,11,500,buy,1511544072\n2,10,500,pv,1511544073\n'

  it('are recognised in a log without header, and mean feedback', async () => {
    const found = await recognise(LOG)
    expect(found.behaviours).toEqual([
      { name: 'pv', count: 2 },
      { name: 'cart', count: 1 },
      { name: 'buy', count: 1 },
    ])
    expect(found.settings).toMatchObject({
      columns: { user: '1', item: '2', behaviour: '4', time: '5' },
      behaviours: { pv: { feedback: 'neutral', rating: 2 }, buy: { feedback: 'positive', rating: 5 } },
      duplicates: 'all',
    })
    const content = await read(LOG)
    expect(ratingsOf(content)).toEqual(['1 10 2 1511544070', '1 11 4 1511544071', '1 11 5 1511544072', '2 10 2 1511544073'])
    expect(content.scale).toEqual({ min: 1, max: 5, positiveFrom: 4, negativeTo: 1 })
  })

  it('mean what a person says, in this order', async () => {
    const meaning = {
      pv: { feedback: 'negative', rating: 0 },
      cart: { feedback: 'neutral', rating: 1 },
      buy: { feedback: 'positive', rating: 9 },
    } as const
    const content = await read(LOG, { behaviours: meaning, duplicates: 'last' })
    expect(ratingsOf(content)).toEqual(['1 10 0 1511544070', '1 11 9 1511544072', '2 10 0 1511544073'])
    expect(content.scale).toEqual({ min: 0, max: 9, positiveFrom: 9, negativeTo: 0 })
    await expect(read(LOG, { behaviours: { ...meaning, pv: { feedback: 'positive', rating: 0 } } })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    })
  })

  it('without a meaning make a bad row', async () => {
    const odd = `${LOG}${'1,10,500,pv,1511544075\n'.repeat(30)}3,10,500,teleport,1511544074\n`
    expect((await recognise(odd)).warnings).toContain('Say what these behaviours mean: "teleport".')
    await expect(read(odd)).rejects.toMatchObject({
      details: { line: 35, reason: 'the behaviour "teleport" has no meaning yet' },
    })
  })
})

describe('bad rows', () => {
  const GOOD = 'user,item,rating,time\n1,10,5,881250949\n2,10,3,881250950\n3,11,4,881250951\n'

  it.each([
    ['1,10,5', 'it has 3 fields instead of 4 (user, item, rating, time)'],
    ['1,10,5,881250949,9', 'it has 5 fields instead of 4 (user, item, rating, time)'],
    [',10,5,881250949', 'the user is empty'],
    ['1,,5,881250949', 'the item is empty'],
    ['1,10,NaN,881250949', 'the rating "NaN" is not a finite number'],
    ['1,10,1e999,881250949', 'the rating "1e999" is too large for a number'],
    ['1,10,,881250949', 'the rating is empty'],
    ['1,10,5,yesterday', 'the time "yesterday" is not a number'],
    ['user,item,rating,time', 'it repeats the header'],
    ['1,"10" x,5,881250949', 'field 2 goes on after its closing quote'],
  ])('the line %j is refused, or skipped with a report', async (line, reason) => {
    const text = `${GOOD}${line}\n4,11,1,881250952\n`
    await expect(read(text)).rejects.toMatchObject({
      code: 'ROW_INVALID',
      message: `mem/some.txt, line 5: ${reason}. The line reads "${line}". Nothing was imported. Correct the line, or import with bad rows skipped: they are left out and listed.`,
      details: { path: 'mem/some.txt', line: 5, byteOffset: GOOD.length, reason, rawText: line },
    })
    const { counts, rejectedRows } = await read(text, {}, 'skip')
    expect(counts).toEqual({ read: 5, accepted: 4, rejected: 1, duplicates: 0 })
    expect(rejectedRows).toEqual([{ file: 'mem/some.txt', line: 5, byteOffset: GOOD.length, reason, rawText: line }])
  })

  it('a decimal comma in quotes is named as such', async () => {
    await expect(read(`${GOOD}1,10,"4,5",881250949\n`, { decimalComma: false })).rejects.toMatchObject({
      details: { reason: 'the rating "4,5" has a decimal comma, which was not chosen' },
    })
    expect(ratingsOf(await read(`${GOOD}9,10,"4,5",881250949\n`, { decimalComma: true })).at(-1)).toBe('9 10 4.5 881250949')
  })

  it('a rating outside the scale is one, when a scale was chosen', async () => {
    const scale = { min: 1, max: 4, positiveFrom: 3, negativeTo: 1 }
    await expect(read(GOOD, { scale })).rejects.toMatchObject({
      details: { line: 2, reason: 'the rating 5 lies outside the scale from 1 to 4' },
    })
    expect((await read(GOOD)).scale).toEqual({ min: 1, max: 5, positiveFrom: 4, negativeTo: 2 })
  })

  it('a marker of what was not rated is none, and 99 is a rating where nobody says otherwise', async () => {
    const text = 'user,item,rating\n1,10,99\n2,10,3\n3,11,5\n'
    expect(ratingsOf(await read(text))).toEqual(['1 10 99 0', '2 10 3 1', '3 11 5 2'])
    const content = await read(text, { missing: ['99'] })
    expect(ratingsOf(content)).toEqual(['2 10 3 0', '3 11 5 1'])
    expect(content).toMatchObject({ missing: 1, counts: { read: 2, accepted: 2, rejected: 0 } })
  })

  it.each([
    ['fields that are missing', '4,11', 'it has 2 fields instead of 4 (user, item, rating, time)'],
    ['a time that is cut', '4,11,5,8812', 'the time "8812" is shorter than every other'],
    ['a quote that is cut', '4,"11', 'the quote of field 2 is never closed'],
  ])('a last line that is cut is reported also in strict reading: %s', async (_what, cut, reason) => {
    const rows = Array.from({ length: 20 }, (_, at) => `${at},11,5,${881250949 + at}\n`).join('')
    const text = `user,item,rating,time\n${rows}`
    const content = await read(text + cut)
    expect(content.counts).toEqual({ read: 21, accepted: 20, rejected: 1, duplicates: 0 })
    expect(content.rejectedRows).toEqual([
      {
        file: 'mem/some.txt',
        line: 22,
        byteOffset: text.length,
        reason: `the file ends in the middle of this line: ${reason}`,
        rawText: cut,
      },
    ])
    // A whole line without a line end is no cut.
    expect((await read(`${text}4,12,5,881250999`)).counts).toMatchObject({ accepted: 21, rejected: 0 })
  })

  it('end the import above the chosen share of them', async () => {
    const text = `${GOOD}x\ny\n`
    await expect(read(text, { maxRejectRate: 0.2 }, 'skip')).rejects.toMatchObject({
      code: 'INPUT_REFUSED',
      message:
        'mem/some.txt was not imported: 2 of 5 rows could not be read, more than 20 %; the first is line 5: it has 1 field instead of 4 (user, item, rating, time). Nothing was kept.',
    })
    expect((await read(text, { maxRejectRate: 0.4 }, 'skip')).counts).toMatchObject({ accepted: 3, rejected: 2 })
  })

  it('end a long import as soon as the share is passed', async () => {
    const text = `user,item,rating\n${'1,2,3\n'.repeat(1000)}${'x\n'.repeat(200)}${'1,2,3\n'.repeat(100_000)}`
    await expect(read(text, { maxRejectRate: 0.1 }, 'skip')).rejects.toMatchObject({
      details: { reason: expect.stringMatching(/^112 of 1112 rows could not be read, more than 10 %/) as string },
    })
  })
})

describe('duplicates', () => {
  const TEXT = 'user,item,rating,time\n1,10,1,881250949\n2,10,3,881250950\n1,10,4,881250951\n1,10,2,881250952\n'

  it.each([
    ['last', ['2 10 3 881250950', '1 10 2 881250952'], 2],
    ['first', ['1 10 1 881250949', '2 10 3 881250950'], 2],
    ['mean', ['2 10 3 881250950', `1 10 ${Math.fround(7 / 3)} 881250952`], 2],
    ['all', ['1 10 1 881250949', '2 10 3 881250950', '1 10 4 881250951', '1 10 2 881250952'], 0],
  ] as const)('keep %s, and the policy is named', async (duplicates, rows, dropped) => {
    const content = await read(TEXT, { duplicates })
    expect(ratingsOf(content)).toEqual(rows)
    expect(content.duplicatesPolicy).toBe(duplicates)
    expect(content.counts).toEqual({ read: 4, accepted: rows.length, rejected: 0, duplicates: dropped })
  })
})

describe('a preview', () => {
  it('shows the first rows as they will be read, and what is wrong with the sample', async () => {
    const rows = Array.from({ length: 200 }, (_, at) => `u${at},i,${(at % 5) + 1}\n`).join('')
    const tree = memoryTree({ 'a.csv': `user,item,rating\n${rows}broken\n` })
    const { settings } = await delimited.recognise(tree, {})
    const preview = await previewDataset(delimited, tree, settings, 50)
    expect(preview.rows).toHaveLength(50)
    expect(preview.rows[0]).toEqual({
      line: 2,
      userId: 'u0',
      itemId: 'i',
      title: null,
      rating: 1,
      time: 0,
      feedback: 'negative',
      cells: ['u0', 'i', '1'],
    })
    expect(preview.rows[49]).toMatchObject({ line: 51, userId: 'u49', rating: 5, feedback: 'positive' })
    expect(preview.ratings).toHaveLength(200)
    expect(preview.rejectedRows).toHaveLength(1)
    expect(preview.trouble).toBeNull()
  })

  it('shows the rows before what stops the import, and says what that is', async () => {
    const tree = memoryTree({ 'a.csv': 'user,item,rating\n1,2,3\n2,2,4\n' + '3,2,5\n'.repeat(30_000) + 'x\0\n' }, 1000)
    const { settings } = await delimited.recognise(tree, {})
    const preview = await previewDataset(delimited, tree, settings, 2)
    expect(preview.rows.map((row) => row.userId)).toEqual(['1', '2'])
    expect(preview.trouble).toBe(
      'mem/a.csv was not imported: it holds a NUL byte (byte 180030), so it is no text. Nothing was kept.',
    )
  })
})
