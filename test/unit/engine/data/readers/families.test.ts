import { describe, expect, it } from 'vitest'
import type { DatasetContent } from '../../../../../src-main/engine/data/reading/dataset-content.ts'
import type { Reader, Recognition } from '../../../../../src-main/engine/data/reading/reader.ts'
import { LEAST_CONFIDENCE } from '../../../../../src-main/engine/data/reading/reader.ts'
import { readers } from '../../../../../src-main/engine/data/readers/catalogue.gen.ts'
import { readDataset } from '../../../../../src-main/engine/data/reading/read-dataset.ts'
import { recogniseTable } from '../../../../../src-main/engine/data/reading/table-recognition.ts'
import { recogniseMatrix } from '../../../../../src-main/engine/data/reading/wide-matrix.ts'
import { memoryTree } from '../../../../support/memory-tree.ts'
import { ratingsOf } from '../../../../support/read-table.ts'

type Files = Record<string, string | Uint8Array>

/** As an import without any option: the surest reader reads it. */
async function importAlone(files: Files): Promise<{ format: string; recognition: Recognition; content: DatasetContent }> {
  const tree = memoryTree(files)
  let best: { reader: Reader; recognition: Recognition } | null = null
  for (const reader of readers) {
    const recognition = await reader.recognise(tree, {})
    if (recognition.confidence > (best?.recognition.confidence ?? LEAST_CONFIDENCE - 1e-9)) best = { reader, recognition }
  }
  if (!best) throw new Error('no reader is sure enough')
  const { reader, recognition } = best
  const content = await readDataset(reader, tree, { settings: recognition.settings, onBadRow: 'fail' })
  return { format: reader.id, recognition, content }
}
const lines = (count: number, line: (at: number) => string) => Array.from({ length: count }, (_, at) => line(at)).join('')
const described = ({ items }: DatasetContent) => items.map(({ itemId, title, genres }) => [itemId, title, genres])

describe('copies of the families that nobody named in advance', () => {
  it('MovieLens with quotes, dates and a catalogue in the singular', async () => {
    const { format, content } = await importAlone({
      'a/rating.csv': '"userId","movieId","rating","timestamp"\n1,2,3.5,"2005-04-02 23:53:47"\n1,29,4,"2005-04-02 23:31:16"\n',
      'a/movie.csv': '"movieId","title","genres"\n2,"Jungle, The (1995)","Adventure|Family"\n29,"City (1994)","Drama"\n',
      'a/tag.csv': '"userId","movieId","tag","timestamp"\n1,2,"dark","2009-04-24 18:19:40"\n',
    })
    expect([format, content.timeKind]).toEqual(['movielens-csv', 'unix-seconds'])
    expect(ratingsOf(content)).toEqual(['1 2 3.5 1112486027', '1 29 4 1112484676'])
    expect(described(content)).toEqual([
      ['2', 'Jungle, The (1995)', ['Adventure', 'Family']],
      ['29', 'City (1994)', ['Drama']],
    ])
  })

  it('MovieLens beside a catalogue of other ids takes no wrong titles from it', async () => {
    const { format, content } = await importAlone({
      'ratings.csv': 'userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n2,31,4,1260759179\n',
      'movies_metadata.csv': 'adult,id,imdb_id,title\nFalse,31,tt0114709,"Somebody else"\nFalse,862,tt0113497,Another\n',
    })
    expect(format).toBe('movielens-csv')
    expect(described(content)).toEqual([['31', null, []]])
  })

  it('films of another place in the same writing: ratings up to 10, ids that zeros lead', async () => {
    const { format, content } = await importAlone({
      'ratings.dat': lines(30, (at) => `${at % 5}::0${110000 + at}::${(at % 10) + 1}::13811${10000 + at}\n`),
      'movies.dat': '0110000::Something (1994)::Comedy\n',
    })
    expect([format, content.scale.max]).toEqual(['delimited', 10])
    expect(content.items[0]!.itemId).toBe('0110000')
  })

  it('KuaiRec in its nested folder, and a log of KuaiRand with few columns and its tabs', async () => {
    const header = 'user_id,video_id,play_duration,video_duration,time,date,timestamp,watch_ratio\n'
    const row = '14,148,4381,6067,2020-07-05 05:27:48.378,20200705,1593898068.378,0.5\n'
    const kuairec = await importAlone({ 'KuaiRec 2.0/data/big_matrix.csv': header + row, 'KuaiRec 2.0/x.txt': 'about\n' })
    expect([kuairec.format, ...ratingsOf(kuairec.content)]).toEqual(['kuairec', '14 148 0.5 1593898068.378'])

    const log =
      'user_id,video_id,date,hourmin,time_ms,is_click,is_rand,tab\n3,7,20220408,1600,1649408076860,1,0,4\n3,8,20220408,1600,1649408076999,0,0,1\n'
    const kuairand = await importAlone({ 'log.csv': log })
    expect(kuairand.format).toBe('kuairand')
    expect(ratingsOf(kuairand.content)).toEqual(['3 7 3 1649408076.86', '3 8 2 1649408076.999'])
    expect(kuairand.content.scenarios).toEqual({ names: ['4', '1'], codes: Uint16Array.of(1, 2) })
  })

  it('a shop’s log with more columns: the category by its name, and what is taken back from the cart', async () => {
    const { format, content } = await importAlone({
      '2019.csv':
        'event_time,event_type,product_id,category_id,brand,price,user_id,user_session\n' +
        '2019-10-01 00:00:00 UTC,view,44,21,x,35.7,54,72d7\n2019-10-01 00:00:01 UTC,remove_from_cart,44,21,,35.7,54,72d7\n',
    })
    expect(format).toBe('taobao')
    expect(ratingsOf(content)).toEqual(['54 44 2 1569888000', '54 44 1 1569888001'])
    expect(described(content)).toEqual([['44', null, ['21']]])
  })

  it('listening counts among files of tags and friends: every count says yes', async () => {
    const { format, recognition, content } = await importAlone({
      'user_artists.dat': `userID\tartistID\tweight\n${lines(30, (at) => `${at % 7}\t${at}\t${at * 97 + 3}\n`)}`,
      'user_taggedartists-timestamps.dat': `userID\tartistID\ttagID\ttimestamp\n${lines(30, (at) => `${at % 7}\t${at}\t13\t1238536800000\n`)}`,
      'user_friends.dat': 'userID\tfriendID\n2\t275\n2\t428\n3\t255\n',
    })
    expect([format, recognition.settings.file]).toEqual(['delimited', 'user_artists.dat'])
    expect(recognition.warnings).toContain('The column "weight" is read as the strength of positive feedback.')
    expect(content.scale).toEqual({ min: 0, max: 2816, positiveFrom: 3, negativeTo: 0 })
  })

  it('recommendations in yes and no', async () => {
    const { content } = await importAlone({
      'recommendations.csv':
        'app_id,helpful,funny,date,is_recommended,hours,user_id,review_id\n975370,0,0,2022-12-12,true,36.3,51580,0\n304390,4,0,2017-02-17,false,11.5,2586,1\n',
    })
    expect(ratingsOf(content)).toEqual(['51580 975370 1 1670803200', '2586 304390 0 1487289600'])
    expect(content.scale).toEqual({ min: 0, max: 1, positiveFrom: 1, negativeTo: 0 })
  })

  it('-1 among ratings for "not rated", also in RecBole’s files, but not where it is a thumb down', async () => {
    const rows = lines(20, (at) => `${at % 4},${at},${at % 3 === 0 ? -1 : 5 + (at % 5)}\n`)
    const anime = await importAlone({ 'rating.csv': `user_id,anime_id,rating\n${rows}` })
    expect(anime.recognition.warnings).toContain('A rating of -1 is taken for "not rated": no other lies below zero.')
    expect([anime.content.counts.accepted, anime.content.missing, anime.content.scale.min]).toEqual([13, 7, 1])
    const recbole = await importAlone({
      'anime.inter': `user_id:token\titem_id:token\trating:float\n${rows.replaceAll(',', '\t')}`,
    })
    expect([recbole.format, recbole.content.missing]).toEqual(['recbole', 7])
    const thumbs = await importAlone({ 'votes.csv': `user,item,rating\n${lines(20, (at) => `${at},x,${(at % 3) - 1}\n`)}` })
    expect([thumbs.content.counts.accepted, thumbs.content.missing]).toEqual([20, 0])
  })

  it('says where zeros stand among ratings from 1', async () => {
    const rows = lines(20, (at) => `${at % 4},${at},${at % 6}\n`)
    const { recognition } = await importAlone({ 'interactions.csv': `user_id,recipe_id,rating\n${rows}` })
    expect(recognition.warnings).toContain(
      'Some ratings are 0, which is read as the lowest. Where it means "not rated", name 0 as missing.',
    )
  })

  it('RecBole sessions, and a catalogue whose ids are called id', async () => {
    const session = await importAlone({ 'd.inter': 'session_id:token\titem_id:token\ttimestamp:float\n1\t9654\t1526423007\n' })
    expect([session.format, ...ratingsOf(session.content)]).toEqual(['recbole', '1 9654 1 1526423007'])
    const steam = await importAlone({
      's.inter':
        'user_id:token\tplay_hours:float\tproduct_id:token\ttimestamp:float\njs\t9.5\t70\t1458000000\njs\t1\t8\t1458000001\n',
      's.item': 'app_name:token\tgenres:token\tid:token\ttitle:token\nHalf\tAction\t70\tHalf\nFull\tAction\t8\tFull\n',
    })
    expect(steam.content.scale).toEqual({ min: 0, max: 9.5, positiveFrom: 1, negativeTo: 0 })
    expect(described(steam.content)).toEqual([
      ['70', 'Half', ['Action']],
      ['8', 'Full', ['Action']],
    ])
  })

  it('Goodreads and Steam as lines of objects: dates as they are spoken, names of users', async () => {
    const goodreads = await importAlone({
      'g.json': '{"user_id":"8842","book_id":"24375664","rating":5,"date_added":"Fri Aug 25 13:55:02 -0700 2017"}\n',
    })
    expect(ratingsOf(goodreads.content)).toEqual(['8842 24375664 5 1503694502'])
    const steam = await importAlone({
      's.json':
        "{u'username': u'Chaos', u'hours': 0.1, u'product_id': u'725280', u'date': u'2017-12-17', u'early_access': False}\n",
    })
    expect(ratingsOf(steam.content)).toEqual(['Chaos 725280 1 1513468800'])
  })

  it('columns that runs of blanks line up, before the first one too', async () => {
    const { content } = await importAlone({ 'rating.txt': lines(25, (at) => `  ${at % 5}   ${100 + at}  ${(at % 5) + 1}\n`) })
    expect(ratingsOf(content).slice(0, 2)).toEqual(['0 100 1 0', '1 101 2 1'])
  })

  it('check-ins: places on the map are no items and no ratings', async () => {
    const { content } = await importAlone({
      'checkins.txt': lines(25, (at) => `${at % 5}\t2010-10-19T23:55:${10 + at}Z\t30.2${at}51\t-97.7${at}53\t${22847 + at}\n`),
    })
    expect(ratingsOf(content)[0]).toBe('0 22847 1 1287532510')
  })

  it.each([
    ['days without dashes', 'date\n1,2,5,20180131\n2,2,1,20180201\n', [1517356800, 1517443200]],
    ['hours alone', 'time\n1,2,5,2014-12-06 02\n2,2,1,2014-12-06 03\n', [1417831200, 1417834800]],
  ])('times as %s', async (_what, text, times) => {
    const { content } = await importAlone({ 'r.csv': `user,item,rating,${text}` })
    expect([...content.time]).toEqual(times)
  })

  it('the time column that tells times, of several that are called so', async () => {
    const { recognition } = await importAlone({
      'r.csv': `user,item,day,rating,timestamp\n${lines(5, (at) => `${at},x,3,${at + 1},15${at}0000000\n`)}`,
    })
    expect(recognition.settings.columns?.time).toBe('timestamp')
  })

  it('lines of UTF-8 among lines of latin-1, each read as what it is, with their counts', async () => {
    const latin = Buffer.from('zoë,café,4,1500000001\n', 'latin1')
    const text = Buffer.concat([
      Buffer.from('user,item,rating,time\n'),
      latin,
      Buffer.from('zoë,café,2,1500000002\nb,c,1,1500000003\n'),
    ])
    const { content } = await importAlone({ 'r.csv': text })
    expect(content.users.map(({ userId }) => userId)).toEqual(['zoë', 'b'])
    expect(content.notes).toEqual([
      'Of the lines with special characters 1 line is written in windows-1252 and 1 line is in UTF-8: each was read as what it is.',
    ])
  })
})

describe('recognising', () => {
  it('passes over what an import would refuse, and nothing else: a fault of the program is told', async () => {
    const tree = memoryTree({ 'r.csv': 'user,item,rating\n1,2,3\n' })
    const [file] = tree.files
    let opened = 0
    const breaking = {
      ...file!,
      async *open() {
        if (++opened > 1) throw new TypeError('a fault of the program')
        yield* file!.open()
      },
    }
    await expect(recogniseMatrix(breaking, {})).rejects.toThrow('a fault of the program')
    const refused = memoryTree({ 'r.csv': Buffer.from('user,item\n1,\0\n') }).files[0]!
    expect(await recogniseMatrix(refused, {})).toBeNull()
    expect(await recogniseTable(refused, {})).toBeNull()
  })
})

describe('a matrix of jokes', () => {
  const row = (lead: string, missing: string) => `${lead}${lines(30, (at) => `,${at % 4 === 0 ? missing : `${at % 9}.5`}`)}\n`

  it.each([
    [
      'names of users in front and a header',
      (at: number) => row(`u${at}`, '99'),
      `user_id${lines(30, (at) => `,J${at}`)}\n`,
      'u0 2 1.5 0',
    ],
    ['numbers of users and of ratings in front', (at: number) => row(`${at + 700},22`, '99'), '', '700 2 1.5 0'],
    ['NA in place of 99', (at: number) => row('22', 'NA').replace('1.5', `1.${at}`), '', '1 2 1 0'],
    ['nothing in place of 99', (at: number) => row('22', '').replace('1.5', `1.${at}`), '', '1 2 1 0'],
  ])('with %s', async (_what, line, header, first) => {
    const { format, content } = await importAlone({ 'jokes.csv': header + lines(12, line) })
    expect([format, content.items.length, content.users.length, content.missing]).toEqual(['jester', 30, 12, 96])
    expect(ratingsOf(content)[0]).toBe(first)
  })
})
