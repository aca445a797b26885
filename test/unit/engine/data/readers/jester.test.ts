import { describe, expect, it } from 'vitest'
import delimited from '../../../../../src-main/engine/data/readers/delimited.ts'
import jester from '../../../../../src-main/engine/data/readers/jester.ts'
import { previewDataset } from '../../../../../src-main/engine/data/reading/read-dataset.ts'
import { memoryTree } from '../../../../support/memory-tree.ts'
import { importFrom, ratingsOf } from '../../../../support/read-table.ts'

/** A line of `width` jokes of which those given are rated, with their number before it. */
function line(ratings: Record<number, string>, width = 100, separator = ',', missing = '99'): string {
  const cells = Array.from({ length: width }, (_, at) => ratings[at + 1] ?? missing)
  return [Object.keys(ratings).length, ...cells].join(separator)
}
const ANN = { 1: '-7.82', 2: '8.79', 100: '0' }
const BOB = { 2: '-9.95', 3: '10' }
const MATRIX = `${line(ANN)}\r\n${line(BOB)}\r\n`
const ROWS = ['1 1 -7.82 0', '1 2 8.79 1', '1 100 0 2', '2 2 -9.95 3', '2 3 10 4']
const rounded = (content: Parameters<typeof ratingsOf>[0]) =>
  ratingsOf(content).map((row) => row.replace(/-?\d+\.\d+/, (value) => String(Number(Number(value).toPrecision(7)))))

const page = (joke: string) =>
  `<HTML><HEAD><TITLE>Joke 1 of 25</TITLE></HEAD>\n<BODY TEXT="black">Menu<BR> <!--begin of joke -->\n${joke}<!--end of joke -->\n</BODY></HTML>`

describe('jester', () => {
  it('reads a line per user and a column per joke; users and jokes are called by their numbers', async () => {
    const content = await importFrom(jester, { 'jester-data-1.csv': MATRIX })
    expect(rounded(content)).toEqual(ROWS)
    expect(content.items.map((item) => item.itemId)).toEqual(Array.from({ length: 100 }, (_, at) => String(at + 1)))
    expect(content).toMatchObject({
      scale: { min: -10, max: 10, positiveFrom: 5, negativeTo: -5 },
      timeKind: 'file-order',
      missing: 195,
      counts: { read: 5, accepted: 5, rejected: 0, duplicates: 0 },
    })
  })

  it.each([
    ['150 jokes', `${line({ 150: '1' }, 150)}\n`, ['1 150 1 0']],
    ['99.00 and tabs', `${line({ 7: '-1.50' }, 101, '\t', '99.00')}\n`, ['1 7 -1.5 0']],
    ['runs of blanks around', `   ${line({ 7: '-1.50', 9: '3' }, 158, '   ', '99')}  \n`, ['1 7 -1.5 0', '1 9 3 1']],
    ['semicolons and decimal commas', `${line({ 7: '-1,50', 9: '3' }, 100, ';', '99,00')}\n`, ['1 7 -1.5 0', '1 9 3 1']],
    ['a separator at the end', `${line({ 7: '2' })},\n`, ['1 7 2 0']],
    ['quotes', `${line({ 7: '"2"' }, 100, ',', '"99"')}\n`, ['1 7 2 0']],
    ['a header', `n,${Array.from({ length: 100 }, (_, at) => `j${at}`).join(',')}\n${line({ 7: '2' })}\n`, ['1 7 2 0']],
    ['few jokes', '1,99,2.5,99,99\n2,99,1,-3,99\n', ['1 2 2.5 0', '2 2 1 1', '2 3 -3 2']],
    ['no numbers of ratings', `${line({ 1: '1.5', 99: '-4' }).replace('2,', '')}\n`, ['1 1 1.5 0', '1 99 -4 1']],
    ['UTF-16', Buffer.from(`\ufeff${line({ 7: '2' })}\n`, 'utf16le'), ['1 7 2 0']],
  ])('reads %s, under any name', async (_what, text, rows) => {
    expect(ratingsOf(await importFrom(jester, { 'some.file': text }))).toEqual(rows)
    const tree = memoryTree({ 'some.file': text })
    const found = await jester.recognise(tree, {})
    expect(found.confidence).toBeGreaterThan(Math.max(0.4, (await delimited.recognise(tree, {})).confidence))
    expect(await jester.recognise(tree, found.settings)).toEqual(found)
  })

  it('takes the texts of the jokes from their pages', async () => {
    const content = await importFrom(jester, {
      'jester-data-1/jester-data-1.csv': MATRIX,
      'joke_texts/jokes/init1.html': page('A man says &quot;R &amp; B&quot;.&nbsp;<P>\n<I>Well</I>,\n<BR>no.'),
      'joke_texts/jokes/init2.html': Buffer.from('<html><body bgcolor="#fff">Caf\xe9<p>noir', 'latin1'),
      'joke_texts/jokes/init3.html': page(''),
      'joke_texts/jokes/init101.html': page('Not in the matrix'),
      'joke_texts/jokes/index.html': page('Not a joke'),
    })
    expect(content.items.slice(0, 3).map((item) => item.title)).toEqual(['A man says "R & B". Well, no.', 'Café noir', null])
    expect(content.items).toHaveLength(100)
  })

  it('reads the parts of the data set one after the other, each once', async () => {
    const files = {
      'b/jester-data-2.csv': `${line({ 5: '4' })}\n`,
      'jester-data-1.csv': MATRIX,
      'c/jester-data-1.csv': MATRIX,
      'other.csv': 'a,b\n1,2\n',
      'wider.csv': `${line({ 1: '1' }, 150)}\n`,
    }
    expect(rounded(await importFrom(jester, files))).toEqual([...ROWS, '3 5 4 5'])
    expect((await jester.recognise(memoryTree(files), {})).warnings).toEqual([
      '2 files are read as one, in this order: jester-data-1.csv, jester-data-2.csv.',
    ])
    expect(ratingsOf(await importFrom(jester, files, { file: 'b/jester-data-2.csv' }))).toEqual(['1 5 4 0'])
  })

  it('takes another mark for what was not rated, and then 99 lies beyond the scale', async () => {
    const text = `${line({ 1: '1', 2: '2' }, 100, ',', 'NA')}\n${line({ 1: '99' }, 100, ',', 'NA')}\n`
    const found = await importFrom(jester, { 'a.csv': text }, { missing: ['NA'] }, 'skip')
    expect(ratingsOf(found)).toEqual(['1 1 1 0', '1 2 2 1'])
    expect(found.rejectedRows[0]!.reason).toBe('the rating 99 in column 2 lies outside the scale from -10 to 10')
  })

  it('shows the first rows with their jokes', async () => {
    const tree = memoryTree({ 'a.csv': MATRIX.repeat(3000), 'init1.html': page('Knock, knock') })
    const { settings } = await jester.recognise(tree, {})
    const preview = await previewDataset(jester, tree, settings, 2)
    expect(
      preview.rows.map(({ line: at, userId, itemId, title, rating, feedback }) => [at, userId, itemId, title, rating, feedback]),
    ).toEqual([
      [1, '1', '1', 'Knock, knock', -7.82, 'negative'],
      [1, '1', '2', null, 8.79, 'positive'],
    ])
    expect(preview.trouble).toBeNull()
  })
})

describe('a bad line of a matrix is left out as a whole', () => {
  const fill = (cells: number) => Array.from({ length: cells }, () => '99').join(',')

  it.each([
    [`3,1,2,${fill(98)}`, 'its first column says 3 ratings, but 2 follow'],
    [`0,1,2,${fill(98)}`, 'its first column says 0 ratings, but 2 follow'],
    [`2,1,2,${fill(97)}`, 'it has 100 fields instead of 101'],
    [`2,1,10.5,${fill(98)}`, 'the rating 10.5 in column 3 lies outside the scale from -10 to 10'],
    [`2,1,x,${fill(98)}`, 'the rating in column 3 "x" is not a number'],
    [`2,1,,${fill(98)}`, 'the rating in column 3 is empty'],
    [`2,1,NaN,${fill(98)}`, 'the rating in column 3 "NaN" is not a finite number'],
    [`many,1,2,${fill(98)}`, 'the number of ratings "many" is not a number'],
  ])('%s', async (bad, reason) => {
    const files = { 'a.csv': `${MATRIX}${bad}\n${line({ 4: '4' })}\n` }
    const shown = bad.length > 200 ? `${bad.slice(0, 200)}…` : bad
    await expect(importFrom(jester, files)).rejects.toMatchObject({
      code: 'ROW_INVALID',
      details: { path: 'mem/a.csv', line: 3, byteOffset: MATRIX.length, reason, rawText: shown },
    })
    const content = await importFrom(jester, files, {}, 'skip')
    // Users keep the numbers of their lines.
    expect(rounded(content)).toEqual([...ROWS, '4 4 4 5'])
    expect(content.counts).toEqual({ read: 7, accepted: 6, rejected: 1, duplicates: 0 })
  })

  it.each([
    ['in its cells', '2,1,2,99', 'it has 4 fields instead of 101'],
    ['in its last mark', line({ 1: '1' }).slice(0, -1), 'its first column says 1 ratings, but 2 follow'],
  ])('cut %s, it is reported and ends nothing', async (_where, cut, reason) => {
    const content = await importFrom(jester, { 'a.csv': MATRIX + cut })
    expect(content.counts).toEqual({ read: 6, accepted: 5, rejected: 1, duplicates: 0 })
    expect(content.rejectedRows[0]).toMatchObject({ line: 3, byteOffset: MATRIX.length })
    expect(content.rejectedRows[0]!.reason).toBe(`the file ends in the middle of this line: ${reason}`)
  })

  it('but not one that only lacks its line end', async () => {
    expect(rounded(await importFrom(jester, { 'a.csv': MATRIX + line({ 4: '4' }) }))).toEqual([...ROWS, '3 4 4 5'])
  })
})

describe('what jester leaves to others', () => {
  it.each([
    ['ratings in rows, 99 among them', 'user,item,rating\n1,10,99\n2,10,3\n3,11,5\n'],
    ['numbers in rows', '1,2,3,881250949\n2,3,1,881250950\n'],
    ['measurements', `${Array.from({ length: 30 }, (_, at) => at / 10).join(',')}\n`],
    ['prose', 'It was the best of times,\nit was the worst of times.\n'],
    ['nothing', ''],
    ['bytes', Buffer.from([0, 1, 2, 3, 0, 10, 0])],
  ])('%s', async (_what, text) => {
    expect((await jester.recognise(memoryTree({ 'jester-data-1.csv': text }), {})).confidence).toBe(0)
  })

  it('says what it misses', async () => {
    await expect(importFrom(jester, { 'a.csv': 'x,y\n1,2\n' })).rejects.toMatchObject({
      code: 'FORMAT_UNKNOWN',
      message:
        'mem has no matrix of ratings with a line per user, which the format jester wants. Choose the folder, zip or file that holds it, or another format.',
    })
  })
})
