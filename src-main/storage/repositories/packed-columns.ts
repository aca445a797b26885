/** Ratings as columns of equal length, in the order of the source. */
export interface PackedColumns {
  readonly userIndex: Int32Array
  readonly itemIndex: Int32Array
  readonly rating: Float32Array
  readonly time: Float64Array
}

/** Of one row in the database; as in the migration that cut the columns of older data sets. */
export const CHUNK_ROWS = 65_536

/** Columns of `size` rows, to be filled by `putPacked`. */
export function newColumns(size: number): PackedColumns {
  return {
    userIndex: new Int32Array(size),
    itemIndex: new Int32Array(size),
    rating: new Float32Array(size),
    time: new Float64Array(size),
  }
}

/**
 * Puts the blobs of `packColumns` back into `columns`, from row `start` on.
 *
 * @returns the row after them
 * @throws RangeError when they are not of one length in rows, or more than there is room for
 */
export function putPacked(columns: PackedColumns, start: number, blobs: Record<keyof PackedColumns, Uint8Array>): number {
  const size = blobs.rating.byteLength / 4
  const whole = packColumns(columns)
  for (const name of ['userIndex', 'itemIndex', 'rating', 'time'] as const) {
    const bytesPerRow = columns[name].BYTES_PER_ELEMENT
    const { byteLength } = blobs[name]
    if (byteLength !== size * bytesPerRow || !Number.isInteger(size)) {
      throw new RangeError(`a packed column ${name} of ${byteLength} bytes does not hold ${Math.floor(size)} rows`)
    }
    whole[name].set(blobs[name], start * bytesPerRow)
  }
  return start + size
}

/** Rows `start` to `end` of the columns as bytes, little-endian as on every machine that Node runs on. Views, not copies. */
export function packColumns(
  columns: PackedColumns,
  start = 0,
  end = columns.rating.length,
): Record<keyof PackedColumns, Uint8Array> {
  const bytes = (column: Int32Array | Float32Array | Float64Array) =>
    new Uint8Array(column.buffer, column.byteOffset + start * column.BYTES_PER_ELEMENT, (end - start) * column.BYTES_PER_ELEMENT)
  return {
    userIndex: bytes(columns.userIndex),
    itemIndex: bytes(columns.itemIndex),
    rating: bytes(columns.rating),
    time: bytes(columns.time),
  }
}

/** The blob in memory of its own where it does not lie on the boundary that its type needs. @throws RangeError */
export function aligned(blob: Uint8Array, bytesPerElement: number): ArrayBuffer {
  if (blob.byteLength % bytesPerElement !== 0)
    throw new RangeError(`a packed column of ${blob.byteLength} bytes is not a multiple of ${bytesPerElement}`)
  const whole = blob.byteOffset === 0 && blob.buffer instanceof ArrayBuffer && blob.buffer.byteLength === blob.byteLength
  return whole ? blob.buffer : new Uint8Array(blob).buffer
}

/** A view, not a copy. */
export function bytesOf(column: Int32Array | Float32Array | Float64Array | Uint16Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
}
