/** What the parts of the matrix product agree on. */

/** Flags of the instruction. */
export const TRANSPOSED_A = 1
export const TRANSPOSED_B = 2
export const BY_COLUMNS = 4

/** Rows of a panel and columns of a group. */
export const PANEL: i32 = 6
export const GROUP: i32 = 8
/** Longest stretch of K at once: 6 x 512 and 512 x 8 floats are 28 KB. */
export const K_BLOCK: i32 = 512
/** Columns of b that are packed at once: with K_BLOCK rows 384 KB, well within the second-level cache. */
export const N_BLOCK: i32 = 192

/** Parts of the scratch memory, in bytes: 64 of zeros, a tile, a panel, a block of b. */
export const TILE_AT: usize = 64
export const PANEL_AT: usize = 512
export const BLOCK_AT: usize = 512 + 6 * 512 * 4
/** Bytes of scratch that a thread needs: the above and one packed block. */
export const GEMM_SCRATCH: usize = BLOCK_AT + 512 * 192 * 4
