import type { ParamValues } from '../../src-main/contract/params.ts'
import { plainExecutor } from '../../src-main/engine/compute/plain/plain-executor.ts'
import type { ParameterArena } from '../../src-main/engine/compute/types.ts'
import type { AnyModel } from '../../src-main/engine/core/model.ts'
import type { QLearningRecipe } from '../../src-main/engine/core/q-learning-recipe.ts'
import { Rng } from '../../src-main/engine/core/rng.ts'
import { fitEmbedding, type Embedding } from '../../src-main/engine/factorisation/embedding.ts'
import { plainBase } from '../../src-main/engine/factorisation/linear-base.ts'
import dqn from '../../src-main/engine/models/dqn.ts'
import { NO_ITEM } from '../../src-main/engine/training/actor-critic/feedback-lists.ts'
import { tablesOf, type Tables } from '../../src-main/engine/training/actor-critic/networks.ts'
import { Transitions } from '../../src-main/engine/training/actor-critic/replay.ts'
import { QAgent } from '../../src-main/engine/training/q-learning/q-agent.ts'
import { QPlan } from '../../src-main/engine/training/q-learning/q-networks.ts'
import { dot, relu, sum, through } from './mdrr-att-by-hand.ts'
import { replayRecipeOf, tinyWorld, type PlainTransition } from './tiny-agent.ts'
import { drain, fiveStars } from './worlds.ts'

export interface TinyQ {
  readonly recipe: QLearningRecipe
  readonly embedding: Embedding
  readonly plan: QPlan
  readonly tables: Tables
  readonly agent: QAgent
}

/** The same vectors for the same options: they are fitted once. */
const embeddings = new Map<string, Embedding>()
function embeddingOf({ embedding }: QLearningRecipe): Embedding {
  const key = JSON.stringify(embedding)
  const known = embeddings.get(key) ?? drain(fitEmbedding(tinyWorld, embedding, 1))
  embeddings.set(key, known)
  return known
}

/** A Q-learner small enough to follow by hand. @param stirred draws every weight anew, so that no gradient vanishes */
export function tinyQ(change: ParamValues = {}, model: AnyModel = dqn, stirred = true, seed = 1): TinyQ {
  const recipe = replayRecipeOf(change, model)
  if (recipe.kind !== 'q-learning') throw new TypeError(`${model.id} is no Q-learner`)
  const embedding = embeddingOf(recipe)
  const plan = new QPlan(recipe, embedding, fiveStars)
  const tables = tablesOf(embedding, plainBase(embedding))
  const agent = new QAgent(plan, plainExecutor, tables, seed)
  const rng = Rng.stream(4, 'stir')
  if (stirred) agent.network.values.forEach((_, i, values) => (values[i] = 0.5 * rng.normal()))
  return { recipe, embedding, plan, tables, agent }
}

/** @param competitor as `competitorsOf` writes it */
export function addQTransition({ plan, agent }: TinyQ, transition: PlainTransition, competitor = 0): void {
  const row = new Transitions(1, plan.layout)
  row.userRow[0] = transition.userRow
  for (const name of ['positive', 'negative', 'nextPositive', 'nextNegative', 'candidates', 'nextCandidates'] as const)
    row[name].set(transition[name])
  row.item[0] = transition.item
  row.reward[0] = transition.reward
  row.terminated[0] = transition.terminated ? 1 : 0
  if (row.competitor.length > 0) row.competitor[0] = competitor
  agent.replay.add(row)
}

/** What a state is made of, as `HandState` of MDRR-att. */
interface HandState {
  readonly userRow: number
  readonly positive: readonly number[]
}

/** DQN with three layers, one state and item at a time, in double precision and plain loops. */
export class DqnByHand {
  readonly #embedding: Embedding
  readonly #network: ParameterArena
  readonly #factor: number

  constructor(embedding: Embedding, network: ParameterArena) {
    this.#embedding = embedding
    this.#network = network
    const { items } = embedding
    this.#factor = 1 / Math.sqrt(items.reduce((total, x) => total + x * x, 0) / items.length)
  }

  #vector(userRow: number, item: number): number[] {
    const { width, userCount, itemCount, items } = this.#embedding
    const at = (Math.floor(userRow / userCount) * (itemCount + 1) + item) * width
    return [...items.subarray(at, at + width)]
  }

  /** Q(s, i), with w (base . i) in front where there is a base: here the user's own vector. */
  q({ userRow, positive }: HandState, item: number): number {
    const of = (name: string) => this.#network.view(`q.${name}`)
    const scaled = (index: number) => this.#vector(userRow, index).map((x) => x * this.#factor)
    const state = positive.flatMap((liked) => (liked === NO_ITEM ? [...of('positive.encoder.emptyItem')] : scaled(liked)))
    const fromState = sum(through(state, of('positive.stateWeight')), [...of('positive.bias')])
    const first = relu(sum(fromState, through(scaled(item), of('positive.itemWeight'))))
    const second = relu(sum(through(first, of('joint.w2')), [...of('joint.b2')]))
    const correction = dot(second, [...of('joint.w')]) + of('joint.b')[0]!
    if (!this.#network.has('q.baseWeight')) return correction
    const { width, users } = this.#embedding
    const base = [...users.subarray(userRow * width, (userRow + 1) * width)]
    return correction + of('baseWeight')[0]! * dot(base, this.#vector(userRow, item))
  }
}
