import { describe, expect, it } from 'vitest'
import type { ImportSettings } from '../../../../../src-main/contract/dto/import-settings.ts'
import amazonCsv from '../../../../../src-main/engine/data/readers/amazon-csv.ts'
import { readers } from '../../../../../src-main/engine/data/readers/catalogue.gen.ts'
import { memoryTree } from '../../../../support/memory-tree.ts'
import { importFrom, ratingsOf } from '../../../../support/read-table.ts'

const USER_FIRST =
  'A2IBPI20UZIR0U,1384719342,5.0,1393545600\nA14VAT5EAX3D9S,B00004Y2UT,2.0,1363392000\nAKM1MP6P0OYPR,B00004Y2UT,4.0,1363392001\n'
const ITEM_FIRST =
  '0151004714,A1C6M8LCIX4M6M,5.0,1123804800\n0380709473,A1REUF3A1YCPHM,2.0,1112140800\nB00004Y2UT,A1YRBRK2XM5D5,1.0,1081036800\n'
const OF_2023 =
  'user_id,parent_asin,rating,timestamp\nAGKHLEW2SOWHNMFQIJGBECAF7INQ,B07PNNCSP9,5.0,1588687728923\nAGCI7FAH4GL5FI65HYLKWTMFZ2CQ,B09W5PMK5X,1.0,1588687728924\n'

const recognise = (files: Record<string, string>, settings: ImportSettings = {}) =>
  amazonCsv.recognise(memoryTree(files), settings)

describe('amazon-csv', () => {
  it('tells users from products by their ids, in either order', async () => {
    const first = await recognise({ 'ratings_Books.csv': USER_FIRST })
    expect(first.settings).toMatchObject({ header: false, columns: { user: '1', item: '2', rating: '3', time: '4' } })
    expect(ratingsOf(await importFrom(amazonCsv, { 'x.csv': USER_FIRST }))).toEqual([
      'A2IBPI20UZIR0U 1384719342 5 1393545600',
      'A14VAT5EAX3D9S B00004Y2UT 2 1363392000',
      'AKM1MP6P0OYPR B00004Y2UT 4 1363392001',
    ])
    const second = await recognise({ 'Books.csv': ITEM_FIRST })
    expect(second.settings).toMatchObject({ header: false, columns: { user: '2', item: '1', rating: '3', time: '4' } })
    const content = await importFrom(amazonCsv, { 'Books.csv': ITEM_FIRST })
    expect(ratingsOf(content)).toEqual([
      'A1C6M8LCIX4M6M 0151004714 5 1123804800',
      'A1REUF3A1YCPHM 0380709473 2 1112140800',
      'A1YRBRK2XM5D5 B00004Y2UT 1 1081036800',
    ])
    expect(content).toMatchObject({ timeKind: 'unix-seconds', scale: { min: 1, max: 5, positiveFrom: 4, negativeTo: 2 } })
  })

  it('reads the ratings of 2023 by their header, in milliseconds', async () => {
    expect(ratingsOf(await importFrom(amazonCsv, { 'All_Beauty.csv': OF_2023 }))).toEqual([
      'AGKHLEW2SOWHNMFQIJGBECAF7INQ B07PNNCSP9 5 1588687728.923',
      'AGCI7FAH4GL5FI65HYLKWTMFZ2CQ B09W5PMK5X 1 1588687728.924',
    ])
  })

  it.each([
    ['users first', USER_FIRST],
    ['items first', ITEM_FIRST],
    ['a header', OF_2023],
  ])('is surer than every other reader: %s', async (_what, text) => {
    const sure = await Promise.all(
      readers.map(async (reader) => ({
        id: reader.id,
        confidence: (await reader.recognise(memoryTree({ 'x.csv': text }), {})).confidence,
      })),
    )
    const [best, next] = sure.toSorted((a, b) => b.confidence - a.confidence)
    expect(best!.id).toBe('amazon-csv')
    expect(best!.confidence).toBeGreaterThan(0.9)
    expect(best!.confidence).toBeGreaterThan(next!.confidence)
  })

  it('finds the same settings again, and heeds what a person says', async () => {
    const { settings } = await recognise({ 'Books.csv': ITEM_FIRST })
    expect((await recognise({ 'Books.csv': ITEM_FIRST }, settings)).settings).toEqual(settings)
    const turned = await recognise({ 'Books.csv': ITEM_FIRST }, { columns: { user: '1', item: '2' } })
    // Said of users that look like products: any table may hold those.
    expect(turned.confidence).toBe(0)
  })

  it.each([
    ['ids of other shapes', '1,10,5,881250949\n2,11,3,881250950\n'],
    ['products alone', '1384719342,B00004Y2UT,5.0,1393545600\nB00004Y2UT,1384719342,5.0,1393545600\n'],
    ['one user among numbers', 'A2IBPI20UZIR0U,1384719342,5.0,1393545600\n17,1384719342,5.0,1393545600\n'],
    ['reviewers and times', 'A2IBPI20UZIR0U,x,5.0,1393545600\nA14VAT5EAX3D9S,y,5.0,1393545601\n'],
    ['two columns', 'A2IBPI20UZIR0U,1384719342\nA14VAT5EAX3D9S,B00004Y2UT\n'],
    ['nothing', ''],
  ])('leaves to others: %s', async (_what, text) => {
    expect((await recognise({ 'x.csv': text })).confidence).toBe(0)
  })

  it('refuses a line as every table does', async () => {
    const good = USER_FIRST.repeat(4)
    await expect(importFrom(amazonCsv, { 'x.csv': `${good}A14VAT5EAX3D9S,,5.0,1393545600\n` })).rejects.toMatchObject({
      code: 'ROW_INVALID',
      details: { path: 'mem/x.csv', line: 13, byteOffset: good.length, reason: 'the item is empty' },
    })
  })

  it('takes titles from the catalogue beside it', async () => {
    const meta = '{"asin":"B00004Y2UT","title":"Fender","categories":[["Musical Instruments","Guitars"]]}\n'
    const { items } = await importFrom(amazonCsv, { 'ratings_Music.csv': USER_FIRST, 'meta_Music.json': meta })
    expect(items[1]).toEqual({ itemId: 'B00004Y2UT', title: 'Fender', year: null, genres: ['Musical Instruments', 'Guitars'] })
  })
})
