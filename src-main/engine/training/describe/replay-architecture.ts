import type { Architecture } from '../../../contract/dto/architecture.ts'
import { planMemory } from '../../compute/memory-plan.ts'
import { sizeOf, type Graph, type ParameterSpec } from '../../compute/types.ts'
import type { ActorCriticRecipe, EmbeddingOptions } from '../../core/actor-critic-recipe.ts'
import type { QLearningRecipe, ReplayRecipe } from '../../core/q-learning-recipe.ts'
import type { DataSizes } from '../../core/sketch.ts'
import { FOLDS, widthOfEmbedding, type Embedding } from '../../factorisation/embedding.ts'
import { layoutOf } from '../actor-critic/agent.ts'
import { actGraph, forwardGraph, NetworkPlan, updateGraphs } from '../actor-critic/networks.ts'
import type { TransitionLayout } from '../actor-critic/replay.ts'
import { codeGraph, lossGraph, nextValuesGraph, QPlan, valuesGraph } from '../q-learning/q-networks.ts'
import { blocksOf } from './graph-blocks.ts'

/** Any scale will do: no shape depends on it. */
const anyScale = { min: 1, max: 5, positiveFrom: 4, negativeTo: 2 }
const bytesPerNumber = 4

/** What a description consists of beside the model's name, sizes, notes and issues. */
export type ArchitectureParts = Omit<Architecture, 'model' | 'sizes' | 'notes' | 'issues'>

/** An actor-critic or a Q-network as it will be built. @throws GraphError that names the block whose shapes do not fit */
export function replayArchitecture(recipe: ReplayRecipe, sizes: DataSizes): ArchitectureParts {
  const embedding = unfitted(recipe.embedding, sizes)
  const parts = recipe.kind === 'actor-critic' ? actorCritic(recipe, embedding) : qLearning(recipe, embedding)
  const { replay, batchSize, updates } = recipe
  const transitions = replay.capacity * (bytesPerTransition(parts.layout) + bytesOfPriority)
  const { drawing, parameters, copies, flopsPerUpdate, flopsPerAct, buffers } = parts
  const tables = tablesOf(embedding)
  const tableNumbers = tables.reduce((sum, { count }) => sum + count, 0)
  return {
    network: true,
    ...drawing,
    tables,
    parameters,
    flopsPerUpdate,
    flopsPerAct,
    updates,
    batchSize,
    width: embedding.width,
    memory: [
      { part: 'Weights, targets, gradients and optimisers', bytes: bytesPerNumber * copies },
      { part: 'Values within an update', bytes: buffers },
      { part: 'Replay', bytes: transitions },
      { part: 'Vectors of users and items', bytes: bytesPerNumber * tableNumbers },
    ],
  }
}

interface Parts {
  readonly drawing: Pick<Architecture, 'blocks' | 'edges'>
  readonly parameters: number
  /** Numbers that stand beside the weights, the weights included. */
  readonly copies: number
  readonly flopsPerUpdate: number
  readonly flopsPerAct: number
  readonly buffers: number
  readonly layout: TransitionLayout
}

function actorCritic(recipe: ActorCriticRecipe, embedding: Embedding): Parts {
  const plan = new NetworkPlan(recipe, embedding, anyScale)
  const { actorParameters, criticParameters, nextValue, criticLoss, actorUpdate } = updateGraphs(plan)
  const graphs = [nextValue, criticLoss, actorUpdate.early, actorUpdate.late]
  const [actor, critic] = [countOf(actorParameters), countOf(criticParameters)]
  return {
    drawing: blocksOf((batch) => forwardGraph(plan, batch)),
    parameters: actor + critic,
    // Each: weights, target, gradients, two moments of Adam; of the actor also the averaged weights.
    copies: 6 * actor + 5 * critic,
    flopsPerUpdate: flopsOf(graphs),
    flopsPerAct: actGraph(plan, 1).flops + 2 * embedding.width * embedding.itemCount,
    buffers: buffersOf(graphs),
    layout: layoutOf(plan),
  }
}

function qLearning(recipe: QLearningRecipe, embedding: Embedding): Parts {
  const plan = new QPlan(recipe, embedding, anyScale)
  const next = nextValuesGraph(plan)
  const loss = lossGraph(plan)
  const graphs = recipe.double ? [loss, next, next] : [loss, next]
  const code = codeGraph(plan, 1)
  return {
    drawing: blocksOf((batch) => nextValuesGraph(plan, batch)),
    parameters: loss.parameterCount,
    // Weights, target, averaged weights, gradients, two moments of Adam.
    copies: 6 * loss.parameterCount,
    flopsPerUpdate: flopsOf(graphs),
    flopsPerAct: code.flops + valuesGraph(plan, code, embedding.itemCount).flops,
    buffers: buffersOf(graphs),
    layout: plan.layout,
  }
}

const countOf = (specs: readonly ParameterSpec[]) => specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
const flopsOf = (graphs: readonly Graph[]) => graphs.reduce((sum, { flops }) => sum + flops, 0)

/** Bytes of the values that programs of these graphs own. */
export function buffersOf(graphs: readonly Graph[]): number {
  const numbers = (graph: Graph) => planMemory(graph).slotSizes.reduce((sum, size) => sum + size, 0)
  return bytesPerNumber * graphs.reduce((sum, graph) => sum + numbers(graph), 0)
}

/** Leaves and inner nodes of the tree of priorities, in double precision. */
const bytesOfPriority = 16

/** Columns of a transition: four lists, the action, user, item, reward, end, candidates before and after, competitor. */
function bytesPerTransition({ historyLength, actionWidth, candidates, competitors = 0 }: TransitionLayout): number {
  return bytesPerNumber * (4 * historyLength + actionWidth + 4 + 2 * candidates + competitors)
}

/** An embedding of the right sizes without any vector in it: enough to draw what reads it. */
function unfitted(options: EmbeddingOptions, { users, items }: DataSizes): Embedding {
  return {
    width: widthOfEmbedding(options),
    latent: options.size * (options.restarts ?? 1),
    tables: options.foldEmbeddings ? FOLDS + 1 : 1,
    userCount: users,
    itemCount: items,
    items: new Float32Array(),
    users: new Float32Array(),
    foldOf: new Uint8Array(),
    lossCurve: new Float64Array(),
    validationRmse: NaN,
    crossFitRmse: NaN,
  }
}

function tablesOf({ tables, width, userCount, itemCount }: Embedding): Architecture['tables'] {
  const table = (title: string, rows: number) => ({ title, shape: [rows, width], count: rows * width })
  return [table('User vectors', tables * userCount), table('Item vectors', tables * (itemCount + 1))]
}
