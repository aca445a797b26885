import type { GraphNode } from '../types.ts'
import type { Instruction, Word } from './encoders/encoding.types.ts'

/** Words of an instruction, and where its parts begin. */
export const INSTRUCTION_WORDS = 16
const FIRST_ARGUMENT = 4

/** Strips of less work than this, in vector operations, cost more to hand over than they save: some ten microseconds. */
const LEAST_STRIP = 25_000
/** More strips than threads, so that a thread that comes late or is slow leaves its share to the others. */
const STRIPS_PER_THREAD = 2

/** A word that holds the address of an array: to be written once that is known. */
export interface AddressWord {
  /** Index among the words of the program. */
  readonly word: number
  readonly node: GraphNode
  /** Bytes behind the start of the array. */
  readonly offset: number
}

/**
 * Writes instructions into `words`, zeros so far, beginning with instruction `first`. Addresses stay open.
 * @param threads that may share an instruction's units
 * @returns the open addresses
 */
export function writeInstructions(
  words: Int32Array,
  first: number,
  node: GraphNode,
  instructions: readonly Instruction[],
  threads: number,
): AddressWord[] {
  const floats = new Float32Array(words.buffer, words.byteOffset, words.length)
  const open: AddressWord[] = []
  instructions.forEach((instruction, index) => {
    const at = (first + index) * INSTRUCTION_WORDS
    const { opcode, units, grain } = instruction
    words.set([opcode, stripsOf(instruction, threads), units, grain], at)
    instruction.words.forEach((word, argument) => {
      const to = at + FIRST_ARGUMENT + argument
      if (typeof word === 'number') words[to] = word
      else if ('float' in word) floats[to] = word.float
      else open.push({ word: to, node: addressed(word, node), offset: 4 * (word.offset ?? 0) })
    })
  })
  return open
}

/** In how many strips an instruction is carried out: 1 where there is one thread, or too little to do. */
export function stripsOf({ units, grain, cost }: Pick<Instruction, 'units' | 'grain' | 'cost'>, threads: number): number {
  if (threads === 1) return 1
  const worth = Math.floor(cost / LEAST_STRIP)
  return Math.max(1, Math.min(worth, STRIPS_PER_THREAD * threads, Math.ceil(units / grain)))
}

function addressed(word: Exclude<Word, number | { readonly float: number }>, node: GraphNode): GraphNode {
  return word.address === 'out' ? node : node.inputs[word.address]!
}
