import type { Bindings, Executor, ParameterArena, Program } from '../../compute/types.ts'
import type { ActorCriticRecipe } from '../../core/actor-critic-recipe.ts'
import type { Rng } from '../../core/rng.ts'
import type { Environment } from './environment.ts'
import { actGraph, StateBatch, type NetworkPlan, type Tables } from './networks.ts'
import { copyRow, type Transitions } from './replay.ts'
import type { Chooser } from './rollout.ts'

/** Recommends the candidate with the largest inner product with the actor's action. Allocates nothing. */
export class ActorChooser implements Chooser {
  readonly asksToExplore: boolean
  readonly #recipe: ActorCriticRecipe
  readonly #program: Program
  readonly #states: StateBatch
  readonly #bindings: Bindings
  readonly #items: Float32Array
  readonly #width: number
  readonly #noise: Float64Array
  /** [environments, width], the program's own; those of the last run where the networks were not asked. */
  #actions: Float32Array = new Float32Array(0)

  /** @param actor its present weights, live; @param environments how many act at once */
  constructor(plan: NetworkPlan, executor: Executor, tables: Tables, actor: ParameterArena, environments: number) {
    this.#recipe = plan.recipe
    this.asksToExplore = plan.recipe.exploration.kind === 'noise'
    this.#program = executor.compile(actGraph(plan, environments))
    this.#states = new StateBatch(environments, plan.recipe.historyLength, plan.embedding, executor.memory)
    this.#bindings = { inputs: this.#states.inputs, tables, parameters: [actor] }
    this.#items = plan.embedding.items
    this.#width = plan.embedding.width
    this.#noise = new Float64Array(this.#width)
  }

  get flops(): number {
    return this.#program.graph.flops
  }

  hear(row: number, { lists, userRow, slot }: Environment): void {
    this.#states.set(row, userRow, lists.positive, lists.negative, slot * lists.length)
  }

  ask(): void {
    this.#actions = this.#program.run(this.#bindings).view('action')
  }

  /** Where the critic judges actions, the executed one is stored. */
  choose(row: number, environment: Environment, explores: boolean, exploration: Rng, transition: Transitions): number {
    if (explores && !this.asksToExplore) return this.#chooseAtRandom(environment, exploration, transition)
    if (explores) this.#addNoise(row, exploration)
    if (this.#recipe.judges === 'action') copyRow(this.#actions, row, transition.action, 0, this.#width)
    return this.#best(row, environment)
  }

  /** A random candidate needs no networks. As an action it is its own vector: the one that asks for this very item. */
  #chooseAtRandom(environment: Environment, exploration: Rng, transition: Transitions): number {
    const chosen = exploration.below(environment.left)
    if (this.#recipe.judges === 'action') {
      const itemRow = this.#states.itemRow(environment.userRow, environment.candidate(chosen))
      copyRow(this.#items, itemRow, transition.action, 0, this.#width)
    }
    return chosen
  }

  /** The action that is executed and stored is the noisy one. */
  #addNoise(row: number, exploration: Rng): void {
    const { noise } = this.#recipe.exploration
    const from = row * this.#width
    exploration.fillNormal(this.#noise)
    for (let c = 0; c < this.#width; c++) this.#actions[from + c] = this.#actions[from + c]! + noise * this.#noise[c]!
  }

  #best(row: number, environment: Environment): number {
    const from = row * this.#width
    const { userRow } = environment
    let best = 0
    let bestScore = -Infinity
    for (let i = 0; i < environment.left; i++) {
      const at = this.#states.itemRow(userRow, environment.candidate(i)) * this.#width
      let score = 0
      for (let c = 0; c < this.#width; c++) score += this.#actions[from + c]! * this.#items[at + c]!
      if (score > bestScore) {
        bestScore = score
        best = i
      }
    }
    return best
  }
}
