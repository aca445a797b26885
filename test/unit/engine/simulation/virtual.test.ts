import { describe, expect, it } from 'vitest'
import { defaultParams, type ParamsOf, type ParamSpecs, type ParamValues } from '../../../../src-main/contract/params.ts'
import { Rng } from '../../../../src-main/engine/core/rng.ts'
import type { SimulatedUsers } from '../../../../src-main/engine/core/simulator.ts'
import { learnEvaluationWorld } from '../../../../src-main/engine/simulation/_learn-world.ts'
import { clusterDirections, dot, unitRows } from '../../../../src-main/engine/simulation/_spherical-clusters.ts'
import { writeChances, type ChoiceChances, type Moment } from '../../../../src-main/engine/simulation/_virtual-choice.ts'
import { VirtualWorld, type VirtualSettings } from '../../../../src-main/engine/simulation/_virtual-world.ts'
import virtual from '../../../../src-main/engine/simulation/virtual.ts'
import { checkerboard, drain, tableOf } from '../../../support/worlds.ts'

const defaults = defaultParams(virtual.params) as ParamsOf<ParamSpecs> as unknown as VirtualSettings
const weights = defaults

function chancesOf(moment: Partial<Moment>): ChoiceChances {
  const out = { click: 0, skip: 0, leave: 0 }
  writeChances({ interest: 0, sameness: 0, anchor: null, skips: 0, shown: 0, ...moment }, weights, out)
  return out
}

const rounded = ({ click, skip, leave }: ChoiceChances) => [click, skip, leave].map((chance) => Number(chance.toFixed(6)))

describe('the choice of a virtual user', () => {
  it('is softmax(z_click, 0, z_leave), computed by hand', () => {
    // z = (-3.4 + 3.5, 0, -4.2): e^0.1 = 1.1051709, e^-4.2 = 0.0149956; their sum with 1 is 2.1201665.
    expect(rounded(chancesOf({ interest: 1 }))).toEqual([0.521266, 0.471661, 0.007073])
    // z = (-3.4 + 1.75 - 2 x .5, 0, -4.2 + .08 x 10 + .01 x 20): e^-2.65 = 0.0706512, e^-3.2 = 0.0407622.
    expect(rounded(chancesOf({ interest: 0.5, sameness: 0.5, skips: 10, shown: 20 }))).toEqual([0.063569, 0.899755, 0.036676])
    // On an item's page: z_click = -3.6 + 3.5 + .5 = .4, e^.4 = 1.4918247.
    expect(rounded(chancesOf({ interest: 1, anchor: 0.5 }))).toEqual([0.595106, 0.398912, 0.005982])
  })
})

/** Two items to the east, one to the north, one that points nowhere; user 0 liked the east, user 1 the north, user 2 nothing. */
const table = tableOf(
  [
    [0, 0, 5],
    [0, 1, 5],
    [1, 2, 5],
    [2, 2, 1],
  ],
  { users: 3, items: 4 },
)
const vectors = Float64Array.of(1, 0, 1, 0, 0, 1, 0, 0)
const clusters = { count: 2, centres: Float64Array.of(1, 0, 0, 1), clusterOf: Int32Array.of(0, 0, 1, -1) }

function compass(settings: Partial<VirtualSettings> = {}, seed = 0): VirtualWorld {
  const stream = (name: string) => Rng.stream(seed, name)
  const model = { size: 2, mean: 3, userCount: 3, itemCount: 4, userFactors: new Float64Array(6), itemFactors: vectors } as const
  const biases = { userBias: new Float64Array(3), itemBias: new Float64Array(4) }
  return new VirtualWorld(
    'evaluation',
    table,
    { ...model, ...biases },
    { size: 2, vectors, clusters },
    { ...defaults, ...settings },
    stream,
  )
}

function tasteOf(world: VirtualWorld, user: number): number[] {
  const out = new Float64Array(2)
  world.writeTaste(user, out)
  return [...out]
}

function expectedOf(users: SimulatedUsers, items: readonly number[]): number[] {
  const out = new Float32Array(items.length)
  users.expected(0, Int32Array.from(items), items.length, out)
  return [...out]
}

/** A session of these items: the choices, up to a leaving. */
function session(users: SimulatedUsers, user: number, items: readonly number[], slot = 0): string[] {
  users.begin(slot, user)
  const said: string[] = []
  for (const item of items) {
    said.push(users.answer(slot, item).choice)
    if (said.at(-1) === 'leave') break
  }
  return said
}

describe('a virtual user', () => {
  it('begins with a taste mixed of the clusters that the user liked; who liked nothing, and a stranger, of what everybody liked', () => {
    const world = compass()
    expect(tasteOf(world, 0)).toEqual([1, 0])
    expect(tasteOf(world, 1)).toEqual([0, 1])
    for (const somebody of [2, 3, 99]) {
      const [east, north] = tasteOf(world, somebody)
      expect(east! > 0 && north! > 0).toBe(true)
      expect(Math.hypot(east!, north!)).toBeCloseTo(1, 12)
    }
    expect(tasteOf(world, 3)).not.toEqual(tasteOf(world, 4))
    const one = compass({ mixture: 1 })
    for (let stranger = 3; stranger < 20; stranger++) expect(tasteOf(one, stranger).sort()).toEqual([0, 1])
  })

  it('of whom some liked items are known begins between them; items that point nowhere say nothing', () => {
    const users = compass().users(1)
    const begun = (likes: number[]) => {
      users.begin(0, 99, likes)
      return expectedOf(users, [0, 2])
    }
    users.begin(0, 0)
    const eastward = expectedOf(users, [0, 2])
    expect(begun([0, 1])).toEqual(eastward)
    const [east, north] = begun([0, 2])
    expect(east).toBeCloseTo(north!, 12)
    expect(begun([3])).toEqual(begun([]))
    expect(begun([3])).not.toEqual(eastward)
  })

  it('comes to like what is clicked: u becomes the direction of .9 u + .1 e, and passing over changes nothing', () => {
    const users = compass({ leaveReward: 0, boredom: 0 }).users(1)
    users.begin(0, 0)
    users.shown(0, 2, false)
    const click = (cosine: number, skips: number, shown: number) => chancesOf({ interest: cosine, skips, shown }).click
    expect(expectedOf(users, [2])[0]).toBeCloseTo(click(0, 1, 1), 6)
    users.shown(0, 2, true)
    expect(expectedOf(users, [2])[0]).toBeCloseTo(click(0.1 / Math.hypot(0.9, 0.1), 0, 2), 6)
    expect(expectedOf(users, [0])[0]).toBeCloseTo(click(0.9 / Math.hypot(0.9, 0.1), 0, 2), 6)
  })

  it('is bored by more of the same, remembers ten items, and is herself again at the next beginning', () => {
    const users = compass({ leaveReward: 0, drift: 0, leaveBase: -100 }).users(1)
    users.begin(0, 0)
    const fresh = expectedOf(users, [0, 2])
    users.shown(0, 1, false)
    const bored = expectedOf(users, [0, 2])
    expect(bored[0]!).toBeLessThan(fresh[0]!)
    expect(bored[1]!).toBeCloseTo(fresh[1]!, 7)
    users.shown(0, 3, false)
    expect(expectedOf(users, [0])[0]!).toBeCloseTo(Math.exp(0.1 - 1) / (1 + Math.exp(0.1 - 1)), 5)
    for (let other = 0; other < 10; other++) users.shown(0, 3, false)
    expect(expectedOf(users, [0])[0]!).toBeCloseTo(fresh[0]!, 6)
    users.begin(0, 0)
    expect(expectedOf(users, [0, 2])).toEqual(fresh)
  })

  it('tells a click as the highest rating, passes over without one, and leaves at the price of leaving', () => {
    const told = (settings: Partial<VirtualSettings>) => {
      const users = compass(settings).users(1)
      users.begin(0, 0)
      return { ...users.answer(0, 2) }
    }
    expect(told({ clickBase: 100 })).toEqual({ choice: 'click', rating: 5, reward: 1 })
    expect(told({ clickBase: -100, leaveBase: -100 })).toEqual({ choice: 'skip', rating: NaN, reward: 0 })
    expect(told({ leaveBase: 100 })).toEqual({ choice: 'leave', rating: NaN, reward: -2 })
    expect(told({ clickBase: -100, leaveBase: -100, dislikeBelow: 0.1 })).toEqual({ choice: 'rate', rating: 1, reward: -1 })
  })

  it('answers the same in every slot, episode and world learnt again, and otherwise with another seed', () => {
    const items = [0, 1, 2, 3, 2, 1, 0, 3, 2, 1, 0, 3]
    const even = { clickBase: -1, leaveBase: -3 }
    const said = session(compass(even).users(1), 2, items)
    const others = compass(even).users(3)
    session(others, 1, items, 2)
    expect(session(others, 2, items, 2)).toEqual(said)
    const seeds = [1, 2, 3, 4].map((seed) => session(compass(even, seed).users(1), 2, items).join())
    expect(seeds.some((other) => other !== said.join())).toBe(true)
  })

  it('goes on from answers that are told as after its own', () => {
    const even = { clickBase: 0, leaveBase: -100 }
    const own = compass(even).users(2)
    own.begin(0, 2)
    own.begin(1, 2)
    for (const item of [0, 2, 1, 3, 2]) own.shown(1, item, own.answer(0, item).choice === 'click')
    expect({ ...own.answer(1, 0) }).toEqual({ ...own.answer(0, 0) })
  })
})

/** The geometry in which the design's figures were found: 3,000 items in 40 clusters of 20 dimensions, tastes mixed of 3. */
function designWorld(itemPage: boolean): VirtualWorld {
  const [items, size, count, spread] = [3000, 20, 40, 0.4]
  const rng = Rng.stream(1, 'geometry')
  const centres = unitRows(
    Float64Array.from({ length: count * size }, () => rng.normal()),
    size,
  )
  const clusterOf = Int32Array.from({ length: items }, () => rng.below(count))
  const around = Float64Array.from(
    { length: items * size },
    (_, at) => centres[clusterOf[Math.floor(at / size)]! * size + (at % size)]! + (spread * rng.normal()) / Math.sqrt(size),
  )
  const everything = tableOf(Array.from({ length: items }, (_, item) => [0, item, 5] as const))
  const space = { size, vectors: unitRows(around, size), clusters: { count, centres, clusterOf } }
  const model = { size, mean: 3, userCount: 1, itemCount: items, userFactors: new Float64Array(size), itemFactors: around }
  const biases = { userBias: new Float64Array(1), itemBias: new Float64Array(items) }
  return new VirtualWorld('evaluation', everything, { ...model, ...biases }, space, { ...defaults, itemPage }, (name) =>
    Rng.stream(0, name),
  )
}

/** Means per session over strangers, each shown different items until leaving. */
function play(world: VirtualWorld, itemsFor: (user: number) => Int32Array): { steps: number; clicks: number; earned: number } {
  const users = world.users(1)
  const sessions = 600
  const sums = { steps: 0, clicks: 0, earned: 0 }
  for (let user = 1; user <= sessions; user++) {
    users.begin(0, user)
    for (const item of Rng.stream(3, `policy/${user}`).shuffle(itemsFor(user))) {
      const { choice, reward } = users.answer(0, item)
      sums.steps += 1 / sessions
      sums.clicks += (choice === 'click' ? 1 : 0) / sessions
      sums.earned += reward / sessions
      if (choice === 'leave') break
    }
  }
  return sums
}

function nearest(world: VirtualWorld, user: number, count: number): Int32Array {
  const { vectors, size } = world.space
  const taste = new Float64Array(size)
  world.writeTaste(user, taste)
  const cosines = Float64Array.from({ length: vectors.length / size }, (_, item) => dot(taste, 0, vectors, item * size, size))
  return Int32Array.from(cosines, (_, item) => item)
    .sort((a, b) => cosines[b]! - cosines[a]!)
    .slice(0, count)
}

describe('the figures that were found independently of this code (algorithm-facts.md section 10)', () => {
  // 600 sessions each; a mean of clicks has a standard error of about .05 (random) and .12 (nearest).
  it('random: 25.2 steps, 1.00 clicks, return -1.00', () => {
    const { steps, clicks, earned } = play(designWorld(true), () => Int32Array.from({ length: 3000 }, (_, item) => item))
    expect(Math.abs(steps - 25.2)).toBeLessThan(1.5)
    expect(Math.abs(clicks - 1)).toBeLessThan(0.15)
    expect(Math.abs(earned + 1)).toBeLessThan(0.15)
  })

  it('random among the 100 nearest: 34.3 steps, 4.54 clicks, return 2.54; one page only, without the pull of the item, less', () => {
    const world = designWorld(true)
    const { steps, clicks, earned } = play(world, (user) => nearest(world, user, 100))
    expect(Math.abs(steps - 34.3)).toBeLessThan(2)
    expect(Math.abs(clicks - 4.54)).toBeLessThan(0.35)
    expect(Math.abs(earned - 2.54)).toBeLessThan(0.35)
    const onePage = designWorld(false)
    const without = play(onePage, (user) => nearest(onePage, user, 100))
    expect(without.clicks).toBeLessThan(clicks)
    expect(without.clicks).toBeGreaterThan(3.5)
  })
})

describe('the simulator "virtual"', () => {
  const sides = { train: checkerboard({ users: 30, items: 24, perUser: 16 }), test: tableOf([], { users: 30, items: 24 }) }
  const learn = (given: ParamValues = {}) =>
    drain(learnEvaluationWorld('virtual', { size: 2, lambda: 1, ...given }, sides, 0)) as VirtualWorld

  it('puts what the same people like into the same direction, and tastes where the likes are', () => {
    const world = learn({ clusters: 2, mixture: 1 })
    const { clusterOf } = world.space.clusters
    for (let item = 2; item < 24; item++) expect(clusterOf[item]).toBe(clusterOf[item % 2])
    expect(clusterOf[0]).not.toBe(clusterOf[1])
    const users = world.users(1)
    for (const user of [0, 1, 2, 3]) {
      users.begin(0, user)
      const [even, odd] = expectedOf(users, [0, 1])
      expect(even! > odd!).toBe(user % 2 === 0)
    }
  })

  it('finds the groups of directions whatever their lengths, and leaves out what points nowhere', () => {
    const rows = unitRows(Float64Array.of(5, 0, 3, 0.1, 0, 2, 0.1, 9, 0, 0), 2)
    const { clusterOf, count } = drain(clusterDirections(rows, 2, 2, Rng.stream(1, 'clusters')))
    expect(count).toBe(2)
    expect(clusterOf[0]).toBe(clusterOf[1])
    expect(clusterOf[2]).toBe(clusterOf[3])
    expect(clusterOf[0]).not.toBe(clusterOf[2])
    expect(clusterOf[4]).toBe(-1)
  })

  it('stands where nobody has any taste: all ratings equal', () => {
    const equal = tableOf(
      [
        [0, 0, 3],
        [1, 1, 3],
      ],
      { users: 2, items: 3 },
    )
    const world = drain(learnEvaluationWorld('virtual', {}, { train: equal, test: tableOf([], { users: 2, items: 3 }) }, 0))
    const users = world.users(1)
    users.begin(0, 0)
    expect(expectedOf(users, [0, 1, 2]).every((value) => Number.isFinite(value))).toBe(true)
  })
})
