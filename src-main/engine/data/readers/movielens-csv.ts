import type { ImportSettings } from '../../../contract/dto/import-settings.ts'
import { baseName, type FileTree, type SourceFile } from '../reading/file-tree.ts'
import { firstRecords } from '../reading/first-records.ts'
import { missingRatings, yearOfTitle } from '../reading/movielens.ts'
import { readItemTable } from '../reading/item-table.ts'
import { plainName } from '../reading/column-roles.ts'
import { readRatingTable } from '../reading/rating-table.ts'
import { defineReader, NOT_RECOGNISED } from '../reading/reader.ts'
import type { Dialect } from '../reading/record.ts'
import { recogniseTable, type TableFound } from '../reading/table-recognition.ts'

const RATINGS_NAME = /^ratings?([._-].*)?\.csv$/i
const TABLE_NAME = /\.(csv|tsv|txt)$/i
/** A folder of more tables is looked at in part. */
const MAX_CANDIDATES = 20
const NO_GENRES = '(no genres listed)'

export default defineReader({
  id: 'movielens-csv',
  title: 'MovieLens CSV',
  doc: 'A folder or zip of the newer MovieLens sets (latest-small, 20M, 25M, 32M): ratings.csv (userId,movieId,rating,timestamp) and, where present, movies.csv; or ratings.csv alone. links.csv, tags.csv and genome files are passed over.',
  overridable: ['file', 'encoding', 'header', 'columns', 'separator', 'quote', 'quoteEscape', 'timeUnit', 'missing'],

  async recognise(source, settings) {
    const found = await locate(source, settings)
    if (!found) return NOT_RECOGNISED
    const { recognition } = found.table
    // Above the general reader of tables, which knows no titles.
    const confidence = Math.min(1, recognition.confidence + (found.movies ? 0.08 : 0.02))
    return { ...recognition, confidence }
  },

  async read(source, options, sink) {
    const found = await locate(source, options.settings)
    if (!found) throw missingRatings(source, 'ratings.csv', 'movielens-csv')
    const { table, movies } = found
    const { signal, sampleBytes } = options
    const bytesTotal = table.file.bytes + (movies?.bytes ?? 0)
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

interface Located {
  readonly table: TableFound
  readonly movies: SourceFile | undefined
}

/** The first table of user, movie and rating by the names of its columns, and the catalogue of movies beside it. */
async function locate(source: FileTree, settings: ImportSettings): Promise<Located | null> {
  for (const file of candidates(source, settings.file)) {
    const table = await recogniseTable(file, settings)
    const names = (table?.header ?? []).map(plainName)
    if (table && ['userid', 'movieid', 'rating'].every((name) => names.includes(name))) {
      return { table, movies: await findMovies(source, file) }
    }
  }
  return null
}

function candidates(source: FileTree, wanted: string | undefined): readonly SourceFile[] {
  if (wanted !== undefined) return source.files.filter((file) => file.path === wanted)
  if (source.chosen) return [source.chosen]
  if (source.files.length === 1) return source.files
  const depth = (file: SourceFile) => file.path.split('/').length
  // The file of the usual name comes first, the plainest of several: the others may be parts of it.
  const rank = (file: SourceFile) => (RATINGS_NAME.test(baseName(file.path)) ? 0 : 1)
  return source.files
    .filter((file) => TABLE_NAME.test(file.path))
    .sort((a, b) => rank(a) - rank(b) || depth(a) - depth(b) || a.path.length - b.path.length || (a.path < b.path ? -1 : 1))
    .slice(0, MAX_CANDIDATES)
}

/** A table with movie ids of the same kind and with titles; one of other ids, such as TMDB's, would give wrong titles. */
async function findMovies(source: FileTree, ratings: SourceFile): Promise<SourceFile | undefined> {
  const folder = ratings.path.slice(0, ratings.path.length - baseName(ratings.path).length)
  const beside = source.files.filter(
    (file) =>
      file !== ratings &&
      file.path.startsWith(folder) &&
      TABLE_NAME.test(file.path) &&
      !file.path.slice(folder.length).includes('/'),
  )
  for (const file of beside.slice(0, MAX_CANDIDATES)) {
    const [first = []] = await firstRecords(file, COMMAS, 'auto', 1)
    const names = first.map(plainName)
    if (names.includes('movieid') && names.includes('title') && !names.includes('rating')) return file
  }
  // Under the published name it is meant as the catalogue, whatever its header says.
  return beside.find((file) => /^movies\.csv$/i.test(baseName(file.path)))
}

const COMMAS: Dialect = { separator: ',', quote: '"', quoteEscape: 'auto' }

const MOVIE_COLUMNS = {
  id: /^(movieid|itemid|id)$/,
  title: /^title$/,
  genres: /^genres$/,
  genresOf: (cell: string) => (cell === NO_GENRES ? [] : cell.split('|').filter((genre) => genre !== '')),
  yearOf: yearOfTitle,
}
