import { describe, expect, it } from 'vitest'
import { Rng } from '../../../../../src-main/engine/core/rng.ts'
import type { SimulatedWorld } from '../../../../../src-main/engine/core/simulator.ts'
import { decodeState, encodeState } from '../../../../../src-main/engine/core/state-codec.ts'
import { fitEmbedding, tableOfFold } from '../../../../../src-main/engine/factorisation/embedding.ts'
import { learnEvaluationWorld, learnTrainingWorld } from '../../../../../src-main/engine/simulation/_learn-world.ts'
import { environmentsOf } from '../../../../../src-main/engine/training/actor-critic/create-environments.ts'
import { TrainingEpisodes, type EpisodeKey } from '../../../../../src-main/engine/training/actor-critic/environment.ts'
import { FeedbackLists } from '../../../../../src-main/engine/training/actor-critic/feedback-lists.ts'
import { Shortlist } from '../../../../../src-main/engine/training/actor-critic/shortlist.ts'
import { SimulatedEnvironment } from '../../../../../src-main/engine/training/actor-critic/simulated-environment.ts'
import { recipeOf } from '../../../../support/tiny-agent.ts'
import { drain, errorOf, starWorld, tableOf } from '../../../../support/worlds.ts'

const train = starWorld({ users: 12, items: 30, perUser: 10 })
const options = { size: 2, lambda: 2, epochs: 4, bias: 'item', popularity: false, foldEmbeddings: true } as const
const embedding = drain(fitEmbedding(train, options, 1))
const episodes = new TrainingEpisodes(train, embedding)
const world = drain(learnTrainingWorld('logged', { size: 2, lambda: 2 }, train, 1))
const key: EpisodeKey = { user: 3, fold: episodes.keys([3])[0]!.fold }

function environmentOf(
  change: { shortlist?: number; episodeLength?: number; centreRewards?: boolean; world?: SimulatedWorld } = {},
) {
  const settings = { shortlist: 5, episodeLength: 8, centreRewards: false, ...change }
  const lists = new FeedbackLists(1, 4, train.scale, 'preference')
  const from = change.world ?? world
  return new SimulatedEnvironment(from, from.users(1), episodes, [key], lists, Rng.stream(1, 'environment'), settings, 0)
}

const rowsOf = (fold: (of: number) => boolean) =>
  [...episodes.rowsOf(key.user)].filter((row) => fold(embedding.foldOf[row]!)).map((row) => train.itemIndex[row]!)
const history = new Set(rowsOf((fold) => fold !== key.fold))
const offered = (environment: SimulatedEnvironment) =>
  Array.from({ length: environment.left }, (_, i) => environment.candidate(i))

describe('the shortlist of an episode', () => {
  const shortlist = new Shortlist(episodes, 5)

  it('is open to every item outside the history, those of the fold included', () => {
    const open = [...shortlist.open(key)]
    expect(open).toEqual(Array.from({ length: 30 }, (_, item) => item).filter((item) => !history.has(item)))
    for (const item of rowsOf((fold) => fold === key.fold)) expect(open).toContain(item)
  })

  it('has the items with the highest inner products first, then as many others, none twice', () => {
    const out = new Int32Array(shortlist.most)
    expect(shortlist.write(key, Rng.stream(1, 'shortlist'), out)).toBe(10)
    const table = tableOfFold(embedding, key.fold)
    const score = (item: number) => {
      let sum = 0
      for (let c = 0; c < embedding.width; c++) {
        sum +=
          embedding.users[(table * 12 + key.user) * embedding.width + c]! *
          embedding.items[(table * 31 + item) * embedding.width + c]!
      }
      return sum
    }
    const best = [...shortlist.open(key)].sort((a, b) => score(b) - score(a)).slice(0, 5)
    expect(new Set(out.subarray(0, 5))).toEqual(new Set(best))
    expect(new Set(out).size).toBe(10)
    for (const item of out) expect(history.has(item)).toBe(false)
  })

  it('is all there is where there is less', () => {
    const all = new Shortlist(episodes, 100)
    const out = new Int32Array(all.most)
    expect(all.write(key, Rng.stream(1, 'shortlist'), out)).toBe(30 - history.size)
  })
})

describe('learning with simulated users', () => {
  it('never shows what the history holds, nor an item twice, and ends after the step limit', () => {
    const environment = environmentOf({ shortlist: 100 })
    const shown: number[] = []
    for (let step = 1; step <= 8; step++) {
      shown.push(environment.candidate(0))
      const { terminated, truncated } = environment.step(0)
      expect([terminated, truncated]).toEqual([false, step === 8])
    }
    expect(new Set(shown).size).toBe(8)
    for (const item of shown) expect(history.has(item)).toBe(false)
  })

  it("gives the logged reward for items of the fold and the simulator's for all others, less the mean of the user if centred", () => {
    const environment = environmentOf({ shortlist: 100, episodeLength: 50 })
    const centred = environmentOf({ shortlist: 100, episodeLength: 50, centreRewards: true })
    const baseline = episodes.baseline(key, episodes.meanReward())
    const users = world.users(1)
    users.begin(0, key.user)
    const logged = new Map([...episodes.rowsOf(key.user)].map((row) => [train.itemIndex[row]!, train.rating[row]!]))
    let ofFold = 0
    while (environment.left > 0) {
      const item = environment.candidate(0)
      const { reward } = environment.step(0)
      expect(centred.candidate(0)).toBe(item)
      expect(centred.step(0).reward).toBeCloseTo(reward - baseline, 12)
      if (logged.has(item)) {
        ofFold++
        expect(reward).toBe((logged.get(item)! - 3) / 2)
      } else expect(reward).toBe(users.answer(0, item).reward)
    }
    expect(ofFold).toBe(rowsOf((fold) => fold === key.fold).length)
  })

  it('starts each episode from the same history, whatever happened in the last one', () => {
    const environment = environmentOf({ shortlist: 100 })
    const lists = () => ({ liked: [...environment.lists.positive], disliked: [...environment.lists.negative] })
    const before = lists()
    for (let step = 0; step < 8; step++) environment.step(0)
    expect(lists()).not.toEqual(before)
    environment.reset()
    expect(lists()).toEqual(before)
  })

  it('goes on from a checkpoint exactly', () => {
    const [whole, cut] = [environmentOf(), environmentOf()]
    for (let step = 0; step < 3; step++) {
      whole.step(1)
      cut.step(1)
    }
    const saved = decodeState(encodeState(cut.save()))
    const resumed = environmentOf()
    resumed.restore(saved)
    for (let step = 0; step < 12; step++) {
      expect(offered(resumed)).toEqual(offered(whole))
      expect({ ...resumed.step(0) }).toEqual({ ...whole.step(0) })
      if (step === 6) {
        whole.reset()
        resumed.reset()
      }
    }
    expect(resumed.lists.save(0)).toEqual(whole.lists.save(0))
  })

  it('is refused in a world that knows test ratings', () => {
    const test = tableOf([[0, 29, 5]], { users: 12, items: 30 })
    const knowing = drain(learnEvaluationWorld('logged', {}, { train, test }, 0))
    expect(errorOf(() => environmentOf({ world: knowing })).message).toBe(
      'The simulated users of training may know the training ratings alone, and these know others: what learns among them would learn the test. Nothing was trained.',
    )
  })

  it('is what a recipe with simulated users gets, one for each of its environments; other recipes keep to logged ratings', () => {
    const simulated = recipeOf({ environment: 'simulated', environments: 3, shortlist: 4 })
    const made = environmentsOf(simulated, episodes, episodes.keys([1, 2, 3]), world, 1)
    expect(made.map((one) => [one instanceof SimulatedEnvironment, one.slot, one.left])).toEqual([
      [true, 0, 8],
      [true, 1, 8],
      [true, 2, 8],
    ])
    expect(environmentsOf(recipeOf({}), episodes, [key], undefined, 1)[0]).not.toBeInstanceOf(SimulatedEnvironment)
    expect(() => environmentsOf(simulated, episodes, [key], undefined, 1)).toThrow(
      new TypeError('A recipe with simulated users needs their world'),
    )
  })
})
