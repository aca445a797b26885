import { describe, expect, it } from 'vitest'
import delimited from '../../../../../src-main/engine/data/readers/delimited.ts'
import retailrocket from '../../../../../src-main/engine/data/readers/retailrocket.ts'
import { memoryTree } from '../../../../support/memory-tree.ts'
import { importFrom, ratingsOf } from '../../../../support/read-table.ts'

const EVENTS =
  'timestamp,visitorid,event,itemid,transactionid\n1433221332117,257597,view,355908,\n1433224214164,992329,addtocart,248676,\n1433222276276,111016,transaction,355908,4000\n1433222276277,111016,view,7,\n'
const PROPERTIES = (rows: string) => `timestamp,itemid,property,value\n${rows}`
const SHOP = {
  'rr/events.csv': EVENTS,
  'rr/item_properties_part1.csv': PROPERTIES(
    '1435460400000,355908,categoryid,1338\n1435460400000,355908,888,1116713 960601 n277.200\n1441508400000,248676,categoryid,1\n',
  ),
  'rr/item_properties_part2.csv': PROPERTIES('1431226800000,248676,categoryid,99\n1431226800000,1234,categoryid,5\n'),
  'rr/category_tree.csv': 'categoryid,parentid\n1338,1278\n1278,140\n140,\n1,2\n2,1\n',
}

describe('retailrocket', () => {
  it('reads events with their milliseconds, and the last category of each item with those above it', async () => {
    const content = await importFrom(retailrocket, SHOP)
    expect(ratingsOf(content)).toEqual([
      '257597 355908 2 1433221332.117',
      '992329 248676 4 1433224214.164',
      '111016 355908 5 1433222276.276',
      '111016 7 2 1433222276.277',
    ])
    // Items that nobody touched are none; a category above itself ends the way up.
    expect(content.items.map(({ itemId, genres }) => [itemId, genres])).toEqual([
      ['355908', ['140', '1278', '1338']],
      ['248676', ['2', '1']],
      ['7', []],
    ])
    expect(content).toMatchObject({ scale: { min: 1, max: 5, positiveFrom: 4, negativeTo: 1 }, duplicatesPolicy: 'all' })
  })

  it('reads the events alone, under any name', async () => {
    const content = await importFrom(retailrocket, { 'x.txt': EVENTS })
    expect(content.counts).toEqual({ read: 4, accepted: 4, rejected: 0, duplicates: 0 })
    expect(content.items.map((item) => item.genres)).toEqual([[], [], []])
  })

  it('is surer of its files than the general reader, and leaves others to it', async () => {
    const sure = async (reader: typeof delimited, files: Record<string, string>) =>
      (await reader.recognise(memoryTree(files), {})).confidence
    expect(await sure(retailrocket, SHOP)).toBeCloseTo(0.99)
    expect(await sure(retailrocket, { 'events.csv': EVENTS })).toBeCloseTo(0.96)
    expect(await sure(delimited, SHOP)).toBeCloseTo(0.92)
    expect(await sure(retailrocket, { 'events.csv': 'time,user,event,item\n1,2,view,3\n' })).toBe(0)
  })

  it.each([
    [
      'events.csv',
      '1433221332117,1,view,2',
      6,
      'it has 4 fields instead of 5 (timestamp, visitorid, event, itemid, transactionid)',
    ],
    ['events.csv', '1433221332117,1,fly,2,', 6, 'the behaviour "fly" has no meaning yet'],
    ['item_properties_part1.csv', '1,2,categoryid', 5, 'it has 3 fields instead of 4'],
    ['item_properties_part1.csv', 'soon,2,categoryid,7', 5, 'the time "soon" is not a number'],
    ['item_properties_part1.csv', '1435460400000,,categoryid,7', 5, 'the item is empty'],
    ['category_tree.csv', '1,2,3', 7, 'it has 3 fields instead of 2'],
  ])('names what is wrong in %s with %j', async (file, line, at, reason) => {
    const path = `rr/${file}` as keyof typeof SHOP
    await expect(importFrom(retailrocket, { ...SHOP, [path]: `${SHOP[path]}${line}\n` })).rejects.toMatchObject({
      code: 'ROW_INVALID',
      details: { path: `mem/${path}`, line: at, byteOffset: SHOP[path].length, reason, rawText: line },
    })
  })

  it('refuses a catalogue of other columns', async () => {
    const files = { ...SHOP, 'rr/category_tree.csv': 'id,above\n1,2\n' }
    await expect(importFrom(retailrocket, files)).rejects.toMatchObject({
      code: 'ROW_INVALID',
      details: { line: 1, reason: 'the first line does not name the columns categoryid, parentid' },
    })
  })

  it('says what it misses', async () => {
    await expect(importFrom(retailrocket, { 'a.csv': 'x,y\n1,2\n' })).rejects.toMatchObject({
      code: 'FORMAT_UNKNOWN',
      message:
        'mem has no events.csv, which the format retailrocket wants. Choose the folder, zip or file that holds it, or another format.',
    })
  })
})
