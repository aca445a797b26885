import { PalateError } from '../../contract/errors.ts'
import { defaultParams } from '../../contract/params.ts'
import { plainExecutor } from '../compute/plain/plain-executor.ts'
import type { Executor } from '../compute/types.ts'
import { drain, mapYields } from '../core/generators.ts'
import { hashText } from '../core/hash.ts'
import type { AnyModel, Recipe } from '../core/model.ts'
import type { Policy } from '../core/policy.ts'
import type { SimulatedWorld } from '../core/simulator.ts'
import { isReplayRecipe, type ReplayRecipe } from '../core/q-learning-recipe.ts'
import { decodeState, encodeState, readNumber, readText, readTree, type StateTree } from '../core/state-codec.ts'
import type { InteractionTable } from '../data/interaction-table.ts'
import { fitEmbedding, restoreEmbedding, saveEmbedding, type Embedding } from '../factorisation/embedding.ts'
import { fitLinearBase, plainBase, type LinearBase } from '../factorisation/linear-base.ts'
import { refuseOwnModel } from '../simulation/_guards.ts'
import { learnTrainingWorld } from '../simulation/_learn-world.ts'
import { ActorCriticTraining, dealUsers } from './actor-critic/actor-critic-training.ts'
import { TrainingEpisodes, type EpisodeKey } from './actor-critic/environment.ts'
import { opinionOf } from './actor-critic/trained-policy.ts'
import { evaluateModel } from './evaluate-model.ts'
import { findModel } from './find-model.ts'
import type { EmbeddingArtifact, EnginePoint, JobOutcome, JobProgress, JobSpec, TrainingJob } from './job.types.ts'
import { ActorCriticLearner, FitLearner, type Learner } from './learners.ts'
import { splitTables, type SplitTables } from './split-tables.ts'
import { restoreModel, scorerContext } from './trained-model.ts'
import { validateSimulated } from './validate-simulated.ts'
import { validatePolicy, validationFloors } from './validate.ts'

export interface JobOptions {
  /** What computes the networks; plain JavaScript unless the host has something faster. */
  readonly executor?: Executor
  /** Bytes of an embedding that an earlier run has trained under this key. */
  readonly embedding?: (key: string) => Uint8Array | undefined
  /** From `TrainingJob.snapshot` of a job with the same spec and data. */
  readonly checkpoint?: Uint8Array
  /** What a live session left, to begin with instead of new weights; for models that learn from replay. */
  readonly legacy?: StateTree
}

/**
 * @throws PalateError MODEL_NOT_FOUND, DATA_UNSUITABLE (split), CHECKPOINT_UNUSABLE (damaged, or of another job)
 */
export function createTrainingJob(spec: JobSpec, table: InteractionTable, options: JobOptions = {}): TrainingJob {
  return new ModelJob(spec, splitTables(table, spec.split, spec.seed), options)
}

/**
 * Scores a saved model again, under the protocols and list lengths of the spec, without training.
 * @throws PalateError CHECKPOINT_UNUSABLE (damaged, or of a run with another model, parameters, split or seed)
 */
export function evaluateSavedModel(
  spec: JobSpec,
  table: InteractionTable,
  modelBytes: Uint8Array,
  executor: Executor = plainExecutor,
): JobOutcome {
  const { model, recipe, tables, saved } = openSavedModel(spec, table, modelBytes)
  const trained = restoreModel(model, recipe, tables, spec.seed, executor, saved)
  return drain(evaluateModel(spec, tables, trained, executor))
}

/** What a saved model is made of. */
export interface SavedModel {
  readonly model: AnyModel
  readonly recipe: Recipe
  readonly tables: SplitTables
  readonly saved: StateTree
}

/** @throws PalateError CHECKPOINT_UNUSABLE (damaged, or of a run with another model, parameters, split or seed) */
export function openSavedModel(spec: JobSpec, table: InteractionTable, modelBytes: Uint8Array): SavedModel {
  const tables = splitTables(table, spec.split, spec.seed)
  const model = findModel(spec.modelId)
  // Another split would score a model on ratings that it was trained on.
  const saved = readTree(openSaved(modelBytes, fingerprintOf(spec, model, tables), 'model'), 'model')
  return { model, recipe: recipeFor(spec, model), tables, saved }
}

/** A run that was made before a parameter existed has no value for it; its default is what that run did. */
function recipeFor(spec: JobSpec, model: AnyModel): Recipe {
  return model.create({ ...defaultParams(model.params), ...spec.params })
}

/** Of all that decides a run's weights: model, parameters, split and seed. */
function fingerprintOf(spec: JobSpec, model: AnyModel, tables: SplitTables): string {
  const decisive = [spec.modelId, model.version, Object.entries(spec.params).sort(), tables.text, tables.hash, spec.seed]
  return hashText(JSON.stringify(decisive))
}

function openSaved(bytes: Uint8Array, fingerprint: string, what: 'checkpoint' | 'model'): StateTree {
  const saved = decodeState(bytes)
  if (readText(saved, 'fingerprint') === fingerprint) return saved
  const reason = 'it belongs to a run with another model, other parameters or another split'
  throw new PalateError('CHECKPOINT_UNUSABLE', `The ${what} cannot be used: ${reason}. Start the run again.`, { run: '', reason })
}

class ModelJob implements TrainingJob {
  readonly splitHash: string
  readonly #spec: JobSpec
  readonly #tables: SplitTables
  readonly #executor: Executor
  readonly #options: JobOptions
  readonly #model: AnyModel
  readonly #recipe: Recipe
  readonly #fingerprint: string
  readonly #checkpoint: StateTree | undefined
  readonly #work: Generator<void, void>
  #stage: JobProgress['stage'] = 'preparing'
  #stageShare = 0
  #stopRequested = false
  #learner: Learner | undefined
  #embedding: Embedding | undefined
  #points: EnginePoint[] = []
  #embeddings: EmbeddingArtifact[] = []
  #outcome: JobOutcome | undefined

  constructor(spec: JobSpec, tables: SplitTables, options: JobOptions) {
    this.#spec = spec
    this.#tables = tables
    this.#options = options
    this.#executor = options.executor ?? plainExecutor
    this.#model = findModel(spec.modelId)
    this.#recipe = recipeFor(spec, this.#model)
    this.splitHash = tables.hash
    this.#fingerprint = fingerprintOf(spec, this.#model, tables)
    this.#checkpoint = options.checkpoint ? openSaved(options.checkpoint, this.#fingerprint, 'checkpoint') : undefined
    this.#work = this.#run()
  }

  get progress(): JobProgress {
    const updatesTotal = isReplayRecipe(this.#recipe) ? this.#recipe.updates : this.#recipe.epochs
    const updatesDone = this.#learner?.updatesDone ?? (this.#checkpoint ? readNumber(this.#checkpoint, 'updatesDone') : 0)
    return { stage: this.#stage, updatesDone, updatesTotal, stageShare: this.#stageShare }
  }

  advance(): void {
    if (this.#work.next().done) this.#stage = 'finished'
  }

  stopEarly(): void {
    this.#stopRequested = true
    this.#learner?.stopEarly()
  }

  takePoints(): EnginePoint[] {
    const points = [...this.#points, ...(this.#learner?.takePoints() ?? [])]
    this.#points = []
    return points
  }

  takeEmbeddings(): EmbeddingArtifact[] {
    const embeddings = this.#embeddings
    this.#embeddings = []
    return embeddings
  }

  snapshot(): Uint8Array {
    return encodeState({
      fingerprint: this.#fingerprint,
      updatesDone: this.progress.updatesDone,
      embedding: this.#embedding ? saveEmbedding(this.#embedding) : null,
      learner: this.#learner ? this.#learner.save() : null,
    })
  }

  modelSnapshot(): Uint8Array {
    if (!this.#learner) throw new TypeError('A model is saved once its training has begun')
    return encodeState({ fingerprint: this.#fingerprint, model: this.#learner.saveModel() })
  }

  outcome(): JobOutcome {
    if (!this.#outcome) throw new TypeError('The outcome is there once the job is finished')
    return this.#outcome
  }

  *#run(): Generator<void, void> {
    yield
    const learner = yield* this.#prepare()
    this.#learner = learner
    if (this.#stopRequested) learner.stopEarly()
    this.#enter('training')
    while (!learner.finished) {
      learner.advance()
      this.#stageShare = learner.updatesDone / Math.max(1, this.progress.updatesTotal)
      yield
    }
    this.#enter('evaluating')
    const outcome = yield* this.#watched(evaluateModel(this.#spec, this.#tables, learner.trained(), this.#executor))
    assertFiniteScores(outcome, learner.updatesDone)
    this.#outcome = { ...outcome, remarks: [...this.#tables.remarks, ...learner.remarks(), ...outcome.remarks] }
  }

  /** Work that says how far it is: the stage is as far. */
  #watched<T>(work: Generator<number, T>): Generator<void, T> {
    return mapYields(work, (share) => {
      this.#stageShare = share
    })
  }

  #enter(stage: JobProgress['stage']): void {
    this.#stage = stage
    this.#stageShare = 0
  }

  *#prepare(): Generator<void, Learner> {
    const saved = this.#checkpoint?.['learner'] ? readTree(this.#checkpoint, 'learner') : undefined
    if (!isReplayRecipe(this.#recipe)) {
      const context = scorerContext(this.#model, this.#tables, this.#spec.seed, this.#executor)
      return new FitLearner(this.#recipe, this.#recipe.start(context), saved)
    }
    this.#embedding = yield* this.#findEmbedding(this.#recipe)
    const training = yield* this.#startTraining(this.#recipe, this.#embedding)
    if (saved) training.restore(saved)
    else {
      // First the floors, then the list: `takePoints` may replace it while this waits, and what it took is gone.
      const floors = this.#recipe.simulated ? [] : yield* validationFloors(this.#tables.train, training, this.#spec.seed)
      this.#points.push(...floors)
      if (this.#options.legacy) training.continueFrom(this.#options.legacy)
    }
    return new ActorCriticLearner(training)
  }

  *#startTraining(recipe: ReplayRecipe, embedding: Embedding): Generator<void, ActorCriticTraining> {
    const { train } = this.#tables
    const { seed } = this.#spec
    const episodes = new TrainingEpisodes(train, embedding)
    const users = dealUsers(episodes, recipe.heldOutShare, seed)
    const world = recipe.simulated ? yield* this.#meetUsers(recipe.simulated.simulator, embedding) : undefined
    // With simulated users the plain vectors are the base: what a linear map learns from the items that people chose to rate
    // misleads in the whole catalogue (measured: -.012 reward per step on MovieLens-100k), and one learnt from answers adds nothing.
    const base =
      recipe.residual && !world
        ? yield* this.#fitBase(episodes, new Set(users.learning), recipe.residual.ridge)
        : plainBase(embedding)
    yield
    const validate = (policy: Policy, keys: readonly EpisodeKey[]) =>
      world
        ? validateSimulated(world, episodes, policy, keys, recipe.episodeLength)
        : validatePolicy(train, episodes, policy, keys)
    return new ActorCriticTraining(recipe, episodes, users, base, this.#executor, seed, validate, world)
  }

  /** The simulated users of training: they know what the policy may know, by a factorisation that is not the policy's. */
  *#meetUsers(simulator: string, embedding: Embedding): Generator<void, SimulatedWorld> {
    const world = yield* this.#watched(learnTrainingWorld(simulator, {}, this.#tables.train, this.#spec.seed))
    refuseOwnModel(world, opinionOf(embedding))
    return world
  }

  #fitBase(episodes: TrainingEpisodes, learning: ReadonlySet<number>, ridge: number): Generator<void, LinearBase> {
    const fit = fitLinearBase(episodes.train, episodes.embedding, (user) => learning.has(user), ridge)
    return mapYields(fit, () => undefined)
  }

  /** From the checkpoint, from an earlier run, or trained now: the bits are the same. */
  *#findEmbedding({ embedding: options }: ReplayRecipe): Generator<void, Embedding> {
    if (this.#checkpoint?.['embedding']) return restoreEmbedding(readTree(this.#checkpoint, 'embedding'))
    if (this.#options.legacy) return restoreEmbedding(readTree(this.#options.legacy, 'embedding'))
    this.#enter('embedding')
    const { train, hash } = this.#tables
    const key = hashText(JSON.stringify(['embedding-1', Object.entries(options).sort(), hash, this.#spec.seed]))
    const known = this.#options.embedding?.(key)
    const embedding = known
      ? restoreEmbedding(decodeState(known))
      : yield* this.#watched(fitEmbedding(train, options, this.#spec.seed))
    embedding.lossCurve.forEach((value, epoch) => this.#points.push({ name: 'embeddingLoss', update: epoch + 1, value }))
    if (!known) {
      this.#embeddings.push({
        key,
        kind: 'pmf',
        params: { ...options },
        size: embedding.width,
        validationRmse: embedding.validationRmse,
        lossCurve: [...embedding.lossCurve],
        bytes: encodeState(saveEmbedding(embedding)),
      })
    }
    return embedding
  }
}

/** Weights may be finite and yet so large that scores are not: such lists mean nothing, and no NaN may reach a table. */
function assertFiniteScores({ recommendations }: JobOutcome, update: number): void {
  if (recommendations.score.every(Number.isFinite)) return
  throw new PalateError(
    'RUN_DIVERGED',
    `The run diverged: after update ${update} the trained model gives scores that are no finite numbers. Lower the learning rates or raise the regularisation, and start again.`,
    { run: '', update, quantity: 'a score' },
  )
}
