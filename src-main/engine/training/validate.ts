import { plainExecutor } from '../compute/plain/plain-executor.ts'
import { drain } from '../core/generators.ts'
import { defaultValues, type Scorer } from '../core/model.ts'
import type { Policy } from '../core/policy.ts'
import { Rng } from '../core/rng.ts'
import { isPositive, selectRows, type InteractionTable } from '../data/interaction-table.ts'
import type { CandidateSets } from '../evaluation/candidate-sets.ts'
import ndcg from '../evaluation/metrics/ndcg.ts'
import { rankByPolicy, rankOnce, type RankedLists } from '../evaluation/rank.ts'
import { userValues } from '../evaluation/score-lists.ts'
import { FOLDS, tableOfFold, type Embedding } from '../factorisation/embedding.ts'
import { models } from '../models/catalogue.gen.ts'
import type { ActorCriticTraining, TrainingPoint } from './actor-critic/actor-critic-training.ts'
import type { EpisodeKey, TrainingEpisodes } from './actor-critic/environment.ts'

/** List length of the figure by which checkpoints are compared. */
const VALIDATION_K = 20

/** NDCG@20 per held-out episode, recommended step by step; yields after each few users. */
export function* validatePolicy(
  train: InteractionTable,
  episodes: TrainingEpisodes,
  policy: Policy,
  keys: readonly EpisodeKey[],
): Generator<unknown, Float64Array> {
  const sets = heldOutSets(train, episodes, keys)
  return ndcgOf(sets, yield* rankByPolicy(sets, policy, VALIDATION_K, true))
}

/**
 * Points named floor/MODEL/validationNdcg: what the floors and the ceiling reach on the same held-out episodes, each fitted
 * without the fold it is asked about. Drawn as dotted lines beside the learning curve.
 */
export function* validationFloors(
  train: InteractionTable,
  training: ActorCriticTraining,
  seed: number,
): Generator<void, TrainingPoint[]> {
  const { episodes, heldOutKeys, embedding } = training
  if (heldOutKeys.length === 0) return []
  const sums = new Map<string, number>()
  for (let fold = 0; fold < FOLDS; fold++) {
    yield
    const keys = heldOutKeys.filter((key) => key.fold === fold)
    if (keys.length === 0) continue
    const sets = heldOutSets(train, episodes, keys)
    for (const [id, scorer] of foldScorers(train, embedding, fold, seed)) {
      const byKey: Scorer = { score: (index, items, count, out) => scorer.score(keys[index]!.user, items, count, out) }
      const values = ndcgOf(sets, drain(rankOnce(sets, byKey, VALIDATION_K)))
      sums.set(id, (sums.get(id) ?? 0) + values.reduce((sum, value) => sum + value, 0))
    }
  }
  return [...sums].map(([id, sum]) => ({ name: `floor/${id}/validationNdcg`, update: 0, value: sum / heldOutKeys.length }))
}

/** Floors that are quick to fit for each fold; matrix factorisation comes from the fold's own embedding. */
function foldScorers(train: InteractionTable, embedding: Embedding, fold: number, seed: number): [string, Scorer][] {
  const outside = rowsOf(train, (row) => embedding.foldOf[row] !== fold)
  const inside = rowsOf(train, (row) => embedding.foldOf[row] === fold)
  const scorers: [string, Scorer][] = []
  for (const model of models) {
    if (model.kind !== 'floor' && model.kind !== 'ceiling') continue
    const recipe = model.create(defaultValues(model))
    if (recipe.kind !== 'scorer' || recipe.epochs > 0) continue
    const testRatings = model.needs.includes('test-ratings') ? inside : undefined
    const fit = recipe.start({
      train: outside,
      testRatings,
      executor: plainExecutor,
      seed,
      stream: (name) => Rng.stream(seed, `floor-${fold}/${model.id}/${name}`),
    })
    scorers.push([model.id, fit.scorer()])
  }
  if (embedding.tables > 1) scorers.push(['biased-mf', innerProductScorer(embedding, tableOfFold(embedding, fold))])
  return scorers
}

function innerProductScorer(embedding: Embedding, table: number): Scorer {
  const { width, items, users, itemCount, userCount } = embedding
  return {
    score(userIndex, candidates, count, out) {
      const userAt = (table * userCount + userIndex) * width
      for (let i = 0; i < count; i++) {
        const itemAt = (table * (itemCount + 1) + candidates[i]!) * width
        let sum = 0
        for (let c = 0; c < width; c++) sum += users[userAt + c]! * items[itemAt + c]!
        out[i] = sum
      }
    },
  }
}

function rowsOf(train: InteractionTable, keep: (row: number) => boolean): InteractionTable {
  return selectRows(
    train,
    Int32Array.from({ length: train.size }, (_, row) => row).filter((row) => keep(row)),
  )
}

/** Candidate sets whose "user index" is the position of the episode among the keys. */
function heldOutSets(train: InteractionTable, episodes: TrainingEpisodes, keys: readonly EpisodeKey[]): CandidateSets {
  const rows = keys.map((key) => episodes.candidateRows(key).sort((a, b) => train.itemIndex[a]! - train.itemIndex[b]!))
  const start = new Int32Array(keys.length + 1)
  rows.forEach((own, c) => (start[c + 1] = start[c]! + own.length))
  const flat = rows.flatMap((own) => [...own])
  return {
    users: Int32Array.from(keys.keys()),
    start,
    items: Int32Array.from(flat, (row) => train.itemIndex[row]!),
    ratings: Float32Array.from(flat, (row) => train.rating[row]!),
    relevant: Int32Array.from(rows, (own) => own.filter((row) => isPositive(train.rating[row]!, train.scale)).length),
    scale: train.scale,
  }
}

/** Episodes whose ideal gain is zero say nothing about order and count as 1. */
function ndcgOf(sets: CandidateSets, lists: RankedLists): Float64Array {
  const [column] = drain(userValues(sets, lists, [VALIDATION_K], { wanted: [ndcg.id] }))
  return column!.values.map((value) => (Number.isNaN(value) ? 1 : value))
}
