import { describe, expect, it } from 'vitest'
import { plainExecutor } from '../../src-main/engine/compute/plain/plain-executor.ts'
import { restorePolicy } from '../../src-main/engine/training/actor-critic/trained-policy.ts'
import { actionCritic, bandit, episode, flavourWorld, itemCritic, learnIn, progress } from '../support/blind-world.ts'

describe('an actor without a base, that starts no better than chance', () => {
  const world = flavourWorld((isOwnFlavour) => (isOwnFlavour ? 5 : 1))
  const { test } = world

  // The action critic varies over seeds, in episodes most (0.5 to 0.9 of the way over three seeds): less is asked of it.
  it.each([
    ['a bandit, by the item critic', { ...itemCritic, ...bandit }, 0.95],
    ['a bandit, by the action critic', { ...actionCritic, ...bandit }, 0.9],
    ['episodes with a discounted future, by the item critic', { ...itemCritic, ...episode }, 0.95],
    ['episodes with a discounted future, by the action critic', { ...actionCritic, ...episode }, 0.7],
    ['a bandit, by the item critic with eight environments', { ...itemCritic, ...bandit, environments: 8 }, 0.95],
    ['episodes, by the item critic with eight environments', { ...itemCritic, ...episode, environments: 8 }, 0.95],
    [
      'episodes, by the item critic that learns four times a step of eight environments',
      { ...itemCritic, ...episode, environments: 8, updatesPerStep: 0.5 },
      0.95,
    ],
  ])('comes close to the optimum of %s', (_what, params, least) => {
    const { before, training } = learnIn(world, params)
    expect(progress(before, test)).toBeLessThan(0.5)
    expect(progress(training.policy(), test)).toBeGreaterThan(least)
  })
})

describe('a world where only dislikes carry the signal: nobody likes anything, half is neutral', () => {
  const world = flavourWorld((isOwnFlavour) => (isOwnFlavour ? 3 : 1))
  const { train, test } = world

  it.each([
    ['item', { ...itemCritic, ...episode }, 0.9],
    ['action', { ...actionCritic, ...bandit }, 0.6],
  ])('is learnt from the list of dislikes, by the %s critic', (_what, params, least) => {
    const { before, training, recipe } = learnIn(world, params)
    expect(progress(before, test)).toBeLessThan(0.5)
    expect(progress(training.policy(), test)).toBeGreaterThan(least)
    // The negative control: the same weights that hear of no dislike know nothing.
    const deaf = { ...train, scale: { ...train.scale, negativeTo: 0 } }
    expect(progress(restorePolicy(recipe, deaf, plainExecutor, training.saveModel(), 1), test)).toBeLessThan(0.35)
  })
})
