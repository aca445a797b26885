import { createArena } from '../../compute/arena.ts'
import { cutGraph, type CutGraph } from '../../compute/cut.ts'
import { differentiate } from '../../compute/differentiate.ts'
import { GraphBuilder } from '../../compute/graph-builder.ts'
import { requireAllParametersUsed } from '../../compute/graph.ts'
import { plainMemory } from '../../compute/plain/plain-memory.ts'
import { GraphError } from '../../compute/types.ts'
import type { Executor, ExecutorMemory, Graph, GraphNode, InputValues, ParameterArena, Program } from '../../compute/types.ts'
import type { RatingScale } from '../../../contract/dto/dataset.ts'
import type { ActorCriticRecipe, ActorOutputs } from '../../core/actor-critic-recipe.ts'
import type { Embedding } from '../../factorisation/embedding.ts'
import type { LinearBase } from '../../factorisation/linear-base.ts'
import { DrawnVectors } from './drawn-vectors.ts'
import { NO_ITEM } from './feedback-lists.ts'

/** The tables that every graph reads: bound as such, as they never change. */
export type Tables = Readonly<Record<'itemTable' | 'userTable' | 'baseTable' | 'scaleTable', Float32Array>>

/** One feedback side of a batch, [size, n] each; what the columns mean stands with `SideInputs`. */
interface SideColumns {
  readonly ids: Int32Array
  readonly mask: Float32Array
  readonly empty: Float32Array
}

/** A state batch as the graphs take it. */
export class StateBatch {
  readonly size: number
  readonly inputs: Readonly<Record<string, InputValues>>
  readonly #userRows: Int32Array
  readonly #positive: SideColumns
  readonly #negative: SideColumns
  readonly #n: number
  readonly #itemCount: number
  readonly #userCount: number
  readonly #tables: number

  /** @param memory of the executor that reads the batch */
  constructor(size: number, historyLength: number, embedding: Embedding, memory: ExecutorMemory = plainMemory) {
    this.size = size
    this.#n = historyLength
    this.#itemCount = embedding.itemCount
    this.#userCount = embedding.userCount
    this.#tables = embedding.tables
    const side = (): SideColumns => ({
      ids: memory.ints(size * historyLength).fill(embedding.itemCount),
      mask: memory.floats(size * historyLength),
      empty: memory.floats(size * historyLength),
    })
    this.#userRows = memory.ints(size)
    this.#positive = side()
    this.#negative = side()
    this.inputs = {
      userRows: this.#userRows,
      ...namedInputs('positive', this.#positive),
      ...namedInputs('negative', this.#negative),
    }
  }

  /** The table row of an item for the user in `userRow`: fold tables have vectors of their own; guests see the reference table. */
  itemRow(userRow: number, item: number): number {
    const own = Math.floor(userRow / this.#userCount)
    const table = own < this.#tables ? own : 0
    return table * (this.#itemCount + 1) + (item === NO_ITEM ? this.#itemCount : item)
  }

  /** Sets row `row` from lists of item indexes that start at `at`. */
  set(row: number, userRow: number, positive: Int32Array, negative: Int32Array, at: number): void {
    this.#userRows[row] = userRow
    this.#setSide(this.#positive, row, userRow, positive, at)
    this.#setSide(this.#negative, row, userRow, negative, at)
  }

  #setSide({ ids, mask, empty }: SideColumns, row: number, userRow: number, list: Int32Array, at: number): void {
    const from = row * this.#n
    const isEmpty = list[at] === NO_ITEM
    for (let i = 0; i < this.#n; i++) {
      const item = list[at + i]!
      ids[from + i] = this.itemRow(userRow, item)
      mask[from + i] = item === NO_ITEM ? 0 : 1
      empty[from + i] = 0
    }
    if (isEmpty) {
      mask[from] = 1
      empty[from] = 1
    }
  }
}

/** The columns by the names that `NetworkPlan.actor` gives its inputs. */
function namedInputs(side: 'positive' | 'negative', { ids, mask, empty }: SideColumns): Record<string, InputValues> {
  return { [`${side}Ids`]: ids, [`${side}Mask`]: mask, [`${side}Empty`]: empty }
}

interface DrawnActor {
  /** [B, k]: what orders the items. */
  readonly action: GraphNode
  /** [B, k]: the base that the networks correct, or null. */
  readonly base: GraphNode | null
  readonly itemTable: GraphNode
}

/** Draws the parts that the graphs of one recipe share. */
export class NetworkPlan {
  readonly recipe: ActorCriticRecipe
  readonly embedding: Embedding
  /** Rows behind those of all users. */
  readonly guests: number
  readonly #vectors: DrawnVectors

  /**
   * @param scale of the ratings, for the reward that one unit of rating is worth
   * @param guests rows behind those of all users, for people that the embedding does not know
   */
  constructor(recipe: ActorCriticRecipe, embedding: Embedding, scale: RatingScale, guests = 0) {
    this.recipe = recipe
    this.embedding = embedding
    this.guests = guests
    this.#vectors = new DrawnVectors(embedding, recipe.historyLength, scale, guests)
  }

  /** Actor on a batch of states: its outputs and the action with the residual base added. */
  actor(g: GraphBuilder, batch: number): ActorOutputs & DrawnActor {
    const { width } = this.embedding
    const { inputs, userRows, itemTable } = this.#vectors.state(g, batch)
    const outputs = this.recipe.actor(g, inputs, width)
    const { residual } = this.recipe
    if (!residual) return { ...outputs, action: outputs.raw, base: null, itemTable }
    const base = this.#vectors.base(g, userRows)
    const action = g.scope('actor.residual', () => {
      const scales = g.gather(g.input('scaleTable', [this.#vectors.userRows, 1]), userRows)
      return g.add(base, g.scaleRows(outputs.raw, g.scale(g.reshape(scales, [batch]), residual.share)))
    })
    return { ...outputs, action, base, itemTable }
  }

  /** Q of C vectors per state, [B, C, k] -> [B, C]; with a linear base the item critic starts from it. */
  critic(g: GraphBuilder, state: GraphNode, vectors: GraphNode, base: GraphNode | null): GraphNode {
    const q = this.recipe.critic(g, state, this.#vectors.scaled(g, vectors))
    if (!base || this.recipe.judges === 'action') return q
    return this.#vectors.onBase(g, q, base, vectors, 'critic.baseWeight')
  }

  /** Weights of a softmax over candidates by their score under the action. */
  softChoice(g: GraphBuilder, action: GraphNode, items: GraphNode, mask: GraphNode): GraphNode {
    return g.maskedSoftmax(g.scale(g.rowDot(action, items), 1 / this.recipe.temperature), mask)
  }
}

/** Acting: states -> actions and attention. */
export function actGraph(plan: NetworkPlan, batch: number): Graph {
  const g = new GraphBuilder('actor-critic.act')
  const { action, attention } = plan.actor(g, batch)
  g.output('action', action)
  if (attention.positive) g.output('positiveAttention', attention.positive)
  if (attention.negative) g.output('negativeAttention', attention.negative)
  return g.build()
}

/** Judging: states and C items for each -> their values, [B, C]. */
export function valueGraph(plan: NetworkPlan, batch: number, count: number): Graph {
  const g = new GraphBuilder('actor-critic.value')
  const { state, base, itemTable } = plan.actor(g, batch)
  const items = g.gather(itemTable, g.inputInt('candidateRows', [batch, count]))
  g.output('value', plan.critic(g, state, items, base))
  return g.build()
}

/** Value of the next state under the target networks: [B]. */
export function nextValueGraph(plan: NetworkPlan): Graph {
  const { batchSize: batch, judges, candidateSample: count } = plan.recipe
  const g = new GraphBuilder('actor-critic.next-value')
  const { state, action, base, itemTable } = plan.actor(g, batch)
  if (judges === 'action') {
    g.output('value', g.reshape(plan.critic(g, state, g.reshape(action, [batch, 1, plan.embedding.width]), base), [batch]))
  } else {
    const items = g.gather(itemTable, g.inputInt('candidateRows', [batch, count]))
    const weights = plan.softChoice(g, action, items, g.input('candidateMask', [batch, count]))
    g.output('value', g.sumLast(g.mul(weights, plan.critic(g, state, items, base))))
  }
  return g.build()
}

/** Critic's loss, importance-weighted (mdrr-att equation 14), with gradients of the critic alone. */
export function criticGraph(plan: NetworkPlan): Graph {
  const { batchSize: batch, judges } = plan.recipe
  const g = new GraphBuilder('actor-critic.critic')
  const { state, base, itemTable } = plan.actor(g, batch)
  const executed =
    judges === 'action'
      ? g.input('executed', [batch, plan.embedding.width])
      : g.gather(itemTable, g.inputInt('executedRows', [batch]))
  g.output('state', state)
  const q = g.reshape(plan.critic(g, g.stopGradient(state), g.reshape(executed, [batch, 1, plan.embedding.width]), base), [batch])
  const target = g.input('target', [batch])
  g.output('loss', g.mse(q, target, g.input('weights', [batch])))
  g.output('tdError', g.sub(target, q))
  g.output('meanQ', g.mean(q))
  return differentiate(g.build(), 'loss', isCritic)
}

/**
 * Actor's loss: minus the critic's value of the actor's own action (mdrr-att equation 12), or of its soft choice among
 * candidates. The gradient goes through action and state into both actors and their encoders; the critic stays as it is.
 */
export function actorGraph(plan: NetworkPlan): Graph {
  const { batchSize: batch, judges, candidateSample: count } = plan.recipe
  const g = new GraphBuilder('actor-critic.actor')
  const { state, action, base, itemTable } = plan.actor(g, batch)
  g.output('state', state)
  if (judges === 'action') {
    g.output('loss', g.scale(g.mean(plan.critic(g, state, g.reshape(action, [batch, 1, plan.embedding.width]), base)), -1))
  } else {
    const items = g.gather(itemTable, g.inputInt('candidateRows', [batch, count]))
    const weights = plan.softChoice(g, action, items, g.input('candidateMask', [batch, count]))
    // The candidates' values come from the state as it is: what the actor may change is whom it prefers.
    const values = plan.critic(g, g.stopGradient(state), items, base)
    g.output('loss', g.scale(g.mean(g.sumLast(g.mul(weights, values))), -1))
  }
  return differentiate(g.build(), 'loss', isActor)
}

/** All programs of an agent and its parameters, drawn but not yet initialised. */
export interface Networks {
  readonly actor: ParameterArena
  readonly critic: ParameterArena
  readonly nextValue: Program
  /** Takes the states under the name `criticState`, from the early part of `actorUpdate`: both losses need the same ones. */
  readonly criticUpdate: Program
  readonly criticState: string
  readonly actorUpdate: CutGraph
}

/** From states to what is recommended and what that is thought to be worth: what a drawing of the model shows. */
export function forwardGraph(plan: NetworkPlan, batch: number): Graph {
  const { judges, candidateSample } = plan.recipe
  const { width, itemCount } = plan.embedding
  const g = new GraphBuilder('actor-critic.forward')
  const { state, action, base, itemTable } = plan.actor(g, batch)
  const count = judges === 'item' ? candidateSample : itemCount
  const items = g.scope('input.candidates', () => g.gather(itemTable, g.inputInt('candidateRows', [batch, count])))
  g.output(
    'scores',
    g.scope('ranking', () => g.rowDot(action, items)),
  )
  g.output('value', plan.critic(g, state, judges === 'item' ? items : g.reshape(action, [batch, 1, width]), base))
  return g.build()
}

/** The graphs of an update. The critic's loss goes on from the states that the early part of the actor's computes. */
export function updateGraphs(plan: NetworkPlan) {
  const nextValue = nextValueGraph(plan)
  const criticUpdate = criticGraph(plan)
  const actorUpdate = actorGraph(plan)
  // The critic's loss needs the state alone, not the actor's last layers; they stand in the other two graphs.
  requireAllParametersUsed(criticUpdate, isCritic)
  requireAllParametersUsed(actorUpdate)
  requireAllParametersUsed(nextValue)
  const { late: criticLoss, crossing } = cutGraph(criticUpdate, ['state'])
  return {
    actorParameters: actorUpdate.parameters.filter((spec) => isActor(spec.name)),
    criticParameters: criticUpdate.parameters.filter((spec) => isCritic(spec.name)),
    nextValue,
    criticLoss,
    criticState: onlyOne(crossing),
    actorUpdate: cutGraph(actorUpdate, ['state']),
  }
}

/** @throws GraphError naming parameters of a recipe that no loss depends on: they would never be trained */
export function buildNetworks(plan: NetworkPlan, executor: Executor): Networks {
  const { actorParameters, criticParameters, nextValue, criticLoss, criticState, actorUpdate } = updateGraphs(plan)
  return {
    actor: createArena(actorParameters, executor.memory),
    critic: createArena(criticParameters, executor.memory),
    nextValue: executor.compile(nextValue),
    criticUpdate: executor.compile(criticLoss),
    criticState,
    actorUpdate,
  }
}

/** @throws GraphError when the critic looks past the state: then it would have to compute more than it is given */
function onlyOne(crossing: readonly string[]): string {
  const [state, ...others] = crossing
  if (state !== undefined && others.length === 0) return state
  throw new GraphError(`The critic of an actor-critic needs the state alone, not ${crossing.length} values of its encoders.`)
}

/** The actor's parameters alone, all zeros: for weights that are trained already. */
export function createActor(plan: NetworkPlan, executor: Executor): ParameterArena {
  return createArena(
    actorGraph(plan).parameters.filter((spec) => isActor(spec.name)),
    executor.memory,
  )
}

/** The critic's parameters alone, all zeros: for weights that are trained already. */
export function createCritic(plan: NetworkPlan, executor: Executor): ParameterArena {
  return createArena(
    criticGraph(plan).parameters.filter((spec) => isCritic(spec.name)),
    executor.memory,
  )
}

const isActor = (name: string): boolean => name.startsWith('actor.')
const isCritic = (name: string): boolean => name.startsWith('critic.')

/**
 * Copies the tables into `memory` once, where every program of the executor reads them.
 * @param guests as for the plan; their rows are zeros
 */
export function tablesOf(embedding: Embedding, base: LinearBase, memory: ExecutorMemory = plainMemory, guests = 0): Tables {
  const placed = (values: Float32Array, more = 0): Float32Array => {
    const copy = memory.floats(values.length + more)
    copy.set(values)
    return copy
  }
  return {
    itemTable: placed(embedding.items),
    userTable: placed(embedding.users, guests * embedding.width),
    baseTable: placed(base.actions, guests * embedding.width),
    scaleTable: placed(base.scales, guests),
  }
}
