import type { RatingScale } from '../../../contract/dto/dataset.ts'
import { createArena } from '../../compute/arena.ts'
import { differentiate } from '../../compute/differentiate.ts'
import { GraphBuilder } from '../../compute/graph-builder.ts'
import { requireAllParametersUsed } from '../../compute/graph.ts'
import type { Executor, Graph, GraphNode, ParameterArena } from '../../compute/types.ts'
import type { QLearningRecipe } from '../../core/q-learning-recipe.ts'
import type { Embedding } from '../../factorisation/embedding.ts'
import { DrawnVectors } from '../actor-critic/drawn-vectors.ts'
import type { TransitionLayout } from '../actor-critic/replay.ts'

interface EncodedState {
  /** [B, m] */
  readonly code: GraphNode
  /** [B, k]: the actions of the linear base, or null without one. */
  readonly base: GraphNode | null
  readonly itemTable: GraphNode
}

/** Draws the parts that the graphs of one recipe share. */
export class QPlan {
  readonly recipe: QLearningRecipe
  readonly embedding: Embedding
  readonly #vectors: DrawnVectors

  /** @param scale, guests as `NetworkPlan` takes them */
  constructor(recipe: QLearningRecipe, embedding: Embedding, scale: RatingScale, guests = 0) {
    this.recipe = recipe
    this.embedding = embedding
    this.#vectors = new DrawnVectors(embedding, recipe.historyLength, scale, guests)
  }

  get layout(): TransitionLayout {
    const { historyLength, candidateSample, pairwise } = this.recipe
    return { historyLength, actionWidth: 0, candidates: candidateSample, competitors: pairwise ? 1 : 0 }
  }

  /** A batch of states as far as the values need them. */
  state(g: GraphBuilder, batch: number): EncodedState {
    const { inputs, userRows, itemTable } = this.#vectors.state(g, batch)
    const code = this.recipe.code(g, inputs)
    return { code, base: this.recipe.residual && this.#vectors.base(g, userRows), itemTable }
  }

  itemTable(g: GraphBuilder): GraphNode {
    return this.#vectors.itemTable(g)
  }

  /** Q of the items in the table rows `rows` [B, C] -> [B, C]; with a linear base Q starts from it. */
  values(g: GraphBuilder, { code, base, itemTable }: EncodedState, rows: GraphNode): GraphNode {
    const items = g.scope('input.candidates', () => g.gather(itemTable, rows))
    const q = this.recipe.values(g, code, this.#vectors.scaled(g, items))
    return base ? this.#vectors.onBase(g, q, base, items, 'q.baseWeight') : q
  }
}

/** States -> what the values need of them. */
export function codeGraph(plan: QPlan, batch: number): Graph {
  const g = new GraphBuilder('q-learning.code')
  const { code, base } = plan.state(g, batch)
  g.output('code', code)
  if (base) g.output('base', base)
  return g.build()
}

/** Codes (of `codeGraph`) and C candidates per state -> their values [B, C]. */
export function valuesGraph(plan: QPlan, code: Graph, count: number): Graph {
  const g = new GraphBuilder('q-learning.values')
  const of = (name: string) => {
    const node = code.outputs.get(name)
    return node ? g.input(name, node.shape) : null
  }
  const state = { code: of('code')!, base: of('base'), itemTable: plan.itemTable(g) }
  g.output('values', plan.values(g, state, g.inputInt('candidateRows', [state.code.shape[0]!, count])))
  return g.build()
}

/** Values of the candidates of the next states, [B, C]; those of places without a candidate mean nothing. */
export function nextValuesGraph(plan: QPlan, batch = plan.recipe.batchSize): Graph {
  const g = new GraphBuilder('q-learning.next-values')
  const state = plan.state(g, batch)
  g.output('values', plan.values(g, state, g.inputInt('candidateRows', [batch, plan.recipe.candidateSample])))
  return g.build()
}

/**
 * The loss with its gradients: importance-weighted mean of (y - Q(s, a))^2, and for DEERS of alpha times the pairwise term
 * where there is a competitor.
 *
 * Inputs beside those of the state: executedRows [B, 1], or [B, 2] with the competitors' rows behind; target and weights [B];
 * for DEERS sign [B], sgn(r_a - r_E), 0 without a competitor.
 */
export function lossGraph(plan: QPlan): Graph {
  const { batchSize: batch, pairwise } = plan.recipe
  const g = new GraphBuilder('q-learning.loss')
  const both = plan.values(g, plan.state(g, batch), g.inputInt('executedRows', [batch, pairwise ? 2 : 1]))
  const q = g.reshape(g.slice(both, 0, 1), [batch])
  const target = g.input('target', [batch])
  const weights = g.input('weights', [batch])
  const squared = g.mse(q, target, weights)
  g.output('tdError', g.sub(target, q))
  g.output('meanQ', g.mean(q))
  if (pairwise) {
    const sign = g.input('sign', [batch])
    const apart = g.sub(q, g.reshape(g.slice(both, 1, 1), [batch]))
    const term =
      pairwise.form === 'hinge'
        ? g.relu(g.addScalar(g.scale(g.mul(sign, apart), -1), pairwise.margin))
        : g.scale(g.square(apart), -1)
    // sign^2 is 1 where there is a competitor and 0 elsewhere: there the term drops out.
    const mean = g.mean(g.mul(g.mul(term, g.square(sign)), weights))
    g.output('pairwise', mean)
    g.output('loss', g.add(squared, g.scale(mean, pairwise.weight)))
  } else g.output('loss', squared)
  return differentiate(g.build(), 'loss', isWeight)
}

const isWeight = (name: string): boolean => name.startsWith('q.')

/** The network's parameters, all zeros. @throws GraphError naming parameters that the loss does not depend on */
export function createQNetwork(plan: QPlan, executor: Executor): ParameterArena {
  const graph = lossGraph(plan)
  requireAllParametersUsed(graph)
  return createArena(graph.parameters, executor.memory)
}
