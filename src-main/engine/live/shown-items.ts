import { Rng } from '../core/rng.ts'

/**
 * What is shown of a ranking: its first, but for the places that are given to chance. Each place is with probability `exploration`;
 * then any candidate may stand there, all alike likely, and the other places go to the best of the rest.
 *
 * Consumes the stream "live-exploration N" of `seed`, N being `given`: what is shown after so many answers does not depend on how the
 * session came there. Without exploration no stream is opened.
 *
 * @param order candidates, best first
 * @param given answers so far
 */
export function shownItems(
  order: Int32Array,
  size: number,
  exploration: number,
  { seed, given }: { readonly seed: number; readonly given: number },
): Int32Array {
  const count = Math.min(size, order.length)
  if (exploration === 0) return order.slice(0, count)
  const random = Rng.stream(seed, `live-exploration ${given}`)
  const drawn = new Map<number, number>()
  for (let place = 0; place < count; place++) {
    if (!random.chance(exploration)) continue
    const taken = new Set(drawn.values())
    let at = random.below(order.length)
    while (taken.has(order[at]!)) at = random.below(order.length)
    drawn.set(place, order[at]!)
  }
  const taken = new Set(drawn.values())
  const best = order.filter((item) => !taken.has(item))
  let next = 0
  return Int32Array.from({ length: count }, (_, place) => drawn.get(place) ?? best[next++]!)
}
