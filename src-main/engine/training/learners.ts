import { PalateError } from '../../contract/errors.ts'
import type { PolicyFit, PolicyRecipe, ScorerFit, ScorerRecipe } from '../core/model.ts'
import { readNumber, readTree, type StateTree } from '../core/state-codec.ts'
import type { ActorCriticTraining } from './actor-critic/actor-critic-training.ts'
import { opinionOf } from './actor-critic/trained-policy.ts'
import type { EnginePoint } from './job.types.ts'
import { trainedFit, type TrainedModel } from './trained-model.ts'

/** What the learners of both recipe kinds have in common. */
export interface Learner {
  readonly updatesDone: number
  readonly finished: boolean
  advance(): void
  stopEarly(): void
  takePoints(): EnginePoint[]
  save(): StateTree
  saveModel(): StateTree
  trained(): TrainedModel
  /** What a reader of the figures must know of how they came about. */
  remarks(): string[]
}

/** A model that is fitted epoch by epoch; its "updates" are epochs. */
export class FitLearner implements Learner {
  readonly #recipe: ScorerRecipe | PolicyRecipe
  readonly #fit: ScorerFit | PolicyFit
  #epochs = 0
  #stopped = false
  #points: EnginePoint[] = []

  constructor(recipe: ScorerRecipe | PolicyRecipe, fit: ScorerFit | PolicyFit, saved: StateTree | undefined) {
    this.#recipe = recipe
    this.#fit = fit
    if (!saved) return
    this.#epochs = readNumber(saved, 'epochs')
    fit.restore(readTree(saved, 'fit'))
  }

  get updatesDone(): number {
    return this.#epochs
  }

  get finished(): boolean {
    return this.#stopped || this.#epochs >= this.#recipe.epochs || this.#fit.finished === true
  }

  advance(): void {
    const measured = this.#fit.epoch()
    if (measured === null) return
    this.#epochs++
    for (const [name, value] of Object.entries(measured))
      this.#points.push({ name, update: this.#epochs, value: this.#finite(name, value) })
  }

  #finite(quantity: string, value: number): number {
    if (Number.isFinite(value)) return value
    throw new PalateError(
      'RUN_DIVERGED',
      `Fitting diverged in epoch ${this.#epochs}: ${quantity} is no longer a finite number. Lower the learning rate or raise the regularisation, and start again.`,
      { run: '', update: this.#epochs, quantity },
    )
  }

  stopEarly(): void {
    this.#stopped = true
  }

  takePoints(): EnginePoint[] {
    const points = this.#points
    this.#points = []
    return points
  }

  save(): StateTree {
    return { epochs: this.#epochs, fit: this.#fit.save() }
  }

  saveModel(): StateTree {
    return this.#fit.save()
  }

  trained(): TrainedModel {
    return trainedFit(this.#fit)
  }

  remarks(): string[] {
    return this.#fit.remarks?.() ?? []
  }
}

/** The loop of actor-critics and Q-learners as a learner. */
export class ActorCriticLearner implements Learner {
  readonly #training: ActorCriticTraining

  constructor(training: ActorCriticTraining) {
    this.#training = training
  }

  get updatesDone(): number {
    return this.#training.updatesDone
  }

  get finished(): boolean {
    return this.#training.finished
  }

  advance(): void {
    this.#training.advance()
  }

  stopEarly(): void {
    this.#training.stopEarly()
  }

  takePoints(): EnginePoint[] {
    return this.#training.takePoints()
  }

  save(): StateTree {
    return this.#training.save()
  }

  saveModel(): StateTree {
    return this.#training.saveModel()
  }

  trained(): TrainedModel {
    return { kind: 'policy', policy: this.#training.policy(), thinks: opinionOf(this.#training.embedding) }
  }

  remarks(): string[] {
    const { recipe, embedding, chosenUpdate } = this.#training
    const remarks = [
      `Embedding: error ${embedding.validationRmse.toFixed(3)} (RMSE) on training ratings left out of its fit.`,
      ...this.#training.remarks,
      ...(this.#training.continues ? [toldByUsers] : []),
    ]
    if (!recipe.selectCheckpoint) return remarks
    const base = recipe.simulated ? 'the factorisation' : 'the linear base'
    const trained = recipe.residual ? `${base} before any correction` : 'the untrained networks'
    const start = this.#training.continues ? 'the weights of the live session before any further update' : trained
    return chosenUpdate === 0
      ? [...remarks, `Checkpoint 0 was chosen, ${start}: no later one was clearly better on held-out users.`]
      : [
          ...remarks,
          `Checkpoint ${chosenUpdate} was chosen: the best on held-out users, by more than one standard error above ${start}.`,
        ]
  }
}

/** Who answered in a session is not recorded: what cannot be refused is said. */
const toldByUsers =
  'It goes on from a live session. What simulated users answered there comes from all ratings, those of the test side among them: after such answers the figures are too good.'
