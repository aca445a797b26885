import { describe, expect, it } from 'vitest'
import type { ParamValues } from '../../../../../src-main/contract/params.ts'
import type { ParameterArena } from '../../../../../src-main/engine/compute/types.ts'
import { Rng } from '../../../../../src-main/engine/core/rng.ts'
import { decodeState, encodeState, readArray, readTree } from '../../../../../src-main/engine/core/state-codec.ts'
import { RerankEnvironment, TrainingEpisodes } from '../../../../../src-main/engine/training/actor-critic/environment.ts'
import { FeedbackLists } from '../../../../../src-main/engine/training/actor-critic/feedback-lists.ts'
import { dot, MdrrAttByHand, softmax } from '../../../../support/mdrr-att-by-hand.ts'
import {
  actorRollout,
  addTransition,
  randomTransition,
  tinyAgent,
  tinyWorld,
  type PlainTransition,
  type TinyAgent,
} from '../../../../support/tiny-agent.ts'
import { errorOf, fiveStars } from '../../../../support/worlds.ts'

const fast: ParamValues = { actorLearningRate: 0.05, criticLearningRate: 0.05, tau: 0.2 }

/** The arena of a saved part of the agent: "actor", "criticTarget" … */
function saved(tiny: TinyAgent, part: 'actor' | 'critic' | 'actorTarget' | 'criticTarget'): ParameterArena {
  const arena = tiny.agent.networks[part.startsWith('actor') ? 'actor' : 'critic'].clone()
  arena.values.set(readArray(tiny.agent.save(), part, Float32Array))
  return arena
}

/** An agent some updates in, so that its target networks have parted from its networks. */
function trained(change: ParamValues, updates = 5): TinyAgent {
  const tiny = tinyAgent({ ...fast, ...change })
  const rng = Rng.stream(5, 'transitions')
  for (let i = 0; i < 8; i++) addTransition(tiny, randomTransition(tiny, rng))
  for (let i = 0; i < updates; i++) tiny.agent.update(1)
  return tiny
}

/** y = r + gamma (1 - terminated) Q'(s', a'(s')), or its soft counterpart over the candidates for the item critic. */
function targetByHand(tiny: TinyAgent, t: PlainTransition): number {
  const target = new MdrrAttByHand(tiny.embedding, saved(tiny, 'actorTarget'), saved(tiny, 'criticTarget'))
  const next = { userRow: t.userRow, positive: t.nextPositive, negative: t.nextNegative }
  const action = target.action(next)
  let value: number
  if (tiny.recipe.judges === 'action') value = target.critic(next, action)
  else {
    const items = t.nextCandidates.filter((item) => item >= 0).map((item) => target.item(t.userRow, item))
    const weights = softmax(items.map((item) => dot(action, item) / tiny.recipe.temperature))
    value = items.reduce((sum, item, i) => sum + weights[i]! * target.critic(next, item), 0)
  }
  return t.reward + tiny.recipe.gamma * (t.terminated ? 0 : 1) * value
}

function executedValueByHand(tiny: TinyAgent, t: PlainTransition): number {
  const net = new MdrrAttByHand(tiny.embedding, saved(tiny, 'actor'), saved(tiny, 'critic'))
  return net.critic(t, tiny.recipe.judges === 'action' ? t.action : net.item(t.userRow, t.item))
}

/** An agent whose replay holds nothing but the transition, in the state of `tiny`. */
function withOnly(tiny: TinyAgent, change: ParamValues, t: PlainTransition): TinyAgent {
  const alone = tinyAgent({ ...fast, ...change })
  const { replay: _replay, ...rest } = tiny.agent.save()
  addTransition(alone, t)
  alone.agent.restore({ ...rest, replay: alone.agent.replay.save() })
  return alone
}

const priorityOf = (tiny: TinyAgent) => readArray(readTree(tiny.agent.save(), 'replay'), 'priorities', Float64Array)[0]!

describe.each(['action', 'item'])('the critic that judges the %s', (critic) => {
  it.each([false, true])(
    "learns towards r + γ Q' of the target networks (terminated: %s), and keeps |TD error| as priority",
    (terminated) => {
      const tiny = trained({ critic })
      const rng = Rng.stream(6, 'transitions')
      for (let i = 0; i < 12; i++) {
        const t = { ...randomTransition(tiny, rng), terminated }
        const alone = withOnly(tiny, { critic }, t)
        const tdError = targetByHand(alone, t) - executedValueByHand(alone, t)
        const report = alone.agent.update(1)
        expect(priorityOf(alone)).toBeCloseTo(Math.abs(tdError) + 1e-3, 4)
        expect(report.tdError).toBeCloseTo(Math.abs(tdError), 4)
        // The whole batch is the one transition, each weighing 1.
        expect(report.criticLoss).toBeCloseTo(tdError ** 2, 3)
      }
    },
  )

  it('bootstraps or not: the two targets of one transition differ by γ times the next value', () => {
    const tiny = trained({ critic })
    const t = randomTransition(tiny, Rng.stream(7, 'transitions'))
    const open = targetByHand(tiny, { ...t, terminated: false })
    expect(targetByHand(tiny, { ...t, terminated: true })).toBeCloseTo(t.reward, 12)
    expect(Math.abs(open - t.reward)).toBeGreaterThan(1e-3)
  })

  it('has no value for a state without candidates, and no NaN', () => {
    const tiny = trained({ critic })
    const t = { ...randomTransition(tiny, Rng.stream(8, 'transitions')), nextCandidates: [-1, -1, -1], terminated: true }
    const alone = withOnly(tiny, { critic }, t)
    const q = executedValueByHand(alone, t)
    expect(alone.agent.update(1).tdError).toBeCloseTo(Math.abs(t.reward - q), 4)
  })

  it('takes its gradient for itself: while the actors wait, nothing of theirs moves', () => {
    const tiny = tinyAgent({ ...fast, critic, criticOnlyUpdates: 3 })
    const before = [saved(tiny, 'actor').values, saved(tiny, 'critic').values]
    addTransition(tiny, { ...randomTransition(tiny, Rng.stream(1, 't')), candidates: [1, 2, 3] })
    for (let i = 0; i < 3; i++) tiny.agent.update(1)
    expect(tiny.agent.networks.actor.values).toEqual(before[0])
    expect(tiny.agent.networks.critic.values).not.toEqual(before[1])
    tiny.agent.update(1)
    expect(tiny.agent.networks.actor.values).not.toEqual(before[0])
  })

  it('is not touched by the actors’ update', () => {
    const tiny = tinyAgent({ ...fast, critic, criticLearningRate: 0 })
    const before = tiny.agent.networks.critic.values.slice()
    const actor = tiny.agent.networks.actor.values.slice()
    addTransition(tiny, { ...randomTransition(tiny, Rng.stream(1, 't')), candidates: [1, 2, 3] })
    tiny.agent.update(1)
    expect(tiny.agent.networks.critic.values).toEqual(before)
    expect(tiny.agent.networks.actor.values).not.toEqual(actor)
  })

  it('lets the targets follow by τ after each update', () => {
    const tiny = trained({ critic, tau: 0.2 })
    const before = { actor: saved(tiny, 'actorTarget').values, critic: saved(tiny, 'criticTarget').values }
    tiny.agent.update(1)
    for (const part of ['actor', 'critic'] as const) {
      const now = tiny.agent.networks[part].values
      const target = saved(tiny, `${part}Target`).values
      expect(Math.max(...target.map((x, i) => Math.abs(x - (0.8 * before[part][i]! + 0.2 * now[i]!))))).toBeLessThan(1e-6)
      expect(target).not.toEqual(now)
    }
  })
})

describe('the agent', () => {
  it('lets actors climb the critic at their own action, not at the one that was stored', () => {
    const still = { ...fast, critic: 'action', criticLearningRate: 0 }
    const t = randomTransition(tinyAgent(still), Rng.stream(3, 't'))
    const after = (change: Partial<PlainTransition>) => {
      const tiny = tinyAgent(still)
      addTransition(tiny, { ...t, ...change })
      tiny.agent.update(1)
      return tiny.agent.networks.actor.values.slice()
    }
    const plain = after({})
    expect(after({ action: t.action.map((x) => -3 * x), reward: 7, item: (t.item + 1) % 14 })).toEqual(plain)
    // The negative control: what does belong to the state matters.
    expect(after({ userRow: (t.userRow + 1) % 12 })).not.toEqual(plain)
  })

  it('averages the actors for evaluation: avg = d avg + (1 - d) weights', () => {
    const tiny = tinyAgent({ ...fast, averaging: 0.9 })
    for (let i = 0; i < 4; i++) addTransition(tiny, randomTransition(tiny, Rng.stream(i, 't')))
    for (let i = 0; i < 3; i++) {
      const before = tiny.agent.averaged.values.slice()
      tiny.agent.update(1)
      const now = tiny.agent.networks.actor.values
      const expected = before.map((x, at) => 0.9 * x + 0.1 * now[at]!)
      expect(Math.max(...tiny.agent.averaged.values.map((x, at) => Math.abs(x - expected[at]!)))).toBeLessThan(1e-6)
    }
    expect(tiny.agent.evaluated).toBe(tiny.agent.averaged)
    expect(tinyAgent({ averaging: 0 }).agent.evaluated.values).toEqual(tinyAgent({}).agent.networks.actor.values)
  })

  it('gives the same bits for the same seed, other weights for another, and goes on identically when restored', () => {
    const run = (seed: number) => {
      const tiny = tinyAgent({ ...fast, averaging: 0.9 }, seed)
      for (let i = 0; i < 6; i++) addTransition(tiny, randomTransition(tiny, Rng.stream(i, 't')))
      for (let i = 0; i < 4; i++) tiny.agent.update(0.5)
      return tiny
    }
    const one = run(1)
    expect(encodeState(run(1).agent.save())).toEqual(encodeState(one.agent.save()))
    expect(run(2).agent.networks.actor.values).not.toEqual(one.agent.networks.actor.values)
    const other = tinyAgent({ ...fast, averaging: 0.9 }, 99)
    other.agent.restore(decodeState(encodeState(one.agent.save())))
    for (let i = 0; i < 4; i++) expect({ ...other.agent.update(0.7) }).toEqual({ ...one.agent.update(0.7) })
    expect(encodeState(other.agent.save())).toEqual(encodeState(one.agent.save()))
  })

  it('clips gradients: with a tiny clip norm the reported norm is that before clipping', () => {
    const norms = [1e-6, 1e9].map((clipNorm) => {
      const tiny = tinyAgent({ ...fast, clipNorm })
      addTransition(tiny, randomTransition(tiny, Rng.stream(1, 't')))
      return tiny.agent.update(1).criticGradientNorm
    })
    expect(norms[0]).toBeGreaterThan(1e-3)
    expect(norms[0]).toBe(norms[1])
  })

  it('says which quantity stopped being finite, in the very update, and gives no checkpoint of it', () => {
    const broken = tinyAgent(fast)
    addTransition(broken, randomTransition(broken, Rng.stream(1, 't')))
    broken.agent.networks.critic.view('critic.b4')[0] = NaN
    const error = errorOf(() => broken.agent.update(1))
    expect([error.code, error.message]).toEqual([
      'RUN_DIVERGED',
      "Training diverged at update 0: the critic's loss is no longer a finite number. The last finite checkpoint is kept. Lower the learning rates or the clip norm, and start again.",
    ])
    expect(errorOf(() => broken.agent.save()).details).toMatchObject({ quantity: 'a weight of the critic' })
    const wild = tinyAgent({ ...fast, actorLearningRate: Infinity })
    addTransition(wild, randomTransition(wild, Rng.stream(1, 't')))
    expect(errorOf(() => wild.agent.update(1))).toMatchObject({
      code: 'RUN_DIVERGED',
      details: { quantity: 'a weight of an actor' },
    })
  })
})

describe('the rollout', () => {
  const roll = (change: ParamValues, steps: number, epsilon = 1) => {
    const tiny = tinyAgent({ ...change, replayCapacity: 256 })
    const episodes = new TrainingEpisodes(tinyWorld, tiny.embedding)
    const lists = new FeedbackLists(1, tiny.recipe.historyLength, fiveStars, 'preference')
    const keys = episodes.keys(Array.from({ length: 12 }, (_, user) => user))
    const environment = new RerankEnvironment(episodes, keys, lists, Rng.stream(1, 'environment'), tiny.recipe)
    const rollout = actorRollout(tiny, [environment])
    for (let i = 0; i < steps; i++) rollout.step(epsilon)
    return { ...tiny, rollout, columns: tiny.agent.replay.columns, keys, episodes }
  }

  it('stores 1 for terminated only where no candidate was left: a truncated episode bootstraps', () => {
    // Each user has ten ratings: two per fold.
    const long = roll({ episodeLength: 5 }, 100)
    expect([...long.columns.terminated.subarray(0, 100)]).toEqual(Array.from({ length: 100 }, (_, i) => i % 2))
    const short = roll({ episodeLength: 1 }, 100)
    expect(short.columns.terminated.some((x) => x === 1)).toBe(false)
  })

  it('stores as next state what the lists were after the feedback: the next step starts there', () => {
    const { columns, recipe } = roll({ episodeLength: 5 }, 100)
    const n = recipe.historyLength
    for (let i = 0; i < 100; i += 2) {
      const part = (list: Int32Array, at: number) => [...list.subarray(at * n, (at + 1) * n)]
      expect(part(columns.positive, i + 1)).toEqual(part(columns.nextPositive, i))
      expect(part(columns.negative, i + 1)).toEqual(part(columns.nextNegative, i))
    }
  })

  it('stores candidates of the fold alone: the executed item first, then those left', () => {
    const { columns, embedding, recipe } = roll({ critic: 'item', candidateSample: 4 }, 60)
    for (let i = 0; i < 60; i++) {
      const list = (column: Int32Array) =>
        [...column.subarray(i * recipe.candidateSample, (i + 1) * recipe.candidateSample)].filter((item) => item >= 0)
      const [user, fold] = [columns.userRow[i]! % 12, Math.floor(columns.userRow[i]! / 12) - 1]
      const open = Array.from({ length: tinyWorld.size }, (_, row) => row)
        .filter((row) => tinyWorld.userIndex[row] === user && embedding.foldOf[row] === fold)
        .map((row) => tinyWorld.itemIndex[row]!)
      expect(list(columns.candidates)[0]).toBe(columns.item[i])
      expect(list(columns.candidates).every((item) => open.includes(item))).toBe(true)
      expect(list(columns.nextCandidates)).not.toContain(columns.item[i])
      expect(list(columns.nextCandidates)).toHaveLength(i % 2 === 0 ? 1 : 0)
    }
  })

  it('recommends by the inner product with its action when it does not explore, and stores that action', () => {
    const { columns, embedding, agent } = roll({ critic: 'action', exploration: 'noise' }, 40, 0)
    const net = new MdrrAttByHand(embedding, agent.networks.actor)
    const n = 3
    for (let i = 0; i < 40; i += 2) {
      const state = {
        userRow: columns.userRow[i]!,
        positive: [...columns.positive.subarray(i * n, i * n + n)],
        negative: [...columns.negative.subarray(i * n, i * n + n)],
      }
      const action = net.action(state)
      action.forEach((x, c) => expect(columns.action[i * embedding.width + c]).toBeCloseTo(x, 4))
      // Of two candidates the next step's item is the one that was left.
      const [taken, left] = [columns.item[i]!, columns.item[i + 1]!].map((item) => dot(action, net.item(state.userRow, item)))
      expect(taken).toBeGreaterThanOrEqual(left! - 1e-5)
    }
  })

  it('stores the noisy action that was executed when it explores by noise', () => {
    const { columns, embedding, agent } = roll({ critic: 'action', exploration: 'noise', noise: 0.5 }, 200, 1)
    const net = new MdrrAttByHand(embedding, agent.networks.actor)
    const noise: number[] = []
    for (let i = 0; i < 200; i++) {
      const action = net.action({
        userRow: columns.userRow[i]!,
        positive: [...columns.positive.subarray(i * 3, i * 3 + 3)],
        negative: [...columns.negative.subarray(i * 3, i * 3 + 3)],
      })
      action.forEach((x, c) => noise.push(columns.action[i * embedding.width + c]! - x))
    }
    const deviation = Math.sqrt(noise.reduce((sum, x) => sum + x * x, 0) / noise.length)
    expect(deviation).toBeGreaterThan(0.45)
    expect(deviation).toBeLessThan(0.55)
  })

  it('reports the mean reward of the steps since the last time', () => {
    const { rollout, columns } = roll({}, 30)
    const mean = columns.reward.subarray(0, 30).reduce((sum, x) => sum + x, 0) / 30
    expect(rollout.takeMeanReward()).toBeCloseTo(mean, 5)
    expect(rollout.takeMeanReward()).toBeNull()
  })
})
