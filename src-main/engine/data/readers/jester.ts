import type { ImportSettings } from '../../../contract/dto/import-settings.ts'
import { baseName, readHead, type FileTree, type SourceFile } from '../reading/file-tree.ts'
import { textOfHtml } from '../reading/html-text.ts'
import { missingRatings } from '../reading/movielens.ts'
import { defineReader, NOT_RECOGNISED } from '../reading/reader.ts'
import { decodeText } from '../reading/text.ts'
import { JESTER_SCALE, readMatrix, recogniseMatrix, type WideMatrix } from '../reading/wide-matrix.ts'

const TABLE_NAME = /\.(csv|txt|tsv|tab|dat|data)$/i
/** init1.html, joke1.html, 1.html. */
const JOKE_NAME = /(?:^|[a-z_-])(\d{1,4})\.html?$/i
const MAX_CANDIDATES = 20
/** Of a page with a joke. */
const PAGE_BYTES = 16 * 1024
/** Of the columns, in what is shown of them. */
const SHOWN_COLUMNS = 12

export default defineReader({
  id: 'jester',
  title: 'Jester matrix',
  doc: 'One or more files with a line per user and a column per joke (100, 101, 150 or 158 of them), separated by commas, semicolons, tabs or blanks; 99 (or NA, or nothing) means not rated; the first column tells the number of ratings, which is checked, or names the users. Without names users are called by the number of their line, jokes by that of their column; pages with the texts (init1.html) give titles where they are present.',
  overridable: ['file', 'encoding', 'separator', 'quote', 'quoteEscape', 'header', 'decimalComma', 'missing'],

  async recognise(source, settings) {
    const matrices = await locate(source, settings)
    const [first] = matrices
    if (!first) return NOT_RECOGNISED
    const { encoding, separator, hasHeader, decimalComma, missing } = first
    const found: ImportSettings = {
      ...(matrices.length === 1 ? { file: first.file.path } : {}),
      encoding,
      separator,
      header: hasHeader,
      decimalComma,
      missing: [...missing],
    }
    const names = matrices.map((matrix) => baseName(matrix.file.path))
    return {
      confidence: first.confidence,
      settings: { ...found, ...settings },
      columns: columnsOf(first),
      warnings: names.length > 1 ? [`${names.length} files are read as one, in this order: ${names.join(', ')}.`] : [],
    }
  },

  async read(source, options, sink) {
    const matrices = await locate(source, options.settings)
    const [first] = matrices
    if (!first) throw missingRatings(source, 'matrix of ratings with a line per user', 'jester')
    const titles = await readJokes(source, first.items)
    const itemIndexes = Array.from({ length: first.items }, (_, at) =>
      sink.addItem({ itemId: String(at + 1), title: titles.get(at + 1) ?? null, year: null, genres: [] }),
    )
    const { signal, sampleBytes } = options
    const bytesTotal = matrices.reduce((sum, { file }) => sum + file.bytes, 0)
    let before = 0
    let user = 1
    for (const matrix of matrices) {
      const onChunk = (bytes: number) => options.onProgress?.(sink.size, before + bytes, bytesTotal)
      user = await readMatrix(matrix, sink, itemIndexes, user, { signal, sampleBytes, onChunk })
      before += matrix.file.bytes
    }
    return { path: first.file.display, scale: JESTER_SCALE, timeKind: 'file-order' }
  },
})

/** The matrices of the source that have as many jokes as the first, by name: the data set comes in parts. */
async function locate(source: FileTree, settings: ImportSettings): Promise<WideMatrix[]> {
  const matrices: WideMatrix[] = []
  for (const file of candidates(source, settings.file)) {
    const matrix = await recogniseMatrix(file, settings)
    if (matrix) matrices.push(matrix)
  }
  const [first] = matrices
  return matrices.filter(
    (matrix) => matrix.items === first?.items && matrix.isCounted === first.isCounted && matrix.hasIds === first.hasIds,
  )
}

function candidates(source: FileTree, wanted: string | undefined): readonly SourceFile[] {
  if (wanted !== undefined) return source.files.filter((file) => file.path === wanted)
  if (source.chosen) return [source.chosen]
  if (source.files.length === 1) return source.files
  const depth = (file: SourceFile) => file.path.split('/').length
  const tables = source.files.filter((file) => TABLE_NAME.test(file.path)).sort((a, b) => depth(a) - depth(b))
  // An archive and what was unpacked from it are one.
  const unique = tables.filter((file, at) => tables.findIndex((other) => baseName(other.path) === baseName(file.path)) === at)
  return unique.slice(0, MAX_CANDIDATES).sort((a, b) => (baseName(a.path) < baseName(b.path) ? -1 : 1))
}

function columnsOf({ sample, hasIds, isCounted }: WideMatrix) {
  const width = Math.min(SHOWN_COLUMNS, sample[0]?.length ?? 0)
  return Array.from({ length: width }, (_, column) => {
    const samples = sample.map((row) => row[column] ?? '')
    if (hasIds && column === 0) return { name: 'user', role: 'user' as const, samples }
    const first = (hasIds ? 1 : 0) + (isCounted ? 1 : 0)
    const name = column < first ? 'number of ratings' : `joke ${column - first + 1}`
    return { name, role: column < first ? null : ('rating' as const), samples }
  })
}

/** The texts of the jokes up to number `items`, by their numbers. */
async function readJokes(source: FileTree, items: number): Promise<Map<number, string>> {
  const texts = new Map<number, string>()
  for (const file of source.files) {
    const number = Number(JOKE_NAME.exec(baseName(file.path))?.[1] ?? 0)
    if (number < 1 || number > items || texts.has(number)) continue
    const head = await readHead(file, PAGE_BYTES)
    const text = jokeOf(decodeText(head, 0, head.length))
    if (text !== '') texts.set(number, text)
  }
  return texts
}

/** The published pages say in comments where the joke begins and ends. */
function jokeOf(page: string): string {
  const [, marked] = /<!--\s*begin of joke\s*-->([\s\S]*?)<!--\s*end of joke\s*-->/i.exec(page) ?? []
  const [, body] = /<body\b[^<>]*>([\s\S]*)/i.exec(page) ?? []
  return textOfHtml(marked ?? body ?? page)
}
