import type { SideEncoder } from './encoder.types.ts'
import { withPadding } from './history-items.ts'

/** s = the items of the list side by side, nk wide (baseline DDPG of mdrr-att): the user is known by the items alone. */
export const concatEncoder: SideEncoder = (g, name, _user, side) =>
  g.scope(name, () => {
    const [batch, n, k] = side.items.shape as [number, number, number]
    return { state: g.reshape(withPadding(g, name, side), [batch, n * k]) }
  })
