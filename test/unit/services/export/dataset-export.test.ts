import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { datasetSidecar, type DatasetExportFormat } from '../../../../src-main/contract/dto/dataset-export.ts'
import delimited from '../../../../src-main/engine/data/readers/delimited.ts'
import palateCsv from '../../../../src-main/engine/data/readers/palate-csv.ts'
import { readers } from '../../../../src-main/engine/data/readers/catalogue.gen.ts'
import recbole from '../../../../src-main/engine/data/readers/recbole.ts'
import { writeDataset, type WrittenDataset } from '../../../../src-main/services/export/dataset-export.ts'
import { memoryTree } from '../../../support/memory-tree.ts'
import { importFrom, ratingsOf } from '../../../support/read-table.ts'

const READERS = { csv: palateCsv, recbole } as const

function filesOf(dataset: WrittenDataset, format: DatasetExportFormat, guard = true): Record<string, string> {
  const files: Record<string, string> = {}
  for (const { file, text } of writeDataset(dataset, format, guard)) files[`d/${file}`] = (files[`d/${file}`] ?? '') + text
  return files
}

async function again(dataset: WrittenDataset, format: DatasetExportFormat, guard = true) {
  const content = await importFrom(READERS[format], filesOf(dataset, format, guard), {}, 'fail', 4096)
  const { users, items, userIndex, itemIndex, rating, time, scale, timeKind } = content
  return { users, items, columns: { userIndex, itemIndex, rating, time }, scale, timeKind }
}

function withoutName({ users, items, columns, scale, timeKind }: WrittenDataset) {
  return { users, items, columns, scale, timeKind }
}

const MINI: WrittenDataset = {
  name: 'My set/1: 100 %',
  scale: { min: 0.5, max: 5, positiveFrom: 3.5, negativeTo: 1.5 },
  timeKind: 'per-user-rank',
  users: [
    { userId: '007', attributes: { age: 30, zip: '01002' } },
    { userId: '=1+1', attributes: null },
    { userId: 'never rated', attributes: { age: 7.5, zip: '' } },
  ],
  items: [
    { itemId: 'a\tb', title: 'Zebra, "the" (1999)', year: 1999, genres: ['Sci Fi', 'Drama'] },
    { itemId: 'NA', title: null, year: null, genres: [] },
    { itemId: "'=x", title: '100% |', year: -44, genres: ['a|b', '[c'] },
  ],
  columns: {
    userIndex: Int32Array.of(1, 0, 1, 1),
    itemIndex: Int32Array.of(0, 1, 2, 0),
    rating: Float32Array.of(0.1, 5, 3, 0.1),
    time: Float64Array.of(1, 1, 2, 3),
  },
}

describe('the files', () => {
  it('of CSV are three tables and a sidecar', () => {
    const { 'd/palate-dataset.json': sidecar, ...tables } = filesOf(MINI, 'csv')
    expect(tables).toEqual({
      'd/ratings.csv': `userId,itemId,rating,rank\r\n'=1+1,a\tb,0.1,1\r\n007,NA,5,1\r\n'=1+1,''=x,3,2\r\n'=1+1,a\tb,0.1,3\r\n`,
      'd/items.csv': `itemId,title,year,genres\r\na\tb,"Zebra, ""the"" (1999)",1999,Sci Fi|Drama\r\nNA,,,\r\n''=x,100% |,-44,"[""a|b"",""[c""]"\r\n`,
      'd/users.csv': `userId,age,zip\r\n007,30,"""01002"""\r\n'=1+1,,\r\nnever rated,7.5,""""""\r\n`,
    })
    expect(datasetSidecar.parse(JSON.parse(sidecar!))).toMatchObject({
      format: 'csv',
      name: 'My set/1: 100 %',
      timeKind: 'per-user-rank',
      scale: MINI.scale,
      userAttributes: [
        { name: 'age', kind: 'number', optional: true },
        { name: 'zip', kind: 'json', optional: true },
      ],
      apostrophes: true,
    })
  })

  it('of RecBole bear one name, typed headers, and percent signs for what a token cannot hold', () => {
    const { 'd/palate-dataset.json': _, ...tables } = filesOf(MINI, 'recbole')
    expect(tables).toEqual({
      'd/My-set-1-100.inter':
        "user_id:token\titem_id:token\trating:float\ttimestamp:float\n=1+1\ta%09b\t0.1\t1\n007\t%4EA\t5\t1\n=1+1\t'=x\t3\t2\n=1+1\ta%09b\t0.1\t3\n",
      'd/My-set-1-100.item':
        'item_id:token\ttitle:token_seq\tyear:float\tgenres:token_seq\na%09b\tZebra, "the" (1999)\t1999\tSci%20Fi Drama\n%4EA\t\t\t\n\'=x\t100%25 |\t-44\ta|b [c\n',
      'd/My-set-1-100.user': 'user_id:token\tage:float\tzip:token\n007\t30\t%2201002"\n=1+1\t\t\nnever rated\t7.5\t%22"\n',
    })
  })

  it.each(['csv', 'recbole'] as const)('of %s are recognised above all other readers, and read back', async (format) => {
    const tree = memoryTree(filesOf(MINI, format))
    for (const reader of readers) {
      const { confidence, settings } = await reader.recognise(tree, {})
      if (reader.id !== READERS[format].id) expect(confidence).toBeLessThan(1)
      else expect({ confidence, settings }).toMatchObject({ confidence: 1, settings: { duplicates: 'all' } })
    }
    expect(await again(MINI, format)).toEqual(withoutName(MINI))
    const { settings } = await READERS[format].recognise(tree, {})
    expect((await READERS[format].recognise(tree, settings)).settings).toEqual(settings)
  })

  it.each(['csv', 'recbole'] as const)('of %s are the same data set whichever of them a person chooses', async (format) => {
    const tree = memoryTree(filesOf(MINI, format))
    for (const chosen of tree.files) expect((await READERS[format].recognise({ ...tree, chosen }, {})).confidence).toBe(1)
  })

  it('are read in another way when a person says so, or when their sidecar is damaged', async () => {
    const files = filesOf(MINI, 'recbole')
    const item = (content: { readonly items: readonly { readonly itemId: string }[] }) => content.items[0]!.itemId
    expect(item(await importFrom(recbole, files))).toBe('a\tb')
    expect(item(await importFrom(recbole, files, { separator: '\t' }))).toBe('a%09b')
    const damaged = { ...files, 'd/palate-dataset.json': '{' }
    expect((await recbole.recognise(memoryTree(damaged), {})).warnings).toEqual([
      'palate-dataset.json could not be understood, so its scale and its encoding of ids are not heeded.',
    ])
    const csv = { ...filesOf(MINI, 'csv'), 'd/palate-dataset.json': '{"palateDataset":2}' }
    expect((await palateCsv.recognise(memoryTree(csv), {})).confidence).toBe(0)
    expect((await delimited.recognise(memoryTree(csv), {})).settings.file).toBe('d/ratings.csv')
  })

  it.each([
    ['ratings.csv', 'x,y,much,1\r\n', 'the rating "much" is not a number'],
    ['ratings.csv', 'x,y,1,\r\n', 'the time is empty'],
    ['ratings.csv', 'x,y,1\r\n', 'it has 3 fields instead of 4'],
    ['items.csv', 'NA,,,\r\n', 'the id "NA" stands in an earlier line already'],
    ['items.csv', 'z,,later,\r\n', 'the year "later" is not a whole number'],
    ['users.csv', 'z,old,\r\n', 'the age "old" is not a number'],
    ['users.csv', 'z,,[1]\r\n', 'the zip "[1]" is neither a text nor a number in JSON'],
    ['users.csv', ',1,\r\n', 'the user is empty'],
  ])('that were changed by hand are refused with the line: %s %j', async (name, line, reason) => {
    const files = filesOf(MINI, 'csv')
    const text = files[`d/${name}`]!
    await expect(importFrom(palateCsv, { ...files, [`d/${name}`]: text + line })).rejects.toMatchObject({
      code: 'ROW_INVALID',
      details: { path: `mem/d/${name}`, byteOffset: Buffer.byteLength(text), reason },
    })
  })

  it('may get new users and items in their ratings by hand', async () => {
    const files = filesOf(MINI, 'csv')
    const content = await importFrom(palateCsv, { ...files, 'd/ratings.csv': `${files['d/ratings.csv']!}new,newer,4,1\r\n` })
    expect(ratingsOf(content).at(-1)).toBe('new newer 4 1')
    expect([content.users.length, content.items.length]).toEqual([4, 4])
  })

  it('are refused when a line could not be read again', () => {
    const long = { ...MINI, users: [{ userId: 'é'.repeat(600_000), attributes: null }, ...MINI.users.slice(1)] }
    expect(() => filesOf(long, 'csv')).toThrow(
      `The data set cannot be exported: a line of ratings.csv would be longer than 1 MiB: it begins with "${'é'.repeat(60)}…". Shorten its ids or titles at their source and import it again.`,
    )
  })
})

const hostile = fc
  .oneof(
    { weight: 6, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }) },
    {
      weight: 6,
      arbitrary: fc.string({
        unit: fc.constantFrom(
          'a',
          '0',
          '"',
          "'",
          ',',
          '\t',
          '\r',
          '\n',
          ' ',
          '=',
          '+',
          '-',
          '@',
          '%',
          '|',
          '[',
          ':',
          ';',
          '\\',
          '\u0085',
          '\u2028',
          'é',
          '😀',
          '\ufeff',
        ),
        minLength: 1,
        maxLength: 8,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        'NA',
        'nan',
        'null',
        'None',
        '#N/A',
        '007',
        '7',
        '9007199254740993',
        '%',
        '%09',
        '%2509',
        "''=",
        '""',
        '[]',
        '__proto__',
        'constructor',
      ),
    },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 20_000 }).map((length) => 'long"'.repeat(length).slice(0, length)) },
  )
  // No source can hold these: they are refused when they are read.
  .map((text) => text.replaceAll('\0', 'n').toWellFormed())
const finite = { noNaN: true, noDefaultInfinity: true } as const
/** Readers take no number that is no 32-bit float by its size. */
const sized = { ...finite, min: -1e30, max: 1e30 } as const
const plus = (value: number) => value + 0
const attributes = fc.option(
  fc
    .dictionary(hostile, fc.oneof(hostile, fc.constant(''), fc.double(sized).map(plus)), { minKeys: 1, maxKeys: 4 })
    .map((record) => ({ ...record })),
  { nil: null },
)

const datasets: fc.Arbitrary<WrittenDataset> = fc
  .record({
    users: fc.uniqueArray(fc.record({ userId: hostile, attributes }), {
      selector: ({ userId }) => userId,
      minLength: 1,
      maxLength: 8,
    }),
    items: fc.uniqueArray(
      fc.record({
        itemId: hostile,
        title: fc.option(hostile, { nil: null }),
        year: fc.option(fc.integer({ min: -3000, max: 3000 }), { nil: null }),
        genres: fc.array(hostile, { maxLength: 3 }),
      }),
      { selector: ({ itemId }) => itemId, minLength: 1, maxLength: 8 },
    ),
    rows: fc.array(
      fc.record({
        user: fc.nat(),
        item: fc.nat(),
        rating: fc.float(finite).map(plus),
        time: fc.oneof(fc.double(sized).map(plus), fc.nat()),
      }),
      { minLength: 1, maxLength: 30 },
    ),
    timeKind: fc.constantFrom('unix-seconds' as const, 'per-user-rank' as const, 'file-order' as const),
    cuts: fc.uniqueArray(fc.double({ ...finite, min: -1e6, max: 1e6 }).map(plus), { minLength: 4, maxLength: 4 }),
    name: hostile,
  })
  .map(({ users, items, rows, timeKind, cuts, name }) => {
    const [min, negativeTo, positiveFrom, max] = cuts.toSorted((a, b) => a - b) as [number, number, number, number]
    return {
      name,
      users,
      items,
      timeKind,
      scale: { min, max, positiveFrom, negativeTo },
      columns: {
        userIndex: Int32Array.from(rows, ({ user }) => user % users.length),
        itemIndex: Int32Array.from(rows, ({ item }) => item % items.length),
        rating: Float32Array.from(rows, ({ rating }) => rating),
        time: Float64Array.from(rows, ({ time }) => time),
      },
    }
  })

describe('a data set that is exported and imported again', () => {
  it.each([
    ['csv', true],
    ['csv', false],
    ['recbole', true],
  ] as const)('is the same data set, whatever its ids hold: %s, formula guard %s', async (format, guard) => {
    await fc.assert(
      fc.asyncProperty(datasets, async (dataset) => {
        expect(await again(dataset, format, guard)).toEqual(withoutName(dataset))
      }),
      { numRuns: 150, seed: 5 },
    )
  })

  it.each(['csv', 'recbole'] as const)('is the same data set with 10,000 rows: %s', async (format) => {
    const ids = [...new Set(fc.sample(hostile, { numRuns: 1500, seed: 7 }).map((text) => text.slice(0, 40)))]
    const size = 10_000
    const dataset: WrittenDataset = {
      ...MINI,
      users: ids.map((userId) => ({ userId, attributes: null })),
      items: ids.map((itemId) => ({ itemId, title: itemId, year: null, genres: [] })),
      columns: {
        userIndex: Int32Array.from({ length: size }, (_, row) => (row * 7919) % ids.length),
        itemIndex: Int32Array.from({ length: size }, (_, row) => (row * 104_729) % ids.length),
        rating: Float32Array.from(fc.sample(fc.float(finite).map(plus), { numRuns: size, seed: 3 })),
        time: Float64Array.from({ length: size }, (_, row) => 1_500_000_000 + row / 3),
      },
    }
    expect(await again(dataset, format)).toEqual(withoutName(dataset))
  })
})
