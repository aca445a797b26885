import type { ImportSettings } from '../../../contract/dto/import-settings.ts'
import type { RatingScale } from '../../../contract/dto/dataset.ts'
import { PREVIEWABLE_ROWS, type BadRow, type DatasetBuilder } from './dataset-builder.ts'
import { numberFault, readNumber } from './numbers.ts'
import { isWeightName } from './column-roles.ts'
import { scaleOfBehaviours, scaleOfWeights, usualMeaning } from './rating-scales.ts'
import { readRecords, type RecordOptions } from './read-records.ts'
import type { TableRecord } from './record.ts'
import type { DatasetItem, RowMeaning } from './dataset-content.ts'
import type { TableFound } from './table-recognition.ts'
import { readTime, timeFault } from './times.ts'

/** Rows after which a shorter number at the end of the file is a sign of a cut. */
const CUT_SHOWS_AFTER = 10
const NO_COLUMN = -1

export interface RatingTableOptions extends RecordOptions {
  /** The items of a complete catalogue: a row that names another is a bad row. The text names the catalogue. */
  readonly onlyItemsOf?: string | undefined
  /** What is known of an item beside its id: asked when a row names it for the first time. */
  readonly describeItem?: ((record: TableRecord) => Omit<DatasetItem, 'itemId'>) | undefined
  /** Rows whose feedback stands in no single column of numbers or behaviours. */
  readonly feedback?: RowFeedback | undefined
  /** A row without a time, where a source is known to hold such: listed and left out, also in strict reading. */
  readonly timeless?: 'leave-out' | undefined
}

/** How a row's feedback is read where the table's rating and behaviour columns do not tell it. */
export interface RowFeedback {
  /** NaN where the row tells none. */
  ratingOf(record: TableRecord): number
  /** Why `ratingOf` gave NaN; follows "line 3: ". */
  faultOf(record: TableRecord): string
  readonly scale: RatingScale
}

/**
 * Reads a table of one feedback per row into `sink`: user, item, and a rating or a behaviour, and a time. Without rating and
 * behaviour every row is a positive feedback of 1.
 *
 * @throws PalateError as readRecords and as DatasetBuilder.reject; INPUT_INVALID for behaviours that contradict themselves
 */
export async function readRatingTable(table: TableFound, sink: DatasetBuilder, options: RatingTableOptions): Promise<RowMeaning> {
  const reading = new TableReading(table, sink, options)
  await readRecords(table.file, table.dialect, (record) => reading.take(record), { ...options, encoding: table.encoding })
  return reading.meaning()
}

class TableReading {
  readonly #table: TableFound
  readonly #sink: DatasetBuilder
  readonly #catalogue: string | undefined
  readonly #describeItem: RatingTableOptions['describeItem']
  readonly #feedback: RowFeedback | undefined
  readonly #leavesTimeless: boolean
  readonly #settings: ImportSettings
  readonly #user: number
  readonly #item: number
  readonly #rating: number
  readonly #time: number
  readonly #behaviour: number
  readonly #scenario: number
  readonly #scale: RatingScale | null
  readonly #missing: ReadonlySet<string>
  readonly #behaviours: Map<string, number>
  readonly #headerLength: number
  #headerPending: boolean
  #row = 0
  /** Lines with special characters, by how they are written. */
  #singleByteLines = 0
  #utf8Lines = 0
  /** Of the last column's texts: a shorter one at the end of the file was cut. */
  #shortest = Infinity

  constructor(table: TableFound, sink: DatasetBuilder, options: RatingTableOptions) {
    const { roles, settings } = table
    this.#table = table
    this.#sink = sink
    this.#catalogue = options.onlyItemsOf
    this.#describeItem = options.describeItem
    this.#feedback = options.feedback
    this.#leavesTimeless = options.timeless === 'leave-out'
    this.#settings = settings
    this.#user = roles.user ?? 0
    this.#item = roles.item ?? 1
    this.#rating = roles.rating ?? NO_COLUMN
    this.#time = roles.time ?? NO_COLUMN
    this.#behaviour = roles.behaviour ?? NO_COLUMN
    this.#scenario = roles.scenario ?? NO_COLUMN
    this.#scale = sink.policy.scale
    this.#missing = new Set(settings.missing)
    this.#behaviours = new Map(Object.entries(settings.behaviours ?? {}).map(([name, { rating }]) => [name, rating]))
    this.#headerPending = table.header !== null
    this.#headerLength = table.header === null ? -1 : table.header.join('').length
  }

  meaning(): RowMeaning {
    const [single, utf8] = [this.#singleByteLines, this.#utf8Lines]
    if (single === 0 || utf8 === 0) return this.#meaningOfRows()
    const lines = (count: number) => (count === 1 ? '1 line is' : `${count} lines are`)
    const mixed = `Of the lines with special characters ${lines(single)} written in windows-1252 and ${lines(utf8)} in UTF-8: each was read as what it is.`
    return { ...this.#meaningOfRows(), notes: [mixed] }
  }

  #meaningOfRows(): RowMeaning {
    const path = this.#table.file.display
    const timeKind = this.#time === NO_COLUMN ? ('file-order' as const) : undefined
    if (this.#feedback) return { path, timeKind, scale: this.#feedback.scale }
    if (this.#behaviour !== NO_COLUMN && this.#rating === NO_COLUMN && this.#behaviours.size > 0) {
      const known = Object.fromEntries(
        [...this.#behaviours].map(([name, rating]) => [
          name,
          this.#settings.behaviours?.[name] ?? { feedback: usualMeaning(name)!.feedback, rating },
        ]),
      )
      return { path, timeKind, scale: scaleOfBehaviours(known) }
    }
    const name = this.#table.header?.[this.#rating]
    if (name !== undefined && isWeightName(name)) return { path, timeKind, scale: scaleOfWeights(this.#sink.columns().rating) }
    return { path, timeKind }
  }

  take(record: TableRecord): void {
    if (this.#headerPending) {
      this.#headerPending = false
      return
    }
    if (record.encoding === 'utf-8') this.#utf8Lines++
    else if (record.encoding === 'windows-1252') this.#singleByteLines++
    if (record.fault !== null) return this.#reject(record, record.fault)
    if (record.count !== this.#table.width) return this.#reject(record, this.#countFault(record))
    if (this.#repeatsHeader(record)) return this.#reject(record, 'it repeats the header')
    if (record.isEmpty(this.#user)) return this.#reject(record, 'the user is empty')
    if (record.isEmpty(this.#item)) return this.#reject(record, 'the item is empty')
    if (this.#rating !== NO_COLUMN && this.#missing.size > 0 && this.#missing.has(record.text(this.#rating))) {
      return this.#sink.addMissing()
    }
    const rating = this.#ratingOf(record)
    if (Number.isNaN(rating)) return this.#reject(record, this.#ratingFault(record))
    const scale = this.#scale
    if (scale && (rating < scale.min || rating > scale.max)) {
      return this.#reject(record, `the rating ${rating} lies outside the scale from ${scale.min} to ${scale.max}`)
    }
    const time = this.#time === NO_COLUMN ? this.#sink.size : readTime(record, this.#time, this.#settings.timeUnit ?? 'seconds')
    if (Number.isNaN(time)) {
      if (this.#leavesTimeless && record.isEmpty(this.#time)) return this.#sink.leaveOut(this.#bad(record, 'it tells no time'))
      return this.#reject(record, timeFault(record.text(this.#time), this.#settings.timeUnit ?? 'seconds'))
    }
    const cut = record.unterminated ? this.#cutFault(record) : null
    if (cut !== null) return this.#reject(record, cut)
    this.#add(record, rating, time)
  }

  #add(record: TableRecord, rating: number, time: number): void {
    const { itemIds, userIds } = this.#sink
    const mayBeNew = this.#catalogue === undefined && !this.#describeItem
    let itemIndex = mayBeNew ? itemIds.indexOf(record, this.#item) : itemIds.find(record, this.#item)
    if (itemIndex < 0 && this.#describeItem) {
      itemIndex = this.#sink.addItem({ itemId: record.text(this.#item), ...this.#describeItem(record) })
    }
    if (itemIndex < 0) {
      return this.#reject(record, `the item "${record.text(this.#item)}" does not stand in ${this.#catalogue}`)
    }
    const last = record.count - 1
    const length = record.ends[last]! - record.starts[last]!
    if (length < this.#shortest) this.#shortest = length
    this.#row++
    const cells = this.#sink.size < PREVIEWABLE_ROWS ? record.texts() : undefined
    this.#sink.addRating(userIds.indexOf(record, this.#user), itemIndex, rating, time, record.line, cells)
    if (this.#scenario === NO_COLUMN || record.isEmpty(this.#scenario)) return
    this.#sink.markScenario(this.#sink.scenarioIds.indexOf(record, this.#scenario))
  }

  #ratingOf(record: TableRecord): number {
    if (this.#feedback) return this.#feedback.ratingOf(record)
    if (this.#rating !== NO_COLUMN) return readNumber(record, this.#rating, this.#settings.decimalComma)
    if (this.#behaviour === NO_COLUMN) return 1
    const name = record.text(this.#behaviour)
    const known = this.#behaviours.get(name)
    if (known !== undefined) return known
    // The sample may hold none of the rare ones.
    const usual = usualMeaning(name)
    if (!usual) return NaN
    this.#behaviours.set(name, usual.rating)
    return usual.rating
  }

  #ratingFault(record: TableRecord): string {
    if (this.#feedback) return this.#feedback.faultOf(record)
    if (this.#rating !== NO_COLUMN) return numberFault('rating', record.text(this.#rating))
    const name = record.text(this.#behaviour)
    return name.trim() === '' ? 'the behaviour is empty' : `the behaviour "${name}" has no meaning yet`
  }

  #countFault(record: TableRecord): string {
    const { header, width } = this.#table
    const names = header ? ` (${header.join(', ')})` : ''
    return `it has ${record.count} ${record.count === 1 ? 'field' : 'fields'} instead of ${width}${names}`
  }

  /** Files that were joined hold their header again in the middle. */
  #repeatsHeader(record: TableRecord): boolean {
    const { header } = this.#table
    // Cheap for all other lines: a header's text is as long as the header's.
    if (header === null || record.end - record.start < this.#headerLength) return false
    const first = record.starts[0]!
    if (record.escaped[0] === 0 && record.encoding === 'ascii' && record.bytes[first] !== header[0]!.charCodeAt(0)) return false
    return record.texts().every((text, column) => text === header[column])
  }

  /** A number that is cut still is a number: it shows by a time that is shorter than every other. */
  #cutFault(record: TableRecord): string | null {
    const last = record.count - 1
    const text = record.text(last)
    if (last === this.#rating && /[.,]$/.test(text)) return `the rating "${text}" is cut`
    if (last !== this.#time || this.#row < CUT_SHOWS_AFTER) return null
    return text.length < this.#shortest ? `the time "${text}" is shorter than every other` : null
  }

  #bad(record: TableRecord, reason: string): BadRow {
    const { line, byteOffset } = record
    return { file: this.#table.file.display, line, byteOffset, reason, rawText: record.rawText() }
  }

  #reject(record: TableRecord, reason: string): void {
    const row = this.#bad(record, reason)
    if (record.unterminated && this.#row > 0) this.#sink.rejectCut(row)
    else this.#sink.reject(row)
  }
}
