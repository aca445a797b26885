/** Ratings as columns of equal length, in the order of the source. */
export interface PackedColumns {
  readonly userIndex: Int32Array
  readonly itemIndex: Int32Array
  readonly rating: Float32Array
  readonly time: Float64Array
}

/** The blobs of `packColumns` back as columns; copies where a blob does not lie on the boundary that its type needs. */
export function unpackColumns(blobs: Record<keyof PackedColumns, Uint8Array>): PackedColumns {
  return {
    userIndex: new Int32Array(aligned(blobs.userIndex, 4)),
    itemIndex: new Int32Array(aligned(blobs.itemIndex, 4)),
    rating: new Float32Array(aligned(blobs.rating, 4)),
    time: new Float64Array(aligned(blobs.time, 8)),
  }
}

export function aligned(blob: Uint8Array, bytesPerElement: number): ArrayBuffer {
  if (blob.byteLength % bytesPerElement !== 0)
    throw new RangeError(`a packed column of ${blob.byteLength} bytes is not a multiple of ${bytesPerElement}`)
  const whole = blob.byteOffset === 0 && blob.buffer instanceof ArrayBuffer && blob.buffer.byteLength === blob.byteLength
  return whole ? blob.buffer : new Uint8Array(blob).buffer
}

/** The columns as bytes, little-endian as on every machine that Node runs on. Views, not copies. */
export function packColumns(columns: PackedColumns): Record<keyof PackedColumns, Uint8Array> {
  return {
    userIndex: bytesOf(columns.userIndex),
    itemIndex: bytesOf(columns.itemIndex),
    rating: bytesOf(columns.rating),
    time: bytesOf(columns.time),
  }
}

/** A view, not a copy. */
export function bytesOf(column: Int32Array | Float32Array | Float64Array | Uint16Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
}
