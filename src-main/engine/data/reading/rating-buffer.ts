import type { RatingColumns } from './duplicates.ts'

/**
 * Of one piece. Its columns are large enough that memory of their own is mapped for each, which goes back to the system when
 * they are given back; what they leave empty is never touched and takes none.
 */
const PIECE_ROWS = 1 << 19

interface Piece {
  readonly userIndex: Int32Array<ArrayBuffer>
  readonly itemIndex: Int32Array<ArrayBuffer>
  readonly rating: Float32Array<ArrayBuffer>
  readonly time: Float64Array<ArrayBuffer>
}

/**
 * Columns that grow piece by piece: a large import never moves what it has, and when the pieces are put together each column
 * gives back as much as it takes. 20 bytes a row.
 */
export class RatingBuffer {
  readonly #full: Piece[] = []
  #last = newPiece(1 << 8)
  #inLast = 0

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

  /** A copy of what is there. */
  columns(): RatingColumns {
    return this.#joined(false)
  }

  /** As `columns`; the buffer is empty afterwards. */
  take(): RatingColumns {
    const taken = this.#joined(true)
    this.#full.length = 0
    this.#last = newPiece(0)
    this.#inLast = 0
    return taken
  }

  /** Small data sets, and previews, are many: the first piece begins small. */
  #grow(): void {
    const { length } = this.#last.rating
    if (length === PIECE_ROWS) {
      this.#full.push(this.#last)
      this.#last = newPiece(PIECE_ROWS)
      this.#inLast = 0
      return
    }
    const larger = newPiece(Math.min(PIECE_ROWS, Math.max(1 << 8, length * 4)))
    larger.userIndex.set(this.#last.userIndex)
    larger.itemIndex.set(this.#last.itemIndex)
    larger.rating.set(this.#last.rating)
    larger.time.set(this.#last.time)
    this.#last = larger
  }

  #joined(giveBack: boolean): RatingColumns {
    const pieces = [...this.#full, this.#last]
    const join = <T extends Int32Array | Float32Array | Float64Array>(
      columnOf: (piece: Piece) => T & { readonly buffer: ArrayBuffer },
      whole: T,
    ): T => {
      for (const [at, piece] of pieces.entries()) {
        const column = columnOf(piece)
        whole.set(column.subarray(0, Math.min(PIECE_ROWS, this.size - at * PIECE_ROWS)), at * PIECE_ROWS)
        // At once: not when the garbage collector gets to it.
        if (giveBack) column.buffer.transfer(0)
      }
      return whole
    }
    const { size } = this
    return {
      userIndex: join((piece) => piece.userIndex, new Int32Array(size)),
      itemIndex: join((piece) => piece.itemIndex, new Int32Array(size)),
      rating: join((piece) => piece.rating, new Float32Array(size)),
      time: join((piece) => piece.time, new Float64Array(size)),
    }
  }
}

function newPiece(rows: number): Piece {
  return {
    userIndex: new Int32Array(rows),
    itemIndex: new Int32Array(rows),
    rating: new Float32Array(rows),
    time: new Float64Array(rows),
  }
}
