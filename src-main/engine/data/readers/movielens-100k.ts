import { findFile, findSibling, type FileTree, type SourceFile } from '../reading/file-tree.ts'
import { readLines } from '../reading/lines.ts'
import { missingRatings, recogniseMovielens, readMovielens, TAB, yearOfTitle, type MovielensFiles } from '../reading/movielens.ts'
import type { DatasetItem, DatasetUser } from '../reading/dataset-content.ts'
import { defineReader } from '../reading/reader.ts'
import { decodeText } from '../reading/text.ts'

const RATINGS_NAME = /^u\.data$/i
/** Columns before the genre flags: id, title, release date, video release date, address. */
const FIXED_COLUMNS = 5

const locate = (source: FileTree): MovielensFiles | null => {
  const ratings = findFile(source, RATINGS_NAME)
  if (!ratings) return null
  return { ratings, items: findSibling(source, ratings, /^u\.item$/i), users: findSibling(source, ratings, /^u\.user$/i) }
}

export default defineReader({
  id: 'movielens-100k',
  title: 'MovieLens 100k',
  doc: 'A folder or zip with u.data (user, item, rating, Unix time, separated by tabs) and, where present, u.item, u.genre and u.user; or u.data alone.',

  overridable: [],

  recognise: (source, settings) => recogniseMovielens(locate(source), TAB, RATINGS_NAME, settings),

  async read(source, options, sink) {
    const files = locate(source)
    if (!files) throw missingRatings(source, 'u.data', 'movielens-100k')
    const genres = await readGenres(findSibling(source, files.ratings, /^u\.genre$/i))
    return readMovielens(files, { separator: TAB, parseItem: (line) => parseItem(line, genres), parseUser }, options, sink)
  },
})

/** Genre names by the column of their flag. */
async function readGenres(file: SourceFile | undefined): Promise<Map<number, string>> {
  const genres = new Map<number, string>()
  if (!file) return genres
  await readLines(file, (bytes, start, end) => {
    const [name = '', column = ''] = decodeText(bytes, start, end).split('|')
    if (/^\d+$/.test(column.trim())) genres.set(Number(column), name)
  })
  return genres
}

/** Fields may be empty, as in the published row 267 ("unknown"). */
function parseItem(line: string, genreNames: ReadonlyMap<number, string>): DatasetItem | null {
  const [itemId = '', title = '', released = ''] = line.split('|', 3)
  const flags = line.split('|').slice(FIXED_COLUMNS)
  const genres = flags.flatMap((flag, column) => (flag === '1' ? [genreNames.get(column) ?? []].flat() : []))
  const year = yearOfTitle(title) ?? (/(\d{4})$/.exec(released) ? Number(released.slice(-4)) : null)
  return { itemId, title: title === '' ? null : title, year, genres }
}

function parseUser(line: string): DatasetUser | null {
  const [userId = '', age = '', gender = '', occupation = '', zip = ''] = line.split('|')
  return { userId, attributes: { ...(/^\d+$/.test(age) ? { age: Number(age) } : {}), gender, occupation, zip } }
}
