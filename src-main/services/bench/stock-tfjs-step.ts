import {
  add,
  argMax,
  concat,
  expandDims,
  gather,
  matMul,
  mean,
  mul,
  neg,
  relu,
  reshape,
  softmax,
  squaredDifference,
  squeeze,
  sum,
  tanh,
  tensor,
  tensor1d,
  tidy,
  tile,
  train,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import type { NamedTensorMap, Scalar, Tensor, Variable } from '@tensorflow/tfjs-core'
import type { ParameterArena } from '../../engine/compute/types.ts'
import { createReferenceData, ReferenceDraws, referenceSizes } from '../../engine/training/reference-step/reference-data.ts'
import { referenceDiscount, referenceGraphs, referenceParameters } from '../../engine/training/reference-step/reference-graphs.ts'
import { referenceRates } from '../../engine/training/reference-step/reference-step.ts'
import type { ReferenceOptions } from '../../engine/training/reference-step/reference-step.ts'

type Weights = Readonly<Record<string, Variable>>

export interface StockOptions extends ReferenceOptions {
  /** Is shown the gradients of each update by the names of their weights, before they are applied and freed. */
  readonly watch?: (gradients: NamedTensorMap) => void
}

export interface StockStep {
  step(): void
  /** Of the latest step; NaN before the first. */
  criticLoss(): number
  dispose(): void
}

/**
 * The reference step as one would write it with TensorFlow.js as it comes: eager ops, `variableGrads`, its Adam. Same
 * networks, data, draws and initial weights as `createReferenceStep`, on whichever backend is set.
 */
export function createStockStep(options: StockOptions): StockStep {
  return new Step(options)
}

class Step implements StockStep {
  readonly #data: ReturnType<typeof tensorsOf>
  readonly #draws: ReferenceDraws
  readonly #watch: StockOptions['watch']
  readonly #weights: Record<'actor' | 'critic', Weights>
  readonly #targets: Record<'actor' | 'critic', Weights>
  readonly #optimisers = {
    actor: train.adam(referenceRates.actor, 0.9, 0.999, 1e-8),
    critic: train.adam(referenceRates.critic, 0.9, 0.999, 1e-8),
  }
  #criticLoss = NaN

  constructor(options: StockOptions) {
    const { k, batch, seed, watch } = options
    const initial = referenceParameters(referenceGraphs(k, batch), seed)
    const drawn = () => ({ actor: variablesOf(initial.actor), critic: variablesOf(initial.critic) })
    this.#weights = drawn()
    this.#targets = drawn()
    this.#data = tensorsOf(options)
    this.#draws = new ReferenceDraws(batch, seed)
    this.#watch = watch
  }

  step(): void {
    const acted = this.#draws.nextActed()
    this.#draws.nextBatch()
    this.#act(acted)
    this.#criticLoss = this.#learn()
  }

  criticLoss(): number {
    return this.#criticLoss
  }

  dispose(): void {
    this.#data.dispose()
    for (const { actor, critic } of [this.#weights, this.#targets]) {
      for (const weight of [...Object.values(actor), ...Object.values(critic)]) weight.dispose()
    }
    this.#optimisers.actor.dispose()
    this.#optimisers.critic.dispose()
  }

  /** @returns the item with the highest score */
  #act(transition: number): number {
    return tidy(() => {
      const { itemVectors } = this.#data
      const { users, positive, negative } = this.#data.rows(tensor1d([transition], 'int32'))
      const { action } = policy(this.#weights.actor, itemVectors, users, positive, negative)
      return argMax(reshape(matMul(itemVectors, action, false, true), [referenceSizes.items])).dataSync()[0]!
    })
  }

  /** @returns the critic's loss */
  #learn(): number {
    return tidy(() => {
      const { itemVectors } = this.#data
      const { actor, critic } = this.#weights
      const batch = this.#data.rows(tensor1d(this.#draws.transitions, 'int32'))
      const { users, positive, negative } = batch
      const next = policy(this.#targets.actor, itemVectors, users, batch.nextPositive, batch.nextNegative)
      const target = add(batch.rewards, mul(quality(this.#targets.critic, next.state, next.action), referenceDiscount))
      const state = concat(
        [
          attentionState(actor, 'actor.positive.attention', users, gather(itemVectors, positive)),
          attentionState(actor, 'actor.negative.attention', users, gather(itemVectors, negative)),
        ],
        1,
      )
      const loss = this.#update('critic', () => mean(squaredDifference(quality(critic, state, batch.actions), target)))
      this.#update('actor', () => {
        const present = policy(actor, itemVectors, users, positive, negative)
        return neg(mean(quality(critic, present.state, present.action)))
      })
      approach(this.#targets.actor, actor)
      approach(this.#targets.critic, critic)
      return loss.dataSync()[0]!
    })
  }

  #update(who: 'actor' | 'critic', loss: () => Scalar): Scalar {
    const weights = this.#weights[who]
    const { value, grads } = variableGrads(loss, Object.values(weights))
    this.#watch?.(Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, grads[weight.name]!])))
    this.#optimisers[who].applyGradients(Object.entries(grads).map(([name, gradient]) => ({ name, tensor: gradient })))
    return value
  }
}

/** All data as tensors, and how to read the rows of a batch. */
function tensorsOf({ k, seed, data: given }: StockOptions) {
  const data = given ?? createReferenceData(k, seed)
  const { history, items, users, replay } = referenceSizes
  const lists = (values: Int32Array): Tensor => tensor(values, [replay, history], 'int32')
  const itemVectors = tensor(data.itemVectors, [items, k])
  const userVectors = tensor(data.userVectors, [users, k])
  const tables = {
    users: tensor(data.users, [replay], 'int32'),
    positive: lists(data.positive),
    negative: lists(data.negative),
    nextPositive: lists(data.nextPositive),
    nextNegative: lists(data.nextNegative),
    actions: tensor(data.actions, [replay, k]),
    rewards: tensor(data.rewards, [replay]),
  }
  return {
    itemVectors,
    rows: (ids: Tensor) => ({
      users: gather(userVectors, gather(tables.users, ids)),
      positive: gather(tables.positive, ids),
      negative: gather(tables.negative, ids),
      nextPositive: gather(tables.nextPositive, ids),
      nextNegative: gather(tables.nextNegative, ids),
      actions: gather(tables.actions, ids),
      rewards: gather(tables.rewards, ids),
    }),
    dispose: () => {
      for (const each of [itemVectors, userVectors, ...Object.values(tables)]) each.dispose()
    },
  }
}

/** The two halves of W2 [u, i] become the one matrix that it is; every other weight keeps its shape. */
function variablesOf(arena: ParameterArena): Weights {
  const weights: Record<string, Variable> = {}
  // The tensors from which the variables are made are freed, the variables stay.
  tidy(() => {
    for (const { name, shape } of arena.entries) {
      if (name.endsWith('.itemWeight')) continue
      const values = tensor(arena.view(name), [...shape])
      if (!name.endsWith('.userWeight')) {
        weights[name] = variable(values)
        continue
      }
      const itemPart = tensor(arena.view(name.replace('.userWeight', '.itemWeight')), [...shape])
      weights[name.replace('.userWeight', '.weight')] = variable(concat([values, itemPart], 0))
    }
  })
  return weights
}

function dense(weights: Weights, name: string, index: number, x: Tensor): Tensor {
  return add(matMul(x, weights[`${name}.w${index}`]!), weights[`${name}.b${index}`]!)
}

/** users [B, k], items [B, n, k] -> [B, 3k] */
function attentionState(weights: Weights, name: string, users: Tensor, items: Tensor): Tensor {
  const [batch, n, k] = items.shape as [number, number, number]
  const pairs = concat([tile(expandDims(users, 1), [1, n, 1]), items], 2)
  const features = relu(add(matMul(reshape(pairs, [batch * n, 2 * k]), weights[`${name}.weight`]!), weights[`${name}.bias`]!))
  const attention = softmax(reshape(matMul(features, weights[`${name}.scoreWeight`]!), [batch, n]))
  const pooled = sum(mul(expandDims(attention, 2), items), 1)
  return concat([users, mul(users, pooled), pooled], 1)
}

/** -> state [B, 6k] and action [B, k] */
function policy(weights: Weights, itemVectors: Tensor, users: Tensor, positive: Tensor, negative: Tensor) {
  const side = (name: string, ids: Tensor) => {
    const state = attentionState(weights, `${name}.attention`, users, gather(itemVectors, ids))
    const hidden = relu(dense(weights, name, 2, relu(dense(weights, name, 1, state))))
    return { state, action: tanh(dense(weights, name, 3, hidden)) }
  }
  const one = side('actor.positive', positive)
  const other = side('actor.negative', negative)
  return { state: concat([one.state, other.state], 1), action: add(one.action, other.action) }
}

/** -> [B] */
function quality(weights: Weights, state: Tensor, action: Tensor): Tensor {
  const hidden = relu(dense(weights, 'critic', 2, relu(dense(weights, 'critic', 1, concat([state, action], 1)))))
  return squeeze(dense(weights, 'critic', 3, hidden), [1])
}

function approach(targets: Weights, weights: Weights): void {
  const rate = referenceRates.target
  for (const [name, target] of Object.entries(targets)) {
    target.assign(add(mul(target, 1 - rate), mul(weights[name]!, rate)))
  }
}
