import { describe, expect, it } from 'vitest'
import { Rng } from '../../../../../src-main/engine/core/rng.ts'
import { decodeState, encodeState } from '../../../../../src-main/engine/core/state-codec.ts'
import type { InteractionTable } from '../../../../../src-main/engine/data/interaction-table.ts'
import type { Embedding } from '../../../../../src-main/engine/factorisation/embedding.ts'
import {
  RerankEnvironment,
  TrainingEpisodes,
  type EpisodeKey,
} from '../../../../../src-main/engine/training/actor-critic/environment.ts'
import { FeedbackLists, NO_ITEM } from '../../../../../src-main/engine/training/actor-critic/feedback-lists.ts'
import { fiveStars, starWorld, tableOf } from '../../../../support/worlds.ts'

/** An embedding of which only the folds matter here. */
function withFolds(table: InteractionTable, foldOf: ArrayLike<number>, tables = 6): Embedding {
  const { userCount, itemCount } = table
  return {
    width: 1,
    latent: 1,
    tables,
    userCount,
    itemCount,
    items: new Float32Array(tables * (itemCount + 1)),
    users: new Float32Array(tables * userCount),
    foldOf: Uint8Array.from(foldOf),
    lossCurve: new Float64Array(1),
    validationRmse: 1,
    crossFitRmse: 1,
  }
}

/** User 0: items 0 to 6; folds 0 0 0 1 1 2 3. User 1: two ratings. */
const table = tableOf([
  [0, 0, 5, 10],
  [0, 1, 1, 20],
  [0, 2, 3, 30],
  [0, 3, 4, 40],
  [0, 4, 2, 50],
  [0, 5, 5, 60],
  [0, 6, 1, 5],
  [1, 0, 2, 1],
  [1, 1, 2, 2],
])
const episodes = new TrainingEpisodes(table, withFolds(table, [0, 0, 0, 1, 1, 2, 3, 4, 4]))

function environmentOf(
  keys: readonly EpisodeKey[],
  { episodeLength = 20, centreRewards = false, source = episodes, seed = 1 } = {},
): RerankEnvironment {
  const lists = new FeedbackLists(1, 4, source.train.scale, 'preference')
  return new RerankEnvironment(source, keys, lists, Rng.stream(seed, 'environment'), { episodeLength, centreRewards })
}
const shown = (list: Int32Array) => [...list].filter((item) => item !== NO_ITEM)
const offered = (environment: RerankEnvironment) =>
  Array.from({ length: environment.left }, (_, i) => environment.candidate(i)).sort()

describe('episodes', () => {
  it('are those with two candidates in the fold and some history outside it', () => {
    expect(episodes.keys([0, 1])).toEqual([
      { user: 0, fold: 0 },
      { user: 0, fold: 1 },
    ])
    // User 1 has two ratings, both in fold 4: nothing would be left as history.
    expect(episodes.keys([1])).toEqual([])
  })

  it('take the vectors of the table that was fitted without the fold', () => {
    expect(episodes.userRow({ user: 1, fold: 0 })).toBe(1 * 2 + 1)
    expect(episodes.userRow({ user: 0, fold: 4 })).toBe(5 * 2)
    const single = new TrainingEpisodes(table, withFolds(table, [0, 0, 0, 1, 1, 2, 3, 4, 4], 1))
    expect(single.userRow({ user: 1, fold: 3 })).toBe(1)
  })
})

describe('the environment', () => {
  it('offers the fold alone, and starts from the history outside it alone', () => {
    const environment = environmentOf([{ user: 0, fold: 0 }])
    expect(offered(environment)).toEqual([0, 1, 2])
    // Outside, in time order: 6 (1 star, t 1/4), 3 (4 stars, t 2/4), 4 (2 stars, t 3/4), 5 (5 stars, t 4/4).
    expect(shown(environment.lists.positive)).toEqual([5, 3])
    expect(shown(environment.lists.negative)).toEqual([4, 6])
    expect(environment.userRow).toBe(1 * 2 + 0)
  })

  it('gives (rating - 3) / 2 as reward on five stars, no item twice, and terminates when nothing is left', () => {
    const environment = environmentOf([{ user: 0, fold: 0 }])
    const rewards: Record<number, number> = { 0: 1, 1: -1, 2: 0 }
    const seen: number[] = []
    for (let left = 3; left > 0; left--) {
      const item = environment.candidate(1 % left)
      seen.push(item)
      expect(environment.step(1 % left)).toEqual({ reward: rewards[item], terminated: left === 1, truncated: false })
      expect(offered(environment)).not.toContain(item)
    }
    expect(seen.sort()).toEqual([0, 1, 2])
  })

  it('truncates at the step limit, and terminates rather than truncates where both fall together', () => {
    const two = environmentOf([{ user: 0, fold: 0 }], { episodeLength: 2 })
    expect(two.step(0)).toMatchObject({ terminated: false, truncated: false })
    expect(two.step(0)).toMatchObject({ terminated: false, truncated: true })
    const three = environmentOf([{ user: 0, fold: 0 }], { episodeLength: 3 })
    for (let i = 0; i < 2; i++) three.step(0)
    expect(three.step(0)).toMatchObject({ terminated: true, truncated: false })
  })

  it('centres rewards by the mean outside the fold, drawn to the mean of all by five pseudo-ratings', () => {
    // Rewards: all 1 -1 0 .5 -.5 1 -1 -.5 -.5, mean -1/9; outside fold 0: .5 -.5 1 -1, sum 0.
    const baseline = (5 * (-1 / 9) + 0) / 9
    const environment = environmentOf([{ user: 0, fold: 0 }], { centreRewards: true })
    for (let left = 3; left > 0; left--) {
      const rating = table.rating[environment.candidate(0)]!
      expect(environment.step(0).reward).toBeCloseTo((rating - 3) / 2 - baseline, 12)
    }
    // The ratings of the fold itself have no part in it.
    const turned = { ...table, rating: table.rating.map((rating, row) => (row < 3 ? 6 - rating : rating)) }
    const source = new TrainingEpisodes(turned, episodes.embedding)
    expect(source.baseline({ user: 0, fold: 0 }, 0.25)).toBe(episodes.baseline({ user: 0, fold: 0 }, 0.25))
    expect(source.baseline({ user: 0, fold: 1 }, 0.25)).not.toBe(episodes.baseline({ user: 0, fold: 3 }, 0.25))
  })

  it('moves the lists on with the rating that came back', () => {
    const environment = environmentOf([{ user: 0, fold: 1 }])
    const liked = [0, 1].find((index) => environment.candidate(index) === 3)!
    const before = shown(environment.lists.positive)
    expect(before).not.toContain(3)
    environment.step(liked)
    expect(shown(environment.lists.positive)).toContain(3)
    expect(shown(environment.lists.negative)).not.toContain(3)
  })

  it('draws all its episodes, each anew from the start', () => {
    const world = starWorld({ users: 6, items: 30, perUser: 20 })
    const foldOf = Array.from({ length: world.size }, (_, row) => row % 5)
    const source = new TrainingEpisodes(world, withFolds(world, foldOf))
    const keys = source.keys([0, 1, 2, 3, 4, 5])
    expect(keys).toHaveLength(30)
    const environment = environmentOf(keys, { source })
    const met = new Map<number, string>()
    for (let i = 0; i < 600; i++) {
      const state = JSON.stringify([offered(environment), shown(environment.lists.positive), shown(environment.lists.negative)])
      expect(met.get(environment.userRow) ?? state).toBe(state)
      met.set(environment.userRow, state)
      environment.step(0)
      environment.reset()
    }
    expect(met.size).toBe(30)
  })

  it('goes on identically after save and restore in the middle of an episode', () => {
    const world = starWorld({ users: 6, items: 30, perUser: 20 })
    const source = new TrainingEpisodes(
      world,
      withFolds(
        world,
        Array.from({ length: world.size }, (_, row) => row % 5),
      ),
    )
    const make = (seed: number) =>
      environmentOf(source.keys([0, 1, 2, 3]), { source, centreRewards: true, episodeLength: 3, seed })
    const one = make(1)
    const play = (environment: RerankEnvironment) => {
      const step = environment.step(environment.left - 1)
      const story = [
        step,
        environment.userRow,
        offered(environment),
        [...environment.lists.positive],
        [...environment.lists.negative],
      ]
      if (step.terminated || step.truncated) environment.reset()
      return JSON.stringify(story)
    }
    for (let i = 0; i < 7; i++) play(one)
    const two = make(77)
    two.restore(decodeState(encodeState(one.save())))
    for (let i = 0; i < 30; i++) expect(play(two)).toBe(play(one))
  })

  it('is on five stars as the paper has it', () => {
    expect(fiveStars).toEqual({ min: 1, max: 5, positiveFrom: 4, negativeTo: 2 })
  })
})
