import type { RatingColumns } from './duplicates.ts'

/** Of the first pieces, which are outgrown: small data sets, and previews, are many. */
const SMALL_PIECES = [1 << 8, 1 << 12, 1 << 16]
/**
 * Of a full piece: 40 MB in one array. Of memory that large the system maps what is written to and no more, and takes it back the
 * moment it is given back. Smaller arrays may stay with the process for good.
 */
const PIECE_ROWS = 1 << 21
const BYTES_PER_ROW = 20

interface Piece extends RatingColumns {
  readonly buffer: ArrayBuffer
}

/**
 * Columns that grow piece by piece: a large import never moves what it has, and when the pieces are put together each gives
 * back as much as the columns take. 20 bytes a row.
 */
export class RatingBuffer {
  readonly #full: Piece[] = []
  #last = newPiece(SMALL_PIECES[0]!)
  #inLast = 0
  /** Made when the first row tells its scenario; grows by half. */
  #scenario: Uint16Array<ArrayBuffer> | null = null

  get size(): number {
    return this.#full.length * PIECE_ROWS + this.#inLast
  }

  add(userIndex: number, itemIndex: number, rating: number, time: number): void {
    if (this.#inLast === this.#last.rating.length) this.#grow()
    const row = this.#inLast++
    const last = this.#last
    last.userIndex[row] = userIndex
    last.itemIndex[row] = itemIndex
    last.rating[row] = rating
    last.time[row] = time
  }

  /** Says in which scenario the row added last was given. @param code from 1 */
  mark(code: number): void {
    const { size } = this
    const known = this.#scenario ?? new Uint16Array(Math.max(1 << 8, size))
    this.#scenario = known.length >= size ? known : new Uint16Array(known.buffer.transfer(2 * Math.ceil(size * 1.5)))
    this.#scenario[size - 1] = code
  }

  /** A copy of what is there. */
  columns(): RatingColumns {
    return this.#joined(false)
  }

  /** As `columns`; the buffer is empty afterwards. */
  take(): RatingColumns {
    const taken = this.#joined(true)
    this.#full.length = 0
    this.#last = newPiece(SMALL_PIECES[0]!)
    this.#inLast = 0
    this.#scenario = null
    return taken
  }

  #grow(): void {
    const outgrown = this.#last
    const { length } = outgrown.rating
    if (length === PIECE_ROWS) {
      this.#full.push(outgrown)
      this.#last = newPiece(PIECE_ROWS)
      this.#inLast = 0
      return
    }
    this.#last = newPiece(SMALL_PIECES.find((rows) => rows > length) ?? PIECE_ROWS)
    copyRows(outgrown, length, this.#last, 0)
    giveBack(outgrown)
  }

  #joined(emptied: boolean): RatingColumns {
    const { size } = this
    const whole = {
      userIndex: new Int32Array(size),
      itemIndex: new Int32Array(size),
      rating: new Float32Array(size),
      time: new Float64Array(size),
    }
    for (const [at, piece] of [...this.#full, this.#last].entries()) {
      const start = at * PIECE_ROWS
      copyRows(piece, Math.min(PIECE_ROWS, size - start), whole, start)
      if (emptied) giveBack(piece)
    }
    return this.#scenario ? { ...whole, scenario: this.#scenarioOf(size) } : whole
  }

  /** Rows that were never marked have none: 0. */
  #scenarioOf(size: number): Uint16Array<ArrayBuffer> {
    const whole = new Uint16Array(size)
    whole.set(this.#scenario!.subarray(0, size))
    return whole
  }
}

function newPiece(rows: number): Piece {
  const buffer = new ArrayBuffer(rows * BYTES_PER_ROW)
  return {
    buffer,
    // First, because it wants a boundary of eight bytes.
    time: new Float64Array(buffer, 0, rows),
    rating: new Float32Array(buffer, rows * 8, rows),
    userIndex: new Int32Array(buffer, rows * 12, rows),
    itemIndex: new Int32Array(buffer, rows * 16, rows),
  }
}

function copyRows(from: RatingColumns, count: number, to: RatingColumns, start: number): void {
  to.userIndex.set(from.userIndex.subarray(0, count), start)
  to.itemIndex.set(from.itemIndex.subarray(0, count), start)
  to.rating.set(from.rating.subarray(0, count), start)
  to.time.set(from.time.subarray(0, count), start)
}

/** At once: not when the garbage collector gets to it. */
function giveBack({ buffer }: Piece): void {
  buffer.transfer(0)
}
