const ZERO = 48
const NINE = 57
/** Beyond 15 digits a double no longer tells neighbours apart. */
const MAX_DIGITS = 15

/**
 * Reads a line of unsigned whole numbers, straight from its bytes: the hot path of large imports.
 *
 * @param separator one byte, @param repeat how often it stands between two fields (2 for "::")
 * @param out receives the values; its length is the number of fields wanted
 * @returns -1 when the line has exactly as many fields as `out` and all are whole numbers, otherwise the index of the
 *          first field at fault (`out.length` when there are fields too many)
 */
export function readIntegers(
  bytes: Uint8Array,
  start: number,
  end: number,
  separator: number,
  repeat: number,
  out: Float64Array,
): number {
  let at = start
  for (let field = 0; field < out.length; field++) {
    const first = at
    let value = 0
    while (at < end) {
      const byte = bytes[at]!
      if (byte < ZERO || byte > NINE) break
      value = value * 10 + (byte - ZERO)
      at++
    }
    const digits = at - first
    // A leading zero would make two texts one number, and ids are texts.
    if (digits === 0 || digits > MAX_DIGITS || (digits > 1 && bytes[first] === ZERO)) return field
    out[field] = value
    if (field === out.length - 1) break
    for (let k = 0; k < repeat; k++) {
      if (at >= end) return field + 1
      if (bytes[at] !== separator) return field
      at++
    }
  }
  return at === end ? -1 : bytes[at] === separator ? out.length : out.length - 1
}
