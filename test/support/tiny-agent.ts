import { defaultParams, type ParamValues } from '../../src-main/contract/params.ts'
import { plainExecutor } from '../../src-main/engine/compute/plain/plain-executor.ts'
import type { ActorCriticRecipe } from '../../src-main/engine/core/actor-critic-recipe.ts'
import { Rng } from '../../src-main/engine/core/rng.ts'
import type { InteractionTable } from '../../src-main/engine/data/interaction-table.ts'
import { fitEmbedding, type Embedding } from '../../src-main/engine/factorisation/embedding.ts'
import { plainBase } from '../../src-main/engine/factorisation/linear-base.ts'
import mdrrAtt from '../../src-main/engine/models/mdrr-att.ts'
import { Agent, layoutOf } from '../../src-main/engine/training/actor-critic/agent.ts'
import { NetworkPlan, tablesOf } from '../../src-main/engine/training/actor-critic/networks.ts'
import { Transitions } from '../../src-main/engine/training/actor-critic/replay.ts'
import { drain, fiveStars, starWorld } from './worlds.ts'

/** MDRR-att small enough to follow by hand: no residual, networks a few units wide. */
export const tinyParams: ParamValues = {
  ...defaultParams(mdrrAtt.params),
  size: 2,
  embeddingEpochs: 4,
  lambda: 2,
  historyLength: 3,
  attentionHidden: 4,
  actorHidden: 5,
  criticHidden: 4,
  residual: false,
  batchSize: 4,
  criticOnlyUpdates: 0,
  candidateSample: 3,
  averaging: 0,
  l2: 0,
  replayCapacity: 64,
  replayAlpha: 1,
}

export function recipeOf(change: ParamValues = {}): ActorCriticRecipe {
  const recipe = mdrrAtt.create({ ...tinyParams, ...change })
  if (recipe.kind !== 'actor-critic') throw new TypeError('MDRR-att is an actor-critic')
  return recipe
}

export const tinyWorld = starWorld({ users: 12, items: 14, perUser: 10 })

export interface TinyAgent {
  readonly recipe: ActorCriticRecipe
  readonly embedding: Embedding
  readonly plan: NetworkPlan
  readonly tables: ReturnType<typeof tablesOf>
  readonly agent: Agent
}

export function tinyAgent(change: ParamValues = {}, seed = 1, world: InteractionTable = tinyWorld): TinyAgent {
  const recipe = recipeOf(change)
  const embedding = drain(fitEmbedding(world, recipe.embedding, 1))
  const plan = new NetworkPlan(recipe, embedding, fiveStars)
  const tables = tablesOf(embedding, plainBase(embedding))
  return { recipe, embedding, plan, tables, agent: new Agent(plan, plainExecutor, tables, seed) }
}

export interface PlainTransition {
  readonly userRow: number
  readonly positive: readonly number[]
  readonly negative: readonly number[]
  readonly nextPositive: readonly number[]
  readonly nextNegative: readonly number[]
  readonly action: readonly number[]
  readonly item: number
  readonly reward: number
  readonly terminated: boolean
  readonly candidates: readonly number[]
  readonly nextCandidates: readonly number[]
}

/** A transition drawn at random within the sizes of `tiny`; lists of every length, the empty one included. */
export function randomTransition(tiny: TinyAgent, rng: Rng): PlainTransition {
  const { historyLength, candidateSample } = tiny.recipe
  const { itemCount, userCount, tables, width } = tiny.embedding
  const list = (length: number, least: number) => {
    const items = rng.shuffle(Array.from({ length: itemCount }, (_, item) => item)).slice(0, length)
    return items.fill(-1, least + rng.below(length - least + 1))
  }
  return {
    userRow: rng.below(userCount * tables),
    positive: list(historyLength, 0),
    negative: list(historyLength, 0),
    nextPositive: list(historyLength, 0),
    nextNegative: list(historyLength, 0),
    action: Array.from({ length: width }, () => rng.normal()),
    item: rng.below(itemCount),
    reward: rng.normal(),
    terminated: false,
    candidates: list(candidateSample, 1),
    nextCandidates: list(candidateSample, 1),
  }
}

export function addTransition(tiny: TinyAgent, transition: PlainTransition): void {
  const layout = layoutOf(tiny.plan)
  const row = new Transitions(1, layout)
  row.userRow[0] = transition.userRow
  for (const name of ['positive', 'negative', 'nextPositive', 'nextNegative'] as const) row[name].set(transition[name])
  if (layout.actionWidth > 0) row.action.set(transition.action)
  if (layout.candidates > 0) {
    row.candidates.set(transition.candidates)
    row.nextCandidates.set(transition.nextCandidates)
  }
  row.item[0] = transition.item
  row.reward[0] = transition.reward
  row.terminated[0] = transition.terminated ? 1 : 0
  tiny.agent.replay.add(row)
}
