import { float, int } from '../../contract/params.ts'
import { RewardFeatures, SideHistory } from '../blocks/reward-features.ts'
import { defineModel, type PolicyFit, type ScorerContext } from '../core/model.ts'
import type { Policy } from '../core/policy.ts'
import { solvePositiveDefinite } from '../core/linear-algebra.ts'
import { readArray, readNumber, type StateTree } from '../core/state-codec.ts'
import { groupByUserInTime, type Grouping } from '../data/by-user.ts'
import { rewardOf } from '../data/interaction-table.ts'
import { FOLDS, fitEmbedding, tableOfFold, type Embedding } from '../factorisation/embedding.ts'

/** Users that act at once. */
const SLOTS = 64
/** Users of whom a slice of work learns. */
const USERS_PER_SLICE = 32

interface Options {
  readonly size: number
  readonly lambda: number
  readonly embeddingEpochs: number
  readonly historyLength: number
  readonly ridge: number
}

/**
 * Predicts the reward of the next recommendation from the same state that policies see, by ridge regression, and takes
 * the item with the highest: what is left of reinforcement learning when the future is left out.
 */
export default defineModel({
  id: 'greedy-reward',
  version: 1,
  title: 'Greedy one-step reward',
  summary: 'Predicts the immediate reward from user, item and both histories and takes the best: no bootstrapping, no future.',
  kind: 'policy',
  family: 'bandit',
  feedback: 'both',
  needs: ['ratings', 'transitions', 'item-embeddings'],
  source: { paper: 'palate', title: 'One-step baseline that reinforcement learning must pass' },
  deviations: [],
  params: {
    ridge: float({
      default: 1000,
      min: 0.001,
      max: 1e9,
      scale: 'log',
      doc: 'Ridge, in pseudo-observations relative to the mean square of each feature.',
    }),
    historyLength: int({
      default: 10,
      min: 1,
      max: 100,
      symbol: 'n',
      doc: 'Latest liked and latest disliked items that make the state.',
    }),
    size: int({
      default: 16,
      min: 1,
      max: 64,
      symbol: 'k',
      group: 'Embedding',
      doc: 'Latent coordinates of user and item vectors.',
    }),
    lambda: float({
      default: 16,
      min: 0.01,
      max: 1000,
      scale: 'log',
      symbol: 'λ',
      group: 'Embedding',
      doc: 'Ridge of the factorisation that makes the vectors.',
    }),
    embeddingEpochs: int({ default: 12, min: 1, max: 500, group: 'Embedding', doc: 'Passes of the factorisation.' }),
  },
  presets: [
    {
      id: 'palate',
      title: 'Palate',
      values: {},
      doc: 'The embedding of the policies, and a ridge that keeps single coordinates from mattering much.',
    },
  ],
  defaultPreset: 'palate',
  curves: [{ name: 'rewardError', label: 'RMSE of the predicted reward on folds its vectors do not know', scale: 'linear' }],
  create: (p) => ({
    kind: 'policy',
    epochs: 1,
    start: (context) => new GreedyFit(p, context),
    sketch({ users, items }) {
      const width = p.size + 2
      return {
        tables: [
          { title: 'User vectors', shape: [users, width] },
          { title: 'Item vectors', shape: [items + 1, width] },
          { title: 'Weights of the regression', shape: [new RewardFeatures(width, p.size).count] },
        ],
      }
    },
  }),
})

/** What acts: vectors of the whole training side, and the weight of each feature. */
interface Learnt {
  readonly width: number
  readonly users: Float32Array
  readonly items: Float32Array
  readonly weights: Float64Array
}

class GreedyFit implements PolicyFit {
  readonly #options: Options
  readonly #context: ScorerContext
  readonly #byUser: Grouping
  #work: Generator<void, { learnt: Learnt; error: number }> | undefined
  #learnt: Learnt | undefined

  constructor(options: Options, context: ScorerContext) {
    this.#options = options
    this.#context = context
    this.#byUser = groupByUserInTime(context.train)
  }

  get finished(): boolean {
    return this.#learnt !== undefined
  }

  epoch(): Readonly<Record<string, number>> | null {
    this.#work ??= this.#fit()
    const next = this.#work.next()
    if (!next.done) return null
    this.#learnt = next.value.learnt
    return { rewardError: next.value.error }
  }

  *#fit(): Generator<void, { learnt: Learnt; error: number }> {
    const { size, lambda, embeddingEpochs } = this.#options
    const { train, seed } = this.#context
    const options = { size, lambda, epochs: embeddingEpochs, bias: 'item', popularity: true, foldEmbeddings: true } as const
    const fitting = fitEmbedding(train, options, seed)
    let next = fitting.next()
    for (; !next.done; next = fitting.next()) yield
    const embedding = next.value
    const { weights, error } = yield* this.#regress(embedding)
    const { width, userCount, itemCount } = embedding
    const users = embedding.users.slice(0, userCount * width)
    const items = embedding.items.slice(0, (itemCount + 1) * width)
    return { learnt: { width, users, items, weights }, error }
  }

  /** Every user and fold is a list: its ratings come in random order, each predicted from the other folds and those before it. */
  *#regress(embedding: Embedding): Generator<void, { weights: Float64Array; error: number }> {
    const { train } = this.#context
    const { width, userCount, itemCount, foldOf } = embedding
    const order = this.#context.stream('order')
    const history = new SideHistory(1, this.#options.historyLength, train.scale)
    const features = new RewardFeatures(width, embedding.latent)
    const moments = new NormalEquations(features.count)
    for (let user = 0; user < userCount; user++) {
      if (user % USERS_PER_SLICE === USERS_PER_SLICE - 1) yield
      const rows = this.#byUser.rows.subarray(this.#byUser.start[user]!, this.#byUser.start[user + 1]!)
      for (let fold = 0; fold < FOLDS; fold++) {
        const table = tableOfFold(embedding, fold)
        const items = embedding.items.subarray(table * (itemCount + 1) * width)
        history.begin(0)
        for (const row of rows) if (foldOf[row] !== fold) history.observe(0, train.itemIndex[row]!, train.rating[row]!)
        for (const row of order.shuffle(rows.filter((row) => foldOf[row] === fold))) {
          const item = train.itemIndex[row]!
          features.setState(embedding.users, (table * userCount + user) * width, items, history, 0)
          moments.add(features.of(items, item), rewardOf(train.rating[row]!, train.scale))
          history.observe(0, item, train.rating[row]!)
        }
      }
    }
    return moments.solve(this.#options.ridge)
  }

  policy(): Policy {
    if (!this.#learnt) return emptyPolicy()
    const { train } = this.#context
    const { width, users, items, weights } = this.#learnt
    const history = new SideHistory(SLOTS, this.#options.historyLength, train.scale)
    const features = new RewardFeatures(width, this.#options.size)
    const userOf = new Int32Array(SLOTS)
    return {
      slots: SLOTS,
      begin: (slot, user) => {
        userOf[slot] = user
        history.begin(slot)
        for (let at = this.#byUser.start[user]!; at < this.#byUser.start[user + 1]!; at++) {
          const row = this.#byUser.rows[at]!
          history.observe(slot, train.itemIndex[row]!, train.rating[row]!)
        }
      },
      // The state is a mean of few vectors and is made anew when it is asked for.
      act: () => undefined,
      score(slot, candidates, count, out) {
        features.setState(users, userOf[slot]! * width, items, history, slot)
        for (let i = 0; i < count; i++) {
          const x = features.of(items, candidates[i]!)
          let sum = 0
          for (let f = 0; f < x.length; f++) sum += weights[f]! * x[f]!
          out[i] = sum
        }
      },
      observe: (slot, item, rating) => history.observe(slot, item, rating),
    }
  }

  /** Work that has begun is done again: it is deterministic. */
  save(): StateTree {
    return this.#learnt ? { ...this.#learnt } : {}
  }

  restore(saved: StateTree): void {
    if (saved['weights'] === undefined) return
    this.#learnt = {
      width: readNumber(saved, 'width'),
      users: readArray(saved, 'users', Float32Array),
      items: readArray(saved, 'items', Float32Array),
      weights: readArray(saved, 'weights', Float64Array),
    }
  }
}

/** Of a run that was stopped before anything was learnt: all items are alike. */
function emptyPolicy(): Policy {
  return {
    slots: SLOTS,
    begin: () => undefined,
    act: () => undefined,
    score: (_slot, _items, count, out) => void out.fill(0, 0, count),
    observe: () => undefined,
  }
}

/** Sums for a ridge regression. */
class NormalEquations {
  readonly #n: number
  readonly #normal: Float64Array
  readonly #right: Float64Array
  #squares = 0
  #count = 0

  constructor(n: number) {
    this.#n = n
    this.#normal = new Float64Array(n * n)
    this.#right = new Float64Array(n)
  }

  add(x: Float64Array, y: number): void {
    for (let i = 0; i < this.#n; i++) {
      const value = x[i]!
      this.#right[i]! += value * y
      for (let j = 0; j <= i; j++) this.#normal[i * this.#n + j]! += value * x[j]!
    }
    this.#squares += y * y
    this.#count++
  }

  /** @returns the weights, and the root mean squared residual of what was added */
  solve(ridge: number): { weights: Float64Array; error: number } {
    const n = this.#n
    const matrix = this.#normal.slice()
    const weights = this.#right.slice()
    // The little extra keeps features that never differ from 0 solvable.
    for (let i = 0; i < n; i++) matrix[i * n + i]! += (ridge * this.#normal[i * n + i]!) / Math.max(1, this.#count) + 1e-6
    solvePositiveDefinite(matrix, weights, n)
    let residual = this.#squares
    for (let i = 0; i < n; i++) {
      residual += weights[i]! * weights[i]! * this.#normal[i * n + i]! - 2 * weights[i]! * this.#right[i]!
      for (let j = 0; j < i; j++) residual += 2 * weights[i]! * weights[j]! * this.#normal[i * n + j]!
    }
    return { weights, error: Math.sqrt(Math.max(0, residual) / Math.max(1, this.#count)) }
  }
}
