import { describe, expect, it } from 'vitest'
import { resultRowWithInterval } from '../../../../src-main/contract/dto/run.ts'
import { protocols } from '../../../../src-main/engine/evaluation/protocols/catalogue.gen.ts'
import { createTrainingJob, evaluateSavedModel } from '../../../../src-main/engine/training/create-job.ts'
import { splitTables } from '../../../../src-main/engine/training/split-tables.ts'
import { run, runJob, smallMdrrAtt, specOf, valueOf } from '../../../support/job-lab.ts'
import { errorOf, starWorld, worldOf } from '../../../support/worlds.ts'

const protocol = 'online-simulated:steps=6:lambda=2'
const world = starWorld({ users: 24, items: 40, perUser: 16 })
const online = (modelId: string, params = {}, change = {}) =>
  specOf(modelId, params, { protocols: [protocol], ks: [3, 6], ...change })

describe('online-simulated', () => {
  it('earns the logged ratings, exactly, where everybody has rated everything', () => {
    const complete = worldOf({ users: 10, items: 8, perUser: 8 }, (user, item) => 1 + ((user + item) % 5))
    const { test } = splitTables(complete, 'random:0.8@1', 1)
    const outcome = run(online('item-mean', {}, { protocols: ['online-simulated'], ks: [20] }), complete)
    const users = [...new Set(test.userIndex)]
    const rewards = users.map((user) => {
      const own = [...test.rating].filter((_, row) => test.userIndex[row] === user).map((rating) => (rating - 3) / 2)
      return { sum: own.reduce((sum, reward) => sum + reward, 0), count: own.length }
    })
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    // Two in ten of eight items are left to each: fewer than the 20 steps, and any order earns the same.
    for (const model of ['item-mean', 'popularity', 'random', 'oracle']) {
      const of = (metric: string) => valueOf(outcome, { model, metric, k: 20, protocol: 'online-simulated' })
      expect(of('reward')).toBeCloseTo(mean(rewards.map(({ sum, count }) => sum / count)), 10)
      expect(of('episode-return')).toBeCloseTo(mean(rewards.map(({ sum }) => sum)), 10)
    }
    expect(outcome.rows.filter((row) => row.subset === 'full-length')).toEqual([])
  })

  const outcome = run(online('mdrr-att', smallMdrrAtt), world)
  const of = (model: string, metric: string, k = 6) => valueOf(outcome, { model, metric, k, protocol })

  it('has rows for the policy, every floor and the oracle: reward per step, per episode and of the middle half', () => {
    for (const row of outcome.rows) expect(resultRowWithInterval.safeParse(row).success, JSON.stringify(row)).toBe(true)
    for (const model of ['mdrr-att', 'random', 'popularity', 'item-mean', 'biased-mf', 'oracle']) {
      expect(of(model, 'episode-return')).toBeCloseTo(6 * of(model, 'reward'), 10)
      const row = outcome.rows.find((one) => one.model === model && one.metric === 'reward' && one.k === 6)!
      expect(row.low).toBeLessThanOrEqual(row.value)
      expect(row.high).toBeGreaterThanOrEqual(row.value)
      expect(Math.abs(of(model, 'reward-iqm'))).toBeLessThanOrEqual(1)
      expect(of('oracle', 'reward')).toBeGreaterThan(of(model, 'reward') - 1e-9)
    }
    expect(of('oracle', 'reward')).toBeGreaterThan(of('random', 'reward') + 0.1)
    // Nobody knows an ideal list here.
    expect(outcome.rows.some(({ metric }) => ['ndcg', 'recall', 'map', 'f1', 'rmse'].includes(metric))).toBe(false)
  })

  it('never shows a user an item twice, nor one of the training side, and keeps the answers', () => {
    const { train, test } = splitTables(world, 'random:0.8@1', 1)
    const trained = new Set(Array.from(train.userIndex, (user, row) => user * 40 + train.itemIndex[row]!))
    const logged = new Map(Array.from(test.userIndex, (user, row) => [user * 40 + test.itemIndex[row]!, test.rating[row]!]))
    const { protocol: names, userIndex, itemIndex, rank, rating } = outcome.recommendations
    const pairs = Array.from(userIndex, (user, row) => user * 40 + itemIndex[row]!)
    expect(new Set(names)).toEqual(new Set([protocol]))
    expect(new Set(pairs).size).toBe(pairs.length)
    expect(pairs.length).toBe(6 * new Set(userIndex).size)
    let known = 0
    pairs.forEach((pair, row) => {
      expect(trained.has(pair)).toBe(false)
      expect(rank[row]).toBe((row % 6) + 1)
      if (!logged.has(pair)) return
      known++
      expect(rating[row]).toBe(logged.get(pair))
    })
    expect(known).toBeGreaterThan(10)
  })

  it('is the same for the same seed, and for the saved model', () => {
    const job = createTrainingJob(online('mdrr-att', smallMdrrAtt), world)
    const again = runJob(job)
    expect(again.rows).toEqual(outcome.rows)
    const saved = evaluateSavedModel(online('mdrr-att', smallMdrrAtt), world, job.modelSnapshot())
    expect(saved.rows).toEqual(outcome.rows)
    expect(saved.recommendations).toEqual(outcome.recommendations)
  })

  it('draws so many users as it is told, the same for every model and run', () => {
    const few = { protocols: ['online-simulated:users=5:steps=2'], ks: [2] }
    const usersOf = (modelId: string, seed: number) =>
      new Set(run(specOf(modelId, {}, { ...few, seed }), world).recommendations.userIndex)
    expect(usersOf('popularity', 1).size).toBe(5)
    expect(usersOf('random', 3)).toEqual(usersOf('popularity', 1))
  })

  it('lets policies learn from the answers within the episode, and leaves static models as they are', () => {
    const lists = (modelId: string, noise: number, ridge = {}) => {
      const text = `online-simulated:steps=6:lambda=2:noise=${noise}`
      return run(online(modelId, ridge, { protocols: [text] }), world).recommendations.itemIndex
    }
    for (const modelId of ['linucb', 'greedy-reward']) {
      const [quiet, loud] = [lists(modelId, 0, { ridge: 0.5, lambda: 1 }), lists(modelId, 3, { ridge: 0.5, lambda: 1 })]
      // The first item is chosen before any answer; what follows depends on the answers.
      expect(loud.filter((_, row) => row % 6 === 0)).toEqual(quiet.filter((_, row) => row % 6 === 0))
      expect(loud, modelId).not.toEqual(quiet)
    }
    expect(lists('biased-mf', 3)).toEqual(lists('biased-mf', 0))
  })

  it('learns on from the answers in online mode, and starts every user from the trained networks', () => {
    const params = { ...smallMdrrAtt, mode: 'online', onlineEvery: 2 }
    const outcomes = [1, 2].map(() => run(online('drr-gru', params), world))
    expect(outcomes[0]!.recommendations).toEqual(outcomes[1]!.recommendations)
    const offline = run(online('drr-gru', { ...params, mode: 'offline' }), world)
    expect(outcomes[0]!.recommendations.score).not.toEqual(offline.recommendations.score)
    // Up to the first update everybody is met by the networks as they were trained.
    const first = (of: typeof offline) => of.recommendations.itemIndex.filter((_, row) => row % 6 < 2)
    expect(first(outcomes[0]!)).toEqual(first(offline))
  })

  it('takes the truth of the users for the ceiling, also where the oracle is the model', () => {
    const own = run(online('oracle'), world)
    const known = run(online('popularity'), world)
    const truth = { model: 'oracle', metric: 'reward', k: 6, protocol }
    expect(valueOf(own, truth)).toBe(valueOf(known, truth))
  })

  it('gives numbers where all ratings are equal', () => {
    const equal = { ...world, rating: world.rating.map(() => 4) }
    const { rows } = run(online('biased-mf', {}, { protocols: ['online-simulated:noise=0:steps=6'] }), equal)
    for (const row of rows) expect(Number.isFinite(row.value), row.metric).toBe(true)
    const rewards = rows.filter((row) => row.metric === 'reward').map((row) => row.value)
    for (const reward of rewards) expect(reward).toBeCloseTo(0.5, 6)
  })

  it('ends an episode early where fewer items than steps are left', () => {
    const all = worldOf({ users: 6, items: 10, perUser: 10 }, (user, item) => 1 + ((user * item) % 5))
    const change = { split: 'leave-last:1', protocols: ['online-simulated:steps=3'], ks: [3] }
    const short = run(online('popularity', {}, change), all)
    const figure = { model: 'popularity', k: 3, protocol: 'online-simulated:steps=3' }
    expect(valueOf(short, { ...figure, metric: 'reward' })).toBe(valueOf(short, { ...figure, metric: 'episode-return' }))
    expect([...short.recommendations.rank]).toEqual([1, 1, 1, 1, 1, 1])
  })

  it.each([
    ['online-simulated:steps=0', 'steps must be a whole number from 1 to 1000, not 0. (protocol "online-simulated")'],
    ['online-simulated:simulator=ghost', 'simulator must be one of logged, virtual, not "ghost". (protocol "online-simulated")'],
  ])('refuses %s', (text, message) => {
    const error = errorOf(() => run(online('popularity', {}, { protocols: [text] }), world))
    expect([error.code, error.message]).toEqual([
      'INPUT_INVALID',
      `${message} Choose among ${protocols.map(({ id }) => id).join(', ')}.`,
    ])
  })
})

describe('training with simulated users', () => {
  const params = { ...smallMdrrAtt, environment: 'simulated', shortlist: 6, restarts: 2, episodeLength: 5 }

  it('compares checkpoints by what held-out simulated users pay, and never reads a test rating', () => {
    const spec = online('mdrr-att', params)
    const outcome = run(spec, world)
    const checks = outcome.points.filter((point) => point.name === 'validationReward')
    expect(checks.map((point) => point.update)).toEqual([0, 25, 50, 60])
    for (const { value } of checks) expect(Math.abs(value)).toBeLessThanOrEqual(1)
    expect(outcome.points.some((point) => point.name.includes('validationNdcg'))).toBe(false)
    // Other ratings on the test side, and all that was learnt is bit by bit the same.
    const { test } = splitTables(world, 'random:0.8@1', 1)
    const tested = new Set(Array.from(test.userIndex, (user, row) => user * 40 + test.itemIndex[row]!))
    const rating = world.rating.map((value, row) =>
      tested.has(world.userIndex[row]! * 40 + world.itemIndex[row]!) ? 6 - value : value,
    )
    const [one, other] = [createTrainingJob(spec, world), createTrainingJob(spec, { ...world, rating })]
    runJob(one)
    runJob(other)
    expect(other.modelSnapshot()).toEqual(one.modelSnapshot())
  })

  it('resumes bit by bit', () => {
    const spec = online('mdrr-att', params)
    const whole = createTrainingJob(spec, world)
    const outcome = runJob(whole)
    const cut = createTrainingJob(spec, world)
    while (cut.progress.updatesDone < 30) cut.advance()
    const resumed = createTrainingJob(spec, world, { checkpoint: cut.snapshot() })
    expect(runJob(resumed).rows).toEqual(outcome.rows)
    expect(resumed.modelSnapshot()).toEqual(whole.modelSnapshot())
  })
})
