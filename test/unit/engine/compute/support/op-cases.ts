import { inferNode } from '../../../../../src-main/engine/compute/ops/index.ts'
import { sizeOf } from '../../../../../src-main/engine/compute/types.ts'
import type { Attributes, GraphNode, Shape, UnaryKind } from '../../../../../src-main/engine/compute/types.ts'
import type { Rng } from '../../../../../src-main/engine/core/rng.ts'

/** Sizes of one random case: B examples, lists of n rows, rows of k columns. */
export interface Dims {
  readonly batch: number
  readonly count: number
  readonly width: number
}

export interface OpCase {
  readonly node: GraphNode
  readonly values: readonly (Float32Array | Int32Array)[]
}

/** Draws the elements of a float32 argument. */
export type Draw = (rng: Rng) => number

export const uniform: Draw = (rng) => 4 * rng.uniform() - 2

/** Every second element is out of the ordinary. */
export const extreme: Draw = (rng) => {
  const special = [NaN, Infinity, -Infinity, 0, -0, 1, -1, 100, -100, 0.5, 3e-5]
  return rng.uniform() < 0.5 ? uniform(rng) : special[Math.floor(rng.uniform() * special.length)]!
}

/** Rows in a table that ids point to. */
const TABLE = 7

const unaryKinds: readonly UnaryKind[] = [
  'relu',
  'tanh',
  'sigmoid',
  'square',
  'exp',
  'log',
  'sqrt',
  'reciprocal',
  'softplus',
  'abs',
]

type OwnValues = Readonly<Record<number, Float32Array | Int32Array>>

class CaseMaker {
  readonly dims: Dims
  readonly rows: Shape
  readonly lists: Shape
  readonly weights: Shape
  readonly #rng: Rng
  readonly #draw: Draw

  constructor(dims: Dims, rng: Rng, draw: Draw) {
    const { batch, count, width } = dims
    this.dims = dims
    this.rows = [batch, width]
    this.lists = [batch, count, width]
    this.weights = [batch, count]
    this.#rng = rng
    this.#draw = draw
  }

  below(bound: number): number {
    return Math.floor(this.#rng.uniform() * bound)
  }

  pick<T>(...of: readonly T[]): T {
    return of[this.below(of.length)]!
  }

  /** `op` on arguments of these shapes, drawn at random where they are not given. */
  make(op: string, shapes: readonly Shape[], attributes: Attributes = {}, own: OwnValues = {}): OpCase {
    const values = shapes.map((shape, index) => own[index] ?? this.#floats(sizeOf(shape)))
    const inputs = shapes.map((shape, id): GraphNode => {
      const ints = values[id] instanceof Int32Array
      return { id, op: ints ? 'inputInt' : 'input', inputs: [], shape, dtype: ints ? 'int32' : 'float32', attributes: {} }
    })
    return { node: { id: inputs.length, op, inputs, attributes, ...inferNode('A test', op, inputs, attributes) }, values }
  }

  ids(size: number, bound: number): OwnValues {
    return { 1: Int32Array.from({ length: size }, () => this.below(bound)) }
  }

  /** Zeros and ones; one row in four is all zeros. */
  mask([rows, width]: Shape): Float32Array {
    const mask = new Float32Array(rows! * width!)
    for (let row = 0; row < rows!; row++) {
      const open = this.below(4) > 0
      for (let at = row * width!; open && at < (row + 1) * width!; at++) mask[at] = this.below(3) === 0 ? 0 : 1
    }
    return mask
  }

  #floats(size: number): Float32Array {
    return Float32Array.from({ length: size }, () => this.#draw(this.#rng))
  }
}

const builders: Readonly<Record<string, (m: CaseMaker) => OpCase>> = {
  add: (m) => m.make('add', [m.lists, m.pick([], [m.dims.width], m.lists.slice(1), m.lists)]),
  sub: (m) => m.make('sub', [m.lists, m.pick([], [m.dims.width], m.lists.slice(1), m.lists)]),
  mul: (m) => m.make('mul', [m.lists, m.pick([], [m.dims.width], m.lists.slice(1), m.lists)]),
  scale: (m) => m.make('scale', [m.rows], { value: m.pick(-1, 0.5, 3) }),
  addScalar: (m) => m.make('addScalar', [m.rows], { value: m.pick(-1, 0.5, 3) }),
  clip: (m) => m.make('clip', [m.rows], { min: m.pick(-1, -0.7), max: m.pick(0.3, 1, 100) }),
  clipGrad: (m) => m.make('clipGrad', [m.rows, m.rows], { min: m.pick(-1, -0.7), max: m.pick(0.3, 1, 100) }),
  where: (m) => m.make('where', [m.rows, m.rows, m.rows], {}, { 0: m.mask(m.rows) }),
  unary: (m) => m.make('unary', [m.rows], { kind: m.pick(...unaryKinds) }),
  unaryGrad: (m) => m.make('unaryGrad', [m.rows, m.rows], { kind: m.pick(...unaryKinds) }),

  gather: (m) => m.make('gather', [[TABLE, m.dims.width], m.weights], {}, m.ids(sizeOf(m.weights), TABLE)),
  scatterRows: (m) => m.make('scatterRows', [m.lists, m.weights], { rows: TABLE }, m.ids(sizeOf(m.weights), TABLE)),
  pickLast: (m) => m.make('pickLast', [m.rows, [m.dims.batch]], {}, m.ids(m.dims.batch, m.dims.width)),
  placeLast(m) {
    const { batch, width } = m.dims
    return m.make('placeLast', [[batch], [batch]], { size: width }, m.ids(batch, width))
  },

  softmax: (m) =>
    m.below(2) === 0 ? m.make('softmax', [m.rows]) : m.make('softmax', [m.rows, m.rows], {}, { 1: m.mask(m.rows) }),
  logSoftmax: (m) => m.make('logSoftmax', [m.rows]),
  softmaxGrad: (m) => m.make('softmaxGrad', [m.rows, m.rows]),
  /** A logarithm of a probability is never above 0. */
  logSoftmaxGrad(m) {
    return m.make('logSoftmaxGrad', [m.rows, m.rows], {}, { 1: Float32Array.from({ length: sizeOf(m.rows) }, () => -m.below(9)) })
  },

  weightedSum: (m) => m.make('weightedSum', [m.weights, m.lists]),
  rowDot: (m) => m.make('rowDot', [m.rows, m.lists]),
  outerRows: (m) => m.make('outerRows', [m.weights, m.rows]),
  addRows: (m) => m.make('addRows', [m.lists, m.rows]),
  scaleRows: (m) => m.make('scaleRows', [m.lists, m.weights]),
  expandRows: (m) => m.make('expandRows', [m.rows], { rows: m.dims.count }),
  sumRows: (m) => m.make('sumRows', [m.lists]),
  maxRows: (m) =>
    m.below(2) === 0 ? m.make('maxRows', [m.lists]) : m.make('maxRows', [m.lists, m.weights], {}, { 1: m.mask(m.weights) }),
  maxRowsGrad: (m) =>
    m.below(2) === 0
      ? m.make('maxRowsGrad', [m.rows, m.lists])
      : m.make('maxRowsGrad', [m.rows, m.lists, m.weights], {}, { 2: m.mask(m.weights) }),

  copy: (m) => m.make('copy', [m.lists]),
  concat: (m) => m.make('concat', m.pick([m.rows], [m.rows, m.weights], [m.weights, m.rows, [m.dims.batch, 1], m.rows])),
  slice(m) {
    const start = m.below(m.dims.width)
    return m.make('slice', [m.lists], { start, size: 1 + m.below(m.dims.width - start) })
  },
  padLast: (m) =>
    m.make('padLast', [m.lists], m.pick({ start: 0, size: m.dims.width + 3 }, { start: 5, size: m.dims.width + 5 })),
  sumLast: (m) => m.make('sumLast', [m.pick(m.lists, m.rows)]),
  expandLast: (m) => m.make('expandLast', [m.weights], { size: m.dims.width }),
  sumLeading: (m) => m.make('sumLeading', [m.lists], { shape: m.pick([], [m.dims.width], m.lists.slice(1), m.lists) }),
  expandLeading: (m) => m.make('expandLeading', [m.pick([], [m.dims.width], m.lists.slice(1))], { shape: m.lists }),
}

/** Every op that has a case. */
export const caseOps: readonly string[] = Object.keys(builders)

/** A random case of `op`: its attributes, its optional arguments and all values come from `rng`. */
export function caseOf(op: string, dims: Dims, rng: Rng, draw: Draw = uniform): OpCase {
  return builders[op]!(new CaseMaker(dims, rng, draw))
}
