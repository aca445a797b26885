import { PalateError } from '../../contract/errors.ts'
import type { SimulatedWorld } from '../core/simulator.ts'
import type { InteractionTable } from '../data/interaction-table.ts'

const USERS_COMPARED = 12
const ITEMS_COMPARED = 60
/** Even where two factorisations settle on the same optimum they stop some way before it: only rounding is nearer to 1 than this. */
const SAME_MODEL = 1 - 1e-9
/** Interaction below this share of the scale is no taste: then both know the biases alone, and those every model finds alike. */
const NO_TASTE = 1e-3

/**
 * A policy that was learnt in a world that knows test ratings would have been told the answers.
 * @throws PalateError DATA_UNSUITABLE unless the world is of the training side and knows just these ratings
 */
export function requireTrainingWorld(world: SimulatedWorld, train: InteractionTable): void {
  if (world.side === 'training' && world.ratings === train) return
  throw new PalateError(
    'DATA_UNSUITABLE',
    'The simulated users of training may know the training ratings alone, and these know others: what learns among them would learn the test. Nothing was trained.',
    { reason: 'a world of another side' },
  )
}

/**
 * A policy that stands on the simulator's own factorisation would be asked what it was told: its figures mean nothing.
 *
 * Compares how users differ in what they like, biases left out, on a few users and items.
 *
 * @param scores writes what the model that is judged or trained thinks of items
 * @throws PalateError DATA_UNSUITABLE
 */
export function refuseOwnModel(
  world: SimulatedWorld,
  scores: (userIndex: number, items: Int32Array, count: number, out: Float32Array) => void,
): void {
  const { userCount, itemCount, scale } = world.ratings
  const users = spread(userCount, USERS_COMPARED)
  const items = spread(itemCount, ITEMS_COMPARED)
  const matrix = (write: typeof scores): Float64Array => {
    const values = new Float64Array(users.length * items.length)
    const row = new Float32Array(items.length)
    users.forEach((user, at) => {
      write(user, items, items.length, row)
      values.set(row, at * items.length)
    })
    return interactions(values, users.length, items.length)
  }
  const ours = matrix((user, some, count, out) => world.predict(user, some, count, out))
  if (rootMeanSquare(ours) < NO_TASTE * (scale.max - scale.min)) return
  if (!(correlation(ours, matrix(scores)) >= SAME_MODEL)) return
  throw new PalateError(
    'DATA_UNSUITABLE',
    'The simulated users answer by the very factorisation that the model stands on: it would be judged by its own opinion. Give one of them another size or seed.',
    { reason: 'the simulator and the model share a factorisation' },
  )
}

/** Up to `count` indexes, evenly over all. */
function spread(total: number, count: number): Int32Array {
  const taken = Math.min(total, count)
  return Int32Array.from({ length: taken }, (_, i) => Math.floor((i * total) / taken))
}

/** What is left of a matrix without the means of its rows and columns. */
function interactions(values: Float64Array, rows: number, columns: number): Float64Array {
  const byRow = new Float64Array(rows)
  const byColumn = new Float64Array(columns)
  let all = 0
  values.forEach((value, at) => {
    byRow[Math.floor(at / columns)]! += value / columns
    byColumn[at % columns]! += value / rows
    all += value / values.length
  })
  return values.map((value, at) => value - byRow[Math.floor(at / columns)]! - byColumn[at % columns]! + all)
}

function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / Math.max(1, values.length))
}

/** Of values whose mean is 0; 0 where either does not vary. */
function correlation(a: Float64Array, b: Float64Array): number {
  const product = a.reduce((sum, value, at) => sum + value * b[at]!, 0) / Math.max(1, a.length)
  const size = rootMeanSquare(a) * rootMeanSquare(b)
  return size > 0 ? product / size : 0
}
