import type { LivePersona } from '../../contract/dto/persona.ts'
import type { Rng } from '../core/rng.ts'

/** What is known of a data set's items from the training ratings alone: no test rating can decide who a persona is. */
export interface PersonaGround {
  readonly itemCount: number
  /** Training ratings of each item. */
  readonly ratings: Int32Array
  /** Share of the items with fewer training ratings, in [0, 1). */
  readonly popularity: Float64Array
  /**
   * Share of the rated items whose mean training rating is lower, in [0, 1); NaN for an item without ratings, and for all
   * where all ratings are alike. Means are drawn to that of all ratings as by five more of them, so that one rating makes no masterpiece.
   */
  readonly esteem: Float64Array
  /** Rated items of each genre, ascending, in the order of the names; null where the data set has no genres. */
  readonly genres: ReadonlyMap<string, readonly number[]> | null
  has(item: number, genre: string): boolean
}

/** Whom a rule made of a data set. */
export type PersonaRole = Pick<LivePersona, 'brief' | 'favourites' | 'taste'>

/** A persona is one file: who it is, what it shows about a policy, and how it is made of a data set. */
export interface PersonaDefinition {
  /** As it is typed: a word in lower case. */
  readonly id: string
  readonly title: string
  /** One sentence that fits every data set. */
  readonly about: string
  /** What it shows about a policy, in one sentence. */
  readonly shows: string
  /**
   * The persona on this data set.
   *
   * @param rng a stream of this persona and its seed alone
   * @throws NotHere when the data set has no such viewer
   */
  cast(ground: PersonaGround, rng: Rng): PersonaRole
}
