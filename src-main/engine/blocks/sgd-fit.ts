import type { ScorerContext, ScorerFit } from '../core/model.ts'
import { holdOut } from '../data/hold-out.ts'
import { SgdFactorisation, type SgdOptions } from '../factorisation/sgd.ts'
import { ValidatedFit, type ValidatedFitOptions } from './validated-fit.ts'

/**
 * A factorisation by stochastic gradient steps as a model: stops early on ratings held out of the training side, then is
 * fitted anew on all of it. Consumes the streams "validation", "start" and "order" of the context.
 */
export function fitSgd(
  options: SgdOptions & Omit<ValidatedFitOptions, 'names'> & { readonly validationShare: number },
  context: ScorerContext,
): ScorerFit {
  const { train, executor } = context
  const parts = holdOut(train, options.validationShare, context.stream('validation'))
  const learn = (table: typeof train, held: typeof train) =>
    new SgdFactorisation(table, held, options, executor, context.stream('start'), context.stream('order'))
  const fit = new ValidatedFit(
    { part: parts ? () => learn(parts.learn, parts.held) : null, all: () => learn(train, train) },
    { ...options, names: { train: 'trainRmse', validation: 'validationRmse' } },
  )
  return {
    epoch: () => fit.epoch(),
    get finished() {
      return fit.finished
    },
    remarks: () => fit.remarks(),
    save: () => fit.save(),
    restore: (saved) => fit.restore(saved),
    scorer() {
      const { learnable, weights } = fit.chosen
      return learnable.scorer(weights)
    },
  }
}
