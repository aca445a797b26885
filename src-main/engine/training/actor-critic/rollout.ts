import type { Bindings, Executor, Program } from '../../compute/types.ts'
import type { ActorCriticRecipe } from '../../core/actor-critic-recipe.ts'
import { Rng } from '../../core/rng.ts'
import { readNumber, readTree, type StateTree } from '../../core/state-codec.ts'
import { layoutOf, type Agent } from './agent.ts'
import { streamOf, type Environment } from './environment.ts'
import { NO_ITEM } from './feedback-lists.ts'
import { actGraph, StateBatch, type NetworkPlan, type Tables } from './networks.ts'
import { copyRow, Transitions } from './replay.ts'

/** An environment and the chance by which it is explored. */
interface Player {
  readonly environment: Environment
  readonly exploration: Rng
  /** Whether it explores in the present step. */
  explores: boolean
}

/**
 * Plays some environments side by side with the learner's present weights and puts what happens into its replay. One run of
 * the networks serves all environments. A step allocates nothing once the longest list of candidates was met.
 */
export class Rollout {
  readonly #recipe: ActorCriticRecipe
  readonly #agent: Agent
  readonly #players: readonly Player[]
  readonly #program: Program
  readonly #states: StateBatch
  readonly #bindings: Bindings
  readonly #transition: Transitions
  readonly #items: Float32Array
  readonly #width: number
  readonly #noise: Float64Array
  /** Candidate positions, shuffled at the front when a sample is drawn. */
  #positions = new Int32Array(64)
  /** [environments, width], the program's own; those of the last run where the networks were not asked. */
  #actions: Float32Array = new Float32Array(0)
  #steps = 0
  #rewardSum = 0
  #rewardCount = 0

  /**
   * Consumes the streams "exploration", "exploration/1" and so on, one per environment: per step two to four draws and those
   * of noise or sampling.
   */
  constructor(
    plan: NetworkPlan,
    executor: Executor,
    tables: Tables,
    agent: Agent,
    environments: readonly Environment[],
    seed: number,
  ) {
    this.#recipe = plan.recipe
    this.#agent = agent
    this.#players = environments.map((environment, index) => ({
      environment,
      exploration: Rng.stream(seed, streamOf('exploration', index)),
      explores: false,
    }))
    this.#program = executor.compile(actGraph(plan, environments.length))
    this.#states = new StateBatch(environments.length, plan.recipe.historyLength, plan.embedding, executor.memory)
    this.#bindings = { inputs: this.#states.inputs, tables, parameters: [agent.networks.actor] }
    this.#transition = new Transitions(1, layoutOf(plan))
    this.#items = plan.embedding.items
    this.#width = plan.embedding.width
    this.#noise = new Float64Array(this.#width)
  }

  /** Steps of all environments together. */
  get steps(): number {
    return this.#steps
  }

  /** Steps that one call of `step` makes: one per environment. */
  get stepsAtOnce(): number {
    return this.#players.length
  }

  /** Floating-point operations of one call of `step` that asks the networks. */
  get flops(): number {
    return this.#program.graph.flops
  }

  /** Mean reward per step since the last call; null without a step. */
  takeMeanReward(): number | null {
    const mean = this.#rewardCount === 0 ? null : this.#rewardSum / this.#rewardCount
    this.#rewardSum = 0
    this.#rewardCount = 0
    return mean
  }

  /** One step of every environment, stored in replay in their order. @param epsilon probability to explore, each for itself */
  step(epsilon: number): void {
    const random = this.#recipe.exploration.kind === 'candidate'
    let asksNetworks = false
    for (let row = 0; row < this.#players.length; row++) {
      const player = this.#players[row]!
      player.explores = player.exploration.chance(epsilon)
      if (!(player.explores && random)) asksNetworks = true
    }
    if (asksNetworks) this.#act()
    for (let row = 0; row < this.#players.length; row++) this.#play(this.#players[row]!, row)
  }

  #act(): void {
    for (let row = 0; row < this.#players.length; row++) {
      const { lists, userRow, slot } = this.#players[row]!.environment
      this.#states.set(row, userRow, lists.positive, lists.negative, slot * lists.length)
    }
    this.#actions = this.#program.run(this.#bindings).view('action')
  }

  #play(player: Player, row: number): void {
    const { environment } = player
    const { lists, userRow, slot } = environment
    const transition = this.#transition
    const onItems = this.#recipe.judges === 'item'
    transition.userRow[0] = userRow
    copyRow(lists.positive, slot, transition.positive, 0, lists.length)
    copyRow(lists.negative, slot, transition.negative, 0, lists.length)
    const chosen = this.#choose(player, row, userRow)
    transition.item[0] = environment.candidate(chosen)
    if (onItems) this.#sampleCandidates(player, transition.candidates, transition.item[0])
    const { reward, terminated, truncated } = environment.step(chosen)
    if (onItems) this.#sampleCandidates(player, transition.nextCandidates, NO_ITEM)
    copyRow(lists.positive, slot, transition.nextPositive, 0, lists.length)
    copyRow(lists.negative, slot, transition.nextNegative, 0, lists.length)
    transition.reward[0] = reward
    transition.terminated[0] = terminated ? 1 : 0
    this.#agent.replay.add(transition)
    this.#steps++
    this.#rewardSum += reward
    this.#rewardCount++
    if (terminated || truncated) environment.reset()
  }

  /** Position of the candidate to recommend. Where the critic judges actions, the executed one is stored. */
  #choose(player: Player, row: number, userRow: number): number {
    if (player.explores && this.#recipe.exploration.kind === 'candidate') return this.#chooseAtRandom(player, userRow)
    if (player.explores) this.#addNoise(player, row)
    if (this.#recipe.judges === 'action') copyRow(this.#actions, row, this.#transition.action, 0, this.#width)
    return this.#best(player, row, userRow)
  }

  /** A random candidate needs no networks. As an action it is its own vector: the one that asks for this very item. */
  #chooseAtRandom({ environment, exploration }: Player, userRow: number): number {
    const chosen = exploration.below(environment.left)
    if (this.#recipe.judges === 'action') {
      const itemRow = this.#states.itemRow(userRow, environment.candidate(chosen))
      copyRow(this.#items, itemRow, this.#transition.action, 0, this.#width)
    }
    return chosen
  }

  /** The action that is executed and stored is the noisy one. */
  #addNoise({ exploration }: Player, row: number): void {
    const { noise } = this.#recipe.exploration
    const from = row * this.#width
    exploration.fillNormal(this.#noise)
    for (let c = 0; c < this.#width; c++) this.#actions[from + c] = this.#actions[from + c]! + noise * this.#noise[c]!
  }

  #best({ environment }: Player, row: number, userRow: number): number {
    const from = row * this.#width
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

  /** Up to C different candidates, `sure` (if any) among them; NO_ITEM fills the rest. */
  #sampleCandidates({ environment, exploration }: Player, out: Int32Array, sure: number): void {
    const { left } = environment
    if (this.#positions.length < left) this.#positions = new Int32Array(2 * left)
    const positions = this.#positions
    for (let i = 0; i < left; i++) positions[i] = i
    out.fill(NO_ITEM)
    let filled = 0
    if (sure !== NO_ITEM) out[filled++] = sure
    for (let i = 0; i < left && filled < out.length; i++) {
      const other = i + exploration.below(left - i)
      const position = positions[other]!
      positions[other] = positions[i]!
      positions[i] = position
      const item = environment.candidate(position)
      if (item !== sure) out[filled++] = item
    }
  }

  /** The first environment stands where it stood when there was but one: checkpoints of that time can be resumed. */
  save(): StateTree {
    const [first, ...others] = this.#players.map(({ environment, exploration }) => ({
      exploration: { ...exploration.save() },
      environment: environment.save(),
    }))
    return {
      ...first!,
      others: Object.fromEntries(others.map((player, index) => [String(index + 1), player])),
      steps: this.#steps,
      rewardSum: this.#rewardSum,
      rewardCount: this.#rewardCount,
    }
  }

  restore(saved: StateTree): void {
    this.#players.forEach(({ environment, exploration }, index) => {
      const own = index === 0 ? saved : readTree(readTree(saved, 'others'), String(index))
      exploration.load(readTree(own, 'exploration'))
      environment.restore(readTree(own, 'environment'))
    })
    this.#steps = readNumber(saved, 'steps')
    this.#rewardSum = readNumber(saved, 'rewardSum')
    this.#rewardCount = readNumber(saved, 'rewardCount')
  }
}
