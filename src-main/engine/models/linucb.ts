import { float, int } from '../../contract/params.ts'
import { LinearBandit } from '../blocks/linear-bandit.ts'
import { defineModel, type PolicyFit, type ScorerContext } from '../core/model.ts'
import type { Policy } from '../core/policy.ts'
import { groupByUserInTime } from '../data/by-user.ts'
import { ratingUnit } from '../data/hold-out.ts'
import { factorTables } from '../factorisation/factor-tables.ts'
import { AlsFit, restoreAls, saveAls, type Factorisation } from '../factorisation/als.ts'

/** Users that act at once. */
const SLOTS = 64

/**
 * LinUCB: for each user a ridge regression of ratings on item vectors, which goes on learning from the feedback within
 * the list, and recommends by the upper end of its confidence.
 */
export default defineModel({
  id: 'linucb',
  version: 1,
  title: 'LinUCB',
  summary:
    'A linear bandit on item vectors for each user: learns from every rating that comes back, and tries what it is unsure of.',
  kind: 'policy',
  family: 'bandit',
  feedback: 'ratings',
  needs: ['ratings', 'item-embeddings'],
  source: {
    paper: 'li-2010',
    title: 'A contextual-bandit approach to personalized news article recommendation',
    equations: 'algorithm 1',
  },
  deviations: [
    'One model for each user over items as arms with contexts, not one for each arm over users: there are more items than feedback for each.',
    'It learns what a rating has beyond the mean and the bias of the item, so that a user without any feedback starts from the item biases.',
    "The context of an item is its factorisation vector, fitted on the training side, and a constant 1 for the user's own level.",
  ],
  params: {
    alpha: float({
      default: 0.1,
      min: 0,
      max: 100,
      symbol: 'α',
      doc: 'Width of the confidence bound, in units of a quarter of the scale; 0 never explores.',
    }),
    ridge: float({ default: 14, min: 0.001, max: 1e6, scale: 'log', symbol: 'λ', doc: "Ridge of the users' regressions." }),
    size: int({ default: 16, min: 1, max: 128, symbol: 'd', group: 'Embedding', doc: 'Latent coordinates of the item vectors.' }),
    lambda: float({
      default: 14,
      min: 0.01,
      max: 1000,
      scale: 'log',
      group: 'Embedding',
      doc: 'Ridge of the factorisation that makes the vectors.',
    }),
    epochs: int({ default: 12, min: 1, max: 500, group: 'Embedding', doc: 'Passes of the factorisation.' }),
  },
  presets: [
    {
      id: 'palate',
      title: 'Palate',
      values: {},
      doc: 'Regressions as regularised as the factorisation, little exploration: a list of 20 is short.',
    },
    {
      id: 'paper',
      title: 'Paper',
      values: { alpha: 1, ridge: 1 },
      doc: 'Li et al.: identity matrix as the start, bound of width 1.',
    },
  ],
  defaultPreset: 'palate',
  curves: [{ name: 'trainRmse', label: 'RMSE of the factorisation on the training ratings', scale: 'linear' }],
  create: (p) => ({
    kind: 'policy',
    epochs: p.epochs,
    sketch: ({ users, items }) => ({
      tables: [
        ...factorTables(users, items, p.size, true),
        { title: 'Ridge regression of one user', shape: [p.size + 1, p.size + 2] },
      ],
    }),
    start(context): PolicyFit {
      const fit = new AlsFit(
        context.train,
        { size: p.size, lambda: p.lambda, epochs: p.epochs, biased: true },
        context.stream('factorisation'),
      )
      return {
        epoch() {
          const trainRmse = fit.advance()
          return trainRmse === null ? null : { trainRmse }
        },
        policy: () => banditPolicy(fit.result, context, p),
        save: () => saveAls(fit),
        restore: (saved) => restoreAls(fit, saved),
      }
    },
  }),
})

function banditPolicy(
  model: Factorisation,
  { train }: Pick<ScorerContext, 'train'>,
  { alpha, ridge }: { alpha: number; ridge: number },
): Policy {
  const width = model.size + 1
  const contexts = new Float64Array(model.itemCount * width)
  for (let item = 0; item < model.itemCount; item++) {
    for (let i = 0; i < model.size; i++) contexts[item * width + i] = model.itemFactors[item * model.size + i]!
    contexts[item * width + model.size] = 1
  }
  const bandit = new LinearBandit(SLOTS, width, ridge)
  const unit = ratingUnit(train.scale)
  const byUser = groupByUserInTime(train)
  const learn = (slot: number, item: number, rating: number) =>
    bandit.learn(slot, contexts, item * width, rating - model.mean - model.itemBias[item]!)
  return {
    slots: SLOTS,
    begin(slot, user) {
      bandit.reset(slot)
      for (let at = byUser.start[user]!; at < byUser.start[user + 1]!; at++) {
        const row = byUser.rows[at]!
        learn(slot, train.itemIndex[row]!, train.rating[row]!)
      }
    },
    // Scores follow from what was learnt; there is nothing to compute for all candidates at once.
    act: () => undefined,
    score(slot, items, count, out) {
      for (let i = 0; i < count; i++) {
        const item = items[i]!
        out[i] = model.itemBias[item]! + bandit.bound(slot, contexts, item * width, alpha * unit)
      }
    },
    observe: learn,
  }
}
