import { attend, type AttentionOptions } from './attention.ts'
import type { SideEncoder } from './encoder.types.ts'
import { fused, withEmptyVector } from './history-items.ts'

/**
 * The state of one feedback side (mdrr-att equations 1 to 6): attention of the user over the items, g their weighted sum,
 * s = [u, u * g, g], 3k wide.
 */
export function attentionEncoder(options: AttentionOptions): SideEncoder {
  return (g, name, user, side) =>
    g.scope(name, () => {
      const { pooled, weights } = attend(g, name, user, withEmptyVector(g, name, side), side.mask, options)
      return { state: fused(g, user, pooled), weights }
    })
}
