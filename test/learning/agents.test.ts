import { describe, expect, it } from 'vitest'
import { defaultParams, type ParamValues } from '../../src-main/contract/params.ts'
import { isReplayRecipe } from '../../src-main/engine/core/q-learning-recipe.ts'
import { models } from '../../src-main/engine/models/catalogue.gen.ts'
import { bandit, episode, flavourWorld, itemCritic, learnIn, orderWorld, progress } from '../support/blind-world.ts'

/** Every model that learns from replayed transitions, the next one included. */
const agents = models.filter((model) => isReplayRecipe(model.create(defaultParams(model.params))))
const modelOf = (id: string) => agents.find((model) => model.id === id)!

/** The agents that hear of dislikes; all others hear of likes alone. */
const hearingDislikes = ['custom', 'deers', 'mdrr', 'mdrr-att', 'mdrr-n']
const deafToDislikes = agents.map((model) => model.id).filter((id) => !hearingDislikes.includes(id))

describe('a bandit whose best arm can be read from either list', () => {
  const world = flavourWorld((isOwnFlavour) => (isOwnFlavour ? 5 : 1))

  it.each(agents.map((model) => model.id))('is learnt by %s', (id) => {
    const { before, training } = learnIn(world, { ...itemCritic, ...bandit }, modelOf(id))
    expect(progress(before, world.test)).toBeLessThan(0.5)
    expect(progress(training.policy(), world.test)).toBeGreaterThan(0.9)
  })
})

describe('where only negative feedback carries the signal: nobody likes anything, half is neutral', () => {
  const world = flavourWorld((isOwnFlavour) => (isOwnFlavour ? 3 : 1))
  const learnt = (id: string) =>
    progress(learnIn(world, { ...itemCritic, ...episode }, modelOf(id)).training.policy(), world.test)

  it.each(hearingDislikes)('%s wins', (id) => {
    expect(learnt(id)).toBeGreaterThan(0.9)
  })

  it.each(deafToDislikes)('%s does not: it never hears of anything', (id) => {
    expect(Math.abs(learnt(id))).toBeLessThan(0.35)
  })

  it.each(['single', 'dual'])('a custom model wins with a %s actor on both sides, and with another encoder', (actors) => {
    const told = { ...itemCritic, ...episode, encoder: 'max', feedback: 'both', actors }
    expect(progress(learnIn(world, told, modelOf('custom')).training.policy(), world.test)).toBeGreaterThan(0.9)
  })
})

describe('where order matters: the same four likes, and what followed the marker is wanted', () => {
  const world = orderWorld()
  const learner: ParamValues = {
    ...itemCritic,
    ...bandit,
    updates: 2500,
    historyLength: 4,
    batchSize: 32,
    actorLearningRate: 0.003,
    criticLearningRate: 0.005,
    learningRate: 0.005,
    replayAlpha: 0,
  }
  // The order is read off the first action: later likes would push the marker out of the list.
  const learnt = (id: string, seed: number) =>
    progress(learnIn(world, learner, modelOf(id), seed).training.policy(), world.test, false)

  it.each([1, 2])('the GRU learns it, and the average does so in part (seed %i)', (seed) => {
    const [gru, average] = [learnt('drr-gru', seed), learnt('drr-ave', seed)]
    expect(gru).toBeGreaterThan(0.9)
    // Fixed weights per place are right in five of six orders, two thirds of the way, unless the networks make a code of them:
    // over four seeds the average came to .46 to .73 in as many updates, the GRU to .97 to 1.
    expect(gru).toBeGreaterThan(average + 0.15)
  })

  it.each([1, 2])('so do the GRUs of DEERS (seed %i)', (seed) => {
    expect(learnt('deers', seed)).toBeGreaterThan(0.9)
  })

  it.each(['drr-max', 'drr-att', 'mdrr-p'])('%s, to which all lists look alike, cannot', (id) => {
    expect(Math.abs(learnt(id, 1))).toBeLessThan(0.35)
  })
})
