import type { SideEncoder } from './encoder.types.ts'
import { fused, withEmptyVector } from './history-items.ts'

/** DRR-Max, reconstructed: g = the largest of each coordinate over the items of the list, s = [u, u * g, g], 3k wide. */
export const maxEncoder: SideEncoder = (g, name, user, side) =>
  g.scope(name, () => ({ state: fused(g, user, g.maxRows(withEmptyVector(g, name, side), side.mask)) }))
