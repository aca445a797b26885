import type { Activation, Attributes, GraphNode, Shape, UnaryKind } from './types.ts'

/**
 * The ops by name. Letters in shapes: B rows of a batch, n list positions, C candidates, k and h widths, V rows of a table;
 * `..` stands for any leading axes. Every method returns a new node and throws GraphError if the shapes do not fit.
 */
export abstract class GraphOps {
  /** Adds a node of any op of the op table. Models use the named methods; gradient rules use this. */
  abstract apply(op: string, inputs: readonly GraphNode[], attributes?: Attributes): GraphNode

  /** A tensor whose elements are all `value`. */
  constant(value: number, shape: Shape = []): GraphNode {
    return this.apply('constant', [], { value, shape })
  }

  /** activation(x w + b): x [.., in], w [in, out], b [out] or null -> [.., out]. */
  linear(x: GraphNode, w: GraphNode, b: GraphNode | null, activation: Activation = 'none'): GraphNode {
    return this.apply('linear', b ? [x, w, b] : [x, w], { activation })
  }

  /** a b with a [.., m], b [.., p]; leading axes are flattened to one, then either may be transposed. Plain: [.., m] [m, p] -> [.., p]. */
  matmul(a: GraphNode, b: GraphNode, transpose: { a?: boolean; b?: boolean } = {}): GraphNode {
    return this.apply('matmul', [a, b], { transposeA: transpose.a ?? false, transposeB: transpose.b ?? false })
  }

  /** Rows of table [V, k] by ids [..] (int32, 0 to V - 1) -> [.., k]. */
  gather(table: GraphNode, ids: GraphNode): GraphNode {
    return this.apply('gather', [table, ids])
  }

  /** x [.., C] at ids [..] (int32, 0 to C - 1) -> [..]. */
  pickLast(x: GraphNode, ids: GraphNode): GraphNode {
    return this.apply('pickLast', [x, ids])
  }

  /** Softmax over the last axis; positions whose mask is 0 get weight 0, a row without any 1 gets zeros. Same shapes. */
  maskedSoftmax(logits: GraphNode, mask: GraphNode): GraphNode {
    return this.apply('softmax', [logits, mask])
  }

  /** Softmax over the last axis. */
  softmax(logits: GraphNode): GraphNode {
    return this.apply('softmax', [logits])
  }

  /** Logarithm of softmax over the last axis, without overflow or log of zero. */
  logSoftmax(logits: GraphNode): GraphNode {
    return this.apply('logSoftmax', [logits])
  }

  /** Sum over n of weights [B, n] times values [B, n, k] -> [B, k]. */
  weightedSum(weights: GraphNode, values: GraphNode): GraphNode {
    return this.apply('weightedSum', [weights, values])
  }

  /** a [B, k] with each of items [B, C, k] -> [B, C]. */
  rowDot(a: GraphNode, items: GraphNode): GraphNode {
    return this.apply('rowDot', [a, items])
  }

  /** weights [B, n], a [B, k] -> [B, n, k]. */
  outerRows(weights: GraphNode, a: GraphNode): GraphNode {
    return this.apply('outerRows', [weights, a])
  }

  /** Adds `added` [B, h] to every row of x [B, n, h]. */
  addBroadcast(x: GraphNode, added: GraphNode): GraphNode {
    return this.apply('addRows', [x, added])
  }

  /** Multiplies each row of x [.., k] by its factor [..]: masks and per-row weights. */
  scaleRows(x: GraphNode, factors: GraphNode): GraphNode {
    return this.apply('scaleRows', [x, factors])
  }

  /** Repeats x [B, k] to [B, n, k]. */
  expandRows(x: GraphNode, rows: number): GraphNode {
    return this.apply('expandRows', [x], { rows })
  }

  /** Sum over axis 1: [B, n, k] -> [B, k]. */
  sumRows(x: GraphNode): GraphNode {
    return this.apply('sumRows', [x])
  }

  /** Maximum over axis 1: x [B, n, k] -> [B, k]; rows whose mask [B, n] is 0 are left out, none left gives 0. The first maximum gets the gradient. */
  maxRows(x: GraphNode, mask?: GraphNode): GraphNode {
    return this.apply('maxRows', mask ? [x, mask] : [x])
  }

  /** Joins along the last axis; all other axes must agree. */
  concat(parts: readonly GraphNode[]): GraphNode {
    return this.apply('concat', parts)
  }

  /** x [.., start .. start + size - 1] of the last axis. */
  slice(x: GraphNode, start: number, size: number): GraphNode {
    return this.apply('slice', [x], { start, size })
  }

  /** The same elements under another shape; costs nothing. */
  reshape(x: GraphNode, shape: Shape): GraphNode {
    return this.apply('reshape', [x], { shape })
  }

  /** Adds a new last axis of `size` equal elements: [..] -> [.., size]. */
  expandLast(x: GraphNode, size: number): GraphNode {
    return this.apply('expandLast', [x], { size })
  }

  /** Element-wise; the shape of b may be the last axes of a's (a bias, a scalar). The same holds for sub and mul. */
  add(a: GraphNode, b: GraphNode): GraphNode {
    return this.apply('add', [a, b])
  }

  sub(a: GraphNode, b: GraphNode): GraphNode {
    return this.apply('sub', [a, b])
  }

  mul(a: GraphNode, b: GraphNode): GraphNode {
    return this.apply('mul', [a, b])
  }

  /** x times a constant. */
  scale(x: GraphNode, factor: number): GraphNode {
    return this.apply('scale', [x], { value: factor })
  }

  /** x plus a constant. */
  addScalar(x: GraphNode, value: number): GraphNode {
    return this.apply('addScalar', [x], { value })
  }

  /** Limits to min .. max; outside the gradient is 0. */
  clip(x: GraphNode, min: number, max: number): GraphNode {
    return this.apply('clip', [x], { min, max })
  }

  /** a where mask is not 0, b elsewhere; same shapes. Nothing of the branch not taken gets through, not even NaN. */
  where(mask: GraphNode, a: GraphNode, b: GraphNode): GraphNode {
    return this.apply('where', [mask, a, b])
  }

  unary(kind: UnaryKind, x: GraphNode): GraphNode {
    return this.apply('unary', [x], { kind })
  }

  relu(x: GraphNode): GraphNode {
    return this.unary('relu', x)
  }

  tanh(x: GraphNode): GraphNode {
    return this.unary('tanh', x)
  }

  sigmoid(x: GraphNode): GraphNode {
    return this.unary('sigmoid', x)
  }

  square(x: GraphNode): GraphNode {
    return this.unary('square', x)
  }

  /** Sum over the last axis: [.., k] -> [..]. */
  sumLast(x: GraphNode): GraphNode {
    return this.apply('sumLast', [x])
  }

  /** Sum over all elements -> []. */
  sum(x: GraphNode): GraphNode {
    return this.apply('sumLeading', [x], { shape: [] })
  }

  /** Sum over the leading axes until `shape`, which must be the last axes of x. */
  sumLeading(x: GraphNode, shape: Shape): GraphNode {
    return this.apply('sumLeading', [x], { shape })
  }

  /** Repeats x over new leading axes until `shape`, whose last axes must be x's. */
  expandLeading(x: GraphNode, shape: Shape): GraphNode {
    return this.apply('expandLeading', [x], { shape })
  }

  /** The same value, through which no gradient flows back. */
  stopGradient(x: GraphNode): GraphNode {
    return this.apply('stopGradient', [x])
  }
}
