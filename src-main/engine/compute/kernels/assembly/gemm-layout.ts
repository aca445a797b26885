/** What the parts of the matrix product agree on. */

/** Flags of the instruction. */
export const TRANSPOSED_A = 1
export const TRANSPOSED_B = 2
export const BY_COLUMNS = 4

/**
 * Rows of a panel and columns of a group. Where two vectors become one of twice the length (`WIDE` is a constant of the build),
 * a group is twice as wide: twelve sums of eight floats instead of twelve of four.
 */
export const PANEL: i32 = 6
// @ts-ignore: the build defines it
export const GROUP: i32 = WIDE ? 16 : 8
/** Columns of a narrow tile. */
export const NARROW: i32 = 8
/** Bytes of one step of a group. */
export const GROUP_BYTES: usize = <usize>GROUP * 4
/** Longest stretch of K at once: 6 x 512 and 512 x 8 floats are 28 KB (44 KB in wide groups, which were no slower). */
export const K_BLOCK: i32 = 512
/** Columns of b that are packed at once: with K_BLOCK rows 384 KB, well within the second-level cache. */
export const N_BLOCK: i32 = 192

/** Parts of the scratch memory, in bytes: 64 of zeros, a tile, a panel, a block of b. */
export const TILE_AT: usize = 64
export const PANEL_AT: usize = 512
export const BLOCK_AT: usize = 512 + 6 * 512 * 4
/** Bytes of scratch that a thread needs: the above and one packed block. */
export const GEMM_SCRATCH: usize = BLOCK_AT + 512 * 192 * 4
