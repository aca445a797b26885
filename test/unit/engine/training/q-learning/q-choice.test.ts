import { describe, expect, it } from 'vitest'
import { plainExecutor } from '../../../../../src-main/engine/compute/plain/plain-executor.ts'
import { Rng } from '../../../../../src-main/engine/core/rng.ts'
import deers from '../../../../../src-main/engine/models/deers.ts'
import dqn from '../../../../../src-main/engine/models/dqn.ts'
import {
  createEnvironments,
  type Environment,
  TrainingEpisodes,
} from '../../../../../src-main/engine/training/actor-critic/environment.ts'
import { evaluationStarts } from '../../../../../src-main/engine/training/actor-critic/episode-slots.ts'
import { FeedbackLists } from '../../../../../src-main/engine/training/actor-critic/feedback-lists.ts'
import { Rollout } from '../../../../../src-main/engine/training/actor-critic/rollout.ts'
import { QChooser } from '../../../../../src-main/engine/training/q-learning/q-chooser.ts'
import { QSlots } from '../../../../../src-main/engine/training/q-learning/q-slots.ts'
import { tinyWorld } from '../../../../support/tiny-agent.ts'
import { DqnByHand, tinyQ, type TinyQ } from '../../../../support/tiny-q.ts'

function play(tiny: TinyQ, environments: number, epsilon: number, steps: number, competitors: Int32Array | null = null) {
  const episodes = new TrainingEpisodes(tinyWorld, tiny.embedding)
  const keys = episodes.keys(Array.from({ length: tinyWorld.userCount }, (_, user) => user))
  const recipe = { ...tiny.recipe, environments }
  const chooser = new QChooser(tiny.plan, plainExecutor, tiny.tables, tiny.agent.network, environments, competitors)
  const rollout = new Rollout(chooser, tiny.agent.replay, createEnvironments(episodes, keys, recipe, 1), 1)
  for (let step = 0; step < steps; step++) rollout.step(epsilon)
  return tiny.agent.replay.columns
}

const rowOf = (column: Int32Array, row: number, width: number) => [...column.subarray(row * width, (row + 1) * width)]

describe('a rollout of a Q-learner', () => {
  it('recommends the candidate with the largest Q, computed by hand, and a random one where it explores', () => {
    const tiny = tinyQ({ replayCapacity: 256, candidateSample: 16, foldEmbeddings: false })
    const { historyLength, candidateSample } = tiny.recipe
    const net = new DqnByHand(tiny.embedding, tiny.agent.network)
    const best = (epsilon: number) => {
      const from = tiny.agent.replay.count
      const columns = play(tiny, 1, epsilon, 60)
      let right = 0
      for (let row = from; row < from + 60; row++) {
        const state = { userRow: columns.userRow[row]!, positive: rowOf(columns.positive, row, historyLength) }
        const candidates = rowOf(columns.candidates, row, candidateSample).filter((item) => item >= 0)
        const values = candidates.map((item) => net.q(state, item))
        if (candidates[values.indexOf(Math.max(...values))] === columns.item[row]) right++
      }
      return right
    }
    expect(best(0)).toBe(60)
    expect(best(1)).toBeLessThan(50)
  })

  it('gives each environment what it gets alone', () => {
    const change = { replayCapacity: 256, foldEmbeddings: false }
    const together = play(tinyQ(change), 3, 0, 20)
    const alone = play(tinyQ(change), 1, 0, 20)
    expect(Array.from({ length: 20 }, (_, step) => together.item[3 * step])).toEqual([...alone.item.subarray(0, 20)])
    expect(new Set(together.userRow.subarray(0, 60)).size).toBeGreaterThan(1)
  })

  it('stores the competitor of the rating that came back', () => {
    // Every row has a competitor of its own, so that each stored one tells which row was recommended.
    const competitors = Int32Array.from({ length: tinyWorld.size }, (_, row) => row + 1)
    const columns = play(tinyQ({ replayCapacity: 256 }, deers), 2, 0.5, 20, competitors)
    for (let step = 0; step < 40; step++) {
      const row = columns.competitor[step]! - 1
      expect([tinyWorld.itemIndex[row], tinyWorld.userIndex[row]]).toEqual([
        columns.item[step],
        columns.userRow[step]! % tinyWorld.userCount,
      ])
    }
  })

  it('finds the largest among more candidates than go through at once', () => {
    const tiny = tinyQ({ foldEmbeddings: false })
    const items = Array.from({ length: 40 }, (_, i) => i % tinyWorld.itemCount)
    const lists = new FeedbackLists(1, tiny.recipe.historyLength, tinyWorld.scale, 'latest')
    const net = new DqnByHand(tiny.embedding, tiny.agent.network)
    const values = items.map((item) => net.q({ userRow: 2, positive: rowOf(lists.positive, 0, 3) }, item))
    const chooser = new QChooser(tiny.plan, plainExecutor, tiny.tables, tiny.agent.network, 1, null)
    const transition = tiny.agent.replay.columns
    // Whichever item is offered last and alone is the largest of all up to there.
    for (const left of [1, 16, 17, 33, 40]) {
      const offered = items.slice(40 - left)
      const environment = { lists, slot: 0, userRow: 2, left, candidate: (i: number) => offered[i]! } as Environment
      chooser.hear(0, environment)
      chooser.ask()
      const chosen = chooser.choose(0, environment, false, Rng.stream(1, 'unused'), transition)
      expect(values[40 - left + chosen]).toBe(Math.max(...values.slice(40 - left)))
    }
  })
})

describe.each([
  ['dqn', dqn],
  ['deers', deers],
])('the policy of %s', (_id, model) => {
  const tiny = tinyQ({ residual: true }, model)
  const items = Int32Array.from({ length: 3 * tinyWorld.itemCount }, (_, i) => i % tinyWorld.itemCount)
  const scoresOf = (slots: number, wanted: readonly (readonly [slot: number, user: number])[]) => {
    const episodes = new TrainingEpisodes(tinyWorld, tiny.embedding)
    const lists = new FeedbackLists(slots, tiny.recipe.historyLength, tinyWorld.scale, tiny.recipe.historyRule)
    const starts = evaluationStarts(tinyWorld, (user) => episodes.rowsOf(user))
    const policy = new QSlots(tiny.plan, plainExecutor, tiny.tables, tiny.agent.network, slots, lists, starts)
    for (const [slot, user] of wanted) policy.begin(slot, user)
    const acting = Int32Array.from(wanted, ([slot]) => slot)
    policy.act(acting, acting.length)
    return wanted.map(([slot]) => {
      const out = new Float32Array(items.length)
      policy.score(slot, items, items.length, out)
      return [...out]
    })
  }

  it('scores a user alike alone and in company, and an item alike wherever it stands among the candidates', () => {
    const [alone] = scoresOf(1, [[0, 5]])
    const [other, inCompany] = scoresOf(4, [
      [3, 2],
      [1, 5],
    ])
    expect(inCompany).toEqual(alone)
    expect(other).not.toEqual(alone)
    const { itemCount } = tinyWorld
    expect(alone!.slice(itemCount, 2 * itemCount)).toEqual(alone!.slice(0, itemCount))
    expect(alone!.slice(2 * itemCount)).toEqual(alone!.slice(0, itemCount))
    expect(new Set(alone).size).toBeGreaterThan(10)
  })
})
