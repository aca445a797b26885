import { describe, expect, it } from 'vitest'
import delimited from '../../../../../src-main/engine/data/readers/delimited.ts'
import kuairec from '../../../../../src-main/engine/data/readers/kuairec.ts'
import { memoryTree } from '../../../../support/memory-tree.ts'
import { importFrom, ratingsOf } from '../../../../support/read-table.ts'

const HEADER = 'user_id,video_id,play_duration,video_duration,time,date,timestamp,watch_ratio\n'
const row = (user: number, video: number, timestamp: string, ratio: string) =>
  `${user},${video},5000,10000,2020-07-05 05:27:48.378,20200705.0,${timestamp},${ratio}\n`
const BIG =
  HEADER +
  row(14, 148, '1593898068.378', '0.72210344') +
  row(14, 183, '1593898071.0', '1.9073770491803279') +
  row(19, 148, '1593898072.5', '0') +
  row(19, 148, '1593898090.5', '573.4571428571428')
const FOLDER = {
  'KuaiRec 2.0/data/big_matrix.csv': BIG,
  'KuaiRec 2.0/data/small_matrix.csv': HEADER + row(14, 148, '1593878903.438', '1'),
  'KuaiRec 2.0/data/item_categories.csv': 'video_id,feat\n148,[8]\n183,"[27, 9]"\n5,[1]\n',
  'KuaiRec 2.0/data/social_network.csv': 'user_id,friend_list\n3371,[2975]\n',
}

describe('kuairec', () => {
  it('reads the larger matrix: watch ratios as ratings up to 2, timestamps, categories as genres', async () => {
    const content = await importFrom(kuairec, FOLDER)
    const f = Math.fround
    expect(ratingsOf(content)).toEqual([
      `14 148 ${f(0.72210344)} 1593898068.378`,
      `14 183 ${f(1.9073770491803279)} 1593898071`,
      '19 148 0 1593898072.5',
      '19 148 2 1593898090.5',
    ])
    expect(content.items.map(({ itemId, genres }) => [itemId, genres])).toEqual([
      ['148', ['8']],
      ['183', ['27', '9']],
    ])
    expect(content).toMatchObject({
      scale: { min: 0, max: 2, positiveFrom: 1, negativeTo: 0.25 },
      timeKind: 'unix-seconds',
      counts: { read: 4, accepted: 4, rejected: 0, duplicates: 0 },
    })
  })

  it('reads the matrix that a person chooses, on the scale that they choose', async () => {
    const small = await importFrom(kuairec, FOLDER, { file: 'KuaiRec 2.0/data/small_matrix.csv' })
    expect(ratingsOf(small)).toEqual(['14 148 1 1593878903.438'])
    const scale = { min: 0, max: 5, positiveFrom: 2, negativeTo: 0.5 }
    const wide = await importFrom(kuairec, FOLDER, { scale, duplicates: 'last' })
    expect([...wide.rating].at(-1)).toBe(5)
    expect(wide).toMatchObject({ scale, counts: { read: 4, accepted: 3, duplicates: 1 } })
  })

  it('says that it caps the ratio, and finds its settings again', async () => {
    const tree = memoryTree(FOLDER)
    const found = await kuairec.recognise(tree, {})
    expect(found.warnings).toEqual(['Watch ratios above 2 count as 2.'])
    expect(found.settings).toMatchObject({
      file: 'KuaiRec 2.0/data/big_matrix.csv',
      columns: { user: 'user_id', item: 'video_id', rating: 'watch_ratio', time: 'timestamp' },
    })
    expect(await kuairec.recognise(tree, found.settings)).toEqual(found)
  })

  it.each([
    ['19,5,1,2,x,20200705,1593898090.5,nan', 'the watch ratio "nan" is not a finite number'],
    ['19,5,1,2,x,20200705,1593898090.5,-1', 'the rating -1 lies outside the scale from 0 to 2'],
  ])('refuses the line %j', async (line, reason) => {
    const scale = { min: 0, max: 2, positiveFrom: 1, negativeTo: 0.25 }
    await expect(importFrom(kuairec, { 'a.csv': `${BIG}${line}\n` }, { scale })).rejects.toMatchObject({
      code: 'ROW_INVALID',
      details: { path: 'mem/a.csv', line: 6, byteOffset: BIG.length, reason, rawText: line },
    })
  })

  it('lists and leaves out rows that tell no time, as the published small matrix holds them', async () => {
    const content = await importFrom(kuairec, { 'small_matrix.csv': `${BIG}19,5,1,2,,,,0.5\n${row(20, 5, '1593898090.5', '1')}` })
    expect(content.counts).toEqual({ read: 6, accepted: 5, rejected: 1, duplicates: 0 })
    expect(content.rejectedRows).toEqual([
      { file: 'mem/small_matrix.csv', line: 6, byteOffset: BIG.length, reason: 'it tells no time', rawText: '19,5,1,2,,,,0.5' },
    ])
  })

  it('takes the date where a copy has no seconds', async () => {
    const copy = BIG.replace('timestamp,', '').replace(/,20200705\.0,[\d.]+,/g, ',20200705,')
    const content = await importFrom(kuairec, { 'big_matrix.csv': copy })
    expect([...content.time]).toEqual([1593926868.378, 1593926868.378, 1593926868.378, 1593926868.378])
  })

  it('is surer of its files than the general reader', async () => {
    const sure = async (reader: typeof delimited, files: Record<string, string>) =>
      (await reader.recognise(memoryTree(files), {})).confidence
    expect(await sure(kuairec, FOLDER)).toBe(0.97)
    expect(await sure(delimited, FOLDER)).toBeLessThan(0.95)
    expect(await sure(kuairec, { 'a.csv': 'user_id,video_id,watch_ratio\n1,2,0.5\n' })).toBe(0)
  })
})
