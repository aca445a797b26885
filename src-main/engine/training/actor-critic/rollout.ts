import { Rng } from '../../core/rng.ts'
import { readNumber, readTree, type StateTree } from '../../core/state-codec.ts'
import { streamOf, type Environment } from './environment.ts'
import { NO_ITEM } from './feedback-lists.ts'
import { copyRow, Transitions, type PrioritisedReplay } from './replay.ts'

/** Chooses among the candidates of several environments by the learner's present weights. */
export interface Chooser {
  /** Floating-point operations of one call of `ask`. */
  readonly flops: number
  /** Whether exploring needs the networks too, as noise on their action does. */
  readonly asksToExplore: boolean
  /** Takes the state of the environment that has row `row` of the batch. */
  hear(row: number, environment: Environment): void
  /** Runs the networks on all states that it heard. */
  ask(): void
  /**
   * The position of the candidate to recommend. Consumes draws of `exploration` only where it explores.
   * @param transition receives what replay must know of the choice beside the item
   */
  choose(row: number, environment: Environment, explores: boolean, exploration: Rng, transition: Transitions): number
}

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
  readonly #chooser: Chooser
  readonly #replay: PrioritisedReplay
  readonly #players: readonly Player[]
  readonly #transition: Transitions
  /** Candidate positions, shuffled at the front when a sample is drawn. */
  #positions = new Int32Array(64)
  #steps = 0
  #episodes = 0
  #rewardSum = 0
  #rewardCount = 0

  /**
   * Consumes the streams "exploration", "exploration/1" and so on, one per environment: per step two to four draws and those
   * of noise or sampling.
   */
  constructor(chooser: Chooser, replay: PrioritisedReplay, environments: readonly Environment[], seed: number) {
    this.#chooser = chooser
    this.#replay = replay
    this.#players = environments.map((environment, index) => ({
      environment,
      exploration: Rng.stream(seed, streamOf('exploration', index)),
      explores: false,
    }))
    this.#transition = new Transitions(1, replay.columns.layout)
  }

  /** Steps of all environments together. */
  get steps(): number {
    return this.#steps
  }

  /** Episodes of all environments together that have come to their end. */
  get episodes(): number {
    return this.#episodes
  }

  /** Steps that one call of `step` makes: one per environment. */
  get stepsAtOnce(): number {
    return this.#players.length
  }

  /** Floating-point operations of one call of `step` that asks the networks. */
  get flops(): number {
    return this.#chooser.flops
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
    let asksNetworks = false
    for (let row = 0; row < this.#players.length; row++) {
      const player = this.#players[row]!
      player.explores = player.exploration.chance(epsilon)
      if (!player.explores || this.#chooser.asksToExplore) asksNetworks = true
    }
    if (asksNetworks) this.#act()
    for (let row = 0; row < this.#players.length; row++) this.#play(this.#players[row]!, row)
  }

  #act(): void {
    for (let row = 0; row < this.#players.length; row++) this.#chooser.hear(row, this.#players[row]!.environment)
    this.#chooser.ask()
  }

  #play(player: Player, row: number): void {
    const { environment } = player
    const { lists, userRow, slot } = environment
    const transition = this.#transition
    const onItems = transition.layout.candidates > 0
    transition.userRow[0] = userRow
    copyRow(lists.positive, slot, transition.positive, 0, lists.length)
    copyRow(lists.negative, slot, transition.negative, 0, lists.length)
    const chosen = this.#chooser.choose(row, environment, player.explores, player.exploration, transition)
    transition.item[0] = environment.candidate(chosen)
    if (onItems) this.#sampleCandidates(player, transition.candidates, transition.item[0])
    const { reward, terminated, truncated } = environment.step(chosen)
    if (onItems) this.#sampleCandidates(player, transition.nextCandidates, NO_ITEM)
    copyRow(lists.positive, slot, transition.nextPositive, 0, lists.length)
    copyRow(lists.negative, slot, transition.nextNegative, 0, lists.length)
    transition.reward[0] = reward
    transition.terminated[0] = terminated ? 1 : 0
    this.#replay.add(transition)
    this.#steps++
    this.#rewardSum += reward
    this.#rewardCount++
    if (!terminated && !truncated) return
    this.#episodes++
    environment.reset()
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
      episodes: this.#episodes,
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
    // Checkpoints of earlier versions did not count them: the count goes on from nought.
    this.#episodes = saved['episodes'] === undefined ? 0 : readNumber(saved, 'episodes')
    this.#rewardSum = readNumber(saved, 'rewardSum')
    this.#rewardCount = readNumber(saved, 'rewardCount')
  }
}
