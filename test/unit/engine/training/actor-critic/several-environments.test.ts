import { describe, expect, it } from 'vitest'
import type { ParamValues } from '../../../../../src-main/contract/params.ts'
import { plainExecutor } from '../../../../../src-main/engine/compute/plain/plain-executor.ts'
import type { Executor } from '../../../../../src-main/engine/compute/types.ts'
import { decodeState, encodeState } from '../../../../../src-main/engine/core/state-codec.ts'
import {
  createEnvironments,
  streamOf,
  TrainingEpisodes,
} from '../../../../../src-main/engine/training/actor-critic/environment.ts'
import { MdrrAttByHand } from '../../../../support/mdrr-att-by-hand.ts'
import { actorRollout, tinyAgent, tinyWorld } from '../../../../support/tiny-agent.ts'
import { errorOf } from '../../../../support/worlds.ts'

/** Runs of the acting networks, and for how many users at once. */
function countingExecutor() {
  const runs = { count: 0, users: 0 }
  const executor: Executor = {
    ...plainExecutor,
    compile(graph) {
      const program = plainExecutor.compile(graph)
      if (graph.name !== 'actor-critic.act') return program
      runs.users = graph.outputs.get('action')!.shape[0]!
      return {
        graph,
        memoryBytes: program.memoryBytes,
        outputs: program.outputs,
        run(bindings) {
          runs.count++
          return program.run(bindings)
        },
      }
    },
  }
  return { runs, executor }
}

function start(change: ParamValues, seed = 1) {
  const tiny = tinyAgent({ replayCapacity: 4096, ...change })
  const { runs, executor } = countingExecutor()
  const episodes = new TrainingEpisodes(tinyWorld, tiny.embedding)
  const keys = episodes.keys(Array.from({ length: tinyWorld.userCount }, (_, user) => user))
  const environments = createEnvironments(episodes, keys, tiny.recipe, seed)
  const rollout = actorRollout(tiny, environments, { executor, seed })
  return { ...tiny, runs, rollout, columns: tiny.agent.replay.columns }
}

function play(change: ParamValues, epsilon: number, steps: number) {
  const played = start(change)
  for (let step = 0; step < steps; step++) played.rollout.step(epsilon)
  return played
}

type Played = ReturnType<typeof play>

/** A transition in words: who, what, and what came of it. */
function shown({ columns, recipe }: Played, row: number): string {
  const part = (list: Int32Array) => [...list.subarray(row * recipe.historyLength, (row + 1) * recipe.historyLength)]
  return JSON.stringify([
    columns.userRow[row],
    columns.item[row],
    columns.reward[row],
    columns.terminated[row],
    part(columns.positive),
    part(columns.negative),
    part(columns.nextPositive),
    part(columns.nextNegative),
  ])
}

describe('several environments', () => {
  it('act by one run of the networks a step, whatever their number', () => {
    for (const environments of [1, 4, 9]) {
      const { runs, rollout } = play({ environments }, 0, 30)
      expect([environments, runs.count, runs.users, rollout.steps]).toEqual([environments, 30, environments, 30 * environments])
    }
  })

  it('ask no networks in a step in which all try a random candidate, and always where they explore by noise', () => {
    expect(play({ environments: 4, exploration: 'candidate' }, 1, 30).runs.count).toBe(0)
    expect(play({ environments: 4, exploration: 'noise' }, 1, 30).runs.count).toBe(30)
  })

  it('ask them as soon as a single one does not explore', () => {
    const played = play({ environments: 2, critic: 'action', exploration: 'candidate' }, 0.5, 200)
    const { width, userCount, itemCount, items } = played.embedding
    // What a random candidate stores as its action is the vector of the item.
    const isRandom = (row: number) => {
      const table = Math.floor(played.columns.userRow[row]! / userCount)
      const at = (table * (itemCount + 1) + played.columns.item[row]!) * width
      return played.columns.action.subarray(row * width, (row + 1) * width).every((x, c) => x === items[at + c])
    }
    const asking = Array.from({ length: 200 }, (_, step) => !(isRandom(2 * step) && isRandom(2 * step + 1)))
    expect(played.runs.count).toBe(asking.filter(Boolean).length)
    expect(played.runs.count).toBeGreaterThan(120)
    expect(played.runs.count).toBeLessThan(180)
  })

  it('store their steps in their order: each goes on where it stood one step before', () => {
    // Each user has ten ratings: two per fold, and so two steps per episode.
    const played = play({ environments: 3, episodeLength: 5 }, 0.5, 60)
    const { columns, recipe } = played
    const n = recipe.historyLength
    for (let step = 0; step < 60; step++) {
      for (let environment = 0; environment < 3; environment++) {
        const row = 3 * step + environment
        expect(columns.terminated[row]).toBe(step % 2)
        if (step % 2 === 1) continue
        expect(columns.userRow[row + 3]).toBe(columns.userRow[row])
        expect(columns.item[row + 3]).not.toBe(columns.item[row])
        expect(columns.positive.slice((row + 3) * n, (row + 4) * n)).toEqual(columns.nextPositive.slice(row * n, (row + 1) * n))
        expect(columns.negative.slice((row + 3) * n, (row + 4) * n)).toEqual(columns.nextNegative.slice(row * n, (row + 1) * n))
      }
    }
  })

  it('draw from streams of their own: the first plays as if it were alone, and no two play the same', () => {
    const alone = play({ environments: 1 }, 0.5, 60)
    const company = play({ environments: 4 }, 0.5, 60)
    const storyOf = (played: Played, environment: number, of: number) =>
      Array.from({ length: 60 }, (_, step) => shown(played, step * of + environment)).join()
    expect(storyOf(company, 0, 4)).toBe(storyOf(alone, 0, 1))
    expect(new Set([0, 1, 2, 3].map((environment) => storyOf(company, environment, 4))).size).toBe(4)
    expect([0, 1, 2].map((index) => streamOf('exploration', index))).toEqual(['exploration', 'exploration/1', 'exploration/2'])
  })

  it('are each recommended what the networks say of their own state', () => {
    const { columns, embedding, agent } = play({ environments: 3, critic: 'action', exploration: 'noise' }, 0, 10)
    const net = new MdrrAttByHand(embedding, agent.networks.actor)
    for (let row = 0; row < 30; row++) {
      const action = net.action({
        userRow: columns.userRow[row]!,
        positive: [...columns.positive.subarray(row * 3, row * 3 + 3)],
        negative: [...columns.negative.subarray(row * 3, row * 3 + 3)],
      })
      action.forEach((x, c) => expect(columns.action[row * embedding.width + c]).toBeCloseTo(x, 4))
    }
  })

  it('go on to the same bits after save and restore in the middle of their episodes', () => {
    const one = play({ environments: 4, critic: 'action', exploration: 'noise' }, 0.5, 7)
    const two = start({ environments: 4, critic: 'action', exploration: 'noise' }, 99)
    two.agent.restore(decodeState(encodeState(one.agent.save())))
    two.rollout.restore(decodeState(encodeState(one.rollout.save())))
    const other = start({ environments: 4, critic: 'action', exploration: 'noise' }, 99)
    other.agent.restore(decodeState(encodeState(one.agent.save())))
    for (const played of [one, two, other]) for (let step = 0; step < 20; step++) played.rollout.step(0.5)
    const bytes = ({ agent, rollout }: Played) => encodeState({ agent: agent.save(), rollout: rollout.save() })
    expect(bytes(two)).toEqual(bytes(one))
    // The negative control: the same learner whose environments were not restored.
    expect(bytes(other)).not.toEqual(bytes(one))
  })

  it('refuse what was saved of fewer environments', () => {
    const two = play({ environments: 2 }, 0.5, 3)
    expect(errorOf(() => start({ environments: 3 }).rollout.restore(two.rollout.save()))).toMatchObject({
      code: 'CHECKPOINT_UNUSABLE',
    })
  })
})
