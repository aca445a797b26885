import type { RatingScale } from '../../../contract/dto/dataset.ts'
import type { Bindings, Executor, ParameterArena, Program } from '../../compute/types.ts'
import type { ActorCriticRecipe } from '../../core/actor-critic-recipe.ts'
import type { Policy } from '../../core/policy.ts'
import type { QLearningRecipe } from '../../core/q-learning-recipe.ts'
import { readArray, type StateTree } from '../../core/state-codec.ts'
import type { Embedding } from '../../factorisation/embedding.ts'
import { ActorSlots } from '../actor-critic/actor-slots.ts'
import { layoutOf } from '../actor-critic/agent.ts'
import type { SlotStart } from '../actor-critic/episode-slots.ts'
import { FeedbackLists, NO_ITEM } from '../actor-critic/feedback-lists.ts'
import { GUESTS } from '../actor-critic/guest-row.ts'
import type { LearningParts } from '../actor-critic/learning-parts.ts'
import {
  actGraph,
  createActor,
  createCritic,
  NetworkPlan,
  StateBatch,
  valueGraph,
  type Tables,
} from '../actor-critic/networks.ts'
import type { TransitionLayout } from '../actor-critic/replay.ts'
import { createQNetwork, QPlan } from '../q-learning/q-networks.ts'
import { QSlots } from '../q-learning/q-slots.ts'

/** Items whose values are asked for at once. */
const VALUED = 32

/** The networks of a policy as one person meets them: the part that differs between actor-critics and Q-learners. */
export interface LiveMind {
  readonly layout: TransitionLayout
  /** What chose the last item, where something judges actions; its content means nothing elsewhere. */
  readonly action: Float32Array
  /** Takes in the state of slot 0 of the lists; everything below speaks of it. */
  act(userRow: number, lists: FeedbackLists): void
  score(items: Int32Array, count: number, out: Float32Array): void
  /** What recommending each item now is worth; null where nothing judges. */
  readonly values: ((items: Int32Array, count: number, out: Float32Array) => void) | null
  /** On the places of a list; null without attention. */
  attention(side: 'positive' | 'negative'): Float32Array | null
  /** The present weights as a saved model holds them. */
  weights(): StateTree
  /** A policy with the present weights, for the held-out users. */
  slots(slots: number, lists: FeedbackLists, starts: (userIndex: number) => SlotStart): Policy
}

export interface MindGround {
  readonly embedding: Embedding
  readonly scale: RatingScale
  /** With the person's row. */
  readonly tables: Tables
  readonly executor: Executor
  /** The saved model. */
  readonly saved: StateTree
  /** The session's learner, whose weights are shown as they become; null: the trained ones stay. */
  readonly parts: LearningParts | null
}

/** @throws PalateError CHECKPOINT_UNUSABLE */
export function actorMind(recipe: ActorCriticRecipe, ground: MindGround): LiveMind {
  const { embedding, scale, tables, executor, saved, parts } = ground
  const plan = new NetworkPlan(recipe, embedding, scale, GUESTS)
  const actor = parts?.agent.evaluated ?? withWeights(createActor(plan, executor), saved, 'actor')
  const frozen = () => (saved['critic'] === undefined ? null : withWeights(createCritic(plan, executor), saved, 'critic'))
  const critic = parts?.critic ?? frozen()
  const program = executor.compile(actGraph(plan, 1))
  const batch = new StateBatch(1, recipe.historyLength, embedding, executor.memory)
  const bindings: Bindings = { inputs: batch.inputs, tables, parameters: [actor] }
  const { width, items: vectors } = embedding
  const action = new Float32Array(width)
  let user = 0
  return {
    layout: layoutOf(plan),
    action,
    act(userRow, lists) {
      user = userRow
      batch.set(0, userRow, lists.positive, lists.negative, 0)
      action.set(program.run(bindings).view('action'))
    },
    score(items, count, out) {
      for (let i = 0; i < count; i++) {
        const at = batch.itemRow(user, items[i]!) * width
        let sum = 0
        for (let c = 0; c < width; c++) sum += action[c]! * vectors[at + c]!
        out[i] = sum
      }
    },
    values: critic && criticValues(plan, { ...ground, batch }, [actor, critic], () => user),
    weights: () => ({ actor: actor.values.slice(), ...(critic && { critic: critic.values.slice() }) }),
    attention: (side) => attentionOf(program, bindings, `${side}Attention`),
    slots: (slots, lists, starts) => new ActorSlots(plan, executor, tables, actor, slots, lists, starts),
  }
}

function attentionOf(program: Program, bindings: Bindings, output: string): Float32Array | null {
  return program.graph.outputs.has(output) ? program.run(bindings).view(output) : null
}

function criticValues(
  plan: NetworkPlan,
  { executor, tables, batch }: Pick<MindGround, 'executor' | 'tables'> & { readonly batch: StateBatch },
  parameters: readonly ParameterArena[],
  userRow: () => number,
): NonNullable<LiveMind['values']> {
  const program = executor.compile(valueGraph(plan, 1, VALUED))
  const candidateRows = executor.memory.ints(VALUED)
  const bindings: Bindings = { inputs: { ...batch.inputs, candidateRows }, tables, parameters }
  return (items, count, out) => {
    for (let from = 0; from < count; from += VALUED) {
      const size = Math.min(VALUED, count - from)
      for (let i = 0; i < VALUED; i++) candidateRows[i] = batch.itemRow(userRow(), i < size ? items[from + i]! : NO_ITEM)
      const values = program.run(bindings).view('value')
      for (let i = 0; i < size; i++) out[from + i] = values[i]!
    }
  }
}

/** What a Q-network says of an item is both its score and its value. @throws PalateError CHECKPOINT_UNUSABLE */
export function qMind(recipe: QLearningRecipe, ground: MindGround): LiveMind {
  const { embedding, scale, tables, executor, saved, parts } = ground
  const plan = new QPlan(recipe, embedding, scale, GUESTS)
  const network = parts?.agent.evaluated ?? withWeights(createQNetwork(plan, executor), saved, 'network')
  const own = new FeedbackLists(1, recipe.historyLength, scale, recipe.historyRule)
  let user = 0
  // The lists are moved by whoever records the session; the slot only looks at them.
  const policy = new QSlots(plan, executor, tables, network, 1, own, () => ({ userRow: user, begin: () => undefined }))
  const slot = Int32Array.of(0)
  const score = (items: Int32Array, count: number, out: Float32Array) => policy.score(0, items, count, out)
  return {
    layout: plan.layout,
    action: new Float32Array(0),
    act(userRow, lists) {
      user = userRow
      own.positive.set(lists.positive)
      own.negative.set(lists.negative)
      policy.begin(0, 0)
      policy.act(slot, 1)
    },
    score,
    values: score,
    weights: () => ({ network: network.values.slice() }),
    attention: () => null,
    slots: (slots, lists, starts) => new QSlots(plan, executor, tables, network, slots, lists, starts),
  }
}

function withWeights(arena: ParameterArena, saved: StateTree, name: string): ParameterArena {
  arena.values.set(readArray(saved, name, Float32Array))
  return arena
}
