import type { LiveLearning, UserVector } from '../../../contract/dto/live.ts'
import type { Bindings, Executor, ParameterArena, Program } from '../../compute/types.ts'
import type { ActorCriticRecipe } from '../../core/actor-critic-recipe.ts'
import type { ItemVectors, LiveModel, LiveSide, MetViewer } from '../../core/live-model.ts'
import { Rng } from '../../core/rng.ts'
import { readArray, readNumber, readTree, type StateTree } from '../../core/state-codec.ts'
import { isNegative, isPositive, rewardOf, type InteractionTable } from '../../data/interaction-table.ts'
import { restoreEmbedding, type Embedding } from '../../factorisation/embedding.ts'
import { baseMapOf, foldInUser, type BaseMap } from '../../factorisation/fold-in.ts'
import { ActorChooser } from '../actor-critic/actor-chooser.ts'
import { Agent } from '../actor-critic/agent.ts'
import { createEnvironments, TrainingEpisodes } from '../actor-critic/environment.ts'
import { FeedbackLists, NO_ITEM } from '../actor-critic/feedback-lists.ts'
import {
  actGraph,
  createActor,
  createCritic,
  NetworkPlan,
  StateBatch,
  tablesOf,
  valueGraph,
  type Tables,
} from '../actor-critic/networks.ts'
import { dealUsers } from '../actor-critic/actor-critic-training.ts'
import { ActorSlots } from '../actor-critic/actor-slots.ts'
import { RecordedEpisode } from '../actor-critic/recorded-episode.ts'
import { Rollout } from '../actor-critic/rollout.ts'
import { EVALUATION_SLOTS } from '../actor-critic/trained-policy.ts'
import { validatePolicy } from '../validate.ts'

/** Transitions remembered in a session that learns; those of training among them come first. */
const MEMORY = 4096
/** Transitions of training, played with the trained policy, that the session's own are mixed with. */
const TRAINING_TRANSITIONS = 1024
/** Items whose values are asked for at once. */
const VALUED = 32
/** Held-out episodes on which drift is measured: enough for the third decimal, few enough to be asked in passing. */
const PROBED = 128

export interface LiveActorOptions {
  readonly learning: LiveLearning
  readonly userVector: UserVector
  /** Of the session. Consumes the streams of Agent and Rollout and "live" of it, from their start at every `begin`. */
  readonly seed: number
  /** Of the run: decides which users were held out. */
  readonly runSeed: number
}

/**
 * An actor-critic policy that one person plays with. Frozen it does what it does in evaluation; learning, each answer becomes a transition
 * in a replay that begins with transitions of training (so that the policy does not forget everybody else), and updates follow.
 *
 * A guest has a row of their own behind all users: a vector folded in from favourites and answers.
 */
export class LiveActor implements LiveModel {
  readonly learn: LiveModel['learn']
  readonly values: LiveModel['values']
  readonly probe: NonNullable<LiveModel['probe']>
  readonly vectors: ItemVectors
  readonly limits: readonly string[]
  readonly #recipe: ActorCriticRecipe
  readonly #embedding: Embedding
  readonly #episodes: TrainingEpisodes
  readonly #tables: Tables
  readonly #plan: NetworkPlan
  readonly #options: LiveActorOptions
  readonly #actor: ParameterArena
  readonly #trained: Float32Array
  readonly #agent: Agent | null
  readonly #fresh: StateTree | null
  readonly #program: Program
  readonly #batch: StateBatch
  readonly #bindings: Bindings
  readonly #lists: FeedbackLists
  readonly #episode: RecordedEpisode
  readonly #random: Rng
  readonly #randomAtStart: ReturnType<Rng['save']>
  readonly #action: Float32Array
  readonly #baseMap: BaseMap | null
  readonly #meanRating: number
  readonly #guestRow: number
  #userRow = 0
  #baseline = 0
  #rated: { items: number[]; ratings: number[] } = { items: [], ratings: [] }

  /** @param saved the model as `ActorCriticTraining.saveModel` left it; @throws PalateError CHECKPOINT_UNUSABLE, DATA_UNSUITABLE */
  constructor(
    recipe: ActorCriticRecipe,
    train: InteractionTable,
    executor: Executor,
    saved: StateTree,
    options: LiveActorOptions,
  ) {
    this.#options = options
    const embedding = restoreEmbedding(readTree(saved, 'embedding'))
    const base = { actions: readArray(saved, 'actions', Float32Array), scales: readArray(saved, 'scales', Float32Array) }
    this.#recipe = liveRecipe(recipe, options.learning?.rateFactor ?? 1)
    this.#embedding = embedding
    this.#episodes = new TrainingEpisodes(train, embedding)
    this.#plan = new NetworkPlan(this.#recipe, embedding, train.scale, 1)
    this.#tables = tablesOf(embedding, base, executor.memory, 1)
    this.#guestRow = embedding.tables * embedding.userCount
    this.#baseMap = recipe.residual ? baseMapOf(embedding, base) : null
    this.#meanRating = train.size === 0 ? 0 : train.rating.reduce((sum, rating) => sum + rating, 0) / train.size
    this.#trained = readArray(saved, 'actor', Float32Array)
    const critic = saved['critic'] === undefined ? null : readArray(saved, 'critic', Float32Array)
    this.#agent = options.learning && critic ? new Agent(this.#plan, executor, this.#tables, options.seed) : null
    this.#fresh = this.#agent && critic ? this.#warmUp(this.#agent, critic, executor) : null
    this.#actor = this.#agent?.networks.actor ?? createActor(this.#plan, executor)
    this.#program = executor.compile(actGraph(this.#plan, 1))
    this.#batch = new StateBatch(1, this.#recipe.historyLength, embedding, executor.memory)
    this.#bindings = { inputs: this.#batch.inputs, tables: this.#tables, parameters: [this.#actor] }
    this.#lists = new FeedbackLists(1, this.#recipe.historyLength, train.scale, this.#recipe.historyRule)
    this.#random = Rng.stream(options.seed, 'live')
    this.#randomAtStart = this.#random.save()
    this.#episode = new RecordedEpisode(this.#plan, this.#lists, this.#random)
    this.#action = new Float32Array(embedding.width)
    this.vectors = {
      width: embedding.width,
      latent: embedding.latent,
      values: embedding.items.subarray(0, embedding.itemCount * embedding.width),
    }
    this.learn = this.#agent ? (updates) => this.#learn(this.#agent!, updates) : null
    this.values = critic ? this.#valuesBy(executor, critic) : null
    this.probe = () => this.#probe(executor)
    this.limits = [...(this.#isBaseAlone(base.actions) ? [baseAlone] : []), ...(critic ? [] : [noCritic])]
  }

  /** Whether the trained weights leave the linear base as it is, whatever the history: a checkpoint before any correction. */
  #isBaseAlone(actions: Float32Array): boolean {
    if (!this.#recipe.residual) return false
    this.#actor.values.set(this.#trained)
    const some = Int32Array.from({ length: this.#recipe.historyLength }, (_, at) => at % this.#embedding.itemCount)
    this.#batch.set(0, 0, some, some, 0)
    const action = this.#program.run(this.#bindings).view('action')
    return action.every((value, c) => value === actions[c])
  }

  /** Plays some steps of training with the trained weights. @returns the agent as every session meets it */
  #warmUp(agent: Agent, critic: Float32Array, executor: Executor): StateTree {
    const trained = this.#trained
    agent.restore({ ...agent.save(), actor: trained, critic, actorTarget: trained, criticTarget: critic, averaged: trained })
    const { seed, runSeed } = this.#options
    const { learning } = dealUsers(this.#episodes, this.#recipe.heldOutShare, runSeed)
    const keys = this.#episodes.keys(learning)
    if (keys.length > 0) {
      const environments = createEnvironments(this.#episodes, keys, this.#recipe, seed)
      const chooser = new ActorChooser(this.#plan, executor, this.#tables, agent.networks.actor, environments.length)
      const rollout = new Rollout(chooser, agent.replay, environments, seed)
      while (rollout.steps < TRAINING_TRANSITIONS) rollout.step(this.#recipe.exploration.epsilonEnd)
    }
    return agent.save()
  }

  begin(viewer: MetViewer): void {
    if (this.#agent && this.#fresh) this.#agent.restore(this.#fresh)
    else this.#actor.values.set(this.#trained)
    this.#random.load(this.#randomAtStart)
    const { train } = this.#episodes
    const rows = viewer.kind === 'user' ? this.#episodes.rowsOf(viewer.userIndex) : new Int32Array(0)
    this.#rated = {
      items: viewer.kind === 'user' ? Array.from(rows, (row) => train.itemIndex[row]!) : [...viewer.favourites],
      ratings:
        viewer.kind === 'user' ? Array.from(rows, (row) => train.rating[row]!) : viewer.favourites.map(() => train.scale.max),
    }
    this.#lists.empty(0, this.#rated.items.length)
    this.#rated.items.forEach((item, at) => this.#lists.observe(0, item, this.#rated.ratings[at]!))
    const follows = viewer.kind === 'guest' || this.#options.userVector === 'follows'
    this.#userRow = follows ? this.#guestRow : viewer.userIndex
    const overall = this.#episodes.meanReward()
    this.#baseline = !this.#recipe.centreRewards
      ? 0
      : viewer.kind === 'guest'
        ? overall
        : this.#episodes.baseline({ user: viewer.userIndex, fold: NO_FOLD }, overall)
    if (follows) this.#foldIn()
    this.#act()
  }

  /** The row behind all users becomes the viewer's, from what the model's feedback sides admit. */
  #foldIn(): void {
    const { feedback, embedding: options } = this.#recipe
    const { scale } = this.#episodes.train
    const admitted = this.#rated.ratings.map(
      (rating) => feedback === 'both' || (feedback === 'positive' ? isPositive(rating, scale) : isNegative(rating, scale)),
    )
    const items = this.#rated.items.filter((_, at) => admitted[at])
    const ratings = this.#rated.ratings.filter((_, at) => admitted[at])
    const { width, latent } = this.#embedding
    const user = new Float32Array(width)
    foldInUser(
      this.#embedding,
      items,
      ratings,
      { mean: this.#meanRating, lambda: options.lambda, biased: options.bias === 'item' },
      user,
    )
    const action = new Float32Array(user)
    const scaleOf = () => Math.sqrt(user.subarray(0, latent).reduce((sum, value) => sum + value * value, 0) / latent)
    const rms = this.#baseMap ? this.#baseMap.apply(user, action) : scaleOf()
    this.#tables.userTable.set(user, this.#guestRow * width)
    this.#tables.baseTable.set(action, this.#guestRow * width)
    this.#tables.scaleTable[this.#guestRow] = rms
  }

  #act(): void {
    this.#batch.set(0, this.#userRow, this.#lists.positive, this.#lists.negative, 0)
    this.#action.set(this.#program.run(this.#bindings).view('action'))
  }

  score(items: Int32Array, count: number, out: Float32Array): void {
    const { width, items: vectors } = this.#embedding
    this.#episode.offer(items, count)
    for (let i = 0; i < count; i++) {
      const at = this.#batch.itemRow(this.#userRow, items[i]!) * width
      let sum = 0
      for (let c = 0; c < width; c++) sum += this.#action[c]! * vectors[at + c]!
      out[i] = sum
    }
  }

  observe(item: number, rating: number | null): void {
    const { train } = this.#episodes
    if (this.#agent) {
      const reward = (rating === null ? 0 : rewardOf(rating, train.scale)) - this.#baseline
      this.#episode.observe(this.#agent, this.#userRow, this.#action, item, { rating, reward })
    } else if (rating !== null) this.#lists.observe(0, item, rating)
    if (rating !== null) {
      this.#rated.items.push(item)
      this.#rated.ratings.push(rating)
      if (this.#userRow === this.#guestRow) this.#foldIn()
    }
    this.#act()
  }

  #learn(agent: Agent, updates: number): void {
    if (agent.replay.count === 0) return
    for (let i = 0; i < updates; i++) agent.update(1)
    this.#act()
  }

  #valuesBy(executor: Executor, trained: Float32Array): NonNullable<LiveModel['values']> {
    const critic = this.#agent?.networks.critic ?? createCritic(this.#plan, executor)
    if (!this.#agent) critic.values.set(trained)
    const program = executor.compile(valueGraph(this.#plan, 1, VALUED))
    const candidateRows = executor.memory.ints(VALUED)
    const bindings: Bindings = {
      inputs: { ...this.#batch.inputs, candidateRows },
      tables: this.#tables,
      parameters: [this.#actor, critic],
    }
    return (items, count, out) => {
      for (let from = 0; from < count; from += VALUED) {
        const size = Math.min(VALUED, count - from)
        for (let i = 0; i < VALUED; i++) {
          candidateRows[i] = this.#batch.itemRow(this.#userRow, i < size ? items[from + i]! : NO_ITEM)
        }
        const values = program.run(bindings).view('value')
        for (let i = 0; i < size; i++) out[from + i] = values[i]!
      }
    }
  }

  history(): { positive: LiveSide | null; negative: LiveSide | null } {
    const outputs = this.#program.run(this.#bindings)
    const side = (name: 'positive' | 'negative'): LiveSide | null => {
      if (this.#recipe.feedback !== 'both' && this.#recipe.feedback !== name) return null
      const items = [...this.#lists[name]].filter((item) => item !== NO_ITEM)
      const output = `${name}Attention`
      const attends = this.#program.graph.outputs.has(output)
      return { items, attention: attends ? [...outputs.view(output).subarray(0, items.length)] : null }
    }
    return { positive: side('positive'), negative: side('negative') }
  }

  *#probe(executor: Executor): Generator<unknown, { ndcg: number; users: number }> {
    const episodes = this.#episodes
    const { heldOut } = dealUsers(episodes, this.#recipe.heldOutShare, this.#options.runSeed)
    const keys = episodes.keys(heldOut).slice(0, PROBED)
    const lists = new FeedbackLists(EVALUATION_SLOTS, this.#recipe.historyLength, episodes.train.scale, this.#recipe.historyRule)
    const policy = new ActorSlots(this.#plan, executor, this.#tables, this.#actor, EVALUATION_SLOTS, lists, (index) => ({
      userRow: episodes.userRow(keys[index]!),
      begin: (held, slot) => episodes.begin(held, slot, keys[index]!),
    }))
    const values = yield* validatePolicy(episodes.train, episodes, policy, keys)
    const sum = values.reduce((total, value) => total + value, 0)
    return { ndcg: keys.length === 0 ? 0 : sum / keys.length, users: new Set(keys.map((key) => key.user)).size }
  }

  save(): StateTree {
    return {
      agent: this.#agent ? this.#agent.save() : null,
      random: { ...this.#random.save() },
      lists: this.#lists.save(0),
      userRow: this.#userRow,
      baseline: this.#baseline,
      items: Int32Array.from(this.#rated.items),
      ratings: Float64Array.from(this.#rated.ratings),
    }
  }

  restore(saved: StateTree): void {
    if (this.#agent) this.#agent.restore(readTree(saved, 'agent'))
    this.#random.load(readTree(saved, 'random'))
    this.#lists.restore(0, readTree(saved, 'lists') as ReturnType<FeedbackLists['save']>)
    this.#userRow = readNumber(saved, 'userRow')
    this.#baseline = readNumber(saved, 'baseline')
    this.#rated = {
      items: [...readArray(saved, 'items', Int32Array)],
      ratings: [...readArray(saved, 'ratings', Float64Array)],
    }
    if (this.#userRow === this.#guestRow) this.#foldIn()
    this.#act()
  }
}

const baseAlone =
  "The weights that training chose correct nothing: this policy is its linear base. While it is frozen, answers move it through the user's vector alone; let that follow the answers, or let the policy learn on line."
const noCritic =
  'This run was made before critics were kept: it shows no values and cannot learn on line. Train it again for both.'

/** No fold: the whole history counts. */
const NO_FOLD = -1

/** As in training, without head start and average of weights, and with the session's own learning rates and memory. */
function liveRecipe(recipe: ActorCriticRecipe, rateFactor: number): ActorCriticRecipe {
  return {
    ...recipe,
    actorLearningRate: recipe.actorLearningRate * rateFactor,
    criticLearningRate: recipe.criticLearningRate * rateFactor,
    criticOnlyUpdates: 0,
    averaging: 0,
    replay: { ...recipe.replay, capacity: MEMORY },
  }
}
