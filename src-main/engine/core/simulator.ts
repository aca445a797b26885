import type { ParamSpec, ParamSpecs, ParamsOf, ParamValues } from '../../contract/params.ts'
import type { InteractionTable } from '../data/interaction-table.ts'
import type { Rng } from './rng.ts'

/** What a user does with what is shown: gives a rating, clicks without one, passes over it, or goes away. */
export type Choice = 'rate' | 'click' | 'skip' | 'leave'

export interface Answer {
  readonly choice: Choice
  /** On the data set's scale; NaN where the user gave none. */
  readonly rating: number
  /** In [-1, 1]; going away may cost more. */
  readonly reward: number
}

/**
 * Users that answer, one in each slot; slots are independent of each other. What a user has been shown may change what the
 * user likes (drift, boredom, leaving): `begin` sets all of that back to where it stands for somebody who was shown nothing.
 */
export interface SimulatedUsers {
  readonly slots: number
  /** @param likes items that the user is known to like: where tastes are mixed, this one's lies between them; elsewhere they say nothing */
  begin(slot: number, userIndex: number, likes?: readonly number[]): void
  /** Shows an item; the user in the slot moves on. @returns the same object each time */
  answer(slot: number, itemIndex: number): Answer
  /** Shows an item whose answer is known already: the user moves on as after that answer. @param liked otherwise it was passed over */
  shown(slot: number, itemIndex: number, liked: boolean): void
  /** Writes the reward that each of the first `count` items would earn next, chance left out: what the oracle goes by. */
  expected(slot: number, items: Int32Array, count: number, out: Float32Array): void
}

/**
 * Which ratings a world may know. "training": those of the training side alone, for learning in it. "evaluation": those of both
 * sides, for being judged in it; nothing that learns may ever see it.
 */
export type WorldSide = 'training' | 'evaluation'

/** A simulator that has learnt its users. */
export interface SimulatedWorld {
  readonly side: WorldSide
  /** All that it knows of. */
  readonly ratings: InteractionTable
  users(slots: number): SimulatedUsers
  /** Writes the ratings that its model expects, not cut to the scale, without chance and whatever was logged; for report and guard. */
  predict(userIndex: number, items: Int32Array, count: number, out: Float32Array): void
}

export interface SimulatorContext {
  readonly side: WorldSide
  readonly ratings: InteractionTable
  /** Number of the world: another one has other chances in everything. */
  readonly seed: number
  /** A named random stream of this simulator and side: no model draws from it. */
  stream(name: string): Rng
}

/** A simulator is one file: what it is called, what can be set, and how it learns its users. */
export interface SimulatorDefinition<S extends ParamSpecs = ParamSpecs> {
  readonly id: string
  readonly title: string
  readonly doc: string
  readonly params: S
  /** Yields the share done after each few tens of milliseconds. */
  learn(params: ParamsOf<S>, context: SimulatorContext): Generator<number, SimulatedWorld>
}

/** A simulator of the catalogue, its parameter types forgotten: `learn` checks nothing, parseParams has. */
export interface AnySimulator extends Omit<SimulatorDefinition, 'learn'> {
  learn(params: ParamValues, context: SimulatorContext): Generator<number, SimulatedWorld>
}

export function defineSimulator<const S extends Readonly<Record<string, ParamSpec>>>(
  definition: SimulatorDefinition<S>,
): AnySimulator {
  return { ...definition, learn: (params, context) => definition.learn(params as ParamsOf<S>, context) }
}
