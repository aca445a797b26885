import { describe, expect, it } from 'vitest'
import type { ImportSettings } from '../../../../../src-main/contract/dto/import-settings.ts'
import amazonJson from '../../../../../src-main/engine/data/readers/amazon-json.ts'
import { readers } from '../../../../../src-main/engine/data/readers/catalogue.gen.ts'
import { previewDataset } from '../../../../../src-main/engine/data/reading/read-dataset.ts'
import { memoryTree } from '../../../../support/memory-tree.ts'
import { importFrom, ratingsOf } from '../../../../support/read-table.ts'

const OF_2014 = [
  '{"reviewerID": "A2IBPI20UZIR0U", "asin": "1384719342", "reviewerName": "cass \\"Yeah\\"", "helpful": [0, 0], "reviewText": "Pop, {filter}", "overall": 5.0, "unixReviewTime": 1393545600, "reviewTime": "02 28, 2014"}',
  '{"reviewerID": "A14VAT5EAX3D9S", "asin": "1384719342", "helpful": [13, 14], "reviewText": "na\u00efve", "overall": 4.0, "unixReviewTime": 1363392000, "reviewTime": "03 16, 2013"}',
  '{"reviewerID": "A2IBPI20UZIR0U", "asin": "B00004Y2UT", "helpful": [0, 0], "reviewText": "", "overall": 1.0, "unixReviewTime": 1393545601, "reviewTime": "02 28, 2014"}',
  '',
].join('\n')
const OF_2018 = [
  '{"overall": 5.0, "vote": "3", "verified": true, "reviewTime": "09 4, 2015", "reviewerID": "A3O9D1", "asin": "0511189877", "style": {"Format:": " Kindle"}, "reviewerName": "x", "reviewText": "y", "unixReviewTime": 1441324800}',
  '{"overall": 2.0, "verified": false, "reviewTime": "10 20, 2016", "reviewerID": "A1C6M8", "asin": "0511189877", "image": ["https://a/b.jpg"], "unixReviewTime": 1476921600}',
  '',
].join('\n')
const OF_2023 = [
  '{"rating": 5.0, "title": "Nice", "text": "t", "images": [], "asin": "B00YQ6X8EO", "parent_asin": "B00PARENT1", "user_id": "AGKHLEW2SOWHNMFQIJGBECAF7INQ", "timestamp": 1588687728923, "helpful_vote": 0, "verified_purchase": true}',
  '{"rating": 1.0, "title": "Bad", "text": "t", "images": [], "asin": "B081TJ8YS3", "parent_asin": "B00PARENT1", "user_id": "AGKHLEW2SOWHNMFQIJGBECAF7INR", "timestamp": 1588687729000, "helpful_vote": 2, "verified_purchase": false}',
  '',
].join('\n')

const sure = async (files: Record<string, string>, settings: ImportSettings = {}) =>
  (await amazonJson.recognise(memoryTree(files), settings)).confidence

describe('amazon-json', () => {
  it.each([
    [
      '2014',
      OF_2014,
      [
        'A2IBPI20UZIR0U 1384719342 5 1393545600',
        'A14VAT5EAX3D9S 1384719342 4 1363392000',
        'A2IBPI20UZIR0U B00004Y2UT 1 1393545601',
      ],
    ],
    ['2018', OF_2018, ['A3O9D1 0511189877 5 1441324800', 'A1C6M8 0511189877 2 1476921600']],
    [
      '2023',
      OF_2023,
      ['AGKHLEW2SOWHNMFQIJGBECAF7INQ B00PARENT1 5 1588687728.923', 'AGKHLEW2SOWHNMFQIJGBECAF7INR B00PARENT1 1 1588687729'],
    ],
  ])('reads the fields of %s', async (_year, text, rows) => {
    const content = await importFrom(amazonJson, { 'anything.txt': text })
    expect(ratingsOf(content)).toEqual(rows)
    expect(content).toMatchObject({ timeKind: 'unix-seconds', scale: { min: 1, max: 5, positiveFrom: 4, negativeTo: 2 } })
    expect(await sure({ 'anything.txt': text })).toBeCloseTo(0.98)
    for (const reader of readers.filter(({ id }) => id !== amazonJson.id)) {
      expect((await reader.recognise(memoryTree({ 'anything.txt': text }), {})).confidence).toBeLessThan(0.95)
    }
  })

  it('finds the same settings again when it is given those that it found', async () => {
    const tree = memoryTree({ 'a.json': OF_2023 })
    const first = await amazonJson.recognise(tree, {})
    expect(first.settings).toEqual({
      file: 'a.json',
      columns: { user: 'user_id', item: 'parent_asin', rating: 'rating', time: 'timestamp' },
      timeUnit: 'milliseconds',
    })
    expect((await amazonJson.recognise(tree, first.settings)).settings).toEqual(first.settings)
  })

  it('takes the fields that a person names, and says which there are when one is not', async () => {
    const content = await importFrom(amazonJson, { 'a.json': OF_2023 }, { columns: { item: 'asin' } })
    expect(content.items.map(({ itemId }) => itemId)).toEqual(['B00YQ6X8EO', 'B081TJ8YS3'])
    await expect(sure({ 'a.json': OF_2018 }, { columns: { item: 'sku' } })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message:
        'There is no field "sku" for the item. The fields are: overall, vote, reviewTime, reviewerID, asin, reviewerName, reviewText, unixReviewTime.',
    })
  })

  it('reads the dates of reviews that have no Unix time', async () => {
    const text =
      '{"reviewerID":"A1","asin":"B1","overall":3,"reviewTime":"02 28, 2014"}\n{"reviewerID":"A2","asin":"B1","overall":3,"reviewTime":"9 4, 2015"}\n'
    expect(ratingsOf(await importFrom(amazonJson, { 'a.json': text }))).toEqual(['A1 B1 3 1393545600', 'A2 B1 3 1441324800'])
  })

  it('reads lines of other houses by the names of their fields, and reads no ratings as positive feedback', async () => {
    const stars = '{"review_id":"r1","user_id":"u1","business_id":"b1","stars":4,"date":"2018-01-31 00:00:01"}\n'
    expect(ratingsOf(await importFrom(amazonJson, { 'review.json': stars }))).toEqual(['u1 b1 4 1517356801'])
    const plays = '{"user":"u1","track":"t1"}\n{"user":"u1","track":"t2"}\n'
    const found = await amazonJson.recognise(memoryTree({ 'plays.json': plays }), {})
    expect(found.warnings).toEqual([
      'No field holds ratings: every line will be read as positive feedback.',
      'No field holds times: the order in the file stands for them.',
    ])
    const content = await importFrom(amazonJson, { 'plays.json': plays })
    expect(ratingsOf(content)).toEqual(['u1 t1 1 0', 'u1 t2 1 1'])
    expect(content).toMatchObject({ timeKind: 'file-order', scale: { min: 0, max: 1, positiveFrom: 1, negativeTo: 0 } })
  })

  it('keeps ids that are numbers as they are written', async () => {
    const line = (user: string) => `{"user_id":${user},"asin":"007","rating":3,"timestamp":1588687728}\n`
    const text = line('9007199254740992') + line('9007199254740993') + line('7.0')
    const { users } = await importFrom(amazonJson, { 'a.jsonl': text })
    expect(users.map(({ userId }) => userId)).toEqual(['9007199254740992', '9007199254740993', '7.0'])
  })

  it("reads Python's way of writing without evaluating anything", async () => {
    const text =
      "{'reviewerID': 'A1', 'asin': u'B\\x31', 'overall': 5.0, 'unixReviewTime': 1393545600, 'note': \"it's\", 'sold': None, 'dim': (1, 2,), 'new': True}\n" +
      "{'reviewerID': 'A\\u00e9', 'asin': 'B2', 'overall': 4, 'unixReviewTime': 1393545601, 'note': 'say \\'hi\\''}\n"
    expect(ratingsOf(await importFrom(amazonJson, { 'a.json': text }))).toEqual(['A1 B1 5 1393545600', 'Aé B2 4 1393545601'])
    const call = "{'reviewerID': __import__('os'), 'asin': 'B2', 'overall': 4, 'unixReviewTime': 1393545601}\n"
    await expect(importFrom(amazonJson, { 'a.json': text + call })).rejects.toMatchObject({
      details: { line: 3, reason: 'it is no valid Python literal: "_" at byte 16' },
    })
  })

  it('is not sure of a catalogue alone, of prose, or of an empty file', async () => {
    expect(await sure({ 'meta_Books.json': '{"asin":"B1","title":"x","price":3}\n' })).toBe(0)
    expect(await sure({ 'a.json': '[\n  1,\n  2\n]\n' })).toBe(0)
    expect(await sure({ 'a.json': '' })).toBe(0)
    expect(await sure({ 'a.json': `${OF_2018}x\ny\n` })).toBeCloseTo(0.49)
  })

  it('takes one file of several and names the others', async () => {
    const found = await amazonJson.recognise(
      memoryTree({ 'a/Books.json': OF_2014, 'a/Toys.json': OF_2018, 'a/x.csv': 'a,b\n' }),
      {},
    )
    expect(found.settings.file).toBe('a/Books.json')
    expect(found.warnings).toEqual(['Other files hold feedback too (a/Toys.json): choose one of them to read it instead.'])
    const other = await importFrom(amazonJson, { 'a/Books.json': OF_2014, 'a/Toys.json': OF_2018 }, { file: 'a/Toys.json' })
    expect(other.users).toHaveLength(2)
  })

  it('leaves out what a person calls missing', async () => {
    const { missing, counts } = await importFrom(amazonJson, { 'a.json': OF_2014 }, { missing: ['1.0'] })
    expect({ missing, read: counts.read }).toEqual({ missing: 1, read: 2 })
  })
})

describe('lines that cannot be read', () => {
  const bad = (fields: string) => `{${fields}}`
  it.each([
    [bad('"reviewerID":"A1","overall":5,"unixReviewTime":1'), 'the field "asin" is missing'],
    [bad('"reviewerID":"","asin":"B1","overall":5,"unixReviewTime":1'), 'the field "reviewerID" is empty'],
    [
      bad('"reviewerID":["A1"],"asin":"B1","overall":5,"unixReviewTime":1'),
      'the field "reviewerID" holds neither a text nor a number',
    ],
    [
      bad('"reviewerID":"A1","asin":"B1","overall":null,"unixReviewTime":1'),
      'the field "overall" holds neither a text nor a number',
    ],
    [bad('"reviewerID":"A1","asin":"B1","overall":"five","unixReviewTime":1'), 'the overall "five" is not a number'],
    [bad('"reviewerID":"A1","asin":"B1","overall":NaN,"unixReviewTime":1'), 'the overall "NaN" is not a finite number'],
    [bad('"reviewerID":"A1","asin":"B1","overall":1e999,"unixReviewTime":1'), 'the overall "1e999" is too large for a number'],
    [bad('"reviewerID":"A1","asin":"B1","overall":5,"unixReviewTime":"now"'), 'the time "now" is not a number'],
    [bad('"reviewerID":"A1","asin":"B1","overall":5,"overall":1,"unixReviewTime":1'), 'the field "overall" stands twice'],
    [bad('"reviewerID":"A1","\\u0061sin":"B1","asin":"B1"'), 'the field "asin" stands twice'],
    [bad('"reviewerID":"A\\u0000","asin":"B1"'), 'it holds an escaped NUL'],
    [bad('"reviewerID":"A\\ud83d","asin":"B1"'), 'it holds half a character, escaped'],
    [bad('"reviewerID":"A\\q","asin":"B1"'), 'it holds the escape "\\q", which nobody defined'],
    [bad('"reviewerID":"A1","asin"'), 'it is no valid JSON: "}" at byte 26'],
    ['{"reviewerID":\'A1\'}', 'it is no valid JSON: "\'" at byte 15'],
    ['{"reviewerID":"A1","asin":"B1"', 'it ends before its object does'],
    ['{"reviewerID":"A1"} x', 'it goes on after its closing brace'],
    ['["A1","B1",5]', 'it is no JSON object'],
    [`{"a":${'['.repeat(100)}${']'.repeat(100)}}`, 'it is nested deeper than 64 levels'],
  ])('%s is refused with its reason, line and byte', async (line, reason) => {
    const text = `${OF_2014}${line}\n${OF_2018}`
    const byteOffset = Buffer.byteLength(OF_2014)
    await expect(importFrom(amazonJson, { 'a.json': text })).rejects.toMatchObject({
      code: 'ROW_INVALID',
      details: { path: 'mem/a.json', line: 4, byteOffset, reason, rawText: line.length > 200 ? `${line.slice(0, 200)}…` : line },
    })
    const { counts } = await importFrom(amazonJson, { 'a.json': text }, {}, 'skip')
    expect(counts).toEqual({ read: 6, accepted: 5, rejected: 1, duplicates: 0 })
  })

  it('a rating outside the chosen scale is one', async () => {
    const scale = { min: 1, max: 4, positiveFrom: 3, negativeTo: 1 }
    await expect(importFrom(amazonJson, { 'a.json': OF_2014 }, { scale })).rejects.toMatchObject({
      details: { line: 1, reason: 'the rating 5 lies outside the scale from 1 to 4' },
    })
  })

  it('a last line that is cut is reported, and ends nothing', async () => {
    const { counts, rejectedRows } = await importFrom(amazonJson, { 'a.json': `${OF_2014}{"reviewerID": "A9", "asi` })
    expect(counts).toEqual({ read: 4, accepted: 3, rejected: 1, duplicates: 0 })
    expect(rejectedRows[0]).toMatchObject({
      line: 4,
      reason: 'the file ends in the middle of this line: it ends before its object does',
    })
  })

  it('a line above 1 MiB ends the import', async () => {
    const text = `${OF_2014}{"reviewerID":"A1","reviewText":"${'x'.repeat(1024 * 1024)}"}\n`
    await expect(importFrom(amazonJson, { 'a.json': text }, {}, 'skip', 65536)).rejects.toMatchObject({
      code: 'INPUT_REFUSED',
      message: 'mem/a.json was not imported: line 4 is longer than 1 MiB. Nothing was kept.',
    })
  })
})

describe('a catalogue beside the reviews', () => {
  const META_2014 =
    "{'asin': '1384719342', 'categories': [['Musical Instruments', 'Filters'], ['Musical Instruments', 'Mics']], 'title': 'Pop &amp; Hiss', 'salesRank': {'MI': 7}}\n" +
    "{'asin': 'B000UNSOLD', 'title': \"It's unsold\"}\n{'asin': '1384719342', 'title': 'Again'}\n"

  it('gives titles and categories to the products that were rated, and adds none', async () => {
    const files = { 'reviews_Musical_Instruments_5.json': OF_2014, 'meta_Musical_Instruments.json': META_2014 }
    expect((await importFrom(amazonJson, files)).items).toEqual([
      { itemId: '1384719342', title: 'Pop & Hiss', year: null, genres: ['Musical Instruments', 'Filters', 'Mics'] },
      { itemId: 'B00004Y2UT', title: null, year: null, genres: [] },
    ])
    const preview = await previewDataset(amazonJson, memoryTree(files), {}, 2)
    expect(preview.rows[0]).toMatchObject({ line: 1, title: 'Pop & Hiss', feedback: 'positive' })
  })

  it('is read in the fields of 2018 and 2023', async () => {
    const meta2018 =
      '{"asin":"0511189877","title":"Remote","category":["Electronics","<span>x</span>"],"brand":"CLIKR","also_buy":[]}\n'
    const meta2023 =
      '{"main_category":"Beauty","title":"Brush","categories":[],"parent_asin":"B00PARENT1","details":{"a":{"b":1}}}\n'
    const of2018 = await importFrom(amazonJson, { 'x/Electronics_5.json': OF_2018, 'x/meta_Electronics.json': meta2018 })
    expect(of2018.items).toEqual([{ itemId: '0511189877', title: 'Remote', year: null, genres: ['Electronics'] }])
    const of2023 = await importFrom(amazonJson, { 'x/All_Beauty.jsonl': OF_2023, 'x/meta_All_Beauty.jsonl': meta2023 })
    expect(of2023.items).toEqual([{ itemId: 'B00PARENT1', title: 'Brush', year: null, genres: ['Beauty'] }])
  })

  it('of another category is left alone beside a file that a person chose', async () => {
    const tree = memoryTree({ 'Toys.json': OF_2014, 'meta_Books.json': META_2014 })
    const preview = await previewDataset(amazonJson, { ...tree, chosen: tree.files[0] }, {}, 1)
    expect(preview.rows[0]!.title).toBeNull()
  })

  it('that cannot be read is refused with its own line', async () => {
    const files = { 'Toys.json': OF_2014, 'meta_Toys.json': `${META_2014}oops\n` }
    await expect(importFrom(amazonJson, files)).rejects.toMatchObject({
      details: { path: 'mem/meta_Toys.json', line: 4, reason: 'it is no JSON object' },
    })
  })
})
