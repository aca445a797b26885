import { describe, expect, it } from 'vitest'
import type { ParamValues } from '../../../../../src-main/contract/params.ts'
import type { ParameterArena } from '../../../../../src-main/engine/compute/types.ts'
import { Rng } from '../../../../../src-main/engine/core/rng.ts'
import { decodeState, encodeState, readArray, readTree } from '../../../../../src-main/engine/core/state-codec.ts'
import deers from '../../../../../src-main/engine/models/deers.ts'
import dqn from '../../../../../src-main/engine/models/dqn.ts'
import { randomTransition, type PlainTransition } from '../../../../support/tiny-agent.ts'
import { addQTransition, DqnByHand, tinyQ, type TinyQ } from '../../../../support/tiny-q.ts'
import { errorOf } from '../../../../support/worlds.ts'

const fast: ParamValues = { learningRate: 0.05, tau: 0.2, gamma: 0.9 }

function saved(tiny: TinyQ, part: 'network' | 'target'): ParameterArena {
  const arena = tiny.agent.network.clone()
  arena.values.set(readArray(tiny.agent.save(), part, Float32Array))
  return arena
}

/** A learner some updates in, so that its target network has parted from its network; its replay then holds one transition. */
function trainedWithOnly(change: ParamValues, t: PlainTransition): TinyQ {
  const tiny = tinyQ({ ...fast, ...change, double: false })
  const rng = Rng.stream(5, 'transitions')
  for (let i = 0; i < 8; i++) addQTransition(tiny, randomTransition(tiny, rng))
  for (let i = 0; i < 5; i++) tiny.agent.update(1)
  const alone = tinyQ({ ...fast, ...change })
  addQTransition(alone, t)
  const { replay: _replay, ...rest } = tiny.agent.save()
  alone.agent.restore({ ...rest, replay: alone.agent.replay.save() })
  return alone
}

const priorityOf = (tiny: TinyQ) => readArray(readTree(tiny.agent.save(), 'replay'), 'priorities', Float64Array)[0]!

/** r + gamma max Q' over the candidates of the next state, or Q' of the one that the learner itself values most. */
function targetByHand(tiny: TinyQ, t: PlainTransition): number {
  const next = { userRow: t.userRow, positive: t.nextPositive }
  const candidates = t.nextCandidates.filter((item) => item >= 0)
  if (t.terminated || candidates.length === 0) return t.reward
  const [learner, target] = [
    new DqnByHand(tiny.embedding, saved(tiny, 'network')),
    new DqnByHand(tiny.embedding, saved(tiny, 'target')),
  ]
  const byTarget = candidates.map((item) => target.q(next, item))
  const byLearner = candidates.map((item) => learner.q(next, item))
  const value = tiny.recipe.double ? byTarget[byLearner.indexOf(Math.max(...byLearner))]! : Math.max(...byTarget)
  return t.reward + tiny.recipe.gamma * value
}

describe.each([
  { double: false, residual: false },
  { double: true, residual: false },
  { double: true, residual: true },
])('the Q-learner with %o', (change) => {
  it('learns towards its target, and keeps |TD error| as priority', () => {
    const rng = Rng.stream(6, 'transitions')
    for (let i = 0; i < 10; i++) {
      const t = { ...randomTransition(tinyQ(change), rng), terminated: i % 4 === 3 }
      const tiny = trainedWithOnly(change, t)
      const q = new DqnByHand(tiny.embedding, saved(tiny, 'network')).q(t, t.item)
      const tdError = targetByHand(tiny, t) - q
      const report = tiny.agent.update(1)
      expect(report.meanQ).toBeCloseTo(q, 4)
      expect(report.tdError).toBeCloseTo(Math.abs(tdError), 4)
      expect(report.loss).toBeCloseTo(tdError ** 2, 3)
      expect(priorityOf(tiny)).toBeCloseTo(Math.abs(tdError) + 1e-3, 4)
    }
  })

  it('has no value for a next state without candidates, and none once the episode has terminated', () => {
    for (const ended of [{ nextCandidates: [-1, -1, -1] }, { terminated: true }]) {
      const t = { ...randomTransition(tinyQ(change), Rng.stream(8, 'transitions')), ...ended }
      const tiny = trainedWithOnly(change, t)
      const q = new DqnByHand(tiny.embedding, saved(tiny, 'network')).q(t, t.item)
      expect(tiny.agent.update(1).tdError).toBeCloseTo(Math.abs(t.reward - q), 4)
    }
  })
})

it('values the next item by the target network, chosen by the learner (double) or by the target network', () => {
  const differing = Array.from({ length: 30 }, (_, i) => {
    const t = randomTransition(tinyQ(), Rng.stream(i, 'transitions'))
    const [single, double] = [false, true].map((double) => trainedWithOnly({ double }, t).agent.update(1).tdError)
    return Math.abs(single! - double!) > 1e-4
  })
  // Where they choose alike both are the same; that they never differ would mean that there is one choice only.
  expect(new Set(differing)).toEqual(new Set([false, true]))
})

describe('the pairwise term of DEERS', () => {
  /** Loss and mean Q of one update on one transition that ends, with a reward and a competitor. */
  const update = (params: ParamValues, competitor: number, reward = 0.5) => {
    const tiny = tinyQ({ ...fast, ...params }, deers)
    const t = { ...randomTransition(tiny, Rng.stream(2, 't')), item: 3, reward, terminated: true }
    addQTransition(tiny, t, competitor)
    return { ...tiny.agent.update(1) }
  }
  /** Q of item 3 and of item 6 in that state, each read off an update of its own. */
  const valueOf = (item: number) => {
    const tiny = tinyQ({ ...fast, pairwiseWeight: 0 }, deers)
    const t = { ...randomTransition(tiny, Rng.stream(2, 't')), item, terminated: true }
    addQTransition(tiny, t)
    return tiny.agent.update(1).meanQ
  }
  const apart = valueOf(3) - valueOf(6)
  const squaredError = (0.5 - valueOf(3)) ** 2

  it('is max(0, m - (Q_a - Q_E)) where the item was liked, and max(0, m + (Q_a - Q_E)) where it was disliked', () => {
    const params = { pairwiseWeight: 0.1, margin: 2 }
    // Item 6 is written as ±7.
    const [liked, disliked] = [update(params, 7), update(params, -7)]
    expect(Math.abs(apart)).toBeGreaterThan(0.01)
    expect(liked.pairwise).toBeCloseTo(2 - apart, 4)
    expect(disliked.pairwise).toBeCloseTo(2 + apart, 4)
    expect(liked.loss).toBeCloseTo(squaredError + 0.1 * (2 - apart), 4)
  })

  it('is zero once the liked one is ahead by the margin', () => {
    const ahead = apart > 0 ? 7 : -7
    expect(update({ margin: 0.9 * Math.abs(apart) }, ahead).pairwise).toBe(0)
    expect(update({ margin: 0.9 * Math.abs(apart) }, -ahead).pairwise).toBeCloseTo(1.9 * Math.abs(apart), 4)
  })

  it('is minus the squared difference in the literal form, whichever was liked', () => {
    const literal = { pairwise: 'squared', pairwiseWeight: 0.1 }
    expect(update(literal, 7).pairwise).toBeCloseTo(-(apart ** 2), 4)
    expect(update(literal, -7)).toEqual(update(literal, 7))
    expect(update(literal, 7).loss).toBeCloseTo(squaredError - 0.1 * apart ** 2, 4)
  })

  it.each(['hinge', 'squared'])('drops out without a competitor (%s)', (pairwise) => {
    const { pairwise: term, loss } = update({ pairwise, margin: 5 }, 0)
    expect(term).toBeCloseTo(0, 12)
    expect(loss).toBeCloseTo(squaredError, 4)
  })
})

describe('a Q-learner', () => {
  const run = (seed: number, model = deers) => {
    const tiny = tinyQ({ ...fast, averaging: 0.9 }, model, false, seed)
    for (let i = 0; i < 6; i++) addQTransition(tiny, randomTransition(tiny, Rng.stream(i, 't')), i - 3)
    for (let i = 0; i < 4; i++) tiny.agent.update(0.5)
    return tiny
  }

  it.each([dqn, deers])('$id gives the same bits for the same seed, and goes on identically when restored', (model) => {
    const one = run(1, model)
    expect(encodeState(run(1, model).agent.save())).toEqual(encodeState(one.agent.save()))
    expect(run(2, model).agent.network.values).not.toEqual(one.agent.network.values)
    const other = tinyQ({ ...fast, averaging: 0.9 }, model, false, 99)
    other.agent.restore(decodeState(encodeState(one.agent.save())))
    for (let i = 0; i < 4; i++) expect({ ...other.agent.update(0.7) }).toEqual({ ...one.agent.update(0.7) })
    expect(encodeState(other.agent.save())).toEqual(encodeState(one.agent.save()))
  })

  it('starts, with a base, as the base alone: no correction', () => {
    const tiny = tinyQ({ residual: true }, dqn, false)
    const t = randomTransition(tiny, Rng.stream(1, 't'))
    const { width, users, items, userCount, itemCount } = tiny.embedding
    const itemAt = (Math.floor(t.userRow / userCount) * (itemCount + 1) + t.item) * width
    const known = Array.from({ length: width }, (_, c) => users[t.userRow * width + c]! * items[itemAt + c]!)
    addQTransition(tiny, t)
    // One star more is half a unit of reward.
    expect(tiny.agent.update(1).meanQ).toBeCloseTo(0.5 * known.reduce((a, b) => a + b, 0), 5)
  })

  it('lets the target follow by τ, and averages its weights for evaluation', () => {
    const tiny = run(1)
    const [target, averaged] = [saved(tiny, 'target').values, tiny.agent.averaged.values.slice()]
    tiny.agent.update(1)
    const now = tiny.agent.network.values
    const off = (values: Float32Array, before: Float32Array, rate: number) =>
      Math.max(...values.map((x, i) => Math.abs(x - ((1 - rate) * before[i]! + rate * now[i]!))))
    expect(off(saved(tiny, 'target').values, target, 0.2)).toBeLessThan(1e-6)
    expect(off(tiny.agent.averaged.values, averaged, 0.1)).toBeLessThan(1e-6)
    expect(tiny.agent.evaluated).toBe(tiny.agent.averaged)
    const plain = tinyQ({ averaging: 0 }).agent
    expect(plain.evaluated).toBe(plain.network)
  })

  it('says which quantity stopped being finite, in the very update, and gives no checkpoint of it', () => {
    const broken = tinyQ(fast)
    addQTransition(broken, randomTransition(broken, Rng.stream(1, 't')))
    broken.agent.network.view('q.joint.b')[0] = NaN
    const error = errorOf(() => broken.agent.update(1))
    expect([error.code, error.message]).toEqual([
      'RUN_DIVERGED',
      'Training diverged at update 0: the loss is no longer a finite number. The last finite checkpoint is kept. Lower the learning rates or the clip norm, and start again.',
    ])
    expect(errorOf(() => broken.agent.save()).details).toMatchObject({ quantity: 'a weight of the network' })
  })
})
