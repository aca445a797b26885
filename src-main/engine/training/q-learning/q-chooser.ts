import type { Bindings, Executor, ParameterArena, Program } from '../../compute/types.ts'
import type { Rng } from '../../core/rng.ts'
import { RerankEnvironment, type Environment } from '../actor-critic/environment.ts'
import { StateBatch, type Tables } from '../actor-critic/networks.ts'
import type { Transitions } from '../actor-critic/replay.ts'
import type { Chooser } from '../actor-critic/rollout.ts'
import { codeGraph, valuesGraph, type QPlan } from './q-networks.ts'

/** Candidates per state in one run of the values: about as many as an episode offers on the usual data sets. */
const AT_ONCE = 16

/**
 * Recommends the candidate with the largest Q, or a random one where it explores. All environments' states are encoded in one
 * run; their candidates go through the rest of the network some at a time. Allocates nothing.
 */
export class QChooser implements Chooser {
  readonly asksToExplore = false
  readonly #competitors: Int32Array | null
  readonly #code: Program
  readonly #values: Program
  readonly #states: StateBatch
  readonly #codeBindings: Bindings
  readonly #valuesBindings: Bindings
  readonly #candidateRows: Int32Array
  readonly #environments: (Environment | undefined)[]
  /** By row: the best position so far, and its value. */
  readonly #best: Int32Array
  readonly #bestValue: Float64Array

  /**
   * @param network its present weights, live; @param environments how many act at once
   * @param competitors by training row, or null where nothing is compared
   */
  constructor(
    plan: QPlan,
    executor: Executor,
    tables: Tables,
    network: ParameterArena,
    environments: number,
    competitors: Int32Array | null,
  ) {
    const { memory } = executor
    const code = codeGraph(plan, environments)
    this.#competitors = competitors
    this.#code = executor.compile(code)
    this.#values = executor.compile(valuesGraph(plan, code, AT_ONCE))
    this.#states = new StateBatch(environments, plan.recipe.historyLength, plan.embedding, memory)
    this.#candidateRows = memory.ints(environments * AT_ONCE)
    const shared = { tables, parameters: [network] }
    this.#codeBindings = { ...shared, inputs: this.#states.inputs }
    const inputs = Object.fromEntries([...code.outputs.keys()].map((name) => [name, this.#code.outputs.view(name)]))
    this.#valuesBindings = { ...shared, inputs: { ...inputs, candidateRows: this.#candidateRows } }
    this.#environments = new Array<Environment | undefined>(environments).fill(undefined)
    this.#best = new Int32Array(environments)
    this.#bestValue = new Float64Array(environments)
  }

  get flops(): number {
    return this.#code.graph.flops + this.#values.graph.flops
  }

  hear(row: number, environment: Environment): void {
    const { lists, userRow, slot } = environment
    this.#states.set(row, userRow, lists.positive, lists.negative, slot * lists.length)
    this.#environments[row] = environment
    this.#best[row] = 0
    this.#bestValue[row] = -Infinity
  }

  ask(): void {
    this.#code.run(this.#codeBindings)
    let most = 0
    for (let row = 0; row < this.#environments.length; row++) most = Math.max(most, this.#environments[row]!.left)
    for (let first = 0; first < most; first += AT_ONCE) this.#askFrom(first)
  }

  /** Candidates `first` to `first` + AT_ONCE - 1 of every environment; places behind its last repeat what stood there. */
  #askFrom(first: number): void {
    for (let row = 0; row < this.#environments.length; row++) {
      const environment = this.#environments[row]!
      const { userRow } = environment
      const count = Math.min(AT_ONCE, environment.left - first)
      for (let i = 0; i < count; i++)
        this.#candidateRows[row * AT_ONCE + i] = this.#states.itemRow(userRow, environment.candidate(first + i))
    }
    const values = this.#values.run(this.#valuesBindings).view('values')
    for (let row = 0; row < this.#environments.length; row++) {
      const count = Math.min(AT_ONCE, this.#environments[row]!.left - first)
      for (let i = 0; i < count; i++) {
        const value = values[row * AT_ONCE + i]!
        if (value <= this.#bestValue[row]!) continue
        this.#bestValue[row] = value
        this.#best[row] = first + i
      }
    }
  }

  choose(row: number, environment: Environment, explores: boolean, exploration: Rng, transition: Transitions): number {
    const chosen = explores ? exploration.below(environment.left) : this.#best[row]!
    // Only what was rated has a competitor.
    if (this.#competitors)
      transition.competitor[0] =
        environment instanceof RerankEnvironment ? this.#competitors[environment.candidateRow(chosen)]! : 0
    return chosen
  }
}
