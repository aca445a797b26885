import { GraphOps } from './graph-ops.ts'
import { GraphError, sizeOf } from './types.ts'
import type { GraphNode, Shape } from './types.ts'

/** Losses and dropout, composed of the ops: they have no kernels and no gradient rules of their own. */
export abstract class GraphComposites extends GraphOps {
  abstract input(name: string, shape: Shape): GraphNode
  /** The graph and, within one, the block, as messages begin. */
  protected abstract place(): string

  /** Mean over all elements -> []. */
  mean(x: GraphNode): GraphNode {
    return this.scale(this.sum(x), 1 / Math.max(1, sizeOf(x.shape)))
  }

  /** Mean of weights (prediction - target)^2 over all elements -> []; weights, if any, have the same shape. */
  mse(prediction: GraphNode, target: GraphNode, weights?: GraphNode): GraphNode {
    return this.#weightedMean(this.square(this.sub(prediction, target)), weights)
  }

  /**
   * Mean of weights H(e) over all elements -> [], e = prediction - target (Huber 1964): H(e) = e^2 / 2 where |e| <= delta,
   * delta (|e| - delta / 2) beyond. Its slope is e limited to ±delta, so that one outlier moves a weight by so much only.
   *
   * With c = e limited to ±delta both cases are c (e - c / 2).
   * @param delta above 0; @param weights of the same shape
   */
  huber(prediction: GraphNode, target: GraphNode, delta: number, weights?: GraphNode): GraphNode {
    if (!(delta > 0)) throw new GraphError(`${this.place()}: huber wants a delta above 0, not ${delta}.`)
    const error = this.sub(prediction, target)
    const limited = this.clip(error, -delta, delta)
    return this.#weightedMean(this.mul(limited, this.sub(error, this.scale(limited, 0.5))), weights)
  }

  /** Mean cross-entropy of targets in 0 .. 1 under sigmoid(logits) -> []; stable for any logit. */
  sigmoidCrossEntropy(logits: GraphNode, targets: GraphNode, weights?: GraphNode): GraphNode {
    return this.#weightedMean(this.sub(this.unary('softplus', logits), this.mul(logits, targets)), weights)
  }

  /** Mean of -log softmax(logits)[id] -> []: logits [B, C], ids [B] (int32, 0 to C - 1) of the right classes; stable for any logit. */
  crossEntropy(logits: GraphNode, ids: GraphNode): GraphNode {
    return this.scale(this.mean(this.pickLast(this.logSoftmax(logits), ids)), -1)
  }

  /**
   * Mean of -log sigmoid(positive - negative) = softplus(negative - positive) -> []: Bayesian personalised ranking (Rendle
   * et al. 2009) without its regularisation, on the scores of preferred and other items, pair by pair; same shapes.
   */
  bpr(positive: GraphNode, negative: GraphNode): GraphNode {
    return this.mean(this.unary('softplus', this.sub(negative, positive)))
  }

  /**
   * x times a float32 input `name` of the same shape, which holds 0 (dropped) or 1 / (1 - rate) (kept) for each element:
   * inverted dropout (Srivastava et al. 2014). `fillDropoutMask` draws it; outside training it holds ones. The graph draws
   * nothing itself, so a run is repeatable on every executor.
   * @param rate share to drop, 0 to below 1; at 0 the result is x itself and there is no input
   */
  dropout(x: GraphNode, name: string, rate: number): GraphNode {
    if (!(rate >= 0 && rate < 1))
      throw new GraphError(`${this.place()}: dropout "${name}" wants a rate from 0 to below 1, not ${rate}.`)
    return rate === 0 ? x : this.mul(x, this.input(name, x.shape))
  }

  #weightedMean(each: GraphNode, weights: GraphNode | undefined): GraphNode {
    return this.mean(weights ? this.mul(each, weights) : each)
  }
}
