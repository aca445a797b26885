import type { SideEncoder } from './encoder.types.ts'
import { fused, placeWeights, withEmptyVector } from './history-items.ts'

/**
 * DRR-ave: g = sum_j w_j i_j / c over the c places that hold an item, one learned weight per place, s = [u, u * g, g], 3k
 * wide. All weights start at 1, which is the average; dividing by c instead of n keeps short lists from looking faint.
 */
export const averageEncoder: SideEncoder = (g, name, user, side) =>
  g.scope(name, () => {
    const [batch, n] = side.items.shape as [number, number, number]
    const items = withEmptyVector(g, name, side)
    const open = g.mul(side.mask, placeWeights(g, name, batch, n))
    // Never 0: place 0 of an empty list counts, with the learned vector in it.
    const weights = g.scaleRows(open, g.unary('reciprocal', g.sumLast(side.mask)))
    return { state: fused(g, user, g.weightedSum(weights, items)) }
  })
