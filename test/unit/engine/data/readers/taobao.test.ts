import { describe, expect, it } from 'vitest'
import delimited from '../../../../../src-main/engine/data/readers/delimited.ts'
import taobao from '../../../../../src-main/engine/data/readers/taobao.ts'
import { memoryTree } from '../../../../support/memory-tree.ts'
import { importFrom, ratingsOf } from '../../../../support/read-table.ts'

const LOG =
  '1,2268318,2520377,pv,1511544070\n1,2333346,2520771,cart,1511561733\n100,2268318,2520377,buy,1511572885\n100,2333346,2520771,fav,1511572886\n1,2268318,2520377,pv,1511572887\n'

describe('taobao', () => {
  it('reads every event, its behaviour as feedback and its category as the genre of the item', async () => {
    const content = await importFrom(taobao, { 'UserBehavior.csv': LOG })
    expect(ratingsOf(content)).toEqual([
      '1 2268318 2 1511544070',
      '1 2333346 4 1511561733',
      '100 2268318 5 1511572885',
      '100 2333346 4 1511572886',
      '1 2268318 2 1511572887',
    ])
    expect(content.items).toEqual([
      { itemId: '2268318', title: null, year: null, genres: ['2520377'] },
      { itemId: '2333346', title: null, year: null, genres: ['2520771'] },
    ])
    expect(content).toMatchObject({
      scale: { min: 1, max: 5, positiveFrom: 4, negativeTo: 1 },
      timeKind: 'unix-seconds',
      duplicatesPolicy: 'all',
      counts: { read: 5, accepted: 5, rejected: 0, duplicates: 0 },
    })
  })

  it('reads a log with a header, in any order, under any name', async () => {
    const text = 'behavior_type,time,item_category,item_id,user_id\npv,1511544070,9,i,u\nbuy,1511544071,,j,u\n'
    const content = await importFrom(taobao, { 'x.txt': text })
    expect(ratingsOf(content)).toEqual(['u i 2 1511544070', 'u j 5 1511544071'])
    expect(content.items.map((item) => item.genres)).toEqual([['9'], []])
  })

  it('means what a person says', async () => {
    const settings = { behaviours: { pv: { feedback: 'negative', rating: -1 } }, duplicates: 'first' } as const
    const content = await importFrom(taobao, { 'a.csv': LOG }, settings)
    expect(ratingsOf(content)[0]).toBe('1 2268318 -1 1511544070')
    expect(content).toMatchObject({ scale: { min: -1, max: 5, positiveFrom: 4, negativeTo: -1 }, counts: { duplicates: 1 } })
  })

  it('is surer of such a log than the general reader, and leaves others to it', async () => {
    const sure = async (reader: typeof taobao, text: string) =>
      (await reader.recognise(memoryTree({ 'some.csv': text }), {})).confidence
    expect(await sure(taobao, LOG)).toBeCloseTo(0.85)
    expect(await sure(delimited, LOG)).toBeCloseTo(0.65)
    expect(await sure(taobao, '1,10,pv,1511544070\n2,10,buy,1511544071\n')).toBe(0)
    expect(await sure(taobao, '1,10,3,4,1511544070\n2,10,3,1,1511544071\n')).toBe(0)
    expect(await sure(taobao, 'user,item,session,event,time\n1,2,3,pv,1511544070\n1,2,3,pv,1511544071\n')).toBe(0)
    expect(await sure(taobao, '')).toBe(0)
  })

  it('finds the settings again that it found', async () => {
    const tree = memoryTree({ 'a.csv': LOG })
    const first = await taobao.recognise(tree, {})
    expect(await taobao.recognise(tree, first.settings)).toMatchObject({ settings: first.settings })
    expect(first.columns.map(({ name, role }) => [name, role])).toEqual([
      ['column 1', 'user'],
      ['column 2', 'item'],
      ['category', null],
      ['column 4', 'behaviour'],
      ['column 5', 'time'],
    ])
  })

  it('reports a last line that the download cut, and keeps the rows before it', async () => {
    const rows = LOG.repeat(4)
    const content = await importFrom(taobao, { 'a.csv': `${rows}100,531979,3372283,pv` })
    expect(content.counts).toEqual({ read: 21, accepted: 20, rejected: 1, duplicates: 0 })
    expect(content.rejectedRows).toEqual([
      {
        file: 'mem/a.csv',
        line: 21,
        byteOffset: rows.length,
        reason: 'the file ends in the middle of this line: it has 4 fields instead of 5',
        rawText: '100,531979,3372283,pv',
      },
    ])
    expect(content.items).toHaveLength(2)
  })

  it.each([
    ['1,2,3,teleport,1511544070', 'the behaviour "teleport" has no meaning yet'],
    ['1,2,3,pv,yesterday', 'the time "yesterday" is not a number'],
    ['1,,3,pv,1511544070', 'the item is empty'],
    ['1,2,pv,1511544070', 'it has 4 fields instead of 5'],
  ])('refuses the line %j and says why', async (line, reason) => {
    await expect(importFrom(taobao, { 'a.csv': `${LOG.repeat(3)}${line}\n` })).rejects.toMatchObject({
      code: 'ROW_INVALID',
      details: { path: 'mem/a.csv', line: 16, byteOffset: LOG.length * 3, reason, rawText: line },
    })
  })

  it('says what it misses', async () => {
    await expect(importFrom(taobao, { 'a.csv': 'x,y\n1,2\n' })).rejects.toMatchObject({
      code: 'FORMAT_UNKNOWN',
      message:
        'mem has no log of user, item, category, behaviour and time, which the format taobao wants. Choose the folder, zip or file that holds it, or another format.',
    })
  })
})
