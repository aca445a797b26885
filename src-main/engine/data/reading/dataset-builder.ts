import { PalateError } from '../../../contract/errors.ts'
import type { DuplicatesPolicy } from '../../../contract/dto/import-settings.ts'
import type { RatingScale, RejectedRow, TimeKind } from '../../../contract/dto/dataset.ts'
import { resolveDuplicates, type RatingColumns } from './duplicates.ts'
import { IdTable } from './id-table.ts'
import { LISTED_REJECTS, MAX_ROWS, SHOWN_TEXT } from './limits.ts'
import { RatingBuffer } from './rating-buffer.ts'
import { proposeScale } from './rating-scales.ts'
import type { DatasetContent, DatasetItem, DatasetUser, RowMeaning } from './dataset-content.ts'

/** A line that cannot be read, as its reader saw it. */
export interface BadRow {
  /** Path for people. */
  readonly file: string
  readonly line: number
  readonly byteOffset: number
  /** Follows "line 3: " and takes no full stop. */
  readonly reason: string
  readonly rawText: string
}

export interface BuilderPolicy {
  readonly onBadRow: 'fail' | 'skip'
  /** 0..1; a larger share of bad rows ends the reading. */
  readonly maxRejectRate: number
  readonly duplicates: DuplicatesPolicy
  /** Ratings outside it are the reader's to reject; null takes the scale from the data. */
  readonly scale: RatingScale | null
}

/** More than half of the rows bad: the file was misunderstood. */
export const DEFAULT_POLICY: BuilderPolicy = { onBadRow: 'fail', maxRejectRate: 0.5, duplicates: 'last', scale: null }

/** Rows of which more is kept than what is stored. */
export const PREVIEWABLE_ROWS = 64

/** A code of two bytes each. */
const MAX_SCENARIOS = 65_535

/** Few rows say little about a share: the rate counts from here on, and once more at the end. */
const RATE_COUNTS_FROM = 1000

/** Where a reader puts what it reads. Grows as it goes; `finish` gives the columns. */
export class DatasetBuilder {
  readonly policy: BuilderPolicy
  /** Ids of users and items: their indices are the data set's. */
  readonly userIds = new IdTable()
  readonly itemIds = new IdTable()
  /** Names of scenarios: tabs or scenes of a log. */
  readonly scenarioIds = new IdTable()
  readonly #users = new Map<number, DatasetUser>()
  readonly #items = new Map<number, DatasetItem>()
  readonly #rows = new RatingBuffer()
  readonly #rejectedRows: RejectedRow[] = []
  /** Of the first rows, which a preview shows. */
  readonly #lines = new Int32Array(PREVIEWABLE_ROWS)
  readonly #cells: (readonly string[] | undefined)[] = []
  #rejected = 0
  #missing = 0

  constructor(policy: Partial<BuilderPolicy> = {}) {
    this.policy = { ...DEFAULT_POLICY, ...policy }
  }

  /** Interactions so far. */
  get size(): number {
    return this.#rows.size
  }

  get rejectedRows(): readonly RejectedRow[] {
    return this.#rejectedRows
  }

  /** Takes what a catalogue says of a user. @returns its index, or -1 when its id was there before */
  addUser(user: DatasetUser): number {
    if (this.userIds.findText(user.userId) >= 0) return -1
    const index = this.userIds.indexOfText(user.userId)
    this.#users.set(index, user)
    return index
  }

  /** As `addUser`. */
  addItem(item: DatasetItem): number {
    if (this.itemIds.findText(item.itemId) >= 0) return -1
    const index = this.itemIds.indexOfText(item.itemId)
    this.#items.set(index, item)
    return index
  }

  /**
   * Puts what a catalogue says of an item in place of its bare id, for catalogues that hold many more items than anyone rated.
   * The first description stands. @returns false when no row named the item
   */
  describeItem(item: DatasetItem): boolean {
    const index = this.itemIds.findText(item.itemId)
    if (index < 0) return false
    if (!this.#items.has(index)) this.#items.set(index, item)
    return true
  }

  userAt(index: number): DatasetUser {
    return this.#users.get(index) ?? { userId: this.userIds.idAt(index), attributes: null }
  }

  itemAt(index: number): DatasetItem {
    return this.#items.get(index) ?? { itemId: this.itemIds.idAt(index), title: null, year: null, genres: [] }
  }

  /**
   * @param line where it stands, for the preview; 0 where a reader knows none
   * @param cells the fields of its line, for the preview: wanted of the first PREVIEWABLE_ROWS rows
   * @throws PalateError INPUT_REFUSED beyond 100 million
   */
  addRating(userIndex: number, itemIndex: number, rating: number, time: number, line = 0, cells?: readonly string[]): void {
    if (this.#rows.size < PREVIEWABLE_ROWS) {
      this.#lines[this.#rows.size] = line
      this.#cells.push(cells)
    }
    if (this.#rows.size >= MAX_ROWS) throw refused('the source', `it holds more than ${MAX_ROWS} ratings`)
    this.#rows.add(userIndex, itemIndex, rating, time)
  }

  /** Says in which scenario the row added last was given. @throws PalateError INPUT_REFUSED beyond 65,535 of them */
  markScenario(index: number): void {
    if (index >= MAX_SCENARIOS)
      throw refused('the source', `its column of scenarios holds more than ${MAX_SCENARIOS} different ones`)
    this.#rows.mark(index + 1)
  }

  /** Where row `index` stands in its file; known for the first 64. */
  lineAt(index: number): number {
    return this.#lines[index] ?? 0
  }

  /** The fields of row `index`; known for the first 64 of a table. */
  cellsAt(index: number): readonly string[] | undefined {
    return this.#cells[index]
  }

  /** A row or cell that says "not rated". */
  addMissing(): void {
    this.#missing++
  }

  /** @throws PalateError ROW_INVALID when strict, INPUT_REFUSED above the chosen reject rate */
  reject(row: BadRow): void {
    const { file, line, byteOffset, reason } = row
    if (this.policy.onBadRow === 'fail') {
      const shown = shorten(row.rawText)
      throw new PalateError(
        'ROW_INVALID',
        `${file}, line ${line}: ${reason}. The line reads "${shown}". Nothing was imported. Correct the line, or import with bad rows skipped: they are left out and listed.`,
        { path: file, line, byteOffset, reason, rawText: shown },
      )
    }
    this.#list(row)
    if (this.#rows.size + this.#rejected >= RATE_COUNTS_FROM) this.#checkRate(file)
  }

  /** A row that is known to be unusable in sources of its kind: listed, in strict reading too, and ends nothing. */
  leaveOut(row: BadRow): void {
    this.#list(row)
  }

  /**
   * A last line that the file's end cuts. It is reported in strict reading too, and ends nothing: the download was cut, the
   * rows before it are right.
   */
  rejectCut(row: BadRow): void {
    this.#list({ ...row, reason: `the file ends in the middle of this line: ${row.reason}` })
  }

  /** What was read so far, duplicates included: views, valid until the next row comes. */
  columns(): RatingColumns {
    return this.#rows.columns()
  }

  /**
   * Ends the reading: nothing can be added afterwards.
   *
   * @throws PalateError FILE_EMPTY without any row, INPUT_REFUSED when every row was rejected or too many were
   */
  finish(meaning: RowMeaning): DatasetContent {
    const { path } = meaning
    const size = this.#rows.size
    const read = size + this.#rejected
    if (read === 0) {
      throw new PalateError('FILE_EMPTY', `${path} holds no ratings. Nothing was imported. Choose another file.`, { path })
    }
    if (size === 0) {
      const reason = `none of its ${this.#rejected} rows could be read; the first: ${this.#rejectedRows[0]!.reason}`
      throw new PalateError('INPUT_REFUSED', `${path} was not imported: ${reason}. Check that it has the format you chose.`, {
        path,
        reason,
      })
    }
    this.#checkRate(path)
    const { scenario, ...columns } = resolveDuplicates(
      this.#rows.take(),
      this.policy.duplicates,
      this.userIds.size,
      this.itemIds.size,
    )
    const accepted = columns.rating.length
    return {
      ...columns,
      users: Array.from({ length: this.userIds.size }, (_, index) => this.userAt(index)),
      items: Array.from({ length: this.itemIds.size }, (_, index) => this.itemAt(index)),
      timeKind: meaning.timeKind ?? timeKindOf(columns.time),
      scale: this.policy.scale ?? meaning.scale ?? proposeScale(columns.rating),
      counts: { read, accepted, rejected: this.#rejected, duplicates: size - accepted },
      missing: this.#missing,
      ...(scenario ? { scenarios: { names: this.#scenarioNames(), codes: scenario } } : {}),
      duplicatesPolicy: this.policy.duplicates,
      ...(meaning.notes ? { notes: meaning.notes } : {}),
      rejectedRows: this.#rejectedRows,
    }
  }

  #scenarioNames(): string[] {
    return Array.from({ length: this.scenarioIds.size }, (_, index) => this.scenarioIds.idAt(index))
  }

  #list({ file, line, byteOffset, reason, rawText }: BadRow): void {
    this.#rejected++
    if (this.#rejectedRows.length < LISTED_REJECTS) {
      this.#rejectedRows.push({ file, line, byteOffset, reason, rawText: shorten(rawText) })
    }
  }

  #checkRate(path: string): void {
    const read = this.#rows.size + this.#rejected
    // One cut line is no sign of a file that was misunderstood.
    if (this.#rejected <= 1 && this.policy.maxRejectRate > 0) return
    if (this.#rejected <= this.policy.maxRejectRate * read) return
    const first = this.#rejectedRows[0]!
    const share = Math.round(this.policy.maxRejectRate * 1000) / 10
    const reason = `${this.#rejected} of ${read} rows could not be read, more than ${share} %; the first is line ${first.line}: ${first.reason}`
    throw refused(path, reason)
  }
}

function refused(path: string, reason: string): PalateError {
  return new PalateError('INPUT_REFUSED', `${path} was not imported: ${reason}. Nothing was kept.`, { path, reason })
}

function shorten(text: string): string {
  return text.length > SHOWN_TEXT ? `${text.slice(0, SHOWN_TEXT)}…` : text
}

/** 3 March 1973 as Unix time. No rating was collected online before it, and no user has as many ratings. */
const EARLIEST_TIMESTAMP = 100_000_000

/** Times that all lie before any online rating are positions in a user's history, not seconds. */
export function timeKindOf(time: Float64Array): TimeKind {
  return time.every((value) => value < EARLIEST_TIMESTAMP) ? 'per-user-rank' : 'unix-seconds'
}
