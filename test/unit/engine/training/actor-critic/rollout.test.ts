import { describe, expect, it, vi } from 'vitest'
import { Rng } from '../../../../../src-main/engine/core/rng.ts'
import { RerankEnvironment, TrainingEpisodes } from '../../../../../src-main/engine/training/actor-critic/environment.ts'
import { FeedbackLists } from '../../../../../src-main/engine/training/actor-critic/feedback-lists.ts'
import { actorRollout, tinyAgent, tinyWorld } from '../../../../support/tiny-agent.ts'

function play(change: Parameters<typeof tinyAgent>[0], epsilon: number, steps: number) {
  const tiny = tinyAgent(change)
  const episodes = new TrainingEpisodes(tinyWorld, tiny.embedding)
  const lists = new FeedbackLists(1, tiny.recipe.historyLength, tinyWorld.scale, tiny.recipe.historyRule)
  const keys = episodes.keys(Array.from({ length: tinyWorld.userCount }, (_, user) => user))
  const environment = new RerankEnvironment(episodes, keys, lists, Rng.stream(1, 'environment'), tiny.recipe)
  const rollout = actorRollout(tiny, [environment])
  const resets = vi.spyOn(environment, 'reset')
  for (let step = 0; step < steps; step++) rollout.step(epsilon)
  return { tiny, rollout, resets, columns: tiny.agent.replay.columns }
}

describe('what replay stores as the executed action', () => {
  it("is the recommended item's own vector where a random candidate was recommended", () => {
    const { tiny, columns } = play({ critic: 'action', exploration: 'candidate' }, 1, 30)
    const { width, userCount, itemCount, items } = tiny.embedding
    for (let row = 0; row < 30; row++) {
      const table = Math.floor(columns.userRow[row]! / userCount)
      const at = (table * (itemCount + 1) + columns.item[row]!) * width
      expect([...columns.action.subarray(row * width, (row + 1) * width)]).toEqual([...items.subarray(at, at + width)])
    }
  })

  it('is the action with its noise where noise explores, and the plain action without exploring', () => {
    const width = play({ critic: 'action', exploration: 'noise' }, 0, 1).tiny.embedding.width
    const plain = play({ critic: 'action', exploration: 'noise', noise: 5 }, 0, 1).columns.action.slice(0, width)
    const noisy = play({ critic: 'action', exploration: 'noise', noise: 5 }, 1, 1).columns.action.slice(0, width)
    // Two tanh actors add up to at most 2; noise of deviation 5 leaves that range in some coordinate.
    expect(Math.max(...plain.map(Math.abs))).toBeLessThan(2)
    expect(Math.max(...noisy.map(Math.abs))).toBeGreaterThan(2)
  })

  it('is nothing but the item for a critic of items, with the item among the candidates', () => {
    const { tiny, columns } = play({ critic: 'item', exploration: 'candidate' }, 0.5, 30)
    const { candidateSample } = tiny.recipe
    expect(columns.action).toHaveLength(0)
    for (let row = 0; row < 30; row++) {
      const candidates = columns.candidates.subarray(row * candidateSample, (row + 1) * candidateSample)
      expect([...candidates]).toContain(columns.item[row])
    }
  })
})

describe('episodes', () => {
  it('are counted as they end, and the count outlives a checkpoint', () => {
    const { rollout, resets } = play({ critic: 'item', exploration: 'candidate' }, 1, 40)
    expect(resets.mock.calls.length).toBeGreaterThan(1)
    expect(rollout.episodes).toBe(resets.mock.calls.length)
    const resumed = play({ critic: 'item', exploration: 'candidate' }, 1, 0).rollout
    resumed.restore(rollout.save())
    expect(resumed.episodes).toBe(rollout.episodes)
    // Checkpoints of versions that did not count.
    const { episodes: _, ...old } = rollout.save()
    resumed.restore(old)
    expect(resumed.episodes).toBe(0)
  })
})
