import type { ImportSettings } from '../../../contract/dto/import-settings.ts'
import type { RatingScale } from '../../../contract/dto/dataset.ts'
import { headerNames, LOG_SETTINGS, logCandidates } from '../reading/behaviour-log.ts'
import { baseName, findSibling, type FileTree, type SourceFile } from '../reading/file-tree.ts'
import { readGenreTable } from '../reading/item-genres.ts'
import { missingRatings } from '../reading/movielens.ts'
import { numberFault, readNumber } from '../reading/numbers.ts'
import { readRatingTable } from '../reading/rating-table.ts'
import { defineReader, NOT_RECOGNISED } from '../reading/reader.ts'
import { recogniseTable, type TableFound } from '../reading/table-recognition.ts'

const WANTED = ['userid', 'videoid', 'playduration', 'watchratio']
/** 1: seen to the end, 2: seen twice. What was left in its first quarter did not please. */
const WATCHED: RatingScale = { min: 0, max: 2, positiveFrom: 1, negativeTo: 0.25 }

export default defineReader({
  id: 'kuairec',
  title: 'KuaiRec watch log',
  doc: 'big_matrix.csv or small_matrix.csv (user_id, video_id, play_duration, video_duration, time, date, timestamp, watch_ratio), and item_categories.csv where present. The rating is the watch ratio: positive from 1 (seen to the end), negative up to 0.25; a ratio above the highest rating of the scale (2) counts as that. Of a folder the larger matrix is read. Videos that were watched again stay, row by row; rows that tell no time, of which the small matrix holds some, are listed and left out.',
  overridable: LOG_SETTINGS.filter((name) => name !== 'behaviours'),

  async recognise(source, settings) {
    const table = await locate(source, settings)
    if (!table) return NOT_RECOGNISED
    const top = settings.scale?.max ?? WATCHED.max
    return {
      ...table.recognition,
      confidence: 0.97,
      warnings: [...table.recognition.warnings, `Watch ratios above ${top} count as ${top}.`],
    }
  },

  async read(source, options, sink) {
    const table = await locate(source, options.settings)
    if (!table) throw missingRatings(source, 'table of watch ratios', 'kuairec')
    const scale = options.settings.scale ?? WATCHED
    const { signal, sampleBytes } = options
    const categories = findSibling(source, table.file, /^item_categories\.csv$/i)
    const before = categories?.bytes ?? 0
    const onChunk = (bytes: number) => options.onProgress?.(sink.size, before + bytes, before + table.file.bytes)
    const genres = categories && (await readGenreTable(categories, CATEGORY_COLUMNS, sink, { signal, sampleBytes }))
    const { item = 1, rating = table.width - 1 } = table.roles
    return readRatingTable(table, sink, {
      signal,
      sampleBytes,
      onChunk,
      timeless: 'leave-out',
      ...(genres ? { describeItem: (record) => ({ title: null, year: null, genres: genres.of(record, item) }) } : {}),
      feedback: {
        ratingOf: (record) => Math.min(readNumber(record, rating), scale.max),
        faultOf: (record) => numberFault('watch ratio', record.text(rating)),
        scale,
      },
    })
  },
})

/** `feat` is a list such as [27, 9]. */
const CATEGORY_COLUMNS = { id: 'videoid', genres: 'feat', genresOf: (cell: string) => cell.match(/\w+/g) ?? [] }

async function locate(source: FileTree, settings: ImportSettings): Promise<TableFound | null> {
  const candidates: SourceFile[] = []
  for (const file of logCandidates(source, settings.file)) {
    const names = await headerNames(file)
    if (WANTED.every((name) => names.includes(name))) candidates.push(file)
  }
  const [largest] = candidates.sort((a, b) => b.bytes - a.bytes || (baseName(a.path) < baseName(b.path) ? -1 : 1))
  if (!largest) return null
  // The seconds where they are told, else the date: recognised as in every table.
  const isTimed = (await headerNames(largest)).includes('timestamp')
  const columns = { rating: 'watch_ratio', ...(isTimed ? { time: 'timestamp' } : {}), ...settings.columns }
  return recogniseTable(largest, { ...settings, columns, duplicates: settings.duplicates ?? 'all' })
}
