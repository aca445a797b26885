import { PalateError } from '../../../contract/errors.ts'
import type { RatingScale, RejectedRow, TimeKind } from '../../../contract/dto/dataset.ts'
import { dropEarlierDuplicates } from './duplicates.ts'
import type { DatasetContent, DatasetItem, DatasetUser } from './reader.ts'

const LISTED_REJECTS = 1000
const SHOWN_TEXT = 200

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

/** Where a reader puts what it reads. Grows as it goes; `finish` gives the columns. */
export class DatasetBuilder {
  readonly #onBadRow: 'fail' | 'skip'
  readonly #users: DatasetUser[] = []
  readonly #items: DatasetItem[] = []
  readonly #rejectedRows: RejectedRow[] = []
  #rejected = 0
  #size = 0
  #userIndex = new Int32Array(1 << 14)
  #itemIndex = new Int32Array(1 << 14)
  #rating = new Float32Array(1 << 14)
  #time = new Float64Array(1 << 14)

  constructor(onBadRow: 'fail' | 'skip') {
    this.#onBadRow = onBadRow
  }

  /** Interactions so far. */
  get size(): number {
    return this.#size
  }

  /** @returns the new user's index */
  addUser(user: DatasetUser): number {
    return this.#users.push(user) - 1
  }

  /** @returns the new item's index */
  addItem(item: DatasetItem): number {
    return this.#items.push(item) - 1
  }

  addRating(userIndex: number, itemIndex: number, rating: number, time: number): void {
    if (this.#size === this.#rating.length) this.#grow()
    const row = this.#size++
    this.#userIndex[row] = userIndex
    this.#itemIndex[row] = itemIndex
    this.#rating[row] = rating
    this.#time[row] = time
  }

  /** @throws PalateError ROW_INVALID when strict */
  reject({ file, line, byteOffset, reason, rawText }: BadRow): void {
    const shown = rawText.length > SHOWN_TEXT ? `${rawText.slice(0, SHOWN_TEXT)}…` : rawText
    if (this.#onBadRow === 'fail') {
      throw new PalateError(
        'ROW_INVALID',
        `${file}, line ${line}: ${reason}. The line reads "${shown}". Nothing was imported. Correct the line, or import with --on-bad-row skip to leave such lines out and list them.`,
        { path: file, line, byteOffset, reason, rawText: shown },
      )
    }
    this.#rejected++
    if (this.#rejectedRows.length < LISTED_REJECTS) this.#rejectedRows.push({ file, line, byteOffset, reason, rawText: shown })
  }

  /**
   * @param path of the ratings file, for messages
   * @throws PalateError FILE_EMPTY without any row, INPUT_REFUSED when every row was rejected
   */
  finish({ path, scale }: { path: string; scale: RatingScale }): DatasetContent {
    const read = this.#size + this.#rejected
    if (read === 0) {
      throw new PalateError('FILE_EMPTY', `${path} holds no ratings. Nothing was imported. Choose another file.`, { path })
    }
    if (this.#size === 0) {
      const reason = `none of its ${this.#rejected} rows could be read; the first: ${this.#rejectedRows[0]!.reason}`
      throw new PalateError('INPUT_REFUSED', `${path} was not imported: ${reason}. Check that it has the format you chose.`, {
        path,
        reason,
      })
    }
    const columns = dropEarlierDuplicates({
      userIndex: this.#userIndex.slice(0, this.#size),
      itemIndex: this.#itemIndex.slice(0, this.#size),
      rating: this.#rating.slice(0, this.#size),
      time: this.#time.slice(0, this.#size),
    })
    const accepted = columns.rating.length
    return {
      ...columns,
      users: this.#users,
      items: this.#items,
      timeKind: timeKindOf(columns.time),
      scale,
      counts: { read, accepted, rejected: this.#rejected, duplicates: this.#size - accepted },
      rejectedRows: this.#rejectedRows,
    }
  }

  #grow(): void {
    const length = this.#rating.length * 2
    const userIndex = new Int32Array(length)
    const itemIndex = new Int32Array(length)
    const rating = new Float32Array(length)
    const time = new Float64Array(length)
    userIndex.set(this.#userIndex)
    itemIndex.set(this.#itemIndex)
    rating.set(this.#rating)
    time.set(this.#time)
    this.#userIndex = userIndex
    this.#itemIndex = itemIndex
    this.#rating = rating
    this.#time = time
  }
}

/** 3 March 1973 as Unix time. No rating was collected online before it, and no user has as many ratings. */
const EARLIEST_TIMESTAMP = 100_000_000

/** Times that all lie before any online rating are positions in a user's history, not seconds. */
export function timeKindOf(time: Float64Array): TimeKind {
  return time.every((value) => value < EARLIEST_TIMESTAMP) ? 'per-user-rank' : 'unix-seconds'
}
