import { describe, expect, it } from 'vitest'
import type { PalateError } from '../../../../src-main/contract/errors.ts'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import type { InteractionTable } from '../../../../src-main/engine/data/interaction-table.ts'
import type { Embedding } from '../../../../src-main/engine/factorisation/embedding.ts'
import { plainBase, type LinearBase } from '../../../../src-main/engine/factorisation/linear-base.ts'
import { ActorCriticTraining, dealUsers } from '../../../../src-main/engine/training/actor-critic/actor-critic-training.ts'
import { TrainingEpisodes } from '../../../../src-main/engine/training/actor-critic/environment.ts'
import { splitTables } from '../../../../src-main/engine/training/split-tables.ts'
import { recipeOf, tinyAgent, tinyWorld } from '../../../support/tiny-agent.ts'

function refusalOf(act: () => unknown): PalateError {
  try {
    act()
  } catch (error) {
    expect(error).toMatchObject({ name: 'PalateError', code: 'DATA_UNSUITABLE' })
    return error as PalateError
  }
  throw new Error('nothing was thrown')
}

describe('ratings that are no finite numbers', () => {
  it.each([NaN, Infinity, -Infinity])('are refused before anything is trained: %d', (rating) => {
    const broken: InteractionTable = { ...tinyWorld, rating: tinyWorld.rating.slice() }
    broken.rating[17] = rating
    const [user, item] = [tinyWorld.userIndex[17], tinyWorld.itemIndex[17]]
    expect(refusalOf(() => splitTables(broken, 'random:0.8', 1)).message).toBe(
      `Rating 18 of ${tinyWorld.size} (user index ${user}, item index ${item}) is ${rating}, no finite number. Correct or remove it and import the data again.`,
    )
  })

  it('are not found among good ones', () => {
    expect(() => splitTables(tinyWorld, 'random:0.8', 1)).not.toThrow()
  })
})

describe('vectors that are not finite', () => {
  const { embedding } = tinyAgent()
  const recipe = recipeOf()
  const start = (changed: Embedding, base: LinearBase = plainBase(embedding)) => {
    const episodes = new TrainingEpisodes(tinyWorld, changed)
    return new ActorCriticTraining(recipe, episodes, dealUsers(episodes, 0.2, 1), base, plainExecutor, 1, function* () {
      yield
      return new Float64Array(0)
    })
  }
  const withNaN = (values: Float32Array, at: number): Float32Array => {
    const copy = values.slice()
    copy[at] = NaN
    return copy
  }
  const { width, itemCount, userCount } = embedding

  it('are named by what they stand for, when training starts', () => {
    const item = { ...embedding, items: withNaN(embedding.items, 5 * width + 1) }
    expect(refusalOf(() => start(item)).message).toBe(
      'The vectors cannot be trained on: item index 5 in the reference table has NaN at coordinate 1. Raise the regularisation of the embedding and start again.',
    )
    const user = { ...embedding, users: withNaN(embedding.users, (userCount + 3) * width) }
    expect(refusalOf(() => start(user)).message).toContain('user index 3 in the table of fold 0 has NaN at coordinate 0.')
    const foldItem = { ...embedding, items: withNaN(embedding.items, (2 * (itemCount + 1) + 4) * width) }
    expect(refusalOf(() => start(foldItem)).message).toContain('item index 4 in the table of fold 1 has NaN')
  })

  it('are found in the base that a residual actor corrects as well', () => {
    const base = plainBase(embedding)
    expect(refusalOf(() => start(embedding, { ...base, actions: withNaN(base.actions, width) })).message).toContain(
      'base action of user index 1 in the reference table has NaN at coordinate 0.',
    )
    expect(refusalOf(() => start(embedding, { ...base, scales: withNaN(base.scales, 2) })).message).toContain(
      'scale of user index 2 in the reference table has NaN',
    )
  })

  it('are not found in a good embedding', () => {
    expect(() => start(embedding)).not.toThrow()
  })
})
