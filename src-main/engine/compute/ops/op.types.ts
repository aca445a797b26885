import type { Attributes, DType, GraphNode, Shape } from '../types.ts'

export interface Inferred {
  readonly shape: Shape
  readonly dtype: DType
}

/** Ends inference with a GraphError that names the graph, the op, its inputs and `reason`. */
export type Fail = (reason: string) => never

/** The part of GraphBuilder that gradient rules need. */
export interface NodeMaker {
  apply(op: string, inputs: readonly GraphNode[], attributes?: Attributes): GraphNode
}

export interface GradientRequest {
  readonly g: NodeMaker
  readonly node: GraphNode
  /** Gradient of the loss with respect to `node`, of the same shape. */
  readonly upstream: GraphNode
  /** Whether anybody asked for what lies behind this input; the rule may leave out all others. */
  needs(input: number): boolean
}

/** All that is known about an op apart from how an executor computes it. */
export interface OpDefinition {
  /** The result's shape, after the inputs have been checked. */
  infer(inputs: readonly GraphNode[], attributes: Attributes, fail: Fail): Inferred
  /** Floating-point operations of one evaluation. Absent: none (data is only moved). */
  flops?(node: GraphNode): number
  /** One gradient per input, null where none flows (masks, ids) or none is needed. Absent: gradients stop here with an error. */
  gradient?(request: GradientRequest): (GraphNode | null)[]
  /** Inputs of the result's size whose memory the result may take over, as element i of the result needs only element i of them. */
  inPlace?: readonly number[]
  /** The result is its first input under another shape; no memory, no work. */
  alias?: true
  /** A value that is bound (inputs, parameters) or filled once (constants) and not computed. */
  source?: true
  /** Gradients never pass, by intention. */
  stopsGradient?: true
}

export type OpTable = Readonly<Record<string, OpDefinition>>
