import { describe, expect, it } from 'vitest'
import type { ImportSettings } from '../../../../../src-main/contract/dto/import-settings.ts'
import { readers } from '../../../../../src-main/engine/data/readers/catalogue.gen.ts'
import recbole from '../../../../../src-main/engine/data/readers/recbole.ts'
import { memoryTree } from '../../../../support/memory-tree.ts'
import { importFrom, ratingsOf } from '../../../../support/read-table.ts'

const INTER =
  'user_id:token\titem_id:token\trating:float\ttimestamp:float\n196\t242\t3\t881250949\n186\t302\t3.5\t891717742\n"x\t007\t1\t878887116\n'
const ITEM =
  'item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq\n242\tKolya\t1996\tComedy Drama\n007\tGoldenEye (1995)\t\t\n9\t\tunknown\tDrama Drama\n'
const USER = 'user_id:token\tage:float\tgender:token\tzip_code:token\n196\t49\tM\t01002\n999\t\t\t\n'
const ML = { 'ml-100k/ml-100k.inter': INTER, 'ml-100k/ml-100k.item': ITEM, 'ml-100k/ml-100k.user': USER }

const recognise = (files: Record<string, string>, settings: ImportSettings = {}) => recbole.recognise(memoryTree(files), settings)

describe('recbole', () => {
  it('reads interactions, items and users of a folder', async () => {
    const content = await importFrom(recbole, ML)
    expect(ratingsOf(content)).toEqual(['196 242 3 881250949', '186 302 3.5 891717742', '"x 007 1 878887116'])
    expect(content.items).toEqual([
      { itemId: '242', title: 'Kolya', year: 1996, genres: ['Comedy', 'Drama'] },
      { itemId: '007', title: 'GoldenEye (1995)', year: 1995, genres: [] },
      { itemId: '9', title: null, year: null, genres: ['Drama'] },
      { itemId: '302', title: null, year: null, genres: [] },
    ])
    expect(content.users).toEqual([
      { userId: '196', attributes: { age: 49, gender: 'M', zip_code: '01002' } },
      { userId: '999', attributes: null },
      { userId: '186', attributes: null },
      { userId: '"x', attributes: null },
    ])
    expect(content).toMatchObject({ timeKind: 'unix-seconds', scale: { min: 1, max: 5, positiveFrom: 4, negativeTo: 2 } })
  })

  it('is known by its typed header under any name, and is surer than every other reader', async () => {
    const sources: readonly Record<string, string>[] = [ML, { 'some.txt': INTER }, { 'some.csv': INTER.replaceAll('\t', ',') }]
    for (const files of sources) {
      const { confidence } = await recognise(files)
      expect(confidence).toBeGreaterThan(0.96)
      for (const reader of readers.filter(({ id }) => id !== 'recbole')) {
        expect((await reader.recognise(memoryTree(files), {})).confidence).toBeLessThan(confidence)
      }
    }
    expect((await recognise({ 'ml.inter': 'user_id\titem_id\trating\n1\t2\t3\n' })).confidence).toBe(0)
    expect((await recognise({ 'ml.inter': '' })).confidence).toBe(0)
    expect((await recognise({ 'ml.item': ITEM })).confidence).toBe(0)
  })

  it('finds the same settings again when it is given those that it found', async () => {
    const { settings } = await recognise(ML)
    expect(settings).toEqual({
      file: 'ml-100k/ml-100k.inter',
      separator: '\t',
      timeUnit: 'seconds',
      columns: { user: 'user_id:token', item: 'item_id:token', rating: 'rating:float', time: 'timestamp:float' },
    })
    expect((await recognise(ML, settings)).settings).toEqual(settings)
  })

  it('reads labels, and rows without either as positive feedback', async () => {
    const labels = 'user_id:token\titem_id:token\tlabel:float\n1\ta\t1\n1\tb\t0\n'
    const label = await importFrom(recbole, { 'x.inter': labels })
    expect(ratingsOf(label)).toEqual(['1 a 1 0', '1 b 0 1'])
    expect(label).toMatchObject({ scale: { min: 0, max: 1, positiveFrom: 1, negativeTo: 0 }, timeKind: 'file-order' })
    const bare = { 'x.inter': 'user_id:token\titem_id:token\ttimestamp:float\n1\ta\t1500000000\n' }
    expect((await recognise(bare)).warnings).toEqual([
      'No field holds ratings or labels: every row will be read as positive feedback.',
    ])
    expect(ratingsOf(await importFrom(recbole, bare))).toEqual(['1 a 1 1500000000'])
  })

  it('reads weights as positive feedback, however small', async () => {
    const files = { 'lastfm.inter': 'user_id:token\tartist_id:token\tweight:float\n2\t51\t13883\n2\t52\t7\n3\t51\t1690\n' }
    expect((await recognise(files)).warnings).toEqual([
      'The field "weight:float" is read as the strength of positive feedback.',
      'No field holds times: the order in the file stands for them.',
    ])
    const content = await importFrom(recbole, files)
    expect(ratingsOf(content)).toEqual(['2 51 13883 0', '2 52 7 1', '3 51 1690 2'])
    expect(content.scale).toEqual({ min: 0, max: 13883, positiveFrom: 7, negativeTo: 0 })
  })

  it('heeds the fields that a person names', async () => {
    const text =
      'user_id:token\titem_id:token\trating:float\tfun:float\ttimestamp:float\n1\ta\t5\t2\t1500000000\n1\tb\t4\t1\t1500000001\n'
    const content = await importFrom(recbole, { 'x.inter': text }, { columns: { rating: 'fun:float' } })
    expect(ratingsOf(content)).toEqual(['1 a 2 1500000000', '1 b 1 1500000001'])
    await expect(recognise({ 'x.inter': text }, { columns: { rating: 'joy' } })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })

  it('reads the parts of a divided data set one after the other', async () => {
    const part = (user: string) => `user_id:token\titem_id:token\n${user}\ta\n`
    const files = {
      'd/ml.test.inter': part('3'),
      'd/ml.train.inter': part('1'),
      'd/ml.valid.inter': part('2'),
      'd/other.inter': part('9').replace('item_id', 'track_id'),
      'd/ml.item': 'item_id:token\ttitle:token_seq\na\tFirst of all\n',
    }
    const { settings, warnings } = await recognise({ ...files })
    expect(settings.file).toBe('d/other.inter')
    expect(warnings.at(-1)).toBe(
      'Other interactions lie here too (d/ml.train.inter, d/ml.valid.inter, d/ml.test.inter): choose one of them to read it instead.',
    )
    const { 'd/other.inter': _, ...divided } = files
    const content = await importFrom(recbole, divided)
    expect(ratingsOf(content)).toEqual(['1 a 1 0', '2 a 1 1', '3 a 1 2'])
    expect(content.items[0]!.title).toBe('First of all')
  })

  it('takes the interactions of the item file that a person chose', async () => {
    const tree = memoryTree(ML)
    const chosen = tree.files.find(({ path }) => path.endsWith('.item'))
    expect((await recbole.recognise({ ...tree, chosen }, {})).settings.file).toBe('ml-100k/ml-100k.inter')
  })
})

describe('what is not in order', () => {
  it.each([
    [
      'a type that there is not',
      'user_id:token\titem_id:token\trating:double\n1\t2\t3\n',
      'the field "rating:double" of its header needs a type: token, float, token_seq or float_seq',
    ],
    [
      'a field without a type',
      'user_id:token\titem_id:token\trating\n1\t2\t3\n',
      'the field "rating" of its header needs a type: token, float, token_seq or float_seq',
    ],
    [
      'a user that is a number',
      'user_id:float\titem_id:token\trating:float\n1\t2\t3\n',
      'the field "user_id:float" of its header must be a token',
    ],
    [
      'a rating that is a token',
      'user_id:token\titem_id:token\trating:token\n1\t2\t3\n',
      'the field "rating:token" of its header must be a float',
    ],
  ])('in the header is refused: %s', async (_what, text, reason) => {
    await expect(importFrom(recbole, { 'x.inter': text })).rejects.toMatchObject({
      code: 'INPUT_REFUSED',
      message: `mem/x.inter was not imported: ${reason}. Correct the first line, for instance to "user_id:token item_id:token rating:float timestamp:float" with tabs between, and import it again.`,
    })
  })

  it('in the header of a catalogue is refused too', async () => {
    const files = { ...ML, 'ml-100k/ml-100k.user': USER.replace('age:float', 'age:int') }
    await expect(importFrom(recbole, files)).rejects.toMatchObject({
      code: 'INPUT_REFUSED',
      details: {
        path: 'mem/ml-100k/ml-100k.user',
        reason: 'the field "age:int" of its header needs a type: token, float, token_seq or float_seq',
      },
    })
  })

  it.each([
    ['.inter', 'x\ty\tz\n', 5, 'it has 3 fields instead of 4 (user_id:token, item_id:token, rating:float, timestamp:float)'],
    ['.inter', '1\t2\tlots\t881250949\n', 5, 'the rating "lots" is not a number'],
    ['.inter', '\t2\t3\t881250949\n', 5, 'the user is empty'],
    ['.item', '242\tAgain\t1990\t\n', 5, 'the id "242" stands in an earlier line already'],
    ['.item', '\tNobody\t1990\t\n', 5, 'the field "item_id" is empty'],
    ['.item', '10\tShort\n', 5, 'it has 2 fields instead of 4'],
    ['.user', '1\told\tM\t1\n', 4, 'the age "old" is not a number'],
  ])('in a row of %s is refused with its line: %j', async (ending, row, line, reason) => {
    const name = `ml-100k/ml-100k${ending}` as keyof typeof ML
    await expect(importFrom(recbole, { ...ML, [name]: ML[name] + row })).rejects.toMatchObject({
      code: 'ROW_INVALID',
      details: { path: `mem/${name}`, line, byteOffset: ML[name].length, reason },
    })
  })

  it('without interactions says what it wants', async () => {
    await expect(importFrom(recbole, { 'ml.item': ITEM })).rejects.toMatchObject({
      code: 'FORMAT_UNKNOWN',
      message:
        'mem has no .inter file with users and items in a typed header, which the format recbole wants. Choose the folder, zip or file that holds it, or another format.',
    })
  })
})
