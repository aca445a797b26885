import { float, int } from '../../contract/params.ts'
import { defineModel, type ScorerFit } from '../core/model.ts'
import { readArray, readNumber } from '../core/state-codec.ts'
import { AlsFit, predict, type Factorisation } from '../factorisation/als.ts'

/**
 * Matrix factorisation with user and item biases, fitted by alternating least squares. The defaults were tuned on
 * validation parts of MovieLens-100k training splits (size 16, lambda 16), never on test ratings.
 */
export default defineModel({
  id: 'biased-mf',
  version: 1,
  title: 'Biased matrix factorisation',
  summary: 'Mean, user bias, item bias and an inner product, by alternating least squares. The bar that every learner must pass.',
  kind: 'floor',
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
    epochs: int({ default: 12, min: 1, max: 500, doc: 'Passes over users and items.' }),
  },
  presets: [
    { id: 'tuned', title: 'Tuned', doc: 'Size 16, lambda 16: tuned on validation ratings of MovieLens-100k.', values: {} },
    {
      id: 'loose',
      title: 'Under-regularised',
      doc: 'Lambda 8, as a first try would have it: shows what tuning is worth.',
      values: { lambda: 8 },
    },
  ],
  defaultPreset: 'tuned',
  curves: [{ name: 'trainRmse', label: 'RMSE on the training ratings', scale: 'linear' }],
  create: (params) => ({
    kind: 'scorer',
    epochs: params.epochs,
    start(context): ScorerFit {
      const fit = new AlsFit(
        context.train,
        { size: params.size, lambda: params.lambda, epochs: params.epochs, biased: true },
        context.stream('factorisation'),
      )
      return {
        epoch: () => ({ trainRmse: fit.epoch() }),
        scorer: () => factorisationScorer(fit.result),
        save: () => ({ epoch: fit.epochsDone, ...factorArrays(fit.result) }),
        restore(saved) {
          fit.restore(readNumber(saved, 'epoch'), (name) => readArray(saved, name, Float64Array))
        },
      }
    },
  }),
})

function factorArrays({ userFactors, itemFactors, userBias, itemBias }: Factorisation) {
  return { userFactors, itemFactors, userBias, itemBias }
}

function factorisationScorer(model: Factorisation) {
  return {
    score(userIndex: number, items: Int32Array, count: number, out: Float32Array) {
      for (let i = 0; i < count; i++) out[i] = predict(model, userIndex, items[i]!)
    },
  }
}
