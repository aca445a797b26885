import { defaultParams, type ParamValues } from '../../src-main/contract/params.ts'
import { plainExecutor } from '../../src-main/engine/compute/plain/plain-executor.ts'
import type { Executor, InputValues } from '../../src-main/engine/compute/types.ts'
import type { ActorCriticRecipe } from '../../src-main/engine/core/actor-critic-recipe.ts'
import type { AnyModel } from '../../src-main/engine/core/model.ts'
import { isReplayRecipe, type LearningRules, type ReplayRecipe } from '../../src-main/engine/core/q-learning-recipe.ts'
import { Rng } from '../../src-main/engine/core/rng.ts'
import type { InteractionTable } from '../../src-main/engine/data/interaction-table.ts'
import { fitEmbedding, type Embedding } from '../../src-main/engine/factorisation/embedding.ts'
import { plainBase } from '../../src-main/engine/factorisation/linear-base.ts'
import mdrrAtt from '../../src-main/engine/models/mdrr-att.ts'
import { ActorChooser } from '../../src-main/engine/training/actor-critic/actor-chooser.ts'
import { Agent, layoutOf } from '../../src-main/engine/training/actor-critic/agent.ts'
import type { Environment } from '../../src-main/engine/training/actor-critic/environment.ts'
import { NetworkPlan, StateBatch, tablesOf } from '../../src-main/engine/training/actor-critic/networks.ts'
import { Transitions } from '../../src-main/engine/training/actor-critic/replay.ts'
import { Rollout } from '../../src-main/engine/training/actor-critic/rollout.ts'
import { drain, fiveStars, starWorld } from './worlds.ts'

/** Models small enough to follow by hand: no residual, networks a few units wide. What a model does not have it does not read. */
export const tinyParams: ParamValues = {
  size: 2,
  embeddingEpochs: 4,
  lambda: 2,
  historyLength: 3,
  attentionHidden: 4,
  actorHidden: 5,
  criticHidden: 4,
  hidden: 5,
  stateHidden: 4,
  residual: false,
  batchSize: 4,
  criticOnlyUpdates: 0,
  candidateSample: 3,
  averaging: 0,
  l2: 0,
  replayCapacity: 64,
  replayAlpha: 1,
}

/** @param model any of the catalogue that learns from replay, as small as MDRR-att here */
export function replayRecipeOf(change: ParamValues = {}, model: AnyModel = mdrrAtt): ReplayRecipe {
  const recipe = model.create({ ...defaultParams(model.params), ...tinyParams, ...change })
  if (!isReplayRecipe(recipe)) throw new TypeError(`${model.id} does not learn from replay`)
  return recipe
}

/** @param model any actor-critic of the catalogue */
export function recipeOf(change: ParamValues = {}, model: AnyModel = mdrrAtt): ActorCriticRecipe {
  const recipe = replayRecipeOf(change, model)
  if (recipe.kind !== 'actor-critic') throw new TypeError(`${model.id} is no actor-critic`)
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

export function tinyAgent(
  change: ParamValues = {},
  seed = 1,
  world: InteractionTable = tinyWorld,
  model: AnyModel = mdrrAtt,
): TinyAgent {
  const recipe = recipeOf(change, model)
  const embedding = drain(fitEmbedding(world, recipe.embedding, 1))
  const plan = new NetworkPlan(recipe, embedding, fiveStars)
  const tables = tablesOf(embedding, plainBase(embedding))
  return { recipe, embedding, plan, tables, agent: new Agent(plan, plainExecutor, tables, seed) }
}

/** Plays environments with an actor's present weights, as training does. */
export function actorRollout(
  { plan, tables, agent }: Pick<TinyAgent, 'plan' | 'tables' | 'agent'>,
  environments: readonly Environment[],
  { executor = plainExecutor, seed = 1 }: { executor?: Executor; seed?: number } = {},
): Rollout {
  const chooser = new ActorChooser(plan, executor, tables, agent.networks.actor, environments.length)
  return new Rollout(chooser, agent.replay, environments, seed)
}

/** An agent with every weight drawn anew, so that no gradient vanishes for the start's zeros. */
export function stirredAgent(change: ParamValues, model: AnyModel = mdrrAtt): TinyAgent {
  const tiny = tinyAgent(change, 1, tinyWorld, model)
  const rng = Rng.stream(4, 'stir')
  for (const arena of [tiny.agent.networks.actor, tiny.agent.networks.critic]) {
    for (let i = 0; i < arena.values.length; i++) arena.values[i] = 0.5 * rng.normal()
  }
  return tiny
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
export function randomTransition(
  tiny: { readonly recipe: LearningRules; readonly embedding: Embedding },
  rng: Rng,
): PlainTransition {
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

/** A batch of random transitions; one state without likes, one without dislikes, and a choice in every state. */
export function transitionsOf(tiny: TinyAgent, seed = 1): PlainTransition[] {
  const rng = Rng.stream(seed, 'transitions')
  return Array.from({ length: tiny.recipe.batchSize }, (_, i) => {
    const t = randomTransition(tiny, rng)
    const none = t.positive.map(() => -1)
    const candidates = [t.item, (t.item + 1) % 14, t.candidates[2]!]
    return { ...t, candidates, positive: i === 1 ? none : t.positive, negative: i === 0 ? none : t.negative }
  })
}

/** The inputs of the actor's and critic's graphs for some transitions. */
export function graphInputsOf(tiny: TinyAgent, transitions: readonly PlainTransition[]): Record<string, InputValues> {
  const { embedding, recipe } = tiny
  const batch = new StateBatch(transitions.length, recipe.historyLength, embedding)
  const count = recipe.candidateSample
  const rows = new Int32Array(transitions.length * count)
  const mask = new Float32Array(rows.length)
  transitions.forEach((t, i) => {
    batch.set(i, t.userRow, Int32Array.from(t.positive), Int32Array.from(t.negative), 0)
    t.candidates.forEach((item, c) => {
      rows[i * count + c] = batch.itemRow(t.userRow, item)
      mask[i * count + c] = item < 0 ? 0 : 1
    })
  })
  return {
    ...tiny.tables,
    ...batch.inputs,
    candidateRows: rows,
    candidateMask: mask,
    executed: Float32Array.from(transitions.flatMap((t) => t.action)),
    executedRows: Int32Array.from(transitions, (t) => batch.itemRow(t.userRow, t.item)),
    target: Float32Array.from(transitions, (t) => t.reward),
    weights: new Float32Array(transitions.length).fill(0.5),
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
