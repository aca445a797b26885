import { attend, type AttentionOptions } from './attention.ts'
import type { SideEncoder } from './encoder.types.ts'
import { readInTime } from './gru-encoder.ts'
import { fused, reversed } from './history-items.ts'

/**
 * DRR-GRU (its equations 1 to 5): a gated recurrent unit of width k reads the list from the oldest item to the newest (under
 * the preference rule from the least to the most liked), A is attention over its states h_1 .. h_n, s = [u, u * A, A], 3k wide.
 * No attention reaches the padding.
 */
export function gruAttentionEncoder(options: AttentionOptions): SideEncoder {
  return (g, name, user, side) =>
    g.scope(name, () => {
      const [batch, n, k] = side.items.shape as [number, number, number]
      const { all, mask } = readInTime(g, name, side, k)
      const { pooled, weights } = attend(g, `${name}.attention`, null, all, mask, options)
      const asListed = g.reshape(reversed(g, g.reshape(weights, [batch, n, 1])), [batch, n])
      return { state: fused(g, user, pooled), weights: asListed }
    })
}
