import type { Rng } from '../core/rng.ts'
import type { FactorisationKernels } from './factorisation.types.ts'
import type { Passes } from './passes.types.ts'

/** Sizes of the axes, outermost first. `[]` is a scalar. Every size is fixed when the graph is built. */
export type Shape = readonly number[]

export type DType = 'float32' | 'int32'

/** What a fused layer does to its sum before it is stored. */
export type Activation = 'none' | 'relu' | 'tanh' | 'sigmoid'

export type UnaryKind = 'relu' | 'tanh' | 'sigmoid' | 'square' | 'exp' | 'log' | 'sqrt' | 'reciprocal' | 'softplus' | 'abs'

/** The constants of a node. Each op's file says which of them it reads. */
export interface Attributes {
  readonly name?: string
  readonly activation?: Activation
  readonly kind?: UnaryKind
  readonly transposeA?: boolean
  readonly transposeB?: boolean
  readonly value?: number
  readonly start?: number
  readonly size?: number
  readonly shape?: Shape
  readonly rows?: number
  readonly min?: number
  readonly max?: number
}

/** One value of a graph: the result of `op` on `inputs`. Nodes are immutable and belong to the builder that made them. */
export interface GraphNode {
  /** Position in `Graph.nodes`; inputs always have smaller ids. */
  readonly id: number
  readonly op: string
  readonly inputs: readonly GraphNode[]
  readonly shape: Shape
  readonly dtype: DType
  readonly attributes: Attributes
  /** The part of the model that made it, see `GraphBuilder.scope`; a gradient belongs to the block of what it is taken of. */
  readonly block?: string
}

/** How the values of a parameter are drawn before training. `scale` multiplies the drawn values. */
export type InitialValues =
  | { readonly kind: 'zeros' }
  | { readonly kind: 'constant'; readonly value: number }
  /** Uniform in ±sqrt(6 / (fanIn + fanOut)). */
  | { readonly kind: 'xavier-uniform'; readonly scale?: number }
  /** Normal with standard deviation sqrt(2 / fanIn): for layers followed by ReLU. */
  | { readonly kind: 'he-normal'; readonly scale?: number }
  | { readonly kind: 'uniform'; readonly limit: number }
  | { readonly kind: 'normal'; readonly deviation: number }

export interface ParameterSpec {
  readonly name: string
  readonly shape: Shape
  readonly initial: InitialValues
}

/** A row of the drawing of a graph. */
export interface NodeDescription {
  readonly id: number
  readonly op: string
  /** The name of an input, parameter, output or gradient; otherwise the op with its id. */
  readonly name: string
  readonly shape: Shape
  readonly dtype: DType
  readonly inputs: readonly number[]
  readonly flops: number
  /** By which the drawing groups; absent for what stands outside all blocks. */
  readonly block?: string
}

/** A finished, immutable computation. Made by `GraphBuilder.build()` and by `differentiate()`. */
export interface Graph {
  readonly name: string
  /** In an order in which they can be computed. */
  readonly nodes: readonly GraphNode[]
  readonly inputs: ReadonlyMap<string, GraphNode>
  readonly outputs: ReadonlyMap<string, GraphNode>
  /** In order of first declaration. */
  readonly parameters: readonly ParameterSpec[]
  /** Names of declared parameters that no output or gradient depends on: usually a mistake in the model. */
  readonly unusedParameters: readonly string[]
  /** Gradient of a loss by name of the parameter or input it was taken with respect to; empty before `differentiate`. */
  readonly gradients: ReadonlyMap<string, GraphNode>
  /** Names that a predicate asked for but whose loss does not depend on them; they get no gradient. */
  readonly withoutGradient: readonly string[]
  /** Floating-point operations of one run (a multiply-add counts as two). */
  readonly flops: number
  /** Sum of the sizes of all parameters. */
  readonly parameterCount: number
  /** One row per node that a run computes or reads. */
  describe(): NodeDescription[]
}

/** Values of an input: exactly as many numbers as its shape says, Int32Array for int32 inputs, row-major. */
export type InputValues = Float32Array | Int32Array

export interface ArenaEntry extends ParameterSpec {
  /** First element in `ParameterArena.values`. */
  readonly offset: number
  readonly size: number
}

/** Named tensors in one flat array, so that an optimiser or a soft update is one pass and a checkpoint is one blob. */
export interface ParameterArena {
  readonly values: Float32Array
  readonly entries: readonly ArenaEntry[]
  has(name: string): boolean
  /** @returns a view into `values`, the same object on each call. @throws GraphError for an unknown name */
  view(name: string): Float32Array
  /** A copy with its own values. With `prefix`, each name gets it in front: how a target network is made. */
  clone(prefix?: string): ParameterArena
  /** The same layout, all zeros: where gradients are collected. */
  zerosLike(): ParameterArena
  /** Overwrites the values; the layouts (sizes in order) must agree, names need not. @throws GraphError otherwise */
  copyFrom(source: ParameterArena): void
  /** Draws all values by their `initial`, in order of the entries. */
  initialise(rng: Rng): void
}

export interface Bindings {
  /** Values that may differ from run to run, even in the same array. */
  readonly inputs?: Readonly<Record<string, InputValues>>
  /** Inputs that never change as long as the array is the same one: an executor may keep a copy of its own. */
  readonly tables?: Readonly<Record<string, InputValues>>
  /** Each parameter is taken from the first arena that has its name. */
  readonly parameters?: readonly ParameterArena[]
  /** Each gradient overwrites the view of its name in every arena here that has it; others stay only in the outputs. */
  readonly gradients?: readonly ParameterArena[]
}

/** Results of a run. The arrays belong to the program: the same objects each time, overwritten by the next run. */
export interface ProgramOutputs {
  /** @throws GraphError for a name that is no output */
  view(name: string): Float32Array
  /** @returns the only element of a scalar output. @throws GraphError if it has more than one */
  scalar(name: string): number
  /** Gradient with respect to the parameter or input `name`. @throws GraphError if the graph has none */
  gradient(name: string): Float32Array
}

/** A graph with its memory placed. `run` allocates nothing. Not re-entrant. */
export interface Program {
  readonly graph: Graph
  /** Bytes of all buffers the program owns. */
  readonly memoryBytes: number
  /** What `run` returns, zeros before the first: its arrays can be bound as inputs of another program. */
  readonly outputs: ProgramOutputs
  /** @throws GraphError if an input or parameter is missing or has the wrong length or type, or an index is out of range */
  run(bindings: Bindings): ProgramOutputs
}

/** Arrays of zeros that an executor reads and writes where they lie. Other arrays are bound as well, but copied in each run. */
export interface ExecutorMemory {
  /** @param size number of elements. @throws GraphError when there is no room */
  floats(size: number): Float32Array
  ints(size: number): Int32Array
}

/** The seam behind which plain JavaScript, WebAssembly, native code and TensorFlow.js can be exchanged. */
export interface Executor {
  /** For instance "plain", "kernels", "native", "tfjs-webgpu": stored with each run. */
  readonly id: string
  /** What it computes on, in words: "WebAssembly with relaxed SIMD, 2 threads". */
  readonly device: string
  readonly memory: ExecutorMemory
  /** What optimisers and target networks do with whole arenas. */
  readonly passes: Passes
  /** Epochs of matrix factorisation. */
  readonly factorisation: FactorisationKernels
  /** @throws GraphError if the graph uses an op that this executor does not know */
  compile(graph: Graph): Program
}

/** A mistake in a graph or in what was bound to it. The message names the graph, the op and the shapes. */
export class GraphError extends Error {
  override readonly name = 'GraphError'
}

export function sizeOf(shape: Shape): number {
  let size = 1
  for (const axis of shape) size *= axis
  return size
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((axis, index) => axis === b[index])
}

/** `[64, 10, 100]`, as messages print it. */
export function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`
}
