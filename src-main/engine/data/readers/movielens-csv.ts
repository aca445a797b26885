import { findFile, findSibling, baseName, type FileTree, type SourceFile } from '../reading/file-tree.ts'
import { missingRatings, yearOfTitle } from '../reading/movielens.ts'
import { readItemTable } from '../reading/item-table.ts'
import { plainName } from '../reading/column-roles.ts'
import { readRatingTable } from '../reading/rating-table.ts'
import { defineReader, NOT_RECOGNISED } from '../reading/reader.ts'
import { recogniseTable } from '../reading/table-recognition.ts'

const RATINGS_NAME = /^ratings?([._-].*)?\.csv$/i
const MOVIES_NAME = /^movies([._-].*)?\.csv$/i
const NO_GENRES = '(no genres listed)'

export default defineReader({
  id: 'movielens-csv',
  title: 'MovieLens CSV',
  doc: 'A folder or zip of the newer MovieLens sets (latest-small, 20M, 25M, 32M): ratings.csv (userId,movieId,rating,timestamp) and, where present, movies.csv; or ratings.csv alone. links.csv, tags.csv and genome files are passed over.',
  overridable: ['file', 'encoding', 'header', 'columns', 'separator', 'quote', 'quoteEscape', 'timeUnit', 'missing'],

  async recognise(source, settings) {
    const { ratings, movies } = locate(source, settings.file)
    const found = ratings && (await recogniseTable(ratings, settings))
    if (!found) return NOT_RECOGNISED
    const names = (found.header ?? []).map(plainName)
    const isOurs = names.includes('userid') && names.includes('movieid') && names.includes('rating')
    if (!isOurs) return NOT_RECOGNISED
    const { recognition } = found
    // Above the general reader of tables, which knows no titles.
    const confidence = Math.min(1, recognition.confidence + (movies ? 0.08 : 0.02))
    return { ...recognition, confidence }
  },

  async read(source, options, sink) {
    const { ratings, movies } = locate(source, options.settings.file)
    const table = ratings && (await recogniseTable(ratings, options.settings))
    if (!table) throw missingRatings(source, 'ratings.csv', 'movielens-csv')
    const { signal, sampleBytes } = options
    const bytesTotal = ratings.bytes + (movies?.bytes ?? 0)
    const reading = (before: number) => ({
      signal,
      sampleBytes,
      onChunk: (bytes: number) => options.onProgress?.(sink.size, before + bytes, bytesTotal),
    })
    if (movies) await readItemTable(movies, MOVIE_COLUMNS, sink, reading(0))
    const onlyItemsOf = movies && sampleBytes === undefined ? baseName(movies.path) : undefined
    return readRatingTable(table, sink, { ...reading(movies?.bytes ?? 0), onlyItemsOf })
  },
})

function locate(
  source: FileTree,
  wanted: string | undefined,
): { ratings: SourceFile | undefined; movies: SourceFile | undefined } {
  const ratings = source.files.find((file) => file.path === wanted) ?? findFile(source, RATINGS_NAME)
  return { ratings, movies: ratings && findSibling(source, ratings, MOVIES_NAME) }
}

const MOVIE_COLUMNS = {
  id: /^(movieid|itemid|id)$/,
  title: /^title$/,
  genres: /^genres$/,
  genresOf: (cell: string) => (cell === NO_GENRES ? [] : cell.split('|').filter((genre) => genre !== '')),
  yearOf: yearOfTitle,
}
