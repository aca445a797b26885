import type { ParameterArena } from '../../src-main/engine/compute/types.ts'
import type { Embedding } from '../../src-main/engine/factorisation/embedding.ts'
import { NO_ITEM } from '../../src-main/engine/training/actor-critic/feedback-lists.ts'

/**
 * MDRR-att as equations (1) to (11) say, one state at a time, in double precision and plain loops: nothing of it is shared
 * with the graphs that it checks.
 */
export interface HandState {
  /** Row of `Embedding.users`. */
  readonly userRow: number
  /** Item indexes, NO_ITEM after the last. */
  readonly positive: readonly number[]
  readonly negative: readonly number[]
}

type Vector = readonly number[]

export const relu = (x: Vector): number[] => x.map((value) => Math.max(0, value))
export const sum = (...vectors: Vector[]): number[] => vectors[0]!.map((_, i) => vectors.reduce((total, v) => total + v[i]!, 0))
const times = (x: Vector, y: Vector): number[] => x.map((value, i) => value * y[i]!)
export const dot = (x: Vector, y: Vector): number => x.reduce((total, value, i) => total + value * y[i]!, 0)

/** x W for a row-major W with `x.length` rows. */
export function through(x: Vector, weights: Float32Array): number[] {
  const out = new Array<number>(weights.length / x.length).fill(0)
  x.forEach((value, i) => out.forEach((_, j) => (out[j]! += value * weights[i * out.length + j]!)))
  return out
}

export function softmax(logits: Vector): number[] {
  const largest = Math.max(...logits)
  const powers = logits.map((x) => Math.exp(x - largest))
  const total = powers.reduce((a, b) => a + b, 0)
  return powers.map((x) => x / total)
}

export class MdrrAttByHand {
  readonly #embedding: Embedding
  readonly #parameters: ParameterArena[]
  readonly #itemFactor: number
  readonly #userFactor: number

  constructor(embedding: Embedding, ...parameters: ParameterArena[]) {
    this.#embedding = embedding
    this.#parameters = parameters
    const factor = (values: Float32Array) => 1 / Math.sqrt(values.reduce((total, x) => total + x * x, 0) / values.length)
    this.#itemFactor = factor(embedding.items)
    this.#userFactor = factor(embedding.users)
  }

  #parameter(name: string): Float32Array {
    return this.#parameters.find((arena) => arena.has(name))!.view(name)
  }

  /** The item's vector in the table of the user's row, unscaled. */
  item(userRow: number, item: number): number[] {
    const { width, userCount, itemCount, items } = this.#embedding
    const at = (Math.floor(userRow / userCount) * (itemCount + 1) + item) * width
    return [...items.subarray(at, at + width)]
  }

  #user(userRow: number): number[] {
    const { width, users } = this.#embedding
    return [...users.subarray(userRow * width, (userRow + 1) * width)].map((x) => x * this.#userFactor)
  }

  /** Equations (1) to (6): the state of one side. */
  side(side: 'positive' | 'negative', state: HandState): number[] {
    const name = `actor.${side}.encoder`
    const user = this.#user(state.userRow)
    const known = state[side].filter((item) => item !== NO_ITEM)
    const items =
      known.length > 0
        ? known.map((item) => this.item(state.userRow, item).map((x) => x * this.#itemFactor))
        : [[...this.#parameter(`${name}.emptyItem`)]]
    const userPart = sum(through(user, this.#parameter(`${name}.userWeight`)), [...this.#parameter(`${name}.hiddenBias`)])
    const logits = items.map(
      (item) =>
        through(
          relu(sum(through(item, this.#parameter(`${name}.itemWeight`)), userPart)),
          this.#parameter(`${name}.scoreWeight`),
        )[0]!,
    )
    const weights = softmax(logits)
    const pooled = user.map((_, c) => items.reduce((total, item, v) => total + weights[v]! * item[c]!, 0))
    return [...user, ...times(user, pooled), ...pooled]
  }

  state(state: HandState): number[] {
    return [...this.side('positive', state), ...this.side('negative', state)]
  }

  /** One actor's answer, in (-1, 1). */
  actor(side: 'positive' | 'negative', state: HandState): number[] {
    const layer = (x: Vector, index: number) =>
      sum(through(x, this.#parameter(`actor.${side}.w${index}`)), [...this.#parameter(`actor.${side}.b${index}`)])
    return layer(relu(layer(relu(layer(this.side(side, state), 1)), 2)), 3).map(Math.tanh)
  }

  /** Equation (7): the sum of both actors' answers. */
  action(state: HandState): number[] {
    return sum(this.actor('positive', state), this.actor('negative', state))
  }

  /** Q(s, x) for an unscaled vector x. */
  critic(state: HandState, vector: Vector): number {
    const weight = (name: string) => this.#parameter(`critic.${name}`)
    const first = relu(sum(through(this.state(state), weight('w1')), [...weight('b1')]))
    const scaled = vector.map((x) => x * this.#itemFactor)
    const joint = relu(sum(through(first, weight('w2state')), [...weight('b2')], through(scaled, weight('w2vector'))))
    const third = relu(sum(through(joint, weight('w3')), [...weight('b3')]))
    return through(third, weight('w4'))[0]! + weight('b4')[0]!
  }
}
