import type { RatingScale } from '../../../contract/dto/dataset.ts'
import type { GraphBuilder } from '../../compute/graph-builder.ts'
import type { GraphNode } from '../../compute/types.ts'
import type { SideInputs, StateInputs } from '../../core/actor-critic-recipe.ts'
import type { Embedding } from '../../factorisation/embedding.ts'

/** A batch of states as graphs read it; what binds the inputs is a `StateBatch`. */
interface DrawnState {
  readonly inputs: StateInputs
  /** [B] */
  readonly userRows: GraphNode
  readonly itemTable: GraphNode
}

/**
 * Draws the vectors of an embedding as all networks take them: scaled to a root mean square of 1. Inner products use them as
 * they are.
 */
export class DrawnVectors {
  readonly #embedding: Embedding
  readonly #historyLength: number
  readonly #itemFactor: number
  readonly #userFactor: number
  readonly #rewardPerRating: number
  /** Rows of the user tables. */
  readonly userRows: number

  /**
   * @param scale of the ratings, for the reward that one unit of rating is worth
   * @param guests rows behind those of all users, for people that the embedding does not know
   */
  constructor(embedding: Embedding, historyLength: number, scale: RatingScale, guests = 0) {
    this.userRows = embedding.tables * embedding.userCount + guests
    this.#embedding = embedding
    this.#historyLength = historyLength
    this.#itemFactor = 1 / rootMeanSquare(embedding.items)
    this.#userFactor = 1 / rootMeanSquare(embedding.users)
    this.#rewardPerRating = 2 / (scale.max - scale.min)
  }

  state(g: GraphBuilder, batch: number): DrawnState {
    const { width } = this.#embedding
    const itemTable = this.itemTable(g)
    const userRows = g.inputInt('userRows', [batch])
    const user = g.scope('input.user', () =>
      g.scale(g.gather(g.input('userTable', [this.userRows, width]), userRows), this.#userFactor),
    )
    const side = (name: string): SideInputs =>
      g.scope(`input.${name}`, () => ({
        items: this.scaled(g, g.gather(itemTable, g.inputInt(`${name}Ids`, [batch, this.#historyLength]))),
        mask: g.input(`${name}Mask`, [batch, this.#historyLength]),
        empty: g.input(`${name}Empty`, [batch, this.#historyLength]),
      }))
    return { inputs: { user, positive: side('positive'), negative: side('negative') }, userRows, itemTable }
  }

  itemTable(g: GraphBuilder): GraphNode {
    const { width, tables, itemCount } = this.#embedding
    return g.input('itemTable', [tables * (itemCount + 1), width])
  }

  /** Item vectors (or actions, which are of their kind) as networks take them. */
  scaled(g: GraphBuilder, vectors: GraphNode): GraphNode {
    return g.scale(vectors, this.#itemFactor)
  }

  /** The linear base actions of the users, [B, k]. */
  base(g: GraphBuilder, userRows: GraphNode): GraphNode {
    return g.scope('input.base', () => g.gather(g.input('baseTable', [this.userRows, this.#embedding.width]), userRows))
  }

  /**
   * w (base . i) + q, w at first the reward of one rating unit: what judges items starts from the linear base. Otherwise it
   * would have to find matrix factorisation anew before it could judge a correction to it.
   * @param q [B, C]; @param base [B, k]; @param items [B, C, k]; @param weight name of the parameter w
   */
  onBase(g: GraphBuilder, q: GraphNode, base: GraphNode, items: GraphNode, weight: string): GraphNode {
    return g.scope(weight, () => {
      const w = g.parameter(weight, [1], { kind: 'constant', value: this.#rewardPerRating })
      const [batch, count] = q.shape as [number, number]
      const known = g.reshape(g.mul(g.reshape(g.rowDot(base, items), [batch * count, 1]), w), [batch, count])
      return g.add(q, known)
    })
  }
}

function rootMeanSquare(values: Float32Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!
  return Math.sqrt(sum / Math.max(1, values.length)) || 1
}
