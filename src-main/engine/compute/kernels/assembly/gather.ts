import { addressOf, bytes, intOf } from './math'

// Ids are checked by whoever binds them; the kernels trust them. 5 is the float argument, 6 the ids (int32), 7 the width.

/** Longer rows are left to the machine's own copy, whose call costs more than a short row. */
const LONG: i32 = 256

/** Copies `count` floats that do not overlap. */
// @ts-ignore: decorator
@inline
export function copyRow(to: usize, from: usize, count: i32): void {
  if (count >= LONG) {
    memory.copy(to, from, bytes(count))
    return
  }
  let left = count
  for (; left >= 4; left -= 4) {
    v128.store(to, v128.load(from))
    to += 16
    from += 16
  }
  for (; left > 0; left--) {
    store<f32>(to, load<f32>(from))
    to += 4
    from += 4
  }
}

/** Units are ids. 5 table. */
export function gather(i: usize, from: i32, to: i32): void {
  const table = addressOf(i, 5)
  const width = intOf(i, 7)
  const row = bytes(width)
  let out = addressOf(i, 4) + <usize>from * row
  let id = addressOf(i, 6) + bytes(from)
  for (let unit = from; unit < to; unit++) {
    copyRow(out, table + <usize>load<i32>(id) * row, width)
    out += row
    id += 4
  }
}

/**
 * Units are rows of the result, so that each is summed by one thread in the order of the ids. 5 upstream, 8 number of ids.
 */
export function scatterRows(i: usize, from: i32, to: i32): void {
  const out = addressOf(i, 4)
  const ids = addressOf(i, 6)
  const width = intOf(i, 7)
  const count = intOf(i, 8)
  const row = bytes(width)
  memory.fill(out + <usize>from * row, 0, <usize>(to - from) * row)
  let upstream = addressOf(i, 5)
  for (let index = 0; index < count; index++) {
    const id = load<i32>(ids + bytes(index))
    if (id >= from && id < to) addRow(out + <usize>id * row, upstream, width)
    upstream += row
  }
}

// @ts-ignore: decorator
@inline
function addRow(to: usize, from: usize, count: i32): void {
  let left = count
  for (; left >= 4; left -= 4) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)))
    to += 16
    from += 16
  }
  for (; left > 0; left--) {
    store<f32>(to, load<f32>(to) + load<f32>(from))
    to += 4
    from += 4
  }
}

/** Units are rows. 5 x. */
export function pickLast(i: usize, from: i32, to: i32): void {
  const out = addressOf(i, 4)
  const ids = addressOf(i, 6)
  const row = bytes(intOf(i, 7))
  let x = addressOf(i, 5) + <usize>from * row
  for (let unit = from; unit < to; unit++) {
    store<f32>(out + bytes(unit), load<f32>(x + bytes(load<i32>(ids + bytes(unit)))))
    x += row
  }
}

/** Units are rows. 5 x. */
export function placeLast(i: usize, from: i32, to: i32): void {
  const x = addressOf(i, 5)
  const ids = addressOf(i, 6)
  const row = bytes(intOf(i, 7))
  let out = addressOf(i, 4) + <usize>from * row
  memory.fill(out, 0, <usize>(to - from) * row)
  for (let unit = from; unit < to; unit++) {
    store<f32>(out + bytes(load<i32>(ids + bytes(unit))), load<f32>(x + bytes(unit)))
    out += row
  }
}
