import type { RatingColumns } from './duplicates.ts'

/** Columns that grow by half, so that a large import never holds two full copies for long. */
export class RatingBuffer {
  #size = 0
  #userIndex = new Int32Array(1 << 8)
  #itemIndex = new Int32Array(1 << 8)
  #rating = new Float32Array(1 << 8)
  #time = new Float64Array(1 << 8)
  /** Made when the first row tells its scenario. */
  #scenario: Uint16Array<ArrayBuffer> | null = null

  get size(): number {
    return this.#size
  }

  add(userIndex: number, itemIndex: number, rating: number, time: number): void {
    if (this.#size === this.#rating.length) this.#grow()
    const row = this.#size++
    this.#userIndex[row] = userIndex
    this.#itemIndex[row] = itemIndex
    this.#rating[row] = rating
    this.#time[row] = time
  }

  /** Says in which scenario the row added last was given. @param code from 1 */
  mark(code: number): void {
    this.#scenario ??= new Uint16Array(this.#rating.length)
    this.#scenario[this.#size - 1] = code
  }

  /** Views of what is there: valid until the next row comes. */
  columns(): RatingColumns {
    return {
      userIndex: this.#userIndex.subarray(0, this.#size),
      itemIndex: this.#itemIndex.subarray(0, this.#size),
      rating: this.#rating.subarray(0, this.#size),
      time: this.#time.subarray(0, this.#size),
      ...(this.#scenario ? { scenario: this.#scenario.subarray(0, this.#size) } : {}),
    }
  }

  /** As `columns`, in memory of exactly their size; the buffer is empty afterwards. */
  take(): RatingColumns {
    this.#resize(this.#size)
    const taken = this.columns()
    this.#size = 0
    this.#userIndex = new Int32Array(0)
    this.#itemIndex = new Int32Array(0)
    this.#rating = new Float32Array(0)
    this.#time = new Float64Array(0)
    this.#scenario = null
    return taken
  }

  #grow(): void {
    this.#resize(Math.max(1 << 14, Math.ceil(this.#rating.length * 1.5)))
  }

  /** Column by column, and each gives its old memory back at once: not when the garbage collector gets to it. */
  #resize(length: number): void {
    this.#userIndex = new Int32Array(this.#userIndex.buffer.transfer(length * 4))
    this.#itemIndex = new Int32Array(this.#itemIndex.buffer.transfer(length * 4))
    this.#rating = new Float32Array(this.#rating.buffer.transfer(length * 4))
    this.#time = new Float64Array(this.#time.buffer.transfer(length * 8))
    if (this.#scenario) this.#scenario = new Uint16Array(this.#scenario.buffer.transfer(length * 2))
  }
}
