import type { LiveLearning, UserVector } from '../../../contract/dto/live.ts'
import type { Executor } from '../../compute/types.ts'
import type { ItemVectors, LiveModel, LiveSide, MetViewer } from '../../core/live-model.ts'
import type { ReplayRecipe } from '../../core/q-learning-recipe.ts'
import { Rng } from '../../core/rng.ts'
import { readArray, readTree, type StateTree } from '../../core/state-codec.ts'
import { rewardOf, type InteractionTable } from '../../data/interaction-table.ts'
import { restoreEmbedding, type Embedding } from '../../factorisation/embedding.ts'
import { dealUsers } from '../actor-critic/actor-critic-training.ts'
import { TrainingEpisodes } from '../actor-critic/environment.ts'
import { FeedbackLists, NO_ITEM } from '../actor-critic/feedback-lists.ts'
import { GUESTS } from '../actor-critic/guest-row.ts'
import { learningParts, type LearningParts } from '../actor-critic/learning-parts.ts'
import { tablesOf, type Tables } from '../actor-critic/networks.ts'
import { PrioritisedReplay } from '../actor-critic/replay.ts'
import { RecordedEpisode } from '../actor-critic/recorded-episode.ts'
import { EVALUATION_SLOTS } from '../actor-critic/trained-policy.ts'
import { categoriesOf, competitorNow } from '../q-learning/competitors.ts'
import { validatePolicy } from '../validate.ts'
import { actorMind, qMind, type LiveMind } from './live-minds.ts'
import { LivePerson } from './live-person.ts'

/** Transitions remembered in a session that learns; those of training among them come first. */
const MEMORY = 8192
/** Transitions of training, played with the trained policy, that the session's own are mixed with. */
const TRAINING_TRANSITIONS = 1024
/**
 * For how many copies each transition of the session stands, so that twenty answers weigh two fifths. Once each they drown: on MovieLens-1M
 * ten updates an answer then did what more training does, and what was liked fell (see `genreTest`).
 */
const SESSION_COPIES = 32
/** Held-out episodes on which drift is measured: enough for the third decimal, few enough to be asked in passing. */
const PROBED = 128

export interface LiveLearnerOptions {
  readonly learning: LiveLearning
  readonly userVector: UserVector
  /** Of the session. Consumes the streams of learner and rollout and "live" of it, from their start at every `begin`. */
  readonly seed: number
  /** Of the run: decides which users were held out. */
  readonly runSeed: number
}

/**
 * A policy learnt from replay, actor-critic or Q-network, that one person plays with. Frozen it does what it does in evaluation; learning,
 * each answer becomes a transition in a replay that begins with transitions of training (so that the policy does not forget everybody
 * else), and updates follow.
 */
export class LiveLearner implements LiveModel {
  readonly learn: LiveModel['learn']
  readonly values: LiveModel['values']
  readonly probe: NonNullable<LiveModel['probe']>
  readonly vectors: ItemVectors
  readonly legacy: LiveModel['legacy']
  readonly limits: readonly string[]
  readonly #recipe: ReplayRecipe
  readonly #embedding: Embedding
  readonly #episodes: TrainingEpisodes
  readonly #options: LiveLearnerOptions
  readonly #mind: LiveMind
  readonly #agent: LearningParts['agent'] | null
  /** The learner as every session meets it. */
  readonly #fresh: StateTree | null
  readonly #person: LivePerson
  readonly #episode: RecordedEpisode
  readonly #random: Rng
  readonly #randomAtStart: ReturnType<Rng['save']>
  readonly #categories: Int32Array | null
  /** The session's own transitions, in the order in which they came. */
  readonly #recorded: PrioritisedReplay

  /** @param saved the model as `ActorCriticTraining.saveModel` left it; @throws PalateError CHECKPOINT_UNUSABLE, DATA_UNSUITABLE */
  constructor(recipe: ReplayRecipe, train: InteractionTable, executor: Executor, saved: StateTree, options: LiveLearnerOptions) {
    this.#options = options
    const embedding = restoreEmbedding(readTree(saved, 'embedding'))
    const base = { actions: readArray(saved, 'actions', Float32Array), scales: readArray(saved, 'scales', Float32Array) }
    this.#embedding = embedding
    this.#categories = recipe.kind === 'q-learning' && recipe.pairwise ? categoriesOf(train) : null
    this.#recipe = liveRecipe(recipe, options.learning?.rateFactor ?? 1, this.#categories !== null)
    this.#episodes = new TrainingEpisodes(train, embedding)
    const tables = tablesOf(embedding, base, executor.memory, GUESTS)
    const judged = recipe.kind === 'q-learning' || saved['critic'] !== undefined
    const parts = options.learning && judged ? this.#learningParts(tables, executor) : null
    this.#agent = parts && parts.agent
    this.#fresh = parts && warmUp(parts, saved, recipe.exploration.epsilonEnd)
    const ground = { embedding, scale: train.scale, tables, executor, saved, parts }
    this.#mind = this.#recipe.kind === 'actor-critic' ? actorMind(this.#recipe, ground) : qMind(this.#recipe, ground)
    this.#person = new LivePerson(this.#recipe, this.#episodes, tables, recipe.residual && base, options.userVector)
    this.#random = Rng.stream(options.seed, 'live')
    this.#randomAtStart = this.#random.save()
    this.#episode = new RecordedEpisode(this.#mind.layout, this.#person.lists, this.#random)
    const { width, latent, items, itemCount } = embedding
    this.vectors = { width, latent, values: items.subarray(0, itemCount * width) }
    this.learn = this.#agent ? (updates) => this.#learn(this.#agent!, updates) : null
    this.values = this.#mind.values
    this.probe = () => this.#probe()
    this.#recorded = new PrioritisedReplay(MEMORY, this.#mind.layout, 0)
    this.legacy = judged ? () => this.#legacy(readTree(saved, 'embedding')) : null
    this.limits = this.#limits(judged)
  }

  #learningParts(tables: Tables, executor: Executor): LearningParts {
    const { seed, runSeed } = this.#options
    const episodes = this.#episodes
    const keys = episodes.keys(dealUsers(episodes, this.#recipe.heldOutShare, runSeed).learning)
    return learningParts(this.#recipe, { episodes, keys, tables, executor, seed, guests: GUESTS })
  }

  #limits(judged: boolean): string[] {
    const recipe = this.#recipe
    const limits: string[] = []
    if (!this.learn && this.#ignoresHistory()) limits.push(ignoresHistory(recipe.residual !== null))
    if (!judged) limits.push(noCritic)
    if (recipe.kind === 'actor-critic' && recipe.online && !this.#options.learning) limits.push(onlineMode)
    return limits
  }

  /** Whether the trained weights order items alike whatever the history: as those of a checkpoint before any correction do. */
  #ignoresHistory(): boolean {
    const length = this.#recipe.historyLength
    const { itemCount } = this.#embedding
    const lists = new FeedbackLists(1, length, this.#episodes.train.scale, this.#recipe.historyRule)
    const items = Int32Array.from({ length: Math.min(itemCount, 64) }, (_, item) => item)
    const said = () => {
      const scores = new Float32Array(items.length)
      this.#mind.act(0, lists)
      this.#mind.score(items, items.length, scores)
      return scores
    }
    const without = said()
    for (const side of [lists.positive, lists.negative]) for (let at = 0; at < length; at++) side[at] = at % itemCount
    const within = said()
    return within.every((score, at) => score === without[at])
  }

  begin(viewer: MetViewer): void {
    if (this.#agent && this.#fresh) this.#agent.restore(this.#fresh)
    this.#random.load(this.#randomAtStart)
    this.#recorded.clear()
    this.#person.begin(viewer)
    this.#act()
  }

  #act(): void {
    this.#mind.act(this.#person.userRow, this.#person.lists)
  }

  score(items: Int32Array, count: number, out: Float32Array): void {
    this.#episode.offer(items, count)
    this.#mind.score(items, count, out)
  }

  observe(item: number, rating: number | null): void {
    const { scale } = this.#episodes.train
    const person = this.#person
    const reward = (rating === null ? 0 : rewardOf(rating, scale)) - person.baseline
    const competitor =
      this.#categories && rating !== null ? competitorNow(this.#categories, scale, { item, rating }, person.answers) : 0
    const transition = this.#episode.observe(person.userRow, this.#mind.action, item, { rating, reward, competitor })
    this.#agent?.replay.add(transition, SESSION_COPIES)
    this.#recorded.add(transition)
    if (rating !== null) person.rate(item, rating)
    this.#act()
  }

  #learn(agent: LearningParts['agent'], updates: number): void {
    if (agent.replay.count === 0) return
    for (let i = 0; i < updates; i++) agent.update(1)
    this.#act()
  }

  history(): { positive: LiveSide | null; negative: LiveSide | null } {
    const { feedback } = this.#recipe
    const side = (name: 'positive' | 'negative'): LiveSide | null => {
      if (feedback !== 'both' && feedback !== name) return null
      const items = [...this.#person.lists[name]].filter((item) => item !== NO_ITEM)
      const attention = this.#mind.attention(name)
      return { items, attention: attention && [...attention.subarray(0, items.length)] }
    }
    return { positive: side('positive'), negative: side('negative') }
  }

  *#probe(): Generator<unknown, { ndcg: number; users: number }> {
    const episodes = this.#episodes
    const { historyLength, historyRule, heldOutShare } = this.#recipe
    const { heldOut } = dealUsers(episodes, heldOutShare, this.#options.runSeed)
    const keys = episodes.keys(heldOut).slice(0, PROBED)
    const lists = new FeedbackLists(EVALUATION_SLOTS, historyLength, episodes.train.scale, historyRule)
    const policy = this.#mind.slots(EVALUATION_SLOTS, lists, (index) => ({
      userRow: episodes.userRow(keys[index]!),
      begin: (held, slot) => episodes.begin(held, slot, keys[index]!),
    }))
    const values = yield* validatePolicy(episodes.train, episodes, policy, keys)
    const sum = values.reduce((total, value) => total + value, 0)
    return { ndcg: keys.length === 0 ? 0 : sum / keys.length, users: new Set(keys.map((key) => key.user)).size }
  }

  #legacy(embedding: StateTree): StateTree {
    return {
      embedding,
      weights: this.#mind.weights(),
      transitions: this.#recorded.save(),
      guest: this.#person.guest(),
    }
  }

  save(): StateTree {
    return {
      agent: this.#agent ? this.#agent.save() : null,
      random: { ...this.#random.save() },
      person: this.#person.save(),
      recorded: this.#recorded.save(),
    }
  }

  restore(saved: StateTree): void {
    if (this.#agent) this.#agent.restore(readTree(saved, 'agent'))
    this.#recorded.restore(readTree(saved, 'recorded'))
    this.#random.load(readTree(saved, 'random'))
    this.#person.restore(readTree(saved, 'person'))
    this.#act()
  }
}

/** Plays some steps of training with the trained weights. @returns the learner as every session meets it */
function warmUp({ agent, rollout }: LearningParts, trained: StateTree, epsilon: number): StateTree {
  agent.startFrom(trained)
  while (rollout.steps < TRAINING_TRANSITIONS) rollout.step(epsilon)
  return agent.save()
}

function ignoresHistory(hasBase: boolean): string {
  const what = hasBase
    ? 'The weights that training chose correct nothing: this policy is its linear base.'
    : 'This policy orders the items alike whatever the history says: its networks tell no histories apart.'
  return `${what} While it is frozen, answers move it through the user's vector alone; let that follow the answers, or let the policy learn on line.`
}

const noCritic =
  'This run was made before critics were kept: it shows no values and cannot learn on line. Train it again for both.'

const onlineMode =
  'In evaluation this model learns on within each list; in a session it does so only where the session learns on line, by the rules of the session.'

/** As in training on logged ratings, without head start and average of weights, and with the session's own learning rates and memory. */
function liveRecipe(recipe: ReplayRecipe, rateFactor: number, competes: boolean): ReplayRecipe {
  const rules = { averaging: 0, simulated: null, replay: { ...recipe.replay, capacity: MEMORY } }
  if (recipe.kind === 'q-learning') {
    const pairwise = competes ? recipe.pairwise : null
    return { ...recipe, ...rules, pairwise, learningRate: recipe.learningRate * rateFactor }
  }
  const { actorLearningRate, criticLearningRate } = recipe
  return {
    ...recipe,
    ...rules,
    actorLearningRate: actorLearningRate * rateFactor,
    criticLearningRate: criticLearningRate * rateFactor,
    criticOnlyUpdates: 0,
  }
}
