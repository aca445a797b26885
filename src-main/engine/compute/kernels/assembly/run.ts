/** Carries out instructions, alone or with helping threads. */
import { dispatch } from './dispatch'
import { setScratch } from './scratch'

/** Bytes of an instruction. */
const INSTRUCTION: usize = 64

/**
 * The control block that all threads share, at `control`:
 *
 *    0 i64 state: epoch (32 bits), strips of the present instruction (16), strips taken (16)
 *    8 i32 address of the present instruction
 *   12 i32 strips finished
 *   16 i32 1 while the main thread sleeps until all strips are finished
 *   20 i32 helpers that sleep
 *   24 i32 counter on which helpers sleep
 *   28 i32 1: a helper has ended with an error, and what it computed is unusable
 *   64 i32 1: helpers shall leave   (a line of its own: it is read often and written once)
 *
 * A strip is taken by raising "strips taken" with one compare-and-exchange of the whole state: it fails when the instruction
 * has changed meanwhile, so a late helper can neither run a strip twice nor one of an instruction that is over. The main
 * thread goes on when all strips are finished, and does every strip itself that nobody else takes: a helper that is slow or
 * never scheduled delays nothing that it has not begun.
 */
let control: usize = 0
let epoch: u64 = 0

/** How often an idle thread looks before it sleeps: some tenths of a millisecond, never a busy wait on a loaded machine. */
const LOOKS: i32 = 40000
/** A sleeping helper returns to its host after this long, in nanoseconds, so that it can be ended. */
const NAP: i64 = 250_000_000

/** Tells this instance its places in memory. Each thread has its own scratch. */
export function setUp(controlAddress: usize, scratchAddress: usize): void {
  control = controlAddress
  setScratch(scratchAddress)
}

/** Carries out `count` instructions from `program` on. Strips are shared when an instruction has several. */
export function run(program: usize, count: i32): void {
  for (let index = 0; index < count; index++, program += INSTRUCTION) {
    const strips = load<i32>(program, 4)
    if (strips > 1) share(program, strips)
    else dispatch(program, 0, load<i32>(program, 8))
  }
}

function share(instruction: usize, strips: i32): void {
  atomic.store<i32>(control, 0, 12)
  atomic.store<i32>(control, <i32>instruction, 8)
  epoch = (epoch + 1) & 0xffffffff
  atomic.store<i64>(control, <i64>((epoch << 32) | ((<u64>strips) << 16)))
  if (atomic.load<i32>(control, 20) > 0) {
    atomic.store<i32>(control, 0, 20)
    atomic.add<i32>(control, 1, 24)
    atomic.notify(control + 24, -1)
  }
  while (takeStrip()) {}
  for (let look = 0; look < LOOKS; look++) if (atomic.load<i32>(control, 12) === strips) return
  atomic.store<i32>(control, 1, 16)
  for (;;) {
    const finished = atomic.load<i32>(control, 12)
    if (finished === strips) break
    atomic.wait<i32>(control + 12, finished, NAP)
  }
  atomic.store<i32>(control, 0, 16)
}

/** Runs one strip of the present instruction. @returns false when there is none left to take */
function takeStrip(): bool {
  const state = atomic.load<i64>(control)
  const taken = <i32>(state & 0xffff)
  const strips = <i32>((state >> 16) & 0xffff)
  if (taken >= strips) return false
  const instruction = <usize>atomic.load<i32>(control, 8)
  if (atomic.cmpxchg<i64>(control, state, state + 1) !== state) return true
  runStrip(instruction, taken, strips)
  atomic.add<i32>(control, 1, 12)
  if (atomic.load<i32>(control, 16) !== 0) atomic.notify(control + 12, 1)
  return true
}

function runStrip(instruction: usize, strip: i32, strips: i32): void {
  const units = load<i32>(instruction, 8)
  const grain = load<i32>(instruction, 12)
  const grains = (units + grain - 1) / grain
  const from = <i32>((<i64>grains * strip) / strips) * grain
  const to = <i32>((<i64>grains * (strip + 1)) / strips) * grain
  dispatch(instruction, from, min(to, units))
}

/**
 * A helper's turn: takes strips as they come and returns when there was nothing to do for a quarter of a second.
 * @returns false when the host wants it to leave
 */
export function help(): bool {
  let look = 0
  while (atomic.load<i32>(control, 64) === 0) {
    if (takeStrip()) {
      look = 0
      continue
    }
    if (++look < LOOKS) continue
    look = 0
    const ticket = atomic.load<i32>(control, 24)
    atomic.add<i32>(control, 1, 20)
    if (hasStrips()) continue
    if (atomic.wait<i32>(control + 24, ticket, NAP) === 2) return true
  }
  return false
}

/** Called for a helper that has broken in the middle of a strip: nobody may wait for it. */
export function fail(): void {
  atomic.store<i32>(control, 1, 28)
  atomic.add<i32>(control, 1, 12)
  atomic.notify(control + 12, 1)
}

function hasStrips(): bool {
  const state = atomic.load<i64>(control)
  return (state & 0xffff) < ((state >> 16) & 0xffff)
}
