import type { PalateError } from '../../../contract/errors.ts'
import { firstNonFinite } from '../../compute/finite.ts'
import { compileInParts, type ProgramInParts } from '../../compute/cut.ts'
import { createAdam } from '../../compute/optimisers/adam.ts'
import { GradientClip } from '../../compute/optimisers/clipping.ts'
import type { Optimiser } from '../../compute/optimisers/optimiser.types.ts'
import type { Passes } from '../../compute/passes.types.ts'
import type { Executor, ExecutorMemory, ParameterArena } from '../../compute/types.ts'
import type { ActorCriticRecipe } from '../../core/actor-critic-recipe.ts'
import { Rng } from '../../core/rng.ts'
import { readArray, readNumber, readTree, type StateTree } from '../../core/state-codec.ts'
import { NO_ITEM } from './feedback-lists.ts'
import { divergedAt, follower, restoreOptimiser, saveOptimiser, type ReplayLearner } from './learner.ts'
import { buildNetworks, StateBatch, type NetworkPlan, type Networks, type Tables } from './networks.ts'
import { PrioritisedReplay, Transitions, type TransitionLayout } from './replay.ts'

const REPORTED = ['criticLoss', 'actorLoss', 'meanQ', 'tdError', 'criticGradientNorm', 'actorGradientNorm'] as const
const WITHOUT_ACTOR = REPORTED.filter((name) => !name.startsWith('actor'))
/** What an update measured. */
type UpdateReport = Record<(typeof REPORTED)[number], number>

/**
 * Networks, targets, optimisers and replay of one learner. `update` is one gradient update of the critic and, once the
 * critic has had its head start, of the actor (mdrr-att Algorithm 1, lines 21 to 25). Nothing is allocated per update.
 */
export class Agent implements ReplayLearner {
  readonly reported = REPORTED
  readonly networks: Networks
  /** Averaged actor weights: they act in evaluation when averaging is on. */
  readonly averaged: ParameterArena
  readonly replay: PrioritisedReplay
  readonly #recipe: ActorCriticRecipe
  readonly #passes: Passes
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
  /** The early part encodes the states of the batch, for both losses. */
  readonly #actorUpdate: ProgramInParts
  readonly #report: UpdateReport = {
    criticLoss: 0,
    actorLoss: 0,
    meanQ: 0,
    tdError: 0,
    criticGradientNorm: 0,
    actorGradientNorm: 0,
  }
  readonly #criticClip: GradientClip
  readonly #actorClip: GradientClip
  readonly #followers: Readonly<Record<'actorTarget' | 'criticTarget' | 'averaged', () => void>>
  #updates = 0

  /**
   * Consumes the streams "networks" (initial weights) and, per update, "replay".
   * @param tables from `tablesOf`, in the memory of the same executor
   */
  constructor(plan: NetworkPlan, executor: Executor, tables: Tables, seed: number) {
    const { recipe, embedding } = plan
    const { memory, passes } = executor
    this.#recipe = recipe
    this.#passes = passes
    this.networks = buildNetworks(plan, executor)
    const rng = Rng.stream(seed, 'networks')
    this.networks.actor.initialise(rng)
    this.networks.critic.initialise(rng)
    this.#actorTarget = this.networks.actor.clone()
    this.#criticTarget = this.networks.critic.clone()
    this.averaged = this.networks.actor.clone()
    this.#actorGradients = this.networks.actor.zerosLike()
    this.#criticGradients = this.networks.critic.zerosLike()
    const adam = (arena: ParameterArena, learningRate: number) =>
      createAdam(arena, { learningRate, l2: recipe.l2 }, passes, memory)
    this.#actorAdam = adam(this.networks.actor, recipe.actorLearningRate)
    this.#criticAdam = adam(this.networks.critic, recipe.criticLearningRate)
    this.#replayRng = Rng.stream(seed, 'replay')
    const layout = layoutOf(plan)
    this.replay = new PrioritisedReplay(recipe.replay.capacity, layout, recipe.replay.alpha)
    const size = recipe.batchSize
    this.#batch = new Transitions(size, layout, memory)
    this.#state = new StateBatch(size, recipe.historyLength, embedding, memory)
    this.#next = new StateBatch(size, recipe.historyLength, embedding, memory)
    this.#indexes = new Int32Array(size)
    this.#weights = memory.floats(size)
    this.#target = memory.floats(size)
    this.#executedRows = memory.ints(size)
    this.#candidates = new CandidateBatch(size, layout.candidates, memory)
    this.#nextCandidates = new CandidateBatch(size, layout.candidates, memory)
    const { actor, critic } = this.networks
    const ofActor = this.bindActor(tables)
    this.#actorUpdate = compileInParts(executor, this.networks.actorUpdate, ofActor)
    this.#bindings = this.bind(tables, ofActor)
    this.#criticClip = new GradientClip(this.#bindings.critic.gradients, recipe.clipNorm, passes)
    this.#actorClip = new GradientClip(this.#bindings.actor.gradients, recipe.clipNorm, passes)
    this.#followers = {
      actorTarget: follower(this.#actorTarget, actor, recipe.tau, passes),
      criticTarget: follower(this.#criticTarget, critic, recipe.tau, passes),
      averaged: follower(this.averaged, actor, 1 - recipe.averaging, passes),
    }
  }

  get updates(): number {
    return this.#updates
  }

  get flops(): number {
    const { nextValue, criticUpdate, actorUpdate } = this.networks
    return nextValue.graph.flops + criticUpdate.graph.flops + actorUpdate.early.flops + actorUpdate.late.flops
  }

  /** Before its first update the actor has nothing to tell. */
  measuredAt(update: number): readonly string[] {
    return update > this.#recipe.criticOnlyUpdates ? REPORTED : WITHOUT_ACTOR
  }

  /** The weights that act in evaluation. */
  get evaluated(): ParameterArena {
    return this.#recipe.averaging > 0 ? this.averaged : this.networks.actor
  }

  private bindActor(tables: Tables) {
    const { actor, critic } = this.networks
    return {
      inputs: { ...this.#state.inputs, ...this.#candidates.inputs },
      tables,
      parameters: [actor, critic],
      gradients: [this.#actorGradients],
    }
  }

  private bind(tables: Tables, actor: ReturnType<Agent['bindActor']>) {
    const { critic, criticState } = this.networks
    return {
      actor,
      nextValue: {
        inputs: { ...this.#next.inputs, ...this.#nextCandidates.inputs },
        tables,
        parameters: [this.#actorTarget, this.#criticTarget],
      },
      critic: {
        inputs: {
          [criticState]: this.#actorUpdate.early.outputs.view('state'),
          userRows: this.#state.inputs['userRows']!,
          executed: this.#batch.action,
          executedRows: this.#executedRows,
          target: this.#target,
          weights: this.#weights,
        },
        tables,
        parameters: [critic],
        gradients: [this.#criticGradients],
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
    this.#followers.actorTarget()
    this.#followers.criticTarget()
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
    const { gamma } = this.#recipe
    const values = this.networks.nextValue.run(this.#bindings.nextValue).view('value')
    for (let i = 0; i < this.#target.length; i++) {
      this.#target[i] = this.#batch.reward[i]! + gamma * (1 - this.#batch.terminated[i]!) * values[i]!
    }
    this.#actorUpdate.early.run(this.#bindings.actor)
    const outputs = this.networks.criticUpdate.run(this.#bindings.critic)
    report.criticLoss = outputs.scalar('loss')
    if (!Number.isFinite(report.criticLoss)) throw this.#diverged("the critic's loss")
    report.meanQ = outputs.scalar('meanQ')
    const tdErrors = outputs.view('tdError')
    this.replay.setPriorities(this.#indexes, tdErrors)
    let sum = 0
    for (let i = 0; i < tdErrors.length; i++) sum += Math.abs(tdErrors[i]!)
    report.tdError = sum / tdErrors.length
    this.#descend(this.networks.critic, this.#criticGradients, this.#criticClip, this.#criticAdam, "the critic's gradient")
    report.criticGradientNorm = this.#criticClip.norm
  }

  #updateActor(report: UpdateReport): void {
    const outputs = this.#actorUpdate.late.run(this.#actorUpdate.lateBindings)
    report.actorLoss = outputs.scalar('loss')
    if (!Number.isFinite(report.actorLoss)) throw this.#diverged("the actor's loss")
    this.#descend(this.networks.actor, this.#actorGradients, this.#actorClip, this.#actorAdam, "the actors' gradient")
    report.actorGradientNorm = this.#actorClip.norm
    if (this.#recipe.averaging > 0) this.#followers.averaged()
  }

  #descend(weights: ParameterArena, gradients: ParameterArena, clip: GradientClip, adam: Optimiser, quantity: string): void {
    clip.measure()
    if (!Number.isFinite(clip.norm)) throw this.#diverged(quantity)
    clip.apply()
    adam.update(weights, gradients)
  }

  #assertFiniteWeights(): void {
    if (firstNonFinite(this.networks.critic, this.#passes) !== null) throw this.#diverged('a weight of the critic')
    if (firstNonFinite(this.networks.actor, this.#passes) !== null) throw this.#diverged('a weight of an actor')
  }

  #diverged(quantity: string): PalateError {
    return divergedAt(this.#updates, quantity)
  }

  startFrom(weights: StateTree): void {
    const actor = readArray(weights, 'actor', Float32Array)
    const critic = readArray(weights, 'critic', Float32Array)
    for (const arena of [this.networks.actor, this.#actorTarget, this.averaged]) arena.values.set(actor)
    for (const arena of [this.networks.critic, this.#criticTarget]) arena.values.set(critic)
  }

  /** @throws PalateError RUN_DIVERGED when a weight is not finite: no checkpoint may hold what cannot go on */
  save(): StateTree {
    this.#assertFiniteWeights()
    return {
      updates: this.#updates,
      actor: this.networks.actor.values.slice(),
      critic: this.networks.critic.values.slice(),
      actorTarget: this.#actorTarget.values.slice(),
      criticTarget: this.#criticTarget.values.slice(),
      averaged: this.averaged.values.slice(),
      actorAdam: saveOptimiser(this.#actorAdam),
      criticAdam: saveOptimiser(this.#criticAdam),
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

  constructor(size: number, count: number, memory: ExecutorMemory) {
    this.#count = count
    this.inputs = { candidateRows: memory.ints(size * count), candidateMask: memory.floats(size * count) }
  }

  set(row: number, userRow: number, candidates: Int32Array, states: StateBatch): void {
    const from = row * this.#count
    for (let i = from; i < from + this.#count; i++) {
      this.inputs.candidateRows[i] = states.itemRow(userRow, candidates[i]!)
      this.inputs.candidateMask[i] = candidates[i] === NO_ITEM ? 0 : 1
    }
  }
}
