import { findFile, findSibling, type FileTree } from '../reading/file-tree.ts'
import {
  DOUBLE_COLON,
  missingRatings,
  recogniseMovielens,
  readMovielens,
  yearOfTitle,
  type MovielensFiles,
} from '../reading/movielens.ts'
import type { DatasetItem, DatasetUser } from '../reading/dataset-content.ts'
import { defineReader } from '../reading/reader.ts'

/** Published as ratings.dat; variants carry a word in between. ratings.dat sorts first. */
const RATINGS_NAME = /^ratings(\.[\w-]+)?\.dat$/i

const locate = (source: FileTree): MovielensFiles | null => {
  const ratings = findFile(source, /^ratings\.dat$/i) ?? findFile(source, RATINGS_NAME)
  if (!ratings) return null
  return { ratings, items: findSibling(source, ratings, /^movies\.dat$/i), users: findSibling(source, ratings, /^users\.dat$/i) }
}

export default defineReader({
  id: 'movielens-1m',
  title: 'MovieLens 1M and 10M',
  doc: "A folder or zip with ratings.dat (user::movie::rating::time) and, where present, movies.dat and users.dat; or the ratings file alone. Half stars are read as they are; tags.dat is passed over. Times that are too small for Unix seconds are taken as positions in the user's history.",

  overridable: [],

  recognise: (source, settings) => recogniseMovielens(locate(source), DOUBLE_COLON, RATINGS_NAME, settings),

  async read(source, options, sink) {
    const files = locate(source)
    if (!files) throw missingRatings(source, 'ratings.dat', 'movielens-1m')
    return readMovielens(files, { separator: DOUBLE_COLON, parseItem, parseUser }, options, sink)
  },
})

const NO_GENRES = '(no genres listed)'

/** `id::title::genre|genre`; the title is whatever stands between the first and the last separator. */
function parseItem(line: string): DatasetItem | null {
  const first = line.indexOf('::')
  const last = line.lastIndexOf('::')
  if (first < 0 || last === first) return null
  const title = line.slice(first + 2, last)
  const genres = line.slice(last + 2).split('|')
  return {
    itemId: line.slice(0, first),
    title: title === '' ? null : title,
    year: yearOfTitle(title),
    genres: genres.filter((genre) => genre !== '' && genre !== NO_GENRES),
  }
}

function parseUser(line: string): DatasetUser | null {
  const [userId = '', gender = '', ageGroup = '', occupation = '', zip = ''] = line.split('::')
  return { userId, attributes: { gender, ageGroup, occupation, zip } }
}
