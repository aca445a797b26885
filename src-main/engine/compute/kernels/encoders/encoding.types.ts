import type { GraphNode } from '../../types.ts'

/** Stands in a word of an instruction for the address of the result. */
export interface OutAddress {
  readonly address: 'out'
  /** Elements beyond the start of the array. */
  readonly offset?: number
}

/** Stands for the address of the node's argument at `index`. */
export interface InputAddress {
  readonly address: number
  readonly offset?: number
}

/** A word that holds a float32. */
export interface FloatWord {
  readonly float: number
}

/** An int32, a float32 or an address. */
export type Word = number | FloatWord | OutAddress | InputAddress

/**
 * One instruction, before its arrays have a place. In memory it is 16 words of 4 bytes:
 *
 *   0 opcode   1 strips   2 units   3 grain   4 out   5 .. 15 the rest of `words`
 *
 * A kernel computes a half-open range of `units` (elements or rows, as its op says) independently of all others, so that
 * the units can be dealt out in strips, each a multiple of `grain` units, to whichever thread is free.
 */
export interface Instruction {
  readonly opcode: number
  /** At most 12 words, from word 4 on; the first is the result's address. */
  readonly words: readonly Word[]
  readonly units: number
  /** Strips begin at multiples of this. */
  readonly grain: number
  /** Rough number of simple vector operations in all; decides whether sharing the work pays. 0: never share it. */
  readonly cost: number
}

/** What computes a node. Nothing but the node is looked at. */
export type Encoder = (node: GraphNode) => readonly Instruction[]

export type Encoders = Readonly<Record<string, Encoder>>
