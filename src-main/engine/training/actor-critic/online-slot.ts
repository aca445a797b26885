import type { Bindings, Executor, ParameterArena, Program } from '../../compute/types.ts'
import type { ActorCriticRecipe } from '../../core/actor-critic-recipe.ts'
import type { Policy } from '../../core/policy.ts'
import { Rng } from '../../core/rng.ts'
import type { StateTree } from '../../core/state-codec.ts'
import { rewardOf } from '../../data/interaction-table.ts'
import type { Embedding } from '../../factorisation/embedding.ts'
import { Agent, layoutOf } from './agent.ts'
import type { TrainingEpisodes } from './environment.ts'
import { FeedbackLists } from './feedback-lists.ts'
import { actGraph, NetworkPlan, StateBatch, type Tables } from './networks.ts'
import { RecordedEpisode } from './recorded-episode.ts'

/** Transitions of one list that are remembered. */
const LONGEST_MEMORY = 512
/** No fold: the whole history counts. */
const NO_FOLD = -1

/** The weights that online mode starts from. */
export interface TrainedWeights {
  readonly actor: Float32Array
  readonly critic: Float32Array
}

/**
 * The online mode of drr-gru (section III.B): within a user's list every recommendation and its feedback are recorded, and
 * after each m of them the networks make one update on m transitions drawn from the records. `begin` resets weights,
 * targets, optimisers, records and random stream to where they stood, so that no user's feedback reaches another user.
 *
 * One slot: users who learn apart cannot share a run of the networks.
 */
export class OnlineSlot implements Policy {
  readonly slots = 1
  readonly #recipe: ActorCriticRecipe
  readonly #embedding: Embedding
  readonly #episodes: TrainingEpisodes
  readonly #agent: Agent
  /** The agent as every user meets it. */
  readonly #fresh: StateTree
  /** The agent has learnt from somebody since it was fresh. */
  #used = false
  readonly #program: Program
  readonly #batch: StateBatch
  readonly #bindings: Bindings
  readonly #lists: FeedbackLists
  readonly #episode: RecordedEpisode
  readonly #random: Rng
  readonly #randomAtStart: ReturnType<Rng['save']>
  readonly #action: Float32Array
  #user = 0
  #baseline = 0
  #observed = 0

  /**
   * @param episodes on the ratings that the model was trained on: histories and mean rewards come from them
   * @param seed of the run. Consumes the streams "replay" and "online" of it, from their start for every user
   */
  constructor(
    plan: NetworkPlan,
    every: number,
    executor: Executor,
    tables: Tables,
    trained: TrainedWeights,
    episodes: TrainingEpisodes,
    seed: number,
  ) {
    const online = new NetworkPlan(onlineRecipe(plan.recipe, every), plan.embedding, episodes.train.scale, plan.guests)
    this.#recipe = online.recipe
    this.#embedding = plan.embedding
    this.#episodes = episodes
    this.#agent = new Agent(online, executor, tables, seed)
    const { actor } = this.#agent.networks
    this.#agent.startFrom({ ...trained })
    this.#fresh = this.#agent.save()
    this.#program = executor.compile(actGraph(online, 1))
    this.#batch = new StateBatch(1, online.recipe.historyLength, plan.embedding, executor.memory)
    this.#bindings = { inputs: this.#batch.inputs, tables, parameters: [actor] satisfies readonly ParameterArena[] }
    this.#lists = new FeedbackLists(1, online.recipe.historyLength, episodes.train.scale, online.recipe.historyRule)
    this.#random = Rng.stream(seed, 'online')
    this.#randomAtStart = this.#random.save()
    this.#episode = new RecordedEpisode(layoutOf(online), this.#lists, this.#random)
    this.#action = new Float32Array(plan.embedding.width)
  }

  begin(_slot: number, userIndex: number): void {
    if (this.#used) this.#agent.restore(this.#fresh)
    this.#used = false
    this.#random.load(this.#randomAtStart)
    this.#user = userIndex
    this.#observed = 0
    const { train } = this.#episodes
    this.#lists.begin(0, train, this.#episodes.rowsOf(userIndex), () => true)
    const key = { user: userIndex, fold: NO_FOLD }
    this.#baseline = this.#recipe.centreRewards ? this.#episodes.baseline(key, this.#episodes.meanReward()) : 0
  }

  act(): void {
    this.#batch.set(0, this.#user, this.#lists.positive, this.#lists.negative, 0)
    this.#action.set(this.#program.run(this.#bindings).view('action'))
  }

  score(_slot: number, items: Int32Array, count: number, out: Float32Array): void {
    const { width, items: vectors } = this.#embedding
    this.#episode.offer(items, count)
    for (let i = 0; i < count; i++) {
      const at = this.#batch.itemRow(this.#user, items[i]!) * width
      let sum = 0
      for (let c = 0; c < width; c++) sum += this.#action[c]! * vectors[at + c]!
      out[i] = sum
    }
  }

  observe(_slot: number, itemIndex: number, rating: number): void {
    const reward = rewardOf(rating, this.#episodes.train.scale) - this.#baseline
    this.#agent.replay.add(this.#episode.observe(this.#user, this.#action, itemIndex, { rating, reward }))
    this.#used = true
    this.#observed++
    if (this.#observed % this.#recipe.batchSize === 0) this.#agent.update(1)
  }
}

/** As in training, but: m transitions an update, from a memory of one list, and no head start or average of weights. */
function onlineRecipe(recipe: ActorCriticRecipe, every: number): ActorCriticRecipe {
  return {
    ...recipe,
    batchSize: every,
    criticOnlyUpdates: 0,
    averaging: 0,
    replay: { ...recipe.replay, capacity: LONGEST_MEMORY },
  }
}
