import type { LiveViewer } from '../../contract/dto/live.ts'
import type { StateTree } from './state-codec.ts'

/** Items of one feedback side as the model sees them, with the attention on each where it has attention. */
export interface LiveSide {
  readonly items: readonly number[]
  /** Sums to 1; null without attention. */
  readonly attention: readonly number[] | null
}

/** Item vectors by which items can be called alike: row `i` of `values` is item i's. */
export interface ItemVectors {
  readonly width: number
  /** The first so many coordinates say what an item is like; those behind them how good or known it is. */
  readonly latent: number
  readonly values: Float32Array
}

/** Whom a model can meet: what makes a virtual user is for the simulator alone to know, and what a persona thinks for itself. */
export type MetViewer = Exclude<LiveViewer, { kind: 'virtual' | 'persona' }>

/** A trained model that one person plays with: what a live session needs of it. */
export interface LiveModel {
  /** Starts over: the trained weights, and the state that the viewer's history gives. @throws PalateError DATA_UNSUITABLE */
  begin(viewer: MetViewer): void
  /** Writes the scores of the first `count` items for the viewer as things stand. */
  score(items: Int32Array, count: number, out: Float32Array): void
  /** Feedback on a shown item: the state moves on by the model's own rules. @param rating null when it was passed over */
  observe(item: number, rating: number | null): void
  /** Makes gradient updates. @throws PalateError RUN_DIVERGED when a weight is not finite any more; null: it cannot learn on line */
  readonly learn: ((updates: number) => void) | null
  /** Writes what recommending each item now is worth to the critic; null where there is none. */
  readonly values: ((items: Int32Array, count: number, out: Float32Array) => void) | null
  /** The history that the model looks at; null where it looks at none. */
  history(): { readonly positive: LiveSide | null; readonly negative: LiveSide | null }
  readonly vectors: ItemVectors | null
  /** NDCG@20 on held-out users with the present weights, yielding now and then; null where it cannot be asked. */
  readonly probe: (() => Generator<unknown, { readonly ndcg: number; readonly users: number }>) | null
  /**
   * What a run that continues from the session begins with: embedding, weights as they are now, the session's own transitions, and the
   * viewer's rows of the tables where those are nobody's in the data; null where nothing learns from transitions.
   */
  readonly legacy: (() => StateTree) | null
  /** What a session with it cannot do, in words. */
  readonly limits: readonly string[]
  /** Between two answers; what is saved goes on bit by bit the same. */
  save(): StateTree
  restore(saved: StateTree): void
}
