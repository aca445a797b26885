import { describe, expect, it } from 'vitest'
import delimited from '../../../../../src-main/engine/data/readers/delimited.ts'
import movielensCsv from '../../../../../src-main/engine/data/readers/movielens-csv.ts'
import { memoryTree } from '../../../../support/memory-tree.ts'
import { importFrom, ratingsOf } from '../../../../support/read-table.ts'

const LATEST = {
  'ml/links.csv': 'movieId,imdbId,tmdbId\n1,0114709,862\n2,0113497,8844\n',
  'ml/movies.csv':
    'movieId,title,genres\r\n1,Toy Story (1995),Adventure|Animation\r\n2,"American President, The (1995)",Comedy|Drama\r\n5,Amélie (2001),(no genres listed)\r\n9,Untitled,Drama\r\n',
  'ml/ratings.csv': 'userId,movieId,rating,timestamp\r\n1,2,4.0,964982703\r\n1,1,0.5,964981247\r\n7,5,4.5,964982224\r\n',
  'ml/tags.csv': 'userId,movieId,tag,timestamp\r\n2,60756,funny,1445714994\r\n',
}

describe('movielens-csv', () => {
  it('reads ratings with half stars, titles with commas, years and genres', async () => {
    const content = await importFrom(movielensCsv, LATEST)
    expect(content.items).toEqual([
      { itemId: '1', title: 'Toy Story (1995)', year: 1995, genres: ['Adventure', 'Animation'] },
      { itemId: '2', title: 'American President, The (1995)', year: 1995, genres: ['Comedy', 'Drama'] },
      { itemId: '5', title: 'Amélie (2001)', year: 2001, genres: [] },
      { itemId: '9', title: 'Untitled', year: null, genres: ['Drama'] },
    ])
    expect(ratingsOf(content)).toEqual(['1 2 4 964982703', '1 1 0.5 964981247', '7 5 4.5 964982224'])
    expect(content).toMatchObject({
      scale: { min: 0.5, max: 5, positiveFrom: 4, negativeTo: 2 },
      timeKind: 'unix-seconds',
      counts: { read: 3, accepted: 3, rejected: 0, duplicates: 0 },
    })
  })

  it('is surer of its files than the general reader, and leaves other tables to it', async () => {
    const sure = async (reader: typeof delimited, files: Record<string, string>) =>
      (await reader.recognise(memoryTree(files), {})).confidence
    expect(await sure(movielensCsv, LATEST)).toBe(1)
    expect(await sure(delimited, LATEST)).toBeCloseTo(0.92)
    expect(await sure(movielensCsv, { 'ratings.csv': 'User-ID,ISBN,Book-Rating\n1,2,3\n' })).toBe(0)
    expect(await sure(movielensCsv, { 'ratings.csv': '' })).toBe(0)
  })

  it('reads ratings.csv alone, under any name', async () => {
    const content = await importFrom(movielensCsv, { 'mine.txt': LATEST['ml/ratings.csv'] })
    expect(content.items.map((item) => item.itemId)).toEqual(['2', '1', '5'])
  })

  it('names the catalogue that does not know an item', async () => {
    const files = { ...LATEST, 'ml/ratings.csv': `${LATEST['ml/ratings.csv']}7,77,3,964982224\r\n` }
    await expect(importFrom(movielensCsv, files)).rejects.toMatchObject({
      code: 'ROW_INVALID',
      details: { line: 5, reason: 'the item "77" does not stand in movies.csv', rawText: '7,77,3,964982224' },
    })
  })

  it.each([
    ['an item that stands twice', '1,Again (2000),Drama\r\n', 'the id "1" stands in an earlier line already'],
    ['a movie of too few fields', '11,Half\r\n', 'it has 2 fields instead of 3'],
  ])('refuses %s', async (_what, line, reason) => {
    const files = { ...LATEST, 'ml/movies.csv': LATEST['ml/movies.csv'] + line }
    await expect(importFrom(movielensCsv, files)).rejects.toMatchObject({
      code: 'ROW_INVALID',
      details: { path: 'mem/ml/movies.csv', line: 6, reason },
    })
  })

  it('says which column it misses in movies.csv', async () => {
    const files = { ...LATEST, 'ml/movies.csv': '1,Toy Story (1995),Adventure\n' }
    await expect(importFrom(movielensCsv, files)).rejects.toMatchObject({
      code: 'FORMAT_UNKNOWN',
      message:
        'mem/ml/movies.csv has no column of item ids. Its first line reads "1,Toy Story (1995),Adventure". Add a header, or take the file away to import the ratings alone.',
    })
  })
})
