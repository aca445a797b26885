import { describe, expect, it } from 'vitest'
import delimited from '../../../../../src-main/engine/data/readers/delimited.ts'
import kuairand from '../../../../../src-main/engine/data/readers/kuairand.ts'
import { memoryTree } from '../../../../support/memory-tree.ts'
import { importFrom, ratingsOf } from '../../../../support/read-table.ts'

const HEADER =
  'user_id,video_id,date,hourmin,time_ms,is_click,is_like,is_follow,is_comment,is_forward,is_hate,long_view,play_time_ms,duration_ms,is_rand,tab\n'
const row = (user: number, video: number, time: number, flags: string) =>
  `${user},${video},20220408,1900,${time},${flags},1200,30000,0,1\n`
const FIRST =
  HEADER +
  row(0, 10, 1649415600123, '0,0,0,0,0,0,0') +
  row(0, 11, 1649415601123, '1,0,0,0,0,0,0') +
  row(1, 10, 1649415602123, '1,1,0,0,0,0,1') +
  row(1, 11, 1649415603123, '1,1,1,0,0,1,1') +
  row(2, 12, 1649415604123, '0,0,0,0,1,0,0')
const SECOND = HEADER + row(2, 13, 1650500000000, '0,0,0,0,0,0,1')
const RANDOM = HEADER + row(9, 99, 1650500000001, '1,0,0,0,0,0,0')
const FOLDER = {
  'data/log_random_4_22_to_5_08_pure.csv': RANDOM,
  'data/log_standard_4_22_to_5_08_pure.csv': SECOND,
  'data/log_standard_4_08_to_4_21_pure.csv': FIRST,
  'data/user_features_pure.csv': 'user_id,user_active_degree\n0,high_active\n',
  'data/video_features_basic_pure.csv': 'video_id,author_id,tag\n10,1,39\n11,2,"1,6"\n12,2,\n77,3,8\n',
}

describe('kuairand', () => {
  it('makes the strongest feedback of each row, and hate outweighs all', async () => {
    const content = await importFrom(kuairand, { 'log.csv': FIRST })
    expect(ratingsOf(content)).toEqual([
      '0 10 2 1649415600.123',
      '0 11 3 1649415601.123',
      '1 10 4 1649415602.123',
      '1 11 1 1649415603.123',
      '2 12 5 1649415604.123',
    ])
    expect(content).toMatchObject({
      scale: { min: 1, max: 5, positiveFrom: 3, negativeTo: 1 },
      timeKind: 'unix-seconds',
      duplicatesPolicy: 'all',
    })
  })

  it('reads the standard logs of a folder one after the other, with tags; the random one when it is chosen', async () => {
    const content = await importFrom(kuairand, FOLDER)
    expect(ratingsOf(content)).toHaveLength(6)
    expect(ratingsOf(content).at(-1)).toBe('2 13 4 1650500000')
    expect(content.items.map(({ itemId, genres }) => [itemId, genres])).toEqual([
      ['10', ['39']],
      ['11', ['1', '6']],
      ['12', []],
      ['13', []],
    ])
    const random = await importFrom(kuairand, FOLDER, { file: 'data/log_random_4_22_to_5_08_pure.csv' })
    expect(ratingsOf(random)).toEqual(['9 99 3 1650500000.001'])
  })

  it('says which logs it reads, which signs stand in them, and finds its settings again', async () => {
    const tree = memoryTree(FOLDER)
    const found = await kuairand.recognise(tree, {})
    expect(found.warnings).toEqual([
      '2 logs are read one after the other.',
      'Left out: log_random_4_22_to_5_08_pure.csv; choose the file to read it.',
    ])
    expect(found.behaviours).toEqual([
      { name: 'shown', count: 1 },
      { name: 'is_hate', count: 1 },
      { name: 'is_click', count: 3 },
      { name: 'long_view', count: 2 },
      { name: 'is_like', count: 2 },
      { name: 'is_follow', count: 1 },
      { name: 'is_forward', count: 1 },
    ])
    expect(found.settings).toMatchObject({
      columns: { user: 'user_id', item: 'video_id', time: 'time_ms' },
      timeUnit: 'milliseconds',
    })
    const again = await kuairand.recognise(tree, found.settings)
    expect(again).toEqual(found)
  })

  it('means what a person says', async () => {
    const behaviours = {
      is_click: { feedback: 'neutral', rating: 2.5 },
      is_comment: { feedback: 'positive', rating: 9 },
    } as const
    const content = await importFrom(kuairand, { 'log.csv': FIRST }, { behaviours })
    expect([...content.rating]).toEqual([2, 2.5, 4, 1, 5])
    expect(content.scale).toEqual({ min: 1, max: 9, positiveFrom: 4, negativeTo: 1 })
    await expect(importFrom(kuairand, { 'log.csv': 'a,b\n' + FIRST })).rejects.toMatchObject({ code: 'FORMAT_UNKNOWN' })
    const unknown = importFrom(kuairand, { 'log.csv': FIRST }, { behaviours: { is_loud: behaviours.is_click } })
    await expect(unknown).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: `There is no column "is_loud" for a behaviour. Its columns are: ${HEADER.trim().replaceAll(',', ', ')}; "shown" is for rows without any.`,
    })
  })

  it('refuses a sign that is neither 0 nor 1', async () => {
    const text = FIRST + row(3, 10, 1649415605123, '0,2,0,0,0,0,0')
    await expect(importFrom(kuairand, { 'log.csv': text })).rejects.toMatchObject({
      code: 'ROW_INVALID',
      details: { line: 7, byteOffset: FIRST.length, reason: 'the is_like "2" is neither 0 nor 1' },
    })
  })

  it('refuses video features without tags', async () => {
    const files = { ...FOLDER, 'data/video_features_basic_pure.csv': 'video_id,author_id\n10,1\n' }
    await expect(importFrom(kuairand, files)).rejects.toMatchObject({
      code: 'FORMAT_UNKNOWN',
      message:
        'mem/data/video_features_basic_pure.csv has no columns videoid and tag. Its first line reads "video_id,author_id". Take the file away to import the log alone.',
    })
  })

  it('is surer of its files than the general reader', async () => {
    const sure = async (reader: typeof delimited, files: Record<string, string>) =>
      (await reader.recognise(memoryTree(files), {})).confidence
    expect(await sure(kuairand, FOLDER)).toBe(0.97)
    expect(await sure(delimited, FOLDER)).toBeLessThan(0.95)
    expect(await sure(kuairand, { 'a.csv': 'user_id,video_id,rating\n1,2,3\n' })).toBe(0)
  })
})
