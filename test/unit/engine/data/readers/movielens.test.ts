import { describe, expect, it } from 'vitest'
import movielens100k from '../../../../../src-main/engine/data/readers/movielens-100k.ts'
import movielens1m from '../../../../../src-main/engine/data/readers/movielens-1m.ts'
import { readers } from '../../../../../src-main/engine/data/readers/catalogue.gen.ts'
import { readDataset } from '../../../../../src-main/engine/data/reading/read-dataset.ts'
import { LEAST_CONFIDENCE } from '../../../../../src-main/engine/data/reading/reader.ts'
import { memoryTree } from '../../../../support/memory-tree.ts'
import { ratingsOf } from '../../../../support/read-table.ts'

const ITEMS = [
  '1|Toy Story (1995)|01-Jan-1995||http://x|0|0|0|1|1',
  '2|Mis\u00e9rables, Les|14-Feb-1998||http://x|0|1|0|0|0',
  '267|unknown||||1|0|0|0|0',
].join('\n')
const GENRES = 'unknown|0\nAction|1\nAdventure|2\nAnimation|3\nComedy|4\n\n'
const USERS = '1|24|M|technician|85711\n2|53|F|other|94043\n3|23|M|writer|32067\n'
const RATINGS = '2\t1\t5\t881250949\n1\t267\t1\t881250950\n1\t2\t3\t881250951\n'
const LAB = {
  'ml/u.data': RATINGS,
  'ml/u.item': Buffer.from(ITEMS, 'latin1'),
  'ml/u.genre': GENRES,
  'ml/u.user': USERS,
}

describe('movielens-100k', () => {
  const read = (files: Record<string, string | Uint8Array>, onBadRow: 'fail' | 'skip' = 'fail') =>
    readDataset(movielens100k, memoryTree(files, 11), { settings: {}, onBadRow })

  it('reads ratings, titles in latin-1, genres by name, years and users', async () => {
    const content = await read(LAB)
    expect(content.items).toEqual([
      { itemId: '1', title: 'Toy Story (1995)', year: 1995, genres: ['Animation', 'Comedy'] },
      { itemId: '2', title: 'Misérables, Les', year: 1998, genres: ['Action'] },
      { itemId: '267', title: 'unknown', year: null, genres: ['unknown'] },
    ])
    expect(content.users).toHaveLength(3)
    expect(content.users[1]).toEqual({
      userId: '2',
      attributes: { age: 53, gender: 'F', occupation: 'other', zip: '94043' },
    })
    expect([...content.userIndex]).toEqual([1, 0, 0])
    expect([...content.itemIndex]).toEqual([0, 2, 1])
    expect([...content.rating]).toEqual([5, 1, 3])
    expect([...content.time]).toEqual([881250949, 881250950, 881250951])
    expect(content).toMatchObject({
      timeKind: 'unix-seconds',
      scale: { min: 1, max: 5, positiveFrom: 4, negativeTo: 2 },
      counts: { read: 3, accepted: 3, rejected: 0, duplicates: 0 },
    })
  })

  it('reads u.data alone, under any name: items are then those that were rated', async () => {
    const content = await read({ 'renamed.txt': RATINGS })
    expect(content.items.map((item) => item.itemId)).toEqual(['1', '267', '2'])
    expect(content.users.map((user) => user.userId)).toEqual(['2', '1'])
  })

  it.each([
    ['2\t9999\t5\t881250949', 'the item id "9999" does not stand in u.item'],
    ['2\t1\t9\t881250949', 'the rating "9" is not a whole number from 1 to 5'],
    ['2\t1\t0\t881250949', 'the rating "0" is not a whole number from 1 to 5'],
    ['2\t1\tNaN\t881250949', 'the rating "NaN" is not a whole number from 1 to 5'],
    ['2\t1\t4.5\t881250949', 'the rating "4.5" is not a whole number from 1 to 5'],
    ['2\t1\t5', 'it has 3 fields instead of 4 (user id, item id, rating, time)'],
    ['2\t1\t5\t1\t1', 'it has 5 fields instead of 4 (user id, item id, rating, time)'],
    ['garbage', 'it has 1 field instead of 4 (user id, item id, rating, time)'],
    ['two\t1\t5\t881250949', 'the user id "two" is not a whole number'],
    ['2\t01\t5\t881250949', 'the item id "01" is not a whole number'],
    ['2\t1\t5\tyesterday', 'the time "yesterday" is not a whole number'],
  ])('refuses the line %j and says why', async (line, reason) => {
    const files = { ...LAB, 'ml/u.data': `${RATINGS}${line}\n` }
    const shown = line
    await expect(read(files)).rejects.toMatchObject({
      code: 'ROW_INVALID',
      message: `mem/ml/u.data, line 4: ${reason}. The line reads "${shown}". Nothing was imported. Correct the line, or import with bad rows skipped: they are left out and listed.`,
      details: { path: 'mem/ml/u.data', line: 4, byteOffset: RATINGS.length, reason, rawText: shown },
    })
    const { counts, rejectedRows } = await read(files, 'skip')
    expect(counts).toEqual({ read: 4, accepted: 3, rejected: 1, duplicates: 0 })
    expect(rejectedRows).toEqual([{ file: 'mem/ml/u.data', line: 4, byteOffset: RATINGS.length, reason, rawText: shown }])
  })

  it("keeps the last of a user's ratings of an item, and counts the others", async () => {
    const content = await read({ ...LAB, 'ml/u.data': `${RATINGS}2\t1\t2\t881250999\n` })
    expect([...content.rating]).toEqual([1, 3, 2])
    expect(content.counts).toEqual({ read: 4, accepted: 3, rejected: 0, duplicates: 1 })
  })

  it('calls an empty ratings file empty', async () => {
    await expect(read({ ...LAB, 'ml/u.data': '' })).rejects.toMatchObject({
      code: 'FILE_EMPTY',
      message: 'mem/ml/u.data holds no ratings. Nothing was imported. Choose another file.',
    })
  })

  it('refuses a file of which no row can be read, also when skipping', async () => {
    await expect(read({ ...LAB, 'ml/u.data': 'a\nb\n' }, 'skip')).rejects.toMatchObject({
      code: 'INPUT_REFUSED',
      details: {
        path: 'mem/ml/u.data',
        reason: 'none of its 2 rows could be read; the first: it has 1 field instead of 4 (user id, item id, rating, time)',
      },
    })
  })

  it('refuses an item that stands in u.item twice', async () => {
    await expect(read({ ...LAB, 'ml/u.item': '1|A|||\n1|B|||\n' })).rejects.toMatchObject({
      code: 'ROW_INVALID',
      details: { path: 'mem/ml/u.item', line: 2, reason: 'the id "1" stands in an earlier line already' },
    })
  })

  it('says which file it misses', async () => {
    await expect(read({ 'a.txt': 'x', 'b.txt': 'y' })).rejects.toMatchObject({
      code: 'FORMAT_UNKNOWN',
      message:
        'mem has no u.data, which the format movielens-100k wants. Choose the folder, zip or file that holds it, or another format.',
    })
  })

  it('can be cancelled while it reads', async () => {
    const many = Array.from({ length: 5000 }, (_, at) => `${at + 1}\t1\t3\t881250949`).join('\n')
    const signal = { aborted: false }
    const reading = readDataset(movielens100k, memoryTree({ 'u.data': many }, 1000), {
      settings: {},
      onBadRow: 'fail',
      signal,
      onProgress: (rows) => {
        signal.aborted = rows > 500
      },
    })
    await expect(reading).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})

describe('movielens-1m', () => {
  const FILES = {
    'movies.dat': Buffer.from(
      "1::Toy Story (1995)::Animation|Children's\n2::Caf\u00e9::Noir::Drama\n3::Unseen (2000)::\n",
      'latin1',
    ),
    'users.dat': '1::F::1::10::48067\n2::M::56::16::70072\n',
    'ratings.rank-as-time.dat': '1::2::5::10\n1::1::3::31\n2::1::1::1\n',
  }

  it('reads ratings, movies in latin-1 and users; a small number in the time column is a rank', async () => {
    const content = await readDataset(movielens1m, memoryTree(FILES, 5), { settings: {}, onBadRow: 'fail' })
    expect(content.items).toEqual([
      { itemId: '1', title: 'Toy Story (1995)', year: 1995, genres: ['Animation', "Children's"] },
      { itemId: '2', title: 'Café::Noir', year: null, genres: ['Drama'] },
      { itemId: '3', title: 'Unseen (2000)', year: 2000, genres: [] },
    ])
    expect([...content.userIndex]).toEqual([0, 0, 1])
    expect([...content.itemIndex]).toEqual([1, 0, 0])
    expect(content.timeKind).toBe('per-user-rank')
  })

  it('takes ratings.dat before its variants, and its times as Unix seconds', async () => {
    const tree = memoryTree({ ...FILES, 'ratings.dat': '1::1::3::978300760\n' })
    const content = await readDataset(movielens1m, tree, { settings: {}, onBadRow: 'fail' })
    expect([...content.rating]).toEqual([3])
    expect(content.timeKind).toBe('unix-seconds')
  })

  it('names the catalogue that does not know an item', async () => {
    const tree = memoryTree({ ...FILES, 'ratings.rank-as-time.dat': '1::7::5::10\n' })
    await expect(readDataset(movielens1m, tree, { settings: {}, onBadRow: 'fail' })).rejects.toMatchObject({
      code: 'ROW_INVALID',
      details: { line: 1, byteOffset: 0, reason: 'the item id "7" does not stand in movies.dat', rawText: '1::7::5::10' },
    })
  })
})

describe('movielens-1m with the files of the 10M set', () => {
  const FILES = {
    'ml-10M100K/movies.dat':
      '122::Boomerang (1992)::Comedy|Romance\n185::Net, The (1995)::Action|Crime|Thriller\n8606::Pull My Daisy (1958)::(no genres listed)\n',
    'ml-10M100K/ratings.dat': '1::122::5::838985046\n1::185::4.5::838983525\n2::185::0.5::868245777\n2::8606::3.0::868245778\n',
    'ml-10M100K/tags.dat': '15::4973::excellent!::1215184630\n',
  }
  const read = (files: Record<string, string>, onBadRow: 'fail' | 'skip' = 'fail') =>
    readDataset(movielens1m, memoryTree(files, 7), { settings: {}, onBadRow })

  it('reads half stars, and movies without genres', async () => {
    const content = await read(FILES)
    expect(ratingsOf(content)).toEqual(['1 122 5 838985046', '1 185 4.5 838983525', '2 185 0.5 868245777', '2 8606 3 868245778'])
    expect(content.items[2]).toEqual({ itemId: '8606', title: 'Pull My Daisy (1958)', year: 1958, genres: [] })
    expect(content).toMatchObject({ scale: { min: 0.5, max: 5, positiveFrom: 4, negativeTo: 2 }, timeKind: 'unix-seconds' })
    expect((await movielens1m.recognise(memoryTree(FILES), {})).confidence).toBeCloseTo(0.95)
  })

  it('keeps the scale from 1 to 5 where no rating holds a half', async () => {
    const content = await read({ 'ratings.dat': '1::122::5::838985046\n1::185::1.0::838983525\n' })
    expect(content.scale).toEqual({ min: 1, max: 5, positiveFrom: 4, negativeTo: 2 })
  })

  it.each([
    ['1::122::4.7::838985046', 'the rating "4.7" is not a number of stars from 0.5 to 5, whole or half'],
    ['1::122::5.5::838985046', 'the rating "5.5" is not a number of stars from 0.5 to 5, whole or half'],
    ['1::122::0::838985046', 'the rating "0" is not a number of stars from 0.5 to 5, whole or half'],
    ['1::122::4,5::838985046', 'the rating "4,5" is not a number of stars from 0.5 to 5, whole or half'],
    ['1::122::3.5::soon', 'the time "soon" is not a whole number'],
    ['1::9::3.5::838985046', 'the item id "9" does not stand in movies.dat'],
    ['1::122::3.5', 'it has 3 fields instead of 4 (user id, item id, rating, time)'],
  ])('refuses the line %j and says why', async (line, reason) => {
    const path = 'ml-10M100K/ratings.dat'
    const text = FILES[path]
    await expect(read({ ...FILES, [path]: `${text}${line}\n` })).rejects.toMatchObject({
      code: 'ROW_INVALID',
      details: { path: `mem/${path}`, line: 5, byteOffset: text.length, reason, rawText: line },
    })
  })

  it("reports a last line that the file's end cuts inside its time", async () => {
    const rows = Array.from({ length: 12 }, (_, at) => `${at + 1}::122::4::${838985046 + at}\n`).join('')
    const content = await read({ ...FILES, 'ml-10M100K/ratings.dat': `${rows}77::185::3.5::83898` })
    expect(content.counts).toEqual({ read: 13, accepted: 12, rejected: 1, duplicates: 0 })
    expect(content.rejectedRows).toEqual([
      {
        file: 'mem/ml-10M100K/ratings.dat',
        line: 13,
        byteOffset: rows.length,
        reason: 'the file ends in the middle of this line: the time "83898" is shorter than every other',
        rawText: '77::185::3.5::83898',
      },
    ])
    expect(content.users.map((user) => user.userId)).not.toContain('77')
  })
})

describe('detection', () => {
  const surest = async (files: Record<string, string | Uint8Array>) => {
    const found = await Promise.all(
      readers.map(async (reader) => ({ id: reader.id, sure: (await reader.recognise(memoryTree(files), {})).confidence })),
    )
    return found.sort((a, b) => b.sure - a.sure)[0]!
  }

  it('goes by content: each family is told apart whatever the file is called', async () => {
    expect(await surest({ 'x.csv': RATINGS })).toEqual({ id: 'movielens-100k', sure: 0.7 })
    expect(await surest({ 'x.csv': '1::1193::5::978300760\n' })).toEqual({ id: 'movielens-1m', sure: 0.7 })
    expect((await surest(LAB)).sure).toBeCloseTo(1)
  })

  it('does not fall for a name', async () => {
    const { sure } = await surest({ 'u.data': 'this is\na letter\n', 'u.item': 'x', 'u.user': 'y' })
    expect(sure).toBeLessThan(LEAST_CONFIDENCE)
  })

  it('still recognises a file with some broken lines, and an empty one by its name', async () => {
    expect((await surest({ ...LAB, 'ml/u.data': `broken\n${RATINGS}` })).sure).toBeGreaterThan(0.7)
    expect(await surest({ ...LAB, 'ml/u.data': '' })).toEqual({ id: 'movielens-100k', sure: 0.5 })
  })
})
