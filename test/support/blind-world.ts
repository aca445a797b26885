import type { ParamValues } from '../../src-main/contract/params.ts'
import { plainExecutor } from '../../src-main/engine/compute/plain/plain-executor.ts'
import type { AnyModel } from '../../src-main/engine/core/model.ts'
import type { Policy } from '../../src-main/engine/core/policy.ts'
import { Rng } from '../../src-main/engine/core/rng.ts'
import { selectRows, type InteractionTable } from '../../src-main/engine/data/interaction-table.ts'
import { candidateSetsOf, type CandidateSets } from '../../src-main/engine/evaluation/candidate-sets.ts'
import { rankByPolicy } from '../../src-main/engine/evaluation/rank.ts'
import type { Embedding } from '../../src-main/engine/factorisation/embedding.ts'
import { plainBase } from '../../src-main/engine/factorisation/linear-base.ts'
import mdrrAtt from '../../src-main/engine/models/mdrr-att.ts'
import { ActorCriticTraining } from '../../src-main/engine/training/actor-critic/actor-critic-training.ts'
import { TrainingEpisodes } from '../../src-main/engine/training/actor-critic/environment.ts'
import { replayRecipeOf } from './tiny-agent.ts'
import { drain, tableOf, worldOf, type Row } from './worlds.ts'

/**
 * A world in which all users look the same: their vectors are equal and there is no base, so that what a user likes can be
 * read from the history alone. Users in odd pairs are for the test; nothing is learnt from them.
 */
export interface BlindWorld {
  readonly train: InteractionTable
  readonly test: InteractionTable
  readonly embedding: Embedding
}

const isLearnt = (user: number) => user % 4 < 2

function blindEmbedding(train: InteractionTable, items: readonly (readonly number[])[], foldOf: Uint8Array): Embedding {
  const width = items[0]!.length
  return {
    width,
    latent: width,
    tables: 1,
    userCount: train.userCount,
    itemCount: items.length,
    // One more row: the place without an item.
    items: Float32Array.from([...items, items[0]!.map(() => 0)].flat()),
    users: new Float32Array(train.userCount * width).fill(1),
    foldOf,
    lossCurve: new Float64Array(0),
    validationRmse: 1,
    crossFitRmse: NaN,
  }
}

function rowsWhere(world: InteractionTable, keep: (row: number) => boolean): InteractionTable {
  return selectRows(
    world,
    Int32Array.from({ length: world.size }, (_, row) => row).filter((row) => keep(row)),
  )
}

/**
 * Half of the users and half of the items are of one flavour; item vectors are [flavour, noise, noise]. Twenty training
 * ratings per user in five folds of four, ten test ratings.
 */
export function flavourWorld(rate: (isOwnFlavour: boolean) => number): BlindWorld {
  const size = { users: 60, items: 60, perUser: 30 }
  const world = worldOf(size, (user, item) => rate(user % 2 === item % 2))
  const train = rowsWhere(world, (row) => row % size.perUser < 20)
  const rng = Rng.stream(1, 'vectors')
  const items = Array.from({ length: size.items }, (_, item) => [item % 2 === 0 ? -1 : 1, rng.normal(), rng.normal()])
  const foldOf = Uint8Array.from({ length: train.size }, (_, row) => row % 5)
  return { train, test: rowsWhere(world, (row) => row % size.perUser >= 20), embedding: blindEmbedding(train, items, foldOf) }
}

/** Item vectors are [flavour, marker, noise, noise]; four items in a row are plus, minus, marker and plain. */
const PLUS = 0
const MINUS = 1
const MARKER = 2
const PLAIN = 3

/**
 * The latest four likes of every user are one item of each kind: plus, minus, marker, plain. The user wants the flavour that
 * followed the marker at once; where the marker stands, and what came before, is chance. As a set all histories are alike.
 *
 * Six older training ratings, all in one fold, are what episodes offer: three of each flavour, 5 stars for the wanted one and
 * 1 for the other. Six test ratings are made in the same way.
 */
export function orderWorld(users = 160): BlindWorld {
  const kinds = 4
  const items = 20 * kinds
  const rng = Rng.stream(1, 'order')
  const train: Row[] = []
  const test: Row[] = []
  const foldOf: number[] = []
  for (let user = 0; user < users; user++) {
    const [wanted, other] = user % 2 === 0 ? [PLUS, MINUS] : [MINUS, PLUS]
    const pool = (kind: number) => rng.shuffle(Array.from({ length: items / kinds }, (_, i) => i * kinds + kind))
    const pools = [pool(PLUS), pool(MINUS), pool(MARKER), pool(PLAIN)]
    const next = (kind: number) => pools[kind]!.pop()!
    const offers = () =>
      [wanted, other, wanted, other, wanted, other].map((kind) => [next(kind), kind === wanted ? 5 : 1] as const)
    for (const [item, rating] of offers()) train.push([user, item, rating])
    const rest = rng.shuffle([other, PLAIN])
    rest.splice(rng.below(3), 0, MARKER, wanted)
    for (const kind of rest) train.push([user, next(kind), 5])
    foldOf.push(0, 0, 0, 0, 0, 0, 1, 2, 3, 4)
    for (const [item, rating] of offers()) test.push([user, item, rating])
  }
  const flavours = [1, -1, 0, 0]
  const vectors = Array.from({ length: items }, (_, item) => {
    const kind = item % kinds
    return [flavours[kind]!, kind === MARKER ? 2 : 0, 0.3 * rng.normal(), 0.3 * rng.normal()]
  })
  const table = tableOf(train, { users, items })
  return {
    train: table,
    test: tableOf(test, { users, items }),
    embedding: blindEmbedding(table, vectors, Uint8Array.from(foldOf)),
  }
}

const learner: ParamValues = {
  updates: 600,
  foldEmbeddings: false,
  residual: false,
  historyLength: 5,
  attentionHidden: 8,
  actorHidden: 24,
  criticHidden: 24,
  hidden: 24,
  stateHidden: 8,
  batchSize: 16,
  candidateSample: 4,
  replayCapacity: 2000,
  replayAlpha: 0.6,
  learningStart: 300,
  criticOnlyUpdates: 100,
  actorLearningRate: 0.002,
  criticLearningRate: 0.004,
  learningRate: 0.004,
  tau: 0.02,
  l2: 0,
  averaging: 0,
  selectCheckpoint: false,
  validateEvery: 10_000,
}

/** Learns on the even pairs of users. */
export function learnIn({ train, embedding }: BlindWorld, change: ParamValues, model: AnyModel = mdrrAtt, seed = 1) {
  const recipe = replayRecipeOf({ ...learner, ...change }, model)
  const episodes = new TrainingEpisodes(train, embedding)
  const everybody = Array.from({ length: train.userCount }, (_, user) => user)
  const users = { learning: everybody.filter(isLearnt), heldOut: [] }
  const nobody = function* () {
    yield
    return new Float64Array(0)
  }
  const training = new ActorCriticTraining(recipe, episodes, users, plainBase(embedding), plainExecutor, seed, nobody)
  const before = training.policy()
  while (!training.finished) training.advance()
  return { before, training, recipe }
}

/** The test ratings of the users that were not learnt from. */
function unseen(test: InteractionTable): CandidateSets {
  return candidateSetsOf(rowsWhere(test, (row) => !isLearnt(test.userIndex[row]!)))
}

const meanOf = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length

/** Mean of the three highest test ratings of each unseen user. */
function optimum(test: InteractionTable): number {
  const byUser = Map.groupBy(
    Array.from({ length: test.size }, (_, row) => row).filter((row) => !isLearnt(test.userIndex[row]!)),
    (row) => test.userIndex[row]!,
  )
  const best = (rows: readonly number[]) =>
    rows
      .map((row) => test.rating[row]!)
      .sort((a, b) => b - a)
      .slice(0, 3)
  return meanOf([...byUser.values()].flatMap(best))
}

/**
 * How much of the way from an order by chance to the best possible order the policy has come, by the mean rating of the first
 * three recommendations to unseen users: 0 to 1.
 */
export function progress(policy: Policy, test: InteractionTable, sequential = true): number {
  const lists = drain(rankByPolicy(unseen(test), policy, 3, sequential))
  const chance = meanOf(test.rating)
  return (meanOf(lists.ratings) - chance) / (optimum(test) - chance)
}

/** How models learn here: by either critic, in one-step episodes (a bandit) or longer ones. */
export const itemCritic: ParamValues = { critic: 'item', exploration: 'candidate' }
/** Judging a noisy action needs far more tries than judging items, and loud noise (algorithms.md section 7). */
export const actionCritic: ParamValues = {
  critic: 'action',
  exploration: 'noise',
  noise: 1,
  epsilonEnd: 1,
  updates: 1500,
  criticHidden: 32,
  replayAlpha: 0,
  tau: 0.05,
}
export const bandit: ParamValues = { episodeLength: 1, gamma: 0 }
export const episode: ParamValues = { episodeLength: 20, gamma: 0.9 }
