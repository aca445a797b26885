import { describe, expect, it } from 'vitest'
import type { ImportSettings } from '../../../../../src-main/contract/dto/import-settings.ts'
import bookCrossing from '../../../../../src-main/engine/data/readers/book-crossing.ts'
import delimited from '../../../../../src-main/engine/data/readers/delimited.ts'
import movielensCsv from '../../../../../src-main/engine/data/readers/movielens-csv.ts'
import { LEAST_CONFIDENCE } from '../../../../../src-main/engine/data/reading/reader.ts'
import { memoryTree } from '../../../../support/memory-tree.ts'
import { importFrom, ratingsOf } from '../../../../support/read-table.ts'

const crlf = (...lines: string[]) => lines.map((line) => `${line}\r\n`).join('')

const RATINGS = crlf(
  '"User-ID";"ISBN";"Book-Rating"',
  '"276725";"034545104X";"0"',
  '"276726";"0155061224";"5"',
  '"276726";"034545104x";"10"',
  String.raw`"11676";"\"0432534220\"";"6"`,
  '"00011676";"0155061224";"8"',
)
const ORIGINAL = {
  'BX-Book-Ratings.csv': RATINGS,
  'BX-Books.csv': Buffer.from(
    crlf(
      '"ISBN";"Book-Title";"Book-Author";"Year-Of-Publication";"Publisher";"Image-URL-S"',
      '"0155061224";"Rites of Passage";"Judith Rae";"2001";"Simon &amp; Schuster";"http://a;b"',
      String.raw`"034545104X";"Flesh; \"Tones\" &amp; Bones";"Andr` + 'é";"0";"Ballantine &#38; Co";"http://x"',
      String.raw`"078946697X";"DK Readers (Level 4)\"";"Michael Teitelbaum";"2000";"DK";"http://x"`,
    ),
    'latin1',
  ),
  'BX-Users.csv': Buffer.from(
    crlf(
      '"User-ID";"Location";"Age"',
      '"276725";"nyc, new york, usa";NULL',
      String.raw`"276726";"málaga, \"n/a\", spain";"18"`,
      String.raw`"5";"cernusco s\\` + '\r\n, milan, italy";NULL',
      '"6";NULL;NULL',
    ),
    'latin1',
  ),
}

const PLAIN = {
  'BX-Ratings.csv': 'User-ID,ISBN,Book-Rating\n276744,038550120X,7\n19,0449003787,8\n',
  'BX-Books.csv': crlf(
    'ISBN,Book-Title,Book-Author,Year-Of-Publication,Book-Publisher',
    '038550120X,A Painted House,John Grisham,2001,Doubleday',
    String.raw`0449003787,"\O\"" Is for Outlaw""",SUE GRAFTON,2001,Ballantine Books`,
  ),
  'BX-Users.csv': crlf(
    'User-ID,User-City,User-State,User-Country,User-Age',
    '276744,torrance, california," usa""",',
    '19,weston, ,,"14"""',
    '7,"paris",ile,de france, france,31',
  ),
}

describe('book-crossing as published', () => {
  it('reads semicolons, quotes with backslashes, latin-1 and entities without a bad row, and ids as text', async () => {
    const content = await importFrom(bookCrossing, ORIGINAL)
    expect(ratingsOf(content)).toEqual([
      '276725 034545104X 5.5 0',
      '276726 0155061224 5 1',
      '276726 034545104x 10 2',
      '11676 "0432534220" 6 3',
      '00011676 0155061224 8 4',
    ])
    expect(content).toMatchObject({
      scale: { min: 1, max: 10, positiveFrom: 7, negativeTo: 4 },
      timeKind: 'file-order',
      counts: { read: 5, accepted: 5, rejected: 0, duplicates: 0 },
    })
    expect(content.items.slice(0, 3)).toEqual([
      {
        itemId: '0155061224',
        title: 'Rites of Passage',
        year: 2001,
        genres: [],
        attributes: { author: 'Judith Rae', publisher: 'Simon & Schuster' },
      },
      {
        itemId: '034545104X',
        title: 'Flesh; "Tones" & Bones',
        year: null,
        genres: [],
        attributes: { author: 'André', publisher: 'Ballantine & Co' },
      },
      {
        itemId: '078946697X',
        title: 'DK Readers (Level 4)"',
        year: 2000,
        genres: [],
        attributes: { author: 'Michael Teitelbaum', publisher: 'DK' },
      },
    ])
    expect(content.users.slice(0, 4)).toEqual([
      { userId: '276725', attributes: { location: 'nyc, new york, usa', country: 'usa' } },
      { userId: '276726', attributes: { location: 'málaga, spain', country: 'spain', age: 18 } },
      { userId: '5', attributes: { location: 'cernusco s, milan, italy', country: 'italy' } },
      { userId: '6', attributes: null },
    ])
  })

  it('keeps users and books apart that differ in case alone', async () => {
    const content = await importFrom(bookCrossing, {
      'r.csv': 'User-ID;ISBN;Book-Rating\nann;002411510x;5\nAnn;002411510X;6\n',
    })
    expect(ratingsOf(content)).toEqual(['ann 002411510x 5 0', 'Ann 002411510X 6 1'])
  })

  it.each([
    ['a header in another order', 'Book-Rating;ISBN;User-ID\n0;034545104X;7\n9;0155061224;7\n'],
    ['no header', '"7";"034545104X";"0"\r\n"7";"0155061224";"9"\r\n'],
    ['no header, commas', '7,034545104X,0\n7,0155061224,9\n'],
    ['plain names', 'user_id\tisbn\trating\n7\t034545104X\t0\n7\t0155061224\t9\n'],
    ['book_id for an ISBN', 'rating,book_id,userId\n0,034545104X,7\n9,0155061224,7\n'],
    ['UTF-16', Buffer.from('\ufeffUser-ID;ISBN;Book-Rating\n7;034545104X;0\n7;0155061224;9\n', 'utf16le')],
  ])('reads a lone file with %s, whatever its name', async (_what, text) => {
    const tree = memoryTree({ 'some.data': text })
    const [ours, general] = [await bookCrossing.recognise(tree, {}), await delimited.recognise(tree, {})]
    expect(ours.confidence).toBeGreaterThan(Math.max(LEAST_CONFIDENCE, general.confidence))
    expect(ratingsOf(await importFrom(bookCrossing, { 'some.data': text }))).toEqual(['7 034545104X 5.5 0', '7 0155061224 9 1'])
  })
})

describe('a rating of 0', () => {
  const note = (count: string, as: string) =>
    `${count} 0, which says that somebody had the book and not how it was: kept as ${as}. To leave such rows out, name 0 as missing.`

  it('is neutral feedback of its own, and the person is told', async () => {
    const found = await bookCrossing.recognise(memoryTree(ORIGINAL), {})
    expect(found.behaviours).toEqual([{ name: '0', count: 1 }])
    expect(found.settings.behaviours).toEqual({ '0': { feedback: 'neutral', rating: 5.5 } })
    expect(found.warnings).toContain(note('Some ratings are', 'neutral feedback of 5.5'))
    expect((await importFrom(bookCrossing, ORIGINAL)).notes).toEqual([note('1 rating is', 'neutral feedback of 5.5')])
  })

  it('is left out where it is named as missing', async () => {
    const content = await importFrom(bookCrossing, ORIGINAL, { missing: ['0'] })
    expect(ratingsOf(content)[0]).toBe('276726 0155061224 5 0')
    expect(content).toMatchObject({ missing: 1, notes: [], counts: { read: 4, accepted: 4, rejected: 0 } })
  })

  it.each<[string, ImportSettings, number, object]>([
    [
      'what a person says that it is',
      { behaviours: { '0': { feedback: 'positive', rating: 7 } } },
      7,
      { min: 1, max: 10, positiveFrom: 7, negativeTo: 4 },
    ],
    [
      'the worst rating, on a scale that then begins with it',
      { behaviours: { '0': { feedback: 'negative', rating: 0 } } },
      0,
      { min: 0, max: 10, positiveFrom: 7, negativeTo: 4 },
    ],
    [
      'in the middle of a scale that a person chose',
      { scale: { min: 1, max: 10, positiveFrom: 9, negativeTo: 3 } },
      6,
      { min: 1, max: 10, positiveFrom: 9, negativeTo: 3 },
    ],
  ])('is %s', async (_what, settings, rating, scale) => {
    const content = await importFrom(bookCrossing, ORIGINAL, settings)
    expect(content.rating[0]).toBe(rating)
    expect(content.scale).toEqual(scale)
  })

  it('cannot be what the scale contradicts', async () => {
    const behaviours = { '0': { feedback: 'neutral', rating: 2 } } as const
    await expect(importFrom(bookCrossing, ORIGINAL, { behaviours })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message:
        'A rating of 0 is to be neutral feedback of 2, but on the scale from 1 to 10 that is negative: it is positive from 7 and negative up to 4. Choose another value for it, or another scale.',
    })
  })

  it('is a rating where five is the best, or where books have other ids', async () => {
    const stars = 'user_id,isbn,rating\n1,034545104X,0\n2,0155061224,5\n'
    expect(ratingsOf(await importFrom(bookCrossing, { 'a.csv': stars }))).toEqual(['1 034545104X 0 0', '2 0155061224 5 1'])
    const others = 'user_id,book_id,rating\n1,258,0\n2,4081,10\n'
    expect(ratingsOf(await importFrom(bookCrossing, { 'a.csv': others }))).toEqual(['1 258 0 0', '2 4081 10 1'])
  })
})

describe('book-crossing as plain CSV', () => {
  it('puts together what was cut: titles at their quotes, places at their commas', async () => {
    const content = await importFrom(bookCrossing, PLAIN)
    expect(ratingsOf(content)).toEqual(['276744 038550120X 7 0', '19 0449003787 8 1'])
    expect(content.items.map(({ title }) => title)).toEqual(['A Painted House', '"O" Is for Outlaw'])
    expect(content.users).toEqual([
      { userId: '276744', attributes: { location: 'torrance, california, usa', country: 'usa' } },
      { userId: '19', attributes: { location: 'weston', age: 14 } },
      { userId: '7', attributes: { location: 'paris, ile, de france, france', country: 'france', age: 31 } },
    ])
    expect(content.notes).toEqual([])
  })

  it('reads the files of the top folder where a folder below holds them too, and the whole where a part lies beside it', async () => {
    const below = Object.fromEntries(Object.entries(ORIGINAL).map(([name, text]) => [`a-raw/${name}`, text]))
    const part = { 'BX-Ratings.fixture.csv': 'User-ID,ISBN,Book-Rating\n1,038550120X,1\n' }
    const content = await importFrom(bookCrossing, { ...below, ...part, ...PLAIN })
    expect(ratingsOf(content)).toEqual(['276744 038550120X 7 0', '19 0449003787 8 1'])
    expect(content.items.map(({ title }) => title)).toEqual(['A Painted House', '"O" Is for Outlaw'])
    const file = 'a-raw/BX-Book-Ratings.csv'
    const chosen = await importFrom(bookCrossing, { ...below, ...PLAIN }, { file })
    expect(chosen.items[0]!.title).toBe('Rites of Passage')
  })

  it('finds the ratings by their columns where no name tells', async () => {
    const files = { 'notes.txt': 'nothing\n', 'x1.csv': PLAIN['BX-Ratings.csv'], 'x2.csv': PLAIN['BX-Books.csv'] }
    expect(ratingsOf(await importFrom(bookCrossing, files))).toHaveLength(2)
  })

  it('takes a catalogue by the id that the ratings name', async () => {
    const content = await importFrom(bookCrossing, {
      'ratings.csv': 'user_id,book_id,rating\n1,258,5\n2,4081,4\n',
      'books.csv': 'id,book_id,isbn,authors,original_publication_year,title\n1,258,43,Zafón,2001.0,The Shadow\n',
    })
    expect(content.items).toEqual([
      { itemId: '258', title: 'The Shadow', year: 2001, genres: [], attributes: { author: 'Zafón' } },
      { itemId: '4081', title: null, year: null, genres: [] },
    ])
    expect(content.scale).toEqual({ min: 1, max: 5, positiveFrom: 4, negativeTo: 2 })
  })
})

describe('what book-crossing leaves to others', () => {
  it.each([
    ['films', 'userId,movieId,rating\n1,2,3\n4,5,6\n'],
    ['catalogues of books', PLAIN['BX-Books.csv']],
    ['catalogues of users', PLAIN['BX-Users.csv']],
    ['headers with types', 'user_id:token\tbook_id:token\trating:float\n1\t2\t3\n4\t5\t6\n'],
    ['numbers without a header', '1,2,3\n4,5,1\n7,8,2\n'],
    ['ids of goods with a time', 'A1,0345451040,5,1400000000\nA2,0155061224,4,1400000001\n'],
    ['nothing at all', ''],
  ])('%s', async (_what, text) => {
    expect((await bookCrossing.recognise(memoryTree({ 'BX-Book-Ratings.csv': text }), {})).confidence).toBe(0)
  })

  it('behaviours', async () => {
    const settings: ImportSettings = { behaviours: { buy: { feedback: 'positive', rating: 5 } } }
    expect((await bookCrossing.recognise(memoryTree(ORIGINAL), settings)).confidence).toBe(0)
  })

  it('finds its settings again, is surer than others, and says what it misses', async () => {
    const tree = memoryTree(ORIGINAL)
    const found = await bookCrossing.recognise(tree, {})
    expect(found.settings).toEqual({
      file: 'BX-Book-Ratings.csv',
      encoding: 'auto',
      separator: ';',
      quote: '"',
      quoteEscape: 'auto',
      header: true,
      decimalComma: false,
      columns: { user: 'User-ID', item: 'ISBN', rating: 'Book-Rating' },
      missing: ['NULL'],
      behaviours: { '0': { feedback: 'neutral', rating: 5.5 } },
    })
    expect((await bookCrossing.recognise(tree, found.settings)).settings).toEqual(found.settings)
    expect(found.confidence).toBeGreaterThan((await delimited.recognise(tree, {})).confidence)
    expect((await movielensCsv.recognise(tree, {})).confidence).toBe(0)
    await expect(importFrom(bookCrossing, { 'a.csv': 'x,y\n1,2\n' })).rejects.toMatchObject({
      code: 'FORMAT_UNKNOWN',
      message:
        'mem has no BX-Book-Ratings.csv, which the format book-crossing wants. Choose the folder, zip or file that holds it, or another format.',
    })
  })
})

describe('bad lines', () => {
  it.each([
    ['"7";"0155061224"', 'it has 2 fields instead of 3 (User-ID, ISBN, Book-Rating)'],
    ['"7";"0155061224";"good"', 'the rating "good" is not a number'],
    ['"";"0155061224";"5"', 'the user is empty'],
    ['"7";"0155061224";"', 'field 3 goes on after its closing quote'],
    ['"7";"01"55061224";"5"', 'field 2 goes on after its closing quote'],
  ])('of ratings: %s', async (line, reason) => {
    const text = `${RATINGS}${line}\r\n"8";"0155061224";"9"\r\n`
    await expect(importFrom(bookCrossing, { 'r.csv': text })).rejects.toMatchObject({
      code: 'ROW_INVALID',
      details: { line: 7, byteOffset: RATINGS.length, reason, rawText: line },
    })
    const { counts } = await importFrom(bookCrossing, { 'r.csv': text }, {}, 'skip')
    expect(counts).toEqual({ read: 7, accepted: 6, rejected: 1, duplicates: 0 })
  })

  it.each([
    ['BX-Books.csv', '038550120X,Again,Somebody,2001,Doubleday', 'the id "038550120X" stands in an earlier line already', 4],
    ['BX-Books.csv', '0000000001,Too, many,Somebody,2001,Doubleday', 'it has 6 fields instead of 5', 4],
    ['BX-Books.csv', ',No id,Somebody,2001,Doubleday', 'the book is empty', 4],
    ['BX-Users.csv', '19,weston,,,', 'the id "19" stands in an earlier line already', 5],
    ['BX-Users.csv', ',weston,,,', 'the user is empty', 5],
  ] as const)('of %s: %s', async (name, line, reason, at) => {
    const files = { ...PLAIN, [name]: `${PLAIN[name]}${line}\r\n` }
    await expect(importFrom(bookCrossing, files)).rejects.toMatchObject({
      code: 'ROW_INVALID',
      details: { path: `mem/${name}`, line: at, byteOffset: PLAIN[name].length, reason, rawText: line },
    })
  })

  it('of a catalogue are read where only their quotes are wrong', async () => {
    const files = {
      'BX-Book-Ratings.csv': RATINGS,
      'BX-Users.csv': '"User-ID";"Location";"Age"\r\n"7";"lisboa "nova", , portugal";"23"\r\n8;"porto\r\n',
    }
    const { users } = await importFrom(bookCrossing, files)
    expect(users.slice(0, 2)).toEqual([
      { userId: '7', attributes: { location: 'lisboa nova, portugal', country: 'portugal', age: 23 } },
      { userId: '8', attributes: { location: 'porto' } },
    ])
  })

  it('that the end of the file cuts are reported and end nothing', async () => {
    const content = await importFrom(bookCrossing, { 'r.csv': `${RATINGS}"276727";"04465` })
    expect(content.counts).toEqual({ read: 6, accepted: 5, rejected: 1, duplicates: 0 })
    expect(content.rejectedRows).toEqual([
      {
        file: 'mem/r.csv',
        line: 7,
        byteOffset: RATINGS.length,
        reason: 'the file ends in the middle of this line: the quote of field 2 is never closed',
        rawText: '"276727";"04465',
      },
    ])
  })

  it('NULL in place of a rating is none', async () => {
    const content = await importFrom(bookCrossing, { 'r.csv': `${RATINGS}"7";"0155061224";NULL\r\n` })
    expect(content).toMatchObject({ missing: 1, counts: { read: 5, accepted: 5, rejected: 0 } })
  })
})
