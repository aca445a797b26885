import type { ImportSettings, TimeUnit } from '../../../contract/dto/import-settings.ts'
import { isPalateError, PalateError } from '../../../contract/errors.ts'
import { findAmazonItems, readAmazonItems } from '../reading/amazon-items.ts'
import type { DatasetBuilder } from '../reading/dataset-builder.ts'
import { baseName, type FileTree, type SourceFile } from '../reading/file-tree.ts'
import { dateOfText, findFeedback, sampleOf, textOfField, type FieldNames, type JsonFound } from '../reading/json-feedback.ts'
import { readLines } from '../reading/lines.ts'
import { numberFault, parseNumber } from '../reading/numbers.ts'
import { ObjectLine } from '../reading/object-line.ts'
import { missingRatings } from '../reading/movielens.ts'
import { defineReader, NOT_RECOGNISED } from '../reading/reader.ts'
import { decodeText } from '../reading/text.ts'
import { timeFault } from '../reading/times.ts'

const JSON_NAME = /\.(json|jsonl|ndjson|jl|txt)$/i
/** A folder of more files is looked at in part. */
const MAX_CANDIDATES = 20

interface Located extends JsonFound {
  readonly file: SourceFile
  /** Other files with feedback in them. */
  readonly others: readonly string[]
}

export default defineReader({
  id: 'amazon-json',
  title: 'Amazon reviews (JSON lines)',
  doc: 'One review per line as a JSON object, in the fields of 2014, 2018 (reviewerID, asin, overall, unixReviewTime) or 2023 (user_id, parent_asin, rating, timestamp), or in other fields that can be named; also in the single quotes of Python. A meta_*.json beside it gives titles and categories to the products that were rated. Without ratings every line is positive feedback.',
  overridable: ['file', 'encoding', 'columns', 'timeUnit', 'missing'],

  async recognise(source, settings) {
    const found = await locate(source, settings)
    if (!found) return NOT_RECOGNISED
    const { recognition, others } = found
    if (others.length === 0) return recognition
    const more = `Other files hold feedback too (${others.slice(0, 3).join(', ')}): choose one of them to read it instead.`
    return { ...recognition, warnings: [...recognition.warnings, more] }
  },

  async read(source, options, sink) {
    const found = await locate(source, options.settings)
    if (!found) throw missingRatings(source, 'file of reviews, one JSON object per line', 'amazon-json')
    const { file, fields, recognition } = found
    const items = await findAmazonItems(source, file)
    const bytesTotal = file.bytes + (items?.bytes ?? 0)
    const reading = (before: number) => ({
      encoding: options.settings.encoding,
      signal: options.signal,
      sampleBytes: options.sampleBytes,
      onChunk: (bytes: number) => options.onProgress?.(sink.size, before + bytes, bytesTotal),
    })
    const reviews = new ReviewLines(file, fields, recognition.settings, sink)
    await readLines(file, (...line) => reviews.take(...line), reading(0))
    if (items) await readAmazonItems(items, sink, reading(file.bytes))
    return { path: file.display, timeKind: fields.time === undefined ? 'file-order' : undefined }
  },
})

/** The file whose lines look most like feedback. @throws PalateError INPUT_INVALID for a field that none of the files has */
async function locate(source: FileTree, settings: ImportSettings): Promise<Located | null> {
  const found: Located[] = []
  let misfit: PalateError | null = null
  for (const file of candidates(source, settings.file)) {
    const sample = await sampleOf(file)
    try {
      const feedback = findFeedback(sample, settings)
      if (feedback) found.push({ ...feedback, file, others: [] })
    } catch (error) {
      if (!isPalateError(error)) throw error
      misfit ??= error
    }
  }
  const best = found.toSorted((a, b) => b.recognition.confidence - a.recognition.confidence)[0]
  if (!best && misfit) throw misfit
  return best ? { ...best, others: found.filter((other) => other.file !== best.file).map(({ file }) => file.path) } : null
}

function candidates(source: FileTree, wanted: string | undefined): readonly SourceFile[] {
  if (wanted !== undefined) return source.files.filter((file) => file.path === wanted).slice(0, 1)
  if (source.chosen) return [source.chosen]
  if (source.files.length === 1) return source.files
  return source.files.filter((file) => JSON_NAME.test(baseName(file.path))).slice(0, MAX_CANDIDATES)
}

/** Puts one line after the other into a data set. */
class ReviewLines {
  readonly #file: SourceFile
  readonly #fields: FieldNames
  readonly #line: ObjectLine
  readonly #sink: DatasetBuilder
  readonly #missing: ReadonlySet<string>
  readonly #unit: TimeUnit

  constructor(file: SourceFile, fields: FieldNames, settings: ImportSettings, sink: DatasetBuilder) {
    this.#file = file
    this.#fields = fields
    this.#line = new ObjectLine(Object.values(fields))
    this.#sink = sink
    this.#missing = new Set(settings.missing)
    this.#unit = settings.timeUnit ?? 'seconds'
  }

  take(bytes: Uint8Array, start: number, end: number, line: number, byteOffset: number, unterminated: boolean): void {
    const reason = this.#line.read(bytes, start, end) ?? this.#add(line)
    if (reason === null) return
    const row = { file: this.#file.display, line, byteOffset, reason, rawText: decodeText(bytes, start, end) }
    if (unterminated && this.#sink.size > 0) this.#sink.rejectCut(row)
    else this.#sink.reject(row)
  }

  /** @returns why the line is no feedback, or null when it was taken */
  #add(line: number): string | null {
    const { user, item, rating, time } = this.#fields
    const userId = this.#text(user)
    const itemId = this.#text(item)
    if (!userId) return this.#absence(user)
    if (!itemId) return this.#absence(item)
    const stars = rating === undefined ? '1' : this.#text(rating)
    if (stars === null) return this.#absence(rating!)
    if (this.#missing.has(stars)) {
      this.#sink.addMissing()
      return null
    }
    const value = parseNumber(stars)
    if (Number.isNaN(value)) return numberFault(rating!, stars)
    const { scale } = this.#sink.policy
    if (scale && (value < scale.min || value > scale.max)) {
      return `the rating ${value} lies outside the scale from ${scale.min} to ${scale.max}`
    }
    const when = time === undefined ? '' : this.#text(time)
    if (when === null) return this.#absence(time!)
    const seconds = time === undefined ? this.#sink.size : this.#seconds(when)
    if (Number.isNaN(seconds)) return timeFault(when, this.#unit)
    const { itemIds, userIds } = this.#sink
    this.#sink.addRating(userIds.indexOfText(userId), itemIds.indexOfText(itemId), value, seconds, line)
    return null
  }

  #seconds(text: string): number {
    if (this.#unit === 'iso') return dateOfText(text)
    return parseNumber(text) / (this.#unit === 'milliseconds' ? 1000 : 1)
  }

  #text(name: string): string | null {
    return textOfField(this.#line.fields.get(name))
  }

  #absence(name: string): string {
    const value = this.#line.fields.get(name)
    if (value === undefined) return `the field "${name}" is missing`
    return value === '' ? `the field "${name}" is empty` : `the field "${name}" holds neither a text nor a number`
  }
}
