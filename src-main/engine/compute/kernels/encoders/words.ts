import type { InputAddress, OutAddress } from './encoding.types.ts'

export const OUT: OutAddress = { address: 'out' }

/** The argument at `index`, from its element `offset` on. */
export function argument(index: number, offset = 0): InputAddress {
  return { address: index, offset }
}

/** Elements of a cache line: no two strips of a flat array write to the same one. */
export const LINE = 16

/** Elements that one vector operation computes. */
export const LANES = 4
