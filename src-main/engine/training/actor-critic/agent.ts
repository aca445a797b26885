import { PalateError } from '../../../contract/errors.ts'
import { clipGlobalNorm, createAdam, firstNonFinite, softUpdate, type Optimiser } from '../../compute/optimisers.ts'
import type { Executor, ParameterArena } from '../../compute/types.ts'
import type { ActorCriticRecipe } from '../../core/actor-critic-recipe.ts'
import { Rng } from '../../core/rng.ts'
import { readArray, readNumber, readTree, type StateTree } from '../../core/state-codec.ts'
import { NO_ITEM } from './feedback-lists.ts'
import { buildNetworks, StateBatch, type NetworkPlan, type Networks, type Tables } from './networks.ts'
import { PrioritisedReplay, Transitions, type TransitionLayout } from './replay.ts'

/** What an update measured. */
export interface UpdateReport {
  criticLoss: number
  actorLoss: number
  meanQ: number
  tdError: number
  criticGradientNorm: number
  actorGradientNorm: number
}

/**
 * Networks, targets, optimisers and replay of one learner. `update` is one gradient update of the critic and, once the
 * critic has had its head start, of the actor (mdrr-att Algorithm 1, lines 21 to 25). Nothing is allocated per update.
 */
export class Agent {
  readonly networks: Networks
  /** Averaged actor weights: they act in evaluation when averaging is on. */
  readonly averaged: ParameterArena
  readonly replay: PrioritisedReplay
  readonly #recipe: ActorCriticRecipe
  readonly #actorTarget: ParameterArena
  readonly #criticTarget: ParameterArena
  readonly #actorGradients: ParameterArena
  readonly #criticGradients: ParameterArena
  readonly #actorAdam: Optimiser
  readonly #criticAdam: Optimiser
  readonly #replayRng: Rng
  readonly #batch: Transitions
  readonly #state: StateBatch
  readonly #next: StateBatch
  readonly #indexes: Int32Array
  readonly #weights: Float32Array
  readonly #target: Float32Array
  readonly #executedRows: Int32Array
  readonly #candidates: CandidateBatch
  readonly #nextCandidates: CandidateBatch
  readonly #bindings: ReturnType<Agent['bind']>
  readonly #report: UpdateReport = {
    criticLoss: 0,
    actorLoss: 0,
    meanQ: 0,
    tdError: 0,
    criticGradientNorm: 0,
    actorGradientNorm: 0,
  }
  #updates = 0

  /** Consumes the streams "networks" (initial weights) and, per update, "replay". */
  constructor(plan: NetworkPlan, executor: Executor, tables: Tables, seed: number) {
    const { recipe, embedding } = plan
    this.#recipe = recipe
    this.networks = buildNetworks(plan, executor)
    const rng = Rng.stream(seed, 'networks')
    this.networks.actor.initialise(rng)
    this.networks.critic.initialise(rng)
    this.#actorTarget = this.networks.actor.clone()
    this.#criticTarget = this.networks.critic.clone()
    this.averaged = this.networks.actor.clone()
    this.#actorGradients = this.networks.actor.zerosLike()
    this.#criticGradients = this.networks.critic.zerosLike()
    this.#actorAdam = createAdam(this.networks.actor, { learningRate: recipe.actorLearningRate, l2: recipe.l2 })
    this.#criticAdam = createAdam(this.networks.critic, { learningRate: recipe.criticLearningRate, l2: recipe.l2 })
    this.#replayRng = Rng.stream(seed, 'replay')
    const layout = layoutOf(plan)
    this.replay = new PrioritisedReplay(recipe.replay.capacity, layout, recipe.replay.alpha)
    const size = recipe.batchSize
    this.#batch = new Transitions(size, layout)
    this.#state = new StateBatch(size, recipe.historyLength, embedding)
    this.#next = new StateBatch(size, recipe.historyLength, embedding)
    this.#indexes = new Int32Array(size)
    this.#weights = new Float32Array(size)
    this.#target = new Float32Array(size)
    this.#executedRows = new Int32Array(size)
    this.#candidates = new CandidateBatch(size, layout.candidates)
    this.#nextCandidates = new CandidateBatch(size, layout.candidates)
    this.#bindings = this.bind(tables)
  }

  get updates(): number {
    return this.#updates
  }

  /** The weights that act in evaluation. */
  get evaluated(): ParameterArena {
    return this.#recipe.averaging > 0 ? this.averaged : this.networks.actor
  }

  private bind(tables: Tables) {
    const { actor, critic } = this.networks
    return {
      nextValue: {
        inputs: { ...tables, ...this.#next.inputs, ...this.#nextCandidates.inputs },
        parameters: [this.#actorTarget, this.#criticTarget],
      },
      critic: {
        inputs: {
          ...tables,
          ...this.#state.inputs,
          executed: this.#batch.action,
          executedRows: this.#executedRows,
          target: this.#target,
          weights: this.#weights,
        },
        parameters: [actor, critic],
        gradients: [this.#criticGradients],
      },
      actor: {
        inputs: { ...tables, ...this.#state.inputs, ...this.#candidates.inputs },
        parameters: [actor, critic],
        gradients: [this.#actorGradients],
      },
    }
  }

  /**
   * One update. Consumes batchSize uniform numbers of "replay".
   * @param beta importance correction of this update
   * @returns what was measured; the same object each time
   * @throws PalateError RUN_DIVERGED as soon as a loss, a gradient norm or a weight is not finite
   */
  update(beta: number): UpdateReport {
    const report = this.#report
    this.replay.sample(this.#batch, this.#indexes, this.#weights, beta, this.#replayRng)
    this.#fillBatches()
    this.#updateCritic(report)
    if (this.#updates >= this.#recipe.criticOnlyUpdates) this.#updateActor(report)
    softUpdate(this.#actorTarget, this.networks.actor, this.#recipe.tau)
    softUpdate(this.#criticTarget, this.networks.critic, this.#recipe.tau)
    this.#updates++
    this.#assertFiniteWeights()
    return report
  }

  #fillBatches(): void {
    const batch = this.#batch
    const n = this.#recipe.historyLength
    for (let i = 0; i < batch.size; i++) {
      const userRow = batch.userRow[i]!
      this.#state.set(i, userRow, batch.positive, batch.negative, i * n)
      this.#next.set(i, userRow, batch.nextPositive, batch.nextNegative, i * n)
      this.#executedRows[i] = this.#state.itemRow(userRow, batch.item[i]!)
      this.#candidates.set(i, userRow, batch.candidates, this.#state)
      this.#nextCandidates.set(i, userRow, batch.nextCandidates, this.#next)
    }
  }

  #updateCritic(report: UpdateReport): void {
    const { gamma, clipNorm } = this.#recipe
    const values = this.networks.nextValue.run(this.#bindings.nextValue).view('value')
    for (let i = 0; i < this.#target.length; i++) {
      this.#target[i] = this.#batch.reward[i]! + gamma * (1 - this.#batch.terminated[i]!) * values[i]!
    }
    const outputs = this.networks.criticUpdate.run(this.#bindings.critic)
    report.criticLoss = this.#assertFinite("the critic's loss", outputs.scalar('loss'))
    report.meanQ = outputs.scalar('meanQ')
    const tdErrors = outputs.view('tdError')
    this.replay.setPriorities(this.#indexes, tdErrors)
    let sum = 0
    for (let i = 0; i < tdErrors.length; i++) sum += Math.abs(tdErrors[i]!)
    report.tdError = sum / tdErrors.length
    report.criticGradientNorm = this.#assertFinite("the critic's gradient", clipGlobalNorm([this.#criticGradients], clipNorm))
    this.#criticAdam.update(this.networks.critic, this.#criticGradients)
  }

  #updateActor(report: UpdateReport): void {
    const outputs = this.networks.actorUpdate.run(this.#bindings.actor)
    report.actorLoss = this.#assertFinite("the actor's loss", outputs.scalar('loss'))
    report.actorGradientNorm = this.#assertFinite(
      "the actors' gradient",
      clipGlobalNorm([this.#actorGradients], this.#recipe.clipNorm),
    )
    this.#actorAdam.update(this.networks.actor, this.#actorGradients)
    if (this.#recipe.averaging > 0) softUpdate(this.averaged, this.networks.actor, 1 - this.#recipe.averaging)
  }

  #assertFiniteWeights(): void {
    this.#assertFinite('a weight of the critic', firstNonFinite(this.networks.critic) === null ? 0 : NaN)
    this.#assertFinite('a weight of an actor', firstNonFinite(this.networks.actor) === null ? 0 : NaN)
  }

  #assertFinite(quantity: string, value: number): number {
    if (Number.isFinite(value)) return value
    throw new PalateError(
      'RUN_DIVERGED',
      `Training diverged at update ${this.#updates}: ${quantity} is no longer a finite number. ` +
        'The last finite checkpoint is kept. Lower the learning rates or the clip norm, and start again.',
      { run: '', update: this.#updates, quantity },
    )
  }

  /** @throws PalateError RUN_DIVERGED when a weight is not finite: no checkpoint may hold what cannot go on */
  save(): StateTree {
    this.#assertFiniteWeights()
    const optimiser = (adam: Optimiser) => {
      const { updates, slots } = adam.save()
      return { updates, slots: { ...slots } }
    }
    return {
      updates: this.#updates,
      actor: this.networks.actor.values.slice(),
      critic: this.networks.critic.values.slice(),
      actorTarget: this.#actorTarget.values.slice(),
      criticTarget: this.#criticTarget.values.slice(),
      averaged: this.averaged.values.slice(),
      actorAdam: optimiser(this.#actorAdam),
      criticAdam: optimiser(this.#criticAdam),
      replay: this.replay.save(),
      replayRng: this.#replayRng.save(),
    }
  }

  restore(saved: StateTree): void {
    this.#updates = readNumber(saved, 'updates')
    this.networks.actor.values.set(readArray(saved, 'actor', Float32Array))
    this.networks.critic.values.set(readArray(saved, 'critic', Float32Array))
    this.#actorTarget.values.set(readArray(saved, 'actorTarget', Float32Array))
    this.#criticTarget.values.set(readArray(saved, 'criticTarget', Float32Array))
    this.averaged.values.set(readArray(saved, 'averaged', Float32Array))
    restoreOptimiser(this.#actorAdam, readTree(saved, 'actorAdam'))
    restoreOptimiser(this.#criticAdam, readTree(saved, 'criticAdam'))
    this.replay.restore(readTree(saved, 'replay'))
    this.#replayRng.load(readTree(saved, 'replayRng'))
  }
}

function restoreOptimiser(adam: Optimiser, saved: StateTree): void {
  adam.restore({ updates: readNumber(saved, 'updates'), slots: readTree(saved, 'slots') as Record<string, Float32Array> })
}

/** What a transition of the recipe holds: the action critic needs the vector, the item critic the candidates. */
export function layoutOf(plan: NetworkPlan): TransitionLayout {
  const onItems = plan.recipe.judges === 'item'
  return {
    historyLength: plan.recipe.historyLength,
    actionWidth: onItems ? 0 : plan.embedding.width,
    candidates: onItems ? plan.recipe.candidateSample : 0,
  }
}

/** Candidate table rows and their mask, [B, C]. */
class CandidateBatch {
  readonly inputs: { readonly candidateRows: Int32Array; readonly candidateMask: Float32Array }
  readonly #count: number

  constructor(size: number, count: number) {
    this.#count = count
    this.inputs = { candidateRows: new Int32Array(size * count), candidateMask: new Float32Array(size * count) }
  }

  set(row: number, userRow: number, candidates: Int32Array, states: StateBatch): void {
    const from = row * this.#count
    for (let i = from; i < from + this.#count; i++) {
      this.inputs.candidateRows[i] = states.itemRow(userRow, candidates[i]!)
      this.inputs.candidateMask[i] = candidates[i] === NO_ITEM ? 0 : 1
    }
  }
}
