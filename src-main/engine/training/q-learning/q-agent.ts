import { firstNonFinite } from '../../compute/finite.ts'
import { createAdam } from '../../compute/optimisers/adam.ts'
import { GradientClip } from '../../compute/optimisers/clipping.ts'
import type { Optimiser } from '../../compute/optimisers/optimiser.types.ts'
import type { Passes } from '../../compute/passes.types.ts'
import type { Bindings, Executor, ParameterArena, Program } from '../../compute/types.ts'
import type { QLearningRecipe } from '../../core/q-learning-recipe.ts'
import { Rng } from '../../core/rng.ts'
import { readArray, readNumber, readTree, type StateTree } from '../../core/state-codec.ts'
import { NO_ITEM } from '../actor-critic/feedback-lists.ts'
import { divergedAt, follower, restoreOptimiser, saveOptimiser, type ReplayLearner } from '../actor-critic/learner.ts'
import { StateBatch, type Tables } from '../actor-critic/networks.ts'
import { PrioritisedReplay, Transitions } from '../actor-critic/replay.ts'
import { competitorItem, competitorSign } from './competitors.ts'
import { createQNetwork, lossGraph, nextValuesGraph, type QPlan } from './q-networks.ts'

const REPORTED = ['loss', 'meanQ', 'tdError', 'gradientNorm'] as const
const REPORTED_WITH_PAIRS = [...REPORTED, 'pairwise'] as const
type QReport = Record<(typeof REPORTED_WITH_PAIRS)[number], number>

/**
 * Q-learning with a target network and prioritised replay (Mnih et al. 2015, Schaul et al. 2016), as double DQN (van Hasselt
 * et al. 2016) if asked for, and with the pairwise term of DEERS if there is one. Nothing is allocated per update.
 */
export class QAgent implements ReplayLearner {
  readonly reported: readonly string[]
  readonly network: ParameterArena
  /** Averaged weights: they act in evaluation when averaging is on. */
  readonly averaged: ParameterArena
  readonly replay: PrioritisedReplay
  readonly #recipe: QLearningRecipe
  readonly #passes: Passes
  readonly #target: ParameterArena
  readonly #gradients: ParameterArena
  readonly #adam: Optimiser
  readonly #clip: GradientClip
  readonly #followers: Readonly<Record<'target' | 'averaged', () => void>>
  readonly #loss: Program
  /** The same graph twice: the outputs of a program last until its next run. */
  readonly #nextByTarget: Program
  readonly #nextByLearner: Program | null
  readonly #replayRng: Rng
  readonly #batch: Transitions
  readonly #state: StateBatch
  readonly #next: StateBatch
  readonly #indexes: Int32Array
  readonly #weights: Float32Array
  readonly #targets: Float32Array
  readonly #sign: Float32Array
  readonly #executedRows: Int32Array
  readonly #candidateRows: Int32Array
  readonly #bindings: Readonly<Record<'loss' | 'nextByTarget' | 'nextByLearner', Bindings>>
  readonly #report: QReport = { loss: 0, meanQ: 0, tdError: 0, gradientNorm: 0, pairwise: 0 }
  #updates = 0

  /**
   * Consumes the streams "networks" (initial weights) and, per update, "replay".
   * @param tables from `tablesOf`, in the memory of the same executor
   */
  constructor(plan: QPlan, executor: Executor, tables: Tables, seed: number) {
    const { recipe, embedding } = plan
    const { memory, passes } = executor
    this.#recipe = recipe
    this.#passes = passes
    this.reported = recipe.pairwise ? REPORTED_WITH_PAIRS : REPORTED
    this.network = createQNetwork(plan, executor)
    this.network.initialise(Rng.stream(seed, 'networks'))
    this.#target = this.network.clone()
    this.averaged = this.network.clone()
    this.#gradients = this.network.zerosLike()
    this.#adam = createAdam(this.network, { learningRate: recipe.learningRate, l2: recipe.l2 }, passes, memory)
    this.#clip = new GradientClip([this.#gradients], recipe.clipNorm, passes)
    this.#followers = {
      target: follower(this.#target, this.network, recipe.tau, passes),
      averaged: follower(this.averaged, this.network, 1 - recipe.averaging, passes),
    }
    this.#loss = executor.compile(lossGraph(plan))
    this.#nextByTarget = executor.compile(nextValuesGraph(plan))
    this.#nextByLearner = recipe.double ? executor.compile(nextValuesGraph(plan)) : null
    this.#replayRng = Rng.stream(seed, 'replay')
    this.replay = new PrioritisedReplay(recipe.replay.capacity, plan.layout, recipe.replay.alpha)
    const size = recipe.batchSize
    this.#batch = new Transitions(size, plan.layout)
    this.#state = new StateBatch(size, recipe.historyLength, embedding, memory)
    this.#next = new StateBatch(size, recipe.historyLength, embedding, memory)
    this.#indexes = new Int32Array(size)
    this.#weights = memory.floats(size)
    this.#targets = memory.floats(size)
    this.#sign = memory.floats(size)
    this.#executedRows = memory.ints(size * (recipe.pairwise ? 2 : 1))
    this.#candidateRows = memory.ints(size * recipe.candidateSample)
    this.#bindings = this.bind(tables)
  }

  private bind(tables: Tables) {
    const next = (network: ParameterArena): Bindings => ({
      inputs: { ...this.#next.inputs, candidateRows: this.#candidateRows },
      tables,
      parameters: [network],
    })
    const inputs = { executedRows: this.#executedRows, target: this.#targets, weights: this.#weights, sign: this.#sign }
    return {
      loss: {
        inputs: { ...this.#state.inputs, ...inputs },
        tables,
        parameters: [this.network],
        gradients: [this.#gradients],
      },
      nextByTarget: next(this.#target),
      nextByLearner: next(this.network),
    }
  }

  get updates(): number {
    return this.#updates
  }

  get flops(): number {
    return this.#loss.graph.flops + (this.#nextByLearner ? 2 : 1) * this.#nextByTarget.graph.flops
  }

  get evaluated(): ParameterArena {
    return this.#recipe.averaging > 0 ? this.averaged : this.network
  }

  measuredAt(): readonly string[] {
    return this.reported
  }

  /** Consumes batchSize uniform numbers of "replay". */
  update(beta: number): Readonly<QReport> {
    this.replay.sample(this.#batch, this.#indexes, this.#weights, beta, this.#replayRng)
    this.#fillBatches()
    this.#computeTargets()
    this.#measure()
    this.#descend()
    this.#report.gradientNorm = this.#clip.norm
    this.#followers.target()
    if (this.#recipe.averaging > 0) this.#followers.averaged()
    this.#updates++
    this.#assertFiniteWeights()
    return this.#report
  }

  #fillBatches(): void {
    const batch = this.#batch
    const { historyLength: n, candidateSample, pairwise } = this.#recipe
    for (let i = 0; i < batch.size; i++) {
      const userRow = batch.userRow[i]!
      this.#state.set(i, userRow, batch.positive, batch.negative, i * n)
      this.#next.set(i, userRow, batch.nextPositive, batch.nextNegative, i * n)
      for (let c = i * candidateSample; c < (i + 1) * candidateSample; c++)
        this.#candidateRows[c] = this.#next.itemRow(userRow, batch.nextCandidates[c]!)
      const row = this.#state.itemRow(userRow, batch.item[i]!)
      if (!pairwise) this.#executedRows[i] = row
      else {
        this.#executedRows[2 * i] = row
        this.#executedRows[2 * i + 1] = this.#state.itemRow(userRow, competitorItem(batch.competitor[i]!))
        this.#sign[i] = competitorSign(batch.competitor[i]!)
      }
    }
  }

  /** y = r + gamma (1 - terminated) max_i Q'(s', i), or Q' of the item that the learner would choose. Truncation bootstraps. */
  #computeTargets(): void {
    const { gamma, candidateSample: count } = this.#recipe
    const values = this.#nextByTarget.run(this.#bindings.nextByTarget).view('values')
    const chooses = this.#nextByLearner ? this.#nextByLearner.run(this.#bindings.nextByLearner).view('values') : values
    const { reward, terminated, nextCandidates } = this.#batch
    for (let i = 0; i < this.#targets.length; i++) {
      let best = -1
      for (let c = i * count; c < (i + 1) * count; c++)
        if (nextCandidates[c] !== NO_ITEM && (best < 0 || chooses[c]! > chooses[best]!)) best = c
      const ended = best < 0 || terminated[i] === 1
      this.#targets[i] = ended ? reward[i]! : reward[i]! + gamma * values[best]!
    }
  }

  #measure(): void {
    const report = this.#report
    const outputs = this.#loss.run(this.#bindings.loss)
    report.loss = outputs.scalar('loss')
    if (!Number.isFinite(report.loss)) throw divergedAt(this.#updates, 'the loss')
    report.meanQ = outputs.scalar('meanQ')
    if (this.#recipe.pairwise) report.pairwise = outputs.scalar('pairwise')
    const tdErrors = outputs.view('tdError')
    this.replay.setPriorities(this.#indexes, tdErrors)
    let sum = 0
    for (let i = 0; i < tdErrors.length; i++) sum += Math.abs(tdErrors[i]!)
    report.tdError = sum / tdErrors.length
  }

  #descend(): void {
    const clip = this.#clip
    clip.measure()
    if (!Number.isFinite(clip.norm)) throw divergedAt(this.#updates, 'the gradient')
    clip.apply()
    this.#adam.update(this.network, this.#gradients)
  }

  #assertFiniteWeights(): void {
    if (firstNonFinite(this.network, this.#passes) !== null) throw divergedAt(this.#updates, 'a weight of the network')
  }

  startFrom(weights: StateTree): void {
    const network = readArray(weights, 'network', Float32Array)
    for (const arena of [this.network, this.#target, this.averaged]) arena.values.set(network)
  }

  save(): StateTree {
    this.#assertFiniteWeights()
    return {
      updates: this.#updates,
      network: this.network.values.slice(),
      target: this.#target.values.slice(),
      averaged: this.averaged.values.slice(),
      adam: saveOptimiser(this.#adam),
      replay: this.replay.save(),
      replayRng: this.#replayRng.save(),
    }
  }

  restore(saved: StateTree): void {
    this.#updates = readNumber(saved, 'updates')
    this.network.values.set(readArray(saved, 'network', Float32Array))
    this.#target.values.set(readArray(saved, 'target', Float32Array))
    this.averaged.values.set(readArray(saved, 'averaged', Float32Array))
    restoreOptimiser(this.#adam, readTree(saved, 'adam'))
    this.replay.restore(readTree(saved, 'replay'))
    this.#replayRng.load(readTree(saved, 'replayRng'))
  }
}
