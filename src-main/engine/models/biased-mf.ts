import { choice, float, int } from '../../contract/params.ts'
import { defineModel, type Scorer, type ScorerContext, type ScorerFit } from '../core/model.ts'
import { readArray, type StateTree } from '../core/state-codec.ts'
import { holdOut, type HeldOut } from '../data/hold-out.ts'
import { factorTables } from '../factorisation/factor-tables.ts'
import { AlsFit, predict, restoreAls, rmse, saveAls } from '../factorisation/als.ts'

/**
 * Matrix factorisation with user and item biases, fitted by alternating least squares.
 *
 * The defaults come from a grid on a tenth of the training ratings of MovieLens-100k, three splits, never from test ratings:
 * mean RMSE .933 (k 16, lambda 8), .915 (12), .914 (14), .916 (16), .925 (20); .917 (k 8, 16), .916 (k 32, 16). The ridge on the
 * biases: decision 13.
 */
export default defineModel({
  id: 'biased-mf',
  version: 1,
  title: 'Biased MF',
  summary:
    'Biased matrix factorisation: mean, user bias, item bias and an inner product, by alternating least squares. The bar that every learner must pass.',
  kind: 'floor',
  family: 'factorisation',
  feedback: 'ratings',
  needs: ['ratings'],
  source: { paper: 'mdrr-att', title: 'Stronger form of the baselines "PMF" and "SVD++" of Table 2' },
  deviations: ['Fitted by alternating least squares instead of gradient steps; the objective is that of biased PMF.'],
  params: {
    size: int({ default: 16, min: 1, max: 256, symbol: 'k', doc: 'Number of latent coordinates.' }),
    lambda: float({
      default: 16,
      min: 0.01,
      max: 1000,
      scale: 'log',
      symbol: 'λ',
      doc: 'Ridge on factors and biases, in units of ratings.',
    }),
    biasLambda: float({
      default: 0,
      min: 0,
      max: 1000,
      doc: 'Ridge on the biases; 0 takes the one of the factors. Biases bear less of it.',
    }),
    epochs: int({ default: 12, min: 1, max: 500, doc: 'Passes over users and items, for each setting that is tried.' }),
    selection: choice({
      default: 'fixed',
      doc: 'Where size and lambda come from.',
      options: [
        { value: 'fixed', label: 'As set' },
        {
          value: 'validation',
          label: 'Picked on a tenth of the training ratings',
          doc: 'Tries half to one and a quarter times both ridges, then half the ridge on the biases, then twice the size; the best learns from all.',
        },
      ],
    }),
  },
  presets: [
    {
      id: 'palate',
      title: 'Palate',
      doc: 'Size 16, lambda 16, half of it on the biases: on validation ratings of MovieLens within .003 RMSE of the best of a grid.',
      values: { biasLambda: 8 },
    },
    {
      id: 'tuned',
      title: 'Tuned',
      doc: 'Size and both ridges are picked on a tenth of the training ratings of this split, never on test ratings.',
      values: { biasLambda: 8, selection: 'validation' },
    },
    {
      id: 'loose',
      title: 'Under-regularised',
      doc: 'Lambda 8, as a first try would have it: shows what tuning is worth.',
      values: { lambda: 8 },
    },
  ],
  defaultPreset: 'palate',
  curves: [
    { name: 'trainRmse', label: 'RMSE on the training ratings', scale: 'linear' },
    { name: 'validationRmse', label: 'RMSE of a setting on held-out training ratings', scale: 'linear' },
  ],
  create: ({ size, lambda, biasLambda, epochs, selection }) => ({
    kind: 'scorer',
    epochs: (selection === 'fixed' ? 1 : TRIES + 1) * epochs,
    sketch: ({ users, items }) => ({ tables: factorTables(users, items, size, true) }),
    start: (context) =>
      new PickedFit({ size, lambda, biasLambda: biasLambda || lambda }, selection === 'validation', epochs, context),
  }),
})

interface Setting {
  readonly size: number
  readonly lambda: number
  readonly biasLambda: number
}

const LAMBDA_FACTORS = [1, 0.5, 0.75, 0.875, 1.25]
const TRIES = LAMBDA_FACTORS.length + 2

/** One thing after the other: lambda, then the ridge on the biases, then the size, each from the best so far. */
function settingToTry(given: Setting, tried: readonly Setting[], errors: readonly number[]): Setting {
  const factor = LAMBDA_FACTORS[tried.length]
  if (factor !== undefined) return { ...given, lambda: given.lambda * factor, biasLambda: given.biasLambda * factor }
  const best = bestOf(tried, errors)
  return tried.length === LAMBDA_FACTORS.length ? { ...best, biasLambda: best.biasLambda / 2 } : { ...best, size: 2 * best.size }
}

function bestOf(tried: readonly Setting[], errors: readonly number[]): Setting {
  return tried[errors.indexOf(Math.min(...errors))]!
}

/** Tries settings on a part of the training ratings, then fits the best to all of them. Consumes "validation" and "factorisation". */
class PickedFit implements ScorerFit {
  readonly #given: Setting
  readonly #epochs: number
  readonly #context: ScorerContext
  /** Null: nothing is to be picked, or there are too few ratings to pick by. */
  readonly #parts: HeldOut | null
  /** Those tried, and the one being tried at the end. */
  readonly #tried: Setting[] = []
  readonly #errors: number[] = []
  #fit: AlsFit

  constructor(given: Setting, pick: boolean, epochs: number, context: ScorerContext) {
    this.#given = given
    this.#epochs = epochs
    this.#context = context
    this.#parts = pick ? holdOut(context.train, 0.1, context.stream('validation')) : null
    this.#fit = this.#begin()
  }

  get #trying(): boolean {
    return this.#parts !== null && this.#errors.length < TRIES
  }

  get #picked(): Setting {
    return this.#errors.length > 0 ? bestOf(this.#tried, this.#errors) : this.#given
  }

  #begin(): AlsFit {
    const setting = this.#trying ? settingToTry(this.#given, this.#tried, this.#errors) : this.#picked
    if (this.#trying) this.#tried.push(setting)
    const table = this.#trying ? this.#parts!.learn : this.#context.train
    return new AlsFit(table, { ...setting, epochs: this.#epochs, biased: true }, this.#context.stream('factorisation'))
  }

  get finished(): boolean {
    return !this.#trying && this.#fit.finished
  }

  epoch(): Readonly<Record<string, number>> | null {
    const trainRmse = this.#fit.advance()
    if (trainRmse === null) return null
    if (!this.#trying || !this.#fit.finished) return { trainRmse }
    const validationRmse = rmse(this.#fit.result, this.#parts!.held)
    this.#errors.push(validationRmse)
    this.#fit = this.#begin()
    return { trainRmse, validationRmse }
  }

  remarks(): string[] {
    if (this.#parts === null) return []
    if (this.#trying) return ['Stopped before all settings were tried: what scores is the setting that was being tried.']
    const { size, lambda, biasLambda } = this.#picked
    const error = Math.min(...this.#errors).toFixed(4)
    return [
      `Picked on held-out training ratings: size ${size}, lambda ${lambda}, ${biasLambda} on biases (RMSE ${error}, ${TRIES} settings tried).`,
    ]
  }

  scorer(): Scorer {
    const model = this.#fit.result
    return {
      predictsRatings: true,
      score(userIndex, items, count, out) {
        for (let i = 0; i < count; i++) out[i] = predict(model, userIndex, items[i]!)
      },
    }
  }

  save(): StateTree {
    return { errors: Float64Array.from(this.#errors), ...saveAls(this.#fit) }
  }

  restore(saved: StateTree): void {
    // Models saved before there was anything to pick hold no errors.
    const errors = saved['errors'] === undefined ? [] : readArray(saved, 'errors', Float64Array)
    for (const error of errors) {
      this.#errors.push(error)
      this.#fit = this.#begin()
    }
    restoreAls(this.#fit, saved)
  }
}
