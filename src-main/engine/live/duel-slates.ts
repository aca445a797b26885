import { Rng } from '../core/rng.ts'

/** The two policies of a duel, in the order in which they were named. */
export type PolicyName = 'first' | 'second'

/** An item of a slate, and the policy that it is credited to. */
export interface DraftedItem {
  readonly item: number
  readonly by: PolicyName
}

/**
 * One slate of two rankings by team draft: whoever has fewer picks chooses its best item that is not on the slate yet, and a coin
 * decides when they have as many (Radlinski, Kurup and Joachims, 2008). Credits differ by at most one.
 *
 * @param first, second rankings, best first; of each only the first `size` matter
 * @param seed, step    name the stream of the coin; the same give the same slate
 * @returns at most `size` items, fewer where both rankings end
 */
export function teamDraft(
  first: readonly number[],
  second: readonly number[],
  size: number,
  seed: number,
  step: number,
): DraftedItem[] {
  const coin = Rng.stream(seed, `duel/draft/${step}`)
  const slate: DraftedItem[] = []
  const taken = new Set<number>()
  const rankings = { first, second }
  const picks = { first: 0, second: 0 }
  const best = (policy: PolicyName) => rankings[policy].find((item) => !taken.has(item))
  while (slate.length < size) {
    const lead = picks.first - picks.second
    const firstsTurn = lead === 0 ? coin.below(2) === 0 : lead < 0
    const turns: readonly PolicyName[] = firstsTurn ? ['first', 'second'] : ['second', 'first']
    // A ranking that has ended leaves its turn to the other.
    const by = turns.find((policy) => best(policy) !== undefined)
    if (by === undefined) break
    const item = best(by)!
    taken.add(item)
    picks[by]++
    slate.push({ item, by })
  }
  return slate
}

/** The policy that stands on the left in a step: by a coin of the seed where the duel is blind, else the first. */
export function leftPolicy(blind: boolean, seed: number, step: number): PolicyName {
  return blind && Rng.stream(seed, `duel/sides/${step}`).below(2) === 1 ? 'second' : 'first'
}
