import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Contender, Running } from './contender.types.ts'
import type { Field } from './field.ts'
import { productFlops } from './product.ts'
import { median } from './statistics.ts'

/** How much one contender does before the next one's turn comes. */
export type TurnLength = { readonly ms: number } | { readonly steps: number }

/** What a contender did in one turn. */
export interface Turn {
  /** On what, in words. */
  readonly device: string
  /** Milliseconds of each step, at least one. */
  readonly stepMs: readonly number[]
  /** GFLOP/s of its square product in the same turn. */
  readonly matmulGflops: number
}

/**
 * Lets all contenders take turns, so that whatever else the machine does meets all of them. Every other round goes
 * backwards: nobody always follows the same neighbour.
 * @returns the turns of each contender, one a round
 */
export async function takeTurns(
  field: Field,
  contenders: readonly Contender[],
  rounds: number,
  length: TurnLength,
  onRound: (round: number) => void,
): Promise<Map<Contender, Turn[]>> {
  const turns = new Map<Contender, Turn[]>(contenders.map((contender) => [contender, []]))
  for (let round = 0; round < rounds; round++) {
    onRound(round)
    const order = round % 2 === 0 ? contenders : [...contenders].reverse()
    for (const contender of order) turns.get(contender)!.push(await takeTurn(await field.ready(contender), length))
  }
  return turns
}

export async function takeTurn(running: Running, length: TurnLength): Promise<Turn> {
  // Helper threads and timers of the others get their say before the clock runs.
  await nextTurn()
  const stepMs = 'steps' in length ? timed(running.step, length.steps, 0) : timed(running.step, 1, length.ms)
  // Short of the steps, but enough for a median.
  const productMs = 'steps' in length ? timed(running.multiply, 3, 0) : timed(running.multiply, 3, length.ms / 8)
  return { device: running.device, stepMs, matmulGflops: productFlops / median(productMs) / 1e6 }
}

/** Repeats `work` at least `times` times and until `ms` have passed. @returns milliseconds of each */
function timed(work: () => void, times: number, ms: number): number[] {
  const each: number[] = []
  const until = performance.now() + ms
  let before = performance.now()
  while (each.length < times || before < until) {
    work()
    const after = performance.now()
    // A clock that does not move would give infinite rates.
    each.push(Math.max(after - before, 1e-6))
    before = after
  }
  return each
}
