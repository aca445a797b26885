import { expect } from 'vitest'
import type { MfProblem, SvdppProblem } from '../../../../../src-main/engine/compute/factorisation.types.ts'
import type { ExecutorMemory } from '../../../../../src-main/engine/compute/types.ts'
import { Rng } from '../../../../../src-main/engine/core/rng.ts'
import { randomValues } from './compare.ts'

const userCount = 6
const itemCount = 9
const ratingCount = 200

interface Wanted {
  readonly size: number
  readonly biased: boolean
  readonly seed: number
}

function randomFactors({ size, biased, seed }: Wanted, rng: Rng) {
  return {
    size,
    users: randomValues(userCount * size, rng, 1 / Math.sqrt(size)),
    items: randomValues(itemCount * size, rng, 1 / Math.sqrt(size)),
    userBias: biased ? randomValues(userCount, rng, 0.5) : null,
    itemBias: biased ? randomValues(itemCount, rng, 0.5) : null,
    mean: 3 + seed / 100,
    learningRate: 0.02,
    lambda: 0.1,
  }
}

/** 200 ratings of 9 items by 6 users: many of the same pair, so that most steps meet rows that were just moved. */
export function randomMf(wanted: Wanted): MfProblem {
  const rng = Rng.stream(wanted.seed, 'mf')
  return {
    ...randomFactors(wanted, rng),
    userIds: Int32Array.from({ length: ratingCount }, () => rng.below(userCount)),
    itemIds: Int32Array.from({ length: ratingCount }, () => rng.below(itemCount)),
    ratings: Float32Array.from({ length: ratingCount }, () => 1 + rng.below(5)),
  }
}

/** The first user has no rating; each other one has rated another number of items, the second one all of them. */
export function randomSvdpp(wanted: Wanted): SvdppProblem {
  const rng = Rng.stream(wanted.seed, 'svdpp')
  const rated = Array.from({ length: userCount }, (_, user) => {
    const items = Array.from({ length: itemCount }, (_item, item) => ({ item, key: rng.uniform() }))
    const inRandomOrder = items.sort((first, second) => first.key - second.key).map(({ item }) => item)
    return user === 0 ? [] : inRandomOrder.slice(0, itemCount - user + 1)
  })
  const starts = rated.reduce<number[]>((before, items) => [...before, before.at(-1)! + items.length], [0])
  return {
    ...randomFactors(wanted, rng),
    implicit: randomValues(itemCount * wanted.size, rng, 1 / Math.sqrt(wanted.size)),
    userStart: Int32Array.from(starts),
    itemIds: Int32Array.from(rated.flat()),
    ratings: Float32Array.from({ length: starts.at(-1)! }, () => 1 + rng.below(5)),
  }
}

interface Trait {
  readonly a: number
  readonly b: number
}

/** Every user's rating of every item, 20 x 15, by a rule from two numbers that each of them has; small random factors. */
export function ratingsOf(
  rule: (user: Trait, item: Trait) => number,
  { size, biased }: { readonly size: number; readonly biased: boolean },
): MfProblem {
  const rng = Rng.stream(3, 'traits')
  const traits = (length: number): Trait[] => Array.from({ length }, () => ({ a: rng.normal(), b: rng.normal() }))
  const [users, items] = [traits(20), traits(15)]
  const pairs = users.flatMap((user, userId) => items.map((item, itemId) => ({ userId, itemId, rating: rule(user, item) })))
  return {
    size,
    users: randomValues(users.length * size, rng, 0.3),
    items: randomValues(items.length * size, rng, 0.3),
    userBias: biased ? new Float32Array(users.length) : null,
    itemBias: biased ? new Float32Array(items.length) : null,
    userIds: Int32Array.from(pairs, ({ userId }) => userId),
    itemIds: Int32Array.from(pairs, ({ itemId }) => itemId),
    ratings: Float32Array.from(pairs, ({ rating }) => rating),
    mean: biased ? 3 : 0,
    learningRate: 0.05,
    lambda: 0,
  }
}

/** Puts the ratings into another order. */
export function shuffled({ userIds, itemIds, ratings }: MfProblem, rng: Rng): void {
  for (let last = ratings.length - 1; last > 0; last--) {
    const other = rng.below(last + 1)
    for (const values of [userIds, itemIds, ratings]) [values[last], values[other]] = [values[other]!, values[last]!]
  }
}

/** What an epoch changes, by name. */
export function changedArrays(problem: MfProblem | SvdppProblem): Map<string, Float32Array> {
  const { users, items, userBias, itemBias } = problem
  const arrays = new Map([
    ['users', users],
    ['items', items],
  ])
  if (userBias) arrays.set('userBias', userBias)
  if (itemBias) arrays.set('itemBias', itemBias)
  if ('implicit' in problem) arrays.set('implicit', problem.implicit)
  return arrays
}

/** What lies around each array: whoever reads it computes nonsense. */
const guard = 3e38
const guardSize = 5

/** The same problem in an executor's memory, its arrays at odd places between huge numbers. */
export function inMemory<P extends MfProblem | SvdppProblem>(
  memory: ExecutorMemory,
  given: P,
): { problem: P; expectGuardsWhole: () => void } {
  const surroundings: Float32Array[] = []
  const entries = Object.entries(given).map(([name, value]: [string, unknown]) => {
    if (value instanceof Int32Array) {
      const moved = memory.ints(value.length)
      moved.set(value)
      return [name, moved] as const
    }
    if (!(value instanceof Float32Array)) return [name, value] as const
    const around = memory.floats(value.length + 2 * guardSize).fill(guard)
    surroundings.push(around.subarray(0, guardSize), around.subarray(guardSize + value.length))
    const moved = around.subarray(guardSize, guardSize + value.length)
    moved.set(value)
    return [name, moved] as const
  })
  return {
    problem: { ...given, ...Object.fromEntries(entries) },
    expectGuardsWhole() {
      for (const values of surroundings) expect([...values]).toEqual(Array<number>(guardSize).fill(Math.fround(guard)))
    },
  }
}

/**
 * SVD++ as its paper writes it: for each rating the sum of all implicit factors anew, and a step for each of them.
 * @returns the sum of the squared errors
 */
export function korensEpoch(problem: SvdppProblem): number {
  const { size, users, items, implicit, userBias, itemBias, userStart, itemIds, ratings, mean, learningRate, lambda } = problem
  let squares = 0
  const step = (values: Float32Array, at: number, gradient: number): void => {
    values[at] = values[at]! + learningRate * (gradient - lambda * values[at]!)
  }
  for (let user = 0; user + 1 < userStart.length; user++) {
    const rated = itemIds.subarray(userStart[user], userStart[user + 1])
    const norm = 1 / Math.sqrt(rated.length)
    for (const [index, item] of rated.entries()) {
      const coordinates = Array.from({ length: size }, (_, i) => {
        const sum = [...rated].reduce((total, other) => total + implicit[other * size + i]!, 0)
        return { p: user * size + i, q: item * size + i, both: users[user * size + i]! + norm * sum }
      })
      const product = coordinates.reduce((total, { q, both }) => total + items[q]! * both, 0)
      const error = ratings[userStart[user]! + index]! - mean - userBias![user]! - itemBias![item]! - product
      squares += error * error
      for (const [i, { p, q, both }] of coordinates.entries()) {
        const itemFactor = items[q]!
        step(users, p, error * itemFactor)
        step(items, q, error * both)
        for (const other of rated) step(implicit, other * size + i, error * norm * itemFactor)
      }
      step(userBias!, user, error)
      step(itemBias!, item, error)
    }
  }
  return squares
}
