import type { DatasetBuilder } from './dataset-builder.ts'
import { baseName, type FileTree, type SourceFile } from './file-tree.ts'
import { decodeEntities } from './html-text.ts'
import { sampleOf } from './json-feedback.ts'
import { readLines } from './lines.ts'
import { ObjectLine, type FieldValue } from './object-line.ts'
import type { RecordOptions } from './read-records.ts'
import { decodeText } from './text.ts'

const META_NAME = /^meta([._-].*)?\.(json|jsonl|ndjson|jl|txt)$/i
/** 2014 and 2018 say "asin"; in 2023 the parent is what reviews are grouped by. */
const IDS = ['parent_asin', 'asin'] as const
const WANTED = [...IDS, 'title', 'categories', 'category', 'main_cat', 'main_category']

/**
 * The catalogue of products beside reviews or ratings, recognised by its content: "meta_Books.json" beside
 * "reviews_Books_5.json", or the only one there is.
 */
export async function findAmazonItems(source: FileTree, feedback: SourceFile): Promise<SourceFile | undefined> {
  const metas = source.files.filter((file) => file !== feedback && META_NAME.test(baseName(file.path)))
  const topic = topicOf(feedback)
  // Beside a file that a person pointed at lie other data sets too.
  const lone = source.chosen || metas.length !== 1 ? undefined : metas[0]
  const file = metas.find((meta) => topicOf(meta) === topic) ?? lone
  if (!file) return undefined
  const { texts } = await sampleOf(file)
  return IDS.some((id) => texts.has(id)) ? file : undefined
}

/** "books" of reviews_Books_5.json, meta_Books.json, ratings_Books.csv and Books_5.json. */
function topicOf(file: SourceFile): string {
  return baseName(file.path)
    .replace(/\.[a-z]+$/i, '')
    .replace(/^(meta|reviews?|ratings?)[._-]/i, '')
    .replace(/[._-]5$/, '')
    .toLowerCase()
}

/**
 * Gives the items that `sink` holds their titles and categories. Products that nobody rated are passed over: the catalogues
 * hold a hundred times as many. A product that stands twice keeps its first entry.
 *
 * @throws PalateError as readLines and DatasetBuilder.reject
 */
export async function readAmazonItems(file: SourceFile, sink: DatasetBuilder, options: RecordOptions): Promise<void> {
  const line = new ObjectLine(WANTED)
  await readLines(
    file,
    (bytes, start, end, lineNumber, byteOffset) => {
      const fault = line.read(bytes, start, end)
      if (fault !== null) {
        const rawText = decodeText(bytes, start, end)
        sink.reject({ file: file.display, line: lineNumber, byteOffset, reason: fault, rawText })
        return
      }
      const title = plainText(line.fields.get('title'))
      const genres = genresOf(line.fields)
      for (const id of IDS) {
        const itemId = line.fields.get(id)
        if (typeof itemId === 'string') sink.describeItem({ itemId, title, year: null, genres })
      }
    },
    options,
  )
}

/** Titles are written as in a page: "Simon &amp; Schuster". */
function plainText(value: FieldValue | undefined): string | null {
  const text = typeof value === 'string' ? decodeEntities(value).trim() : ''
  return text === '' ? null : text
}

/** The names of all categories that a product is in, each once: a list in 2018 and 2023, a list of paths in 2014. */
function genresOf(fields: ReadonlyMap<string, FieldValue>): string[] {
  const names = [fields.get('categories'), fields.get('category')].flatMap(namesIn)
  const all = names.length > 0 ? names : [fields.get('main_cat'), fields.get('main_category')].flatMap(namesIn)
  return [...new Set(all)]
}

function namesIn(value: FieldValue | undefined): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn)
  const text = plainText(value)
  // Pages were taken apart by machine: what is left of their markup is no category.
  return text === null || /[<>]/.test(text) ? [] : [text]
}
