import type { Graph } from '../compute/types.ts'

/** One field of an example: a table of values, of which an example has one or several. */
export interface FieldSizes {
  readonly name: string
  readonly of: 'user' | 'item'
  /** Rows of its table; the last stands for "unknown". */
  readonly rows: number
  /** Most values that one user or item has, at least 1. */
  readonly width: number
}

/** What the size of a model depends on: the training side of a data set, in numbers. */
export interface DataSizes {
  readonly users: number
  readonly items: number
  readonly ratings: number
  /** Attributes of users and items. */
  readonly attributes: readonly FieldSizes[]
}

/** What a model without a network learns: named numbers in a table. */
export interface SketchedTable {
  readonly title: string
  readonly shape: readonly number[]
}

/** What a model fitted pass by pass is made of, without data: for its drawing, its counts and the estimate of its time. */
export interface RecipeSketch {
  readonly tables: readonly SketchedTable[]
  readonly network?: {
    /** Of a prediction, for a batch of so many rows. */
    draw(batch: number): Graph
    /** Of an update, with its gradients. */
    readonly update: Graph
    readonly batchSize: number
    /** Updates in a pass over the data, about. */
    readonly updatesPerPass: number
    /** Copies of the weights that training holds: the weights, their gradients, what the optimiser keeps. */
    readonly copies: number
  }
}
