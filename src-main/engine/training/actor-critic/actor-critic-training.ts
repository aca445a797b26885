import { PalateError } from '../../../contract/errors.ts'
import type { Executor, ParameterArena } from '../../compute/types.ts'
import type { Policy } from '../../core/policy.ts'
import type { ReplayRecipe } from '../../core/q-learning-recipe.ts'
import { Rng } from '../../core/rng.ts'
import type { SimulatedWorld } from '../../core/simulator.ts'
import { readNumber, readTree, type StateTree, type StateValue } from '../../core/state-codec.ts'
import { FOLDS, saveEmbedding, type Embedding } from '../../factorisation/embedding.ts'
import type { LinearBase } from '../../factorisation/linear-base.ts'
import { requireFiniteTables } from '../finite-data.ts'
import { CheckpointChoice } from './checkpoint-choice.ts'
import type { TrainingEpisodes, EpisodeKey } from './environment.ts'
import type { SlotStart } from './episode-slots.ts'
import { FeedbackLists } from './feedback-lists.ts'
import { GUESTS, restoreGuest } from './guest-row.ts'
import { learningParts, type LearningParts } from './learning-parts.ts'
import { tablesOf, type Tables } from './networks.ts'
import { EVALUATION_SLOTS } from './trained-policy.ts'
import { UpdateSchedule } from './update-schedule.ts'

/** Held-out users beyond this number cost time and hardly narrow the error of a checkpoint's figure. */
const MOST_HELD_OUT_USERS = 250
/** Updates over which a metric point averages. */
const REPORT_EVERY = 50
/** About how many floating-point operations a slice of work may take: some tens of milliseconds in plain JavaScript. */
const FLOPS_PER_SLICE = 6e7

/** A point of a curve: what was measured at which update. */
export interface TrainingPoint {
  readonly name: string
  readonly update: number
  readonly value: number
}

/** Scores a policy on held-out episodes, yielding now and then; one value per episode, always in the order of the keys. */
export type Validate = (policy: Policy, keys: readonly EpisodeKey[]) => Generator<unknown, Float64Array>

/**
 * The off-policy loop on logged ratings, of actor-critics and Q-learners alike: play a step, store it, make the updates that are due for it, now and
 * then check on held-out users.
 * Nothing here has ever seen a test rating.
 */
export class ActorCriticTraining {
  readonly recipe: ReplayRecipe
  readonly embedding: Embedding
  readonly episodes: TrainingEpisodes
  /** Episodes of the users kept from learning. */
  readonly heldOutKeys: readonly EpisodeKey[]
  readonly #base: LinearBase
  readonly #parts: LearningParts
  readonly #agent: LearningParts['agent']
  readonly #rollout: LearningParts['rollout']
  readonly #schedule: UpdateSchedule
  readonly #choice = new CheckpointChoice()
  readonly #validate: Validate
  readonly #validationPolicy: Policy
  readonly #validated: ParameterArena
  /** By name of what updates report, since the last point. */
  readonly #sums: Record<string, number>
  readonly #updatesPerSlice: number
  #points: TrainingPoint[] = []
  #stopped = false
  /** The viewer of the live session that this goes on from, where transitions speak of one. */
  #guest: StateTree | null = null
  #continues = false
  readonly #tables: Tables
  /** A check on held-out users is due before anything else happens; the first is that of the untrained actor. */
  #checkDue = true
  #check: Generator<unknown, Float64Array> | undefined

  /**
   * @param episodes on the training ratings and an embedding fitted on them alone
   * @param base actions that a residual actor corrects; fitted without the held-out users
   * @param world simulated users of the training side, for recipes that learn with them
   *
   * Consumes the streams of environments, agent and rollout.
   * @throws PalateError DATA_UNSUITABLE when no learning user has an episode, a vector is not finite, or the simulated users know
   *   other ratings
   */
  constructor(
    recipe: ReplayRecipe,
    episodes: TrainingEpisodes,
    users: DealtUsers,
    base: LinearBase,
    executor: Executor,
    seed: number,
    validate: Validate,
    world?: SimulatedWorld,
  ) {
    const { embedding } = episodes
    this.recipe = recipe
    this.embedding = embedding
    this.#validate = validate
    this.episodes = episodes
    this.heldOutKeys = episodes.keys(users.heldOut)
    if (users.learning.length === 0) throw noEpisodes()
    requireFiniteTables(embedding, base)
    this.#base = base
    // The guest's row is for the viewer of a live session, where training goes on from one.
    const tables = tablesOf(embedding, base, executor.memory, GUESTS)
    this.#tables = tables
    const keys = episodes.keys(users.learning)
    this.#parts = learningParts(recipe, { episodes, keys, tables, executor, seed, world, guests: GUESTS })
    this.#agent = this.#parts.agent
    this.#rollout = this.#parts.rollout
    this.#sums = Object.fromEntries(this.#agent.reported.map((name) => [name, 0]))
    this.#schedule = new UpdateSchedule(recipe.updatesPerStep)
    this.#validated = this.#agent.evaluated.clone()
    this.#validationPolicy = this.#validationSlots()
    const acting = this.#rollout.flops / (recipe.environments * recipe.updatesPerStep)
    const flops = acting + this.#agent.flops
    this.#updatesPerSlice = Math.max(1, Math.min(REPORT_EVERY, Math.round(FLOPS_PER_SLICE / flops)))
  }

  /** A "user" of it is the index of a held-out episode. */
  #validationSlots(): Policy {
    const { historyLength, historyRule } = this.recipe
    const lists = new FeedbackLists(EVALUATION_SLOTS, historyLength, this.episodes.train.scale, historyRule)
    const starts = (index: number): SlotStart => {
      const key = this.heldOutKeys[index]!
      return { userRow: this.episodes.userRow(key), begin: (held, slot) => this.episodes.begin(held, slot, key) }
    }
    return this.#parts.slots(this.#validated, EVALUATION_SLOTS, lists, starts)
  }

  get updatesDone(): number {
    return this.#agent.updates
  }

  get finished(): boolean {
    return !this.#checkDue && (this.#stopped || this.#agent.updates >= this.recipe.updates)
  }

  stopEarly(): void {
    this.#stopped = true
  }

  /** A slice of work: some steps before learning starts, or some updates, or a part of a check on held-out users. */
  advance(): void {
    if (this.#checkDue) return this.#advanceCheck()
    const warmUp = this.recipe.replay.learningStart
    if (this.#rollout.steps < warmUp) {
      for (let done = 0; done < 200 && this.#rollout.steps < warmUp; done += this.#rollout.stepsAtOnce)
        this.#rollout.step(this.recipe.exploration.epsilonStart)
      return
    }
    for (let i = 0; i < this.#updatesPerSlice && !this.finished; i++) {
      while (!this.#schedule.due) {
        this.#rollout.step(this.#epsilon())
        this.#schedule.stepped(this.#rollout.stepsAtOnce)
      }
      this.#collect(this.#agent.update(this.#beta()))
      this.#schedule.updated()
      this.#checkDue = this.#agent.updates % this.recipe.validateEvery === 0 || this.#agent.updates === this.recipe.updates
      if (this.#checkDue) return
    }
  }

  takePoints(): TrainingPoint[] {
    const points = this.#points
    this.#points = []
    return points
  }

  #epsilon(): number {
    const { epsilonStart, epsilonEnd, share } = this.recipe.exploration
    const progress = Math.min(1, this.#agent.updates / Math.max(1, share * this.recipe.updates))
    return epsilonStart + (epsilonEnd - epsilonStart) * progress
  }

  #beta(): number {
    const { beta } = this.recipe.replay
    return beta + (1 - beta) * Math.min(1, this.#agent.updates / Math.max(1, this.recipe.updates))
  }

  #collect(report: Readonly<Record<string, number>>): void {
    const { reported } = this.#agent
    const sums = this.#sums
    for (const name of reported) sums[name]! += report[name]!
    const update = this.#agent.updates
    if (update % REPORT_EVERY !== 0) return
    for (const name of this.#agent.measuredAt(update)) this.#points.push({ name, update, value: sums[name]! / REPORT_EVERY })
    for (const name of reported) sums[name] = 0
    this.#points.push({ name: 'epsilon', update, value: this.#epsilon() })
    this.#points.push({ name: 'episodes', update, value: this.#rollout.episodes })
    const reward = this.#rollout.takeMeanReward()
    if (reward !== null) this.#points.push({ name: 'reward', update, value: reward })
  }

  #advanceCheck(): void {
    if (!this.#check) {
      this.#validated.copyFrom(this.#agent.evaluated)
      this.#check = this.#validate(this.#validationPolicy, this.heldOutKeys)
    }
    const next = this.#check.next()
    if (!next.done) return
    this.#check = undefined
    this.#checkDue = false
    const values = next.value
    const update = this.#agent.updates
    if (values.length > 0) {
      const name = this.recipe.simulated ? 'validationReward' : 'validationNdcg'
      this.#points.push({ name, update, value: values.reduce((sum, value) => sum + value, 0) / values.length })
    }
    this.#choice.offer(update, this.#agent.evaluated.values, values)
  }

  /** The update whose weights act in evaluation. */
  get chosenUpdate(): number {
    return this.recipe.selectCheckpoint && this.#choice.update >= 0 ? this.#choice.update : this.#agent.updates
  }

  /** The trained policy, for evaluation: whole training history, reference vectors. */
  policy(): Policy {
    return this.#parts.policy(this.#chosen())
  }

  /** What a reader of the figures must know of the learner. */
  get remarks(): readonly string[] {
    return this.#parts.remarks
  }

  #chosen(): Float32Array {
    return this.recipe.selectCheckpoint && this.#choice.update >= 0 ? this.#choice.weights : this.#agent.evaluated.values
  }

  /**
   * Begins with what a live session left (`LiveModel.legacy`): its weights, its transitions, its viewer's row. Before the first update.
   * @throws PalateError CHECKPOINT_UNUSABLE
   */
  continueFrom(legacy: StateTree): void {
    this.#agent.startFrom(readTree(legacy, 'weights'))
    this.#agent.replay.addSaved(readTree(legacy, 'transitions'))
    this.#meetGuest(legacy['guest'])
    this.#continues = true
  }

  /** Whether the first weights were those of a live session. */
  get continues(): boolean {
    return this.#continues
  }

  #meetGuest(guest: StateValue | undefined): void {
    if (!guest) return
    this.#guest = guest as StateTree
    restoreGuest(this.#tables, this.embedding, this.#guest)
  }

  /** Everything that decides how training goes on; the embedding is kept by the caller. */
  save(): StateTree {
    return {
      stopped: this.#stopped,
      // A check that has begun is made again from its start: it draws no random numbers and leaves no trace.
      checkDue: this.#checkDue,
      agent: this.#agent.save(),
      rollout: this.#rollout.save(),
      owed: this.#schedule.owed,
      choice: this.#choice.save(),
      sums: { ...this.#sums },
      continues: this.#continues,
      guest: this.#guest,
    }
  }

  restore(saved: StateTree): void {
    this.#stopped = saved['stopped'] === true
    this.#continues = saved['continues'] === true
    this.#meetGuest(saved['guest'])
    this.#checkDue = saved['checkDue'] === true
    this.#agent.restore(readTree(saved, 'agent'))
    this.#rollout.restore(readTree(saved, 'rollout'))
    // Checkpoints of the time when every step was followed by one update say nothing: none was ever owed.
    this.#schedule.owed = saved['owed'] === undefined ? 0 : readNumber(saved, 'owed')
    this.#choice.restore(readTree(saved, 'choice'))
    const sums = readTree(saved, 'sums')
    for (const name of this.#agent.reported) this.#sums[name] = Number(sums[name])
  }

  /** The trained policy alone: what evaluating again needs. */
  saveModel(): StateTree {
    return {
      embedding: saveEmbedding(this.embedding),
      actions: this.#base.actions,
      scales: this.#base.scales,
      ...this.#parts.saveWeights(this.#chosen()),
    }
  }
}

function noEpisodes(): PalateError {
  return new PalateError(
    'DATA_UNSUITABLE',
    `No user has enough training ratings for an episode: at least ${FOLDS + 1} are needed, dealt into ${FOLDS} folds so that one of them holds two to order. Import more data, or train on a larger share.`,
    { reason: `no user with ${FOLDS + 1} training ratings` },
  )
}

/** Who learns, and who is kept for choosing checkpoints; both ascending. */
export interface DealtUsers {
  readonly learning: readonly number[]
  readonly heldOut: readonly number[]
}

/** Deals the users that have episodes. @param share of them to hold out, at most 250. Consumes the stream "held-out". */
export function dealUsers(episodes: TrainingEpisodes, share: number, seed: number): DealtUsers {
  const users = [
    ...new Set(episodes.keys(Array.from({ length: episodes.train.userCount }, (_, user) => user)).map((key) => key.user)),
  ]
  Rng.stream(seed, 'held-out').shuffle(users)
  const count = Math.min(MOST_HELD_OUT_USERS, Math.max(0, users.length - 1), Math.round(share * users.length))
  return { heldOut: users.slice(0, count).sort((a, b) => a - b), learning: users.slice(count).sort((a, b) => a - b) }
}
