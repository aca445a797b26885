import type { ScorerContext, ScorerFit } from '../core/model.ts'
import { holdOut } from '../data/hold-out.ts'
import { SgdFactorisation, type SgdOptions } from '../factorisation/sgd.ts'
import { ValidatedFit, type ValidatedFitOptions } from './validated-fit.ts'

type SgdFitOptions = SgdOptions & Omit<ValidatedFitOptions, 'names'> & { readonly validationShare: number }

/**
 * A factorisation by stochastic gradient steps as a model: stops early on ratings held out of the training side, then is
 * fitted anew on all of it.
 *
 * Consumes the streams "validation", "start" and "order" of the context, the last two from
 * their start for everything that is fitted.
 *
 * @param others what differs in other settings, which are tried on the held-out ratings as well
 */
export function fitSgd(options: SgdFitOptions, context: ScorerContext, others: readonly Partial<SgdOptions>[] = []): ScorerFit {
  const { train, executor } = context
  const parts = holdOut(train, options.validationShare, context.stream('validation'))
  const learn = (settings: SgdOptions, table: typeof train, held: typeof train) =>
    new SgdFactorisation(table, held, settings, executor, context.stream('start'), context.stream('order'))
  const sources = [{}, ...others].map((change) => {
    const settings = { ...options, ...change }
    return {
      part: parts ? () => learn(settings, parts.learn, parts.held) : null,
      all: () => learn(settings, train, train),
      ...(others.length > 0 ? { label: `size ${settings.size}, lambda ${Number(settings.lambda.toPrecision(6))}` } : {}),
    }
  })
  const fit = new ValidatedFit(sources, { ...options, names: { train: 'trainRmse', validation: 'validationRmse' } })
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
