import type { Executor, ParameterArena, Program } from '../../compute/types.ts'
import type { ActorCriticRecipe } from '../../core/actor-critic-recipe.ts'
import { Rng } from '../../core/rng.ts'
import { readNumber, readTree, type StateTree } from '../../core/state-codec.ts'
import { layoutOf, type Agent } from './agent.ts'
import type { RerankEnvironment } from './environment.ts'
import { NO_ITEM } from './feedback-lists.ts'
import { actGraph, StateBatch, type NetworkPlan, type Tables } from './networks.ts'
import { Transitions } from './replay.ts'

/** Plays the environment with the learner's present weights and puts what happens into its replay. */
export class Rollout {
  readonly #recipe: ActorCriticRecipe
  readonly #agent: Agent
  readonly #environment: RerankEnvironment
  readonly #exploration: Rng
  readonly #program: Program
  readonly #state: StateBatch
  readonly #bindings: { inputs: Record<string, Float32Array | Int32Array>; parameters: ParameterArena[] }
  readonly #transition: Transitions
  readonly #items: Float32Array
  readonly #width: number
  /** Candidate positions, shuffled at the front when a sample is drawn. */
  #positions = new Int32Array(64)
  #steps = 0
  #rewardSum = 0
  #rewardCount = 0

  /** Consumes the stream "exploration": per step two to four draws and those of noise or sampling. */
  constructor(plan: NetworkPlan, executor: Executor, tables: Tables, agent: Agent, environment: RerankEnvironment, seed: number) {
    this.#recipe = plan.recipe
    this.#agent = agent
    this.#environment = environment
    this.#exploration = Rng.stream(seed, 'exploration')
    this.#program = executor.compile(actGraph(plan, 1))
    this.#state = new StateBatch(1, plan.recipe.historyLength, plan.embedding)
    this.#bindings = { inputs: { ...tables, ...this.#state.inputs }, parameters: [agent.networks.actor] }
    this.#transition = new Transitions(1, layoutOf(plan))
    this.#items = plan.embedding.items
    this.#width = plan.embedding.width
  }

  get steps(): number {
    return this.#steps
  }

  /** Mean reward per step since the last call; null without a step. */
  takeMeanReward(): number | null {
    const mean = this.#rewardCount === 0 ? null : this.#rewardSum / this.#rewardCount
    this.#rewardSum = 0
    this.#rewardCount = 0
    return mean
  }

  /** One step of the environment, stored in replay. @param epsilon probability to explore */
  step(epsilon: number): void {
    const { lists, userRow } = this.#environment
    const transition = this.#transition
    transition.userRow[0] = userRow
    transition.positive.set(lists.positive)
    transition.negative.set(lists.negative)
    const explores = this.#exploration.uniform() < epsilon
    const chosen = this.#choose(userRow, explores)
    transition.item[0] = this.#environment.candidate(chosen)
    if (this.#recipe.judges === 'item') this.#sampleCandidates(transition.candidates, transition.item[0])
    const { reward, terminated, truncated } = this.#environment.step(chosen)
    if (this.#recipe.judges === 'item') this.#sampleCandidates(transition.nextCandidates, NO_ITEM)
    transition.nextPositive.set(lists.positive)
    transition.nextNegative.set(lists.negative)
    transition.reward[0] = reward
    transition.terminated[0] = terminated ? 1 : 0
    this.#agent.replay.add(transition)
    this.#steps++
    this.#rewardSum += reward
    this.#rewardCount++
    if (terminated || truncated) this.#environment.reset()
  }

  /** Position of the candidate to recommend. Where the critic judges actions, the executed one is stored. */
  #choose(userRow: number, explores: boolean): number {
    const { kind } = this.#recipe.exploration
    if (explores && kind === 'candidate') return this.#chooseAtRandom(userRow)
    const { lists } = this.#environment
    this.#state.set(0, userRow, lists.positive, lists.negative, 0)
    const action = this.#program.run(this.#bindings).view('action')
    if (explores) this.#addNoise(action)
    if (this.#recipe.judges === 'action') this.#transition.action.set(action)
    return this.#best(action, userRow)
  }

  /** A random candidate needs no networks. As an action it is its own vector: the one that asks for this very item. */
  #chooseAtRandom(userRow: number): number {
    const chosen = this.#exploration.below(this.#environment.left)
    if (this.#recipe.judges === 'action') {
      const at = this.#state.itemRow(userRow, this.#environment.candidate(chosen)) * this.#width
      this.#transition.action.set(this.#items.subarray(at, at + this.#width))
    }
    return chosen
  }

  /** The action that is executed and stored is the noisy one. */
  #addNoise(action: Float32Array): void {
    const { noise } = this.#recipe.exploration
    for (let c = 0; c < this.#width; c++) action[c] = action[c]! + noise * this.#exploration.normal()
  }

  #best(action: Float32Array, userRow: number): number {
    let best = 0
    let bestScore = -Infinity
    for (let i = 0; i < this.#environment.left; i++) {
      const at = this.#state.itemRow(userRow, this.#environment.candidate(i)) * this.#width
      let score = 0
      for (let c = 0; c < this.#width; c++) score += action[c]! * this.#items[at + c]!
      if (score > bestScore) {
        bestScore = score
        best = i
      }
    }
    return best
  }

  /** Up to C different candidates, `sure` (if any) among them; NO_ITEM fills the rest. */
  #sampleCandidates(out: Int32Array, sure: number): void {
    const { left } = this.#environment
    if (this.#positions.length < left) this.#positions = new Int32Array(2 * left)
    const positions = this.#positions
    for (let i = 0; i < left; i++) positions[i] = i
    out.fill(NO_ITEM)
    let filled = 0
    if (sure !== NO_ITEM) out[filled++] = sure
    for (let i = 0; i < left && filled < out.length; i++) {
      const other = i + this.#exploration.below(left - i)
      const position = positions[other]!
      positions[other] = positions[i]!
      positions[i] = position
      const item = this.#environment.candidate(position)
      if (item !== sure) out[filled++] = item
    }
  }

  save(): StateTree {
    return {
      exploration: { ...this.#exploration.save() },
      environment: this.#environment.save(),
      steps: this.#steps,
      rewardSum: this.#rewardSum,
      rewardCount: this.#rewardCount,
    }
  }

  restore(saved: StateTree): void {
    this.#exploration.load(readTree(saved, 'exploration'))
    this.#environment.restore(readTree(saved, 'environment'))
    this.#steps = readNumber(saved, 'steps')
    this.#rewardSum = readNumber(saved, 'rewardSum')
    this.#rewardCount = readNumber(saved, 'rewardCount')
  }
}
