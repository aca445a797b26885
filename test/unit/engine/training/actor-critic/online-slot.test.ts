import { describe, expect, it } from 'vitest'
import type { ParamValues } from '../../../../../src-main/contract/params.ts'
import { plainExecutor } from '../../../../../src-main/engine/compute/plain/plain-executor.ts'
import type { Policy } from '../../../../../src-main/engine/core/policy.ts'
import drrGru from '../../../../../src-main/engine/models/drr-gru.ts'
import { restorePolicy } from '../../../../../src-main/engine/training/actor-critic/trained-policy.ts'
import { createTrainingJob, evaluateSavedModel } from '../../../../../src-main/engine/training/create-job.ts'
import { bandit, flavourWorld, itemCritic, learnIn, type BlindWorld } from '../../../../support/blind-world.ts'
import { run, runJob, smallMdrrAtt, specOf } from '../../../../support/job-lab.ts'
import { recipeOf } from '../../../../support/tiny-agent.ts'
import { starWorld } from '../../../../support/worlds.ts'

interface Step {
  readonly item: number
  readonly score: number
  readonly rating: number
}

/** The user's test items in the order in which a policy recommends them one by one, in its first slot. */
function listOf(policy: Policy, { test }: BlindWorld, user: number): Step[] {
  const rows = Array.from({ length: test.size }, (_, row) => row).filter((row) => test.userIndex[row] === user)
  const left = new Map(rows.map((row) => [test.itemIndex[row]!, test.rating[row]!]))
  const steps: Step[] = []
  policy.begin(0, user)
  while (left.size > 0) {
    policy.act(Int32Array.of(0), 1)
    const items = Int32Array.from(left.keys())
    const scores = new Float32Array(items.length)
    policy.score(0, items, items.length, scores)
    const best = scores.indexOf(Math.max(...scores))
    const item = items[best]!
    const rating = left.get(item)!
    steps.push({ item, score: scores[best]!, rating })
    policy.observe(0, item, rating)
    left.delete(item)
  }
  return steps
}

const world = flavourWorld((isOwnFlavour) => (isOwnFlavour ? 3 : 1))
const online: ParamValues = { ...itemCritic, ...bandit, mode: 'online', onlineEvery: 4, updates: 200 }
const trained = learnIn(world, online, drrGru)
const saved = trained.training.saveModel()
const policyWith = (change: ParamValues, seed = 1) =>
  restorePolicy({ ...trained.recipe, ...recipeOnline(change) }, world.train, plainExecutor, saved, seed)
const recipeOnline = (change: ParamValues) => ({ online: recipeOf({ mode: 'online', ...change }, drrGru).online })

describe('online mode', () => {
  const offline = policyWith({ mode: 'offline' })

  it('recommends as offline mode does until m recommendations have been answered, and otherwise afterwards', () => {
    const plain = listOf(offline, world, 2)
    const adapting = listOf(policyWith({ onlineEvery: 4 }), world, 2)
    expect(adapting.slice(0, 4).map((step) => step.item)).toEqual(plain.slice(0, 4).map((step) => step.item))
    for (let i = 0; i < 4; i++) expect(adapting[i]!.score).toBeCloseTo(plain[i]!.score, 5)
    expect(Math.abs(adapting[4]!.score - plain[4]!.score)).toBeGreaterThan(1e-4)
  })

  it('changes nothing in a list that ends before the first update', () => {
    const plain = listOf(offline, world, 6)
    const items = listOf(policyWith({ onlineEvery: 11 }), world, 6).map((step) => step.item)
    expect(items).toEqual(plain.map((step) => step.item))
  })

  it.each([{ onlineEvery: 1 }, { onlineEvery: 4 }])('lets no user’s feedback reach another: %o', (change) => {
    const policy = policyWith(change)
    const alone = listOf(policyWith(change), world, 7)
    listOf(policy, world, 2)
    listOf(policy, world, 3)
    expect(listOf(policy, world, 7)).toEqual(alone)
    expect(listOf(policy, world, 7)).toEqual(alone)
  })

  it('draws from the seed of the run', () => {
    const first = listOf(policyWith({ onlineEvery: 2 }, 1), world, 2)
    expect(listOf(policyWith({ onlineEvery: 2 }, 1), world, 2)).toEqual(first)
    expect(listOf(policyWith({ onlineEvery: 2 }, 2), world, 2)).not.toEqual(first)
  })

  it('serves one user at a time: those who learn apart cannot share a batch', () => {
    expect(policyWith({}).slots).toBe(1)
    expect(offline.slots).toBeGreaterThan(1)
  })
})

describe('a user whose taste no history tells', () => {
  /** Mean rating of the second half of the first six recommendations to the users that nothing was learnt from. */
  const later = (policy: Policy): number => {
    const unseen = Array.from({ length: world.train.userCount }, (_, user) => user).filter((user) => user % 4 >= 2)
    const ratings = unseen.flatMap((user) =>
      listOf(policy, world, user)
        .slice(3, 6)
        .map((step) => step.rating),
    )
    return ratings.reduce((sum, rating) => sum + rating, 0) / ratings.length
  }

  it('is met by chance offline, and better online: the answers themselves teach', () => {
    const { recipe } = trained
    if (recipe.kind !== 'actor-critic') throw new TypeError('Online mode is one of actor-critics.')
    const eager = { ...recipe, actorLearningRate: 0.05, criticLearningRate: 0.05 }
    const policyOf = (every: number) => restorePolicy({ ...eager, online: { every } }, world.train, plainExecutor, saved, 1)
    const offline = later(policyWith({ mode: 'offline' }))
    expect(later(policyOf(1))).toBeGreaterThan(offline + 0.3)
    // The negative control: an update that never comes.
    expect(later(policyOf(100))).toBe(offline)
  })
})

describe('a whole job in online mode', () => {
  const table = starWorld({ users: 10, items: 20, perUser: 14 })
  const small = { ...smallMdrrAtt, mode: 'online' }

  it.each([
    ['critic on the item', { critic: 'item' }],
    ['critic on the action', { critic: 'action' }],
    ['an update after every recommendation', { onlineEvery: 1 }],
    ['an update that never comes', { onlineEvery: 1000 }],
  ])('gives finite scores, the same again from its saved model (%s)', (_what, change) => {
    const spec = specOf('drr-gru', { ...small, ...change })
    const job = createTrainingJob(spec, table)
    const { rows, recommendations } = runJob(job)
    expect(recommendations.score.every(Number.isFinite)).toBe(true)
    const again = evaluateSavedModel(spec, table, job.modelSnapshot())
    expect([again.rows, again.recommendations]).toEqual([rows, recommendations])
  })

  it('trains as offline mode does: only recommending differs, and only where feedback comes in between', () => {
    const scoresOf = (mode: string) => {
      const { recommendations } = run(specOf('drr-gru', { ...small, mode, onlineEvery: 1, actorLearningRate: 0.05 }), table)
      const { protocol, score } = recommendations
      const under = (wanted: string) => [...score].filter((_, i) => protocol[i] === wanted)
      return { sequential: under('rerank-sequential'), oneshot: under('rerank-oneshot') }
    }
    const [on, off] = [scoresOf('online'), scoresOf('offline')]
    on.oneshot.forEach((score, i) => expect(score).toBeCloseTo(off.oneshot[i]!, 5))
    expect(on.sequential).not.toEqual(off.sequential)
  })
})
