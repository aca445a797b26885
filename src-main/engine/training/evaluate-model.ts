import { PalateError } from '../../contract/errors.ts'
import type { ResultRowWithInterval } from '../../contract/dto/run.ts'
import { defaultParams } from '../../contract/params.ts'
import type { AnyModel } from '../core/model.ts'
import type { ProtocolDefinition } from '../core/protocol.ts'
import { candidateSetsOf, type CandidateSets } from '../evaluation/candidate-sets.ts'
import { protocols } from '../evaluation/protocols/catalogue.gen.ts'
import { rankByPolicy, rankOnce, type RankedLists } from '../evaluation/rank.ts'
import { resultRows, userValues } from '../evaluation/score-lists.ts'
import { models } from '../models/catalogue.gen.ts'
import type { JobOutcome, JobSpec, RecommendationColumns, UserMetricColumns } from './job.types.ts'
import type { SplitTables } from './split-tables.ts'
import { scorerContext, type TrainedModel } from './trained-model.ts'

/**
 * Scores a trained model under each protocol, and every floor and the ceiling on the same candidates. Yields the share
 * done. Test ratings are read here and nowhere before.
 */
export function* evaluateModel(spec: JobSpec, tables: SplitTables, trained: TrainedModel): Generator<number, JobOutcome> {
  const sets = candidateSetsOf(tables.test)
  const length = Math.max(...spec.ks)
  const wanted = spec.protocols.map(findProtocol)
  const labels = { model: spec.modelId, seed: spec.seed, split: tables.text }
  const rows: ResultRowWithInterval[] = []
  const ranked: { protocol: ProtocolDefinition; lists: RankedLists }[] = []
  for (const [index, protocol] of wanted.entries()) {
    const part = (share: number) => (0.5 * (index + share)) / wanted.length
    const lists = yield* mapYields(rank(sets, trained, protocol, length), part)
    ranked.push({ protocol, lists })
    rows.push(...resultRows({ ...labels, protocol: protocol.id }, sets, lists, spec.ks))
    yield part(1)
  }
  const frames = models.filter((model) => (model.kind === 'floor' || model.kind === 'ceiling') && model.id !== spec.modelId)
  for (const [index, frame] of frames.entries()) {
    const share = 0.5 + (0.5 * index) / frames.length
    const lists = yield* mapYields(rankFrame(frame, tables, sets, spec.seed, length), () => share)
    for (const protocol of wanted)
      rows.push(...resultRows({ ...labels, model: frame.id, protocol: protocol.id }, sets, lists, spec.ks))
    yield share
  }
  return {
    rows,
    recommendations: recommendationColumns(sets, ranked),
    userMetrics: userMetricColumns(spec, sets, ranked),
    remarks: [],
  }
}

/** @throws PalateError INPUT_INVALID */
function findProtocol(id: string): ProtocolDefinition {
  const protocol = protocols.find((candidate) => candidate.id === id)
  if (protocol) return protocol
  const message = `There is no protocol "${id}". Choose among ${protocols.map((known) => known.id).join(', ')}.`
  throw new PalateError('INPUT_INVALID', message, { issues: [{ path: 'protocols', message }] })
}

function rank(
  sets: CandidateSets,
  trained: TrainedModel,
  protocol: ProtocolDefinition,
  length: number,
): Generator<number, RankedLists> {
  return trained.kind === 'scorer'
    ? rankOnce(sets, trained.scorer, length)
    : rankByPolicy(sets, trained.policy, length, protocol.sequential)
}

/** A floor or the ceiling with its default settings, fitted on the training side of the same split. */
function* rankFrame(
  model: AnyModel,
  tables: SplitTables,
  sets: CandidateSets,
  seed: number,
  length: number,
): Generator<number, RankedLists> {
  const recipe = model.create(defaultParams(model.params))
  if (recipe.kind !== 'scorer') throw new TypeError(`${model.id} frames a table and must be static`)
  const fit = recipe.start(scorerContext(model, tables, seed))
  for (let epoch = 0; epoch < recipe.epochs; epoch++) {
    fit.epoch()
    yield epoch / recipe.epochs
  }
  return yield* rankOnce(sets, fit.scorer(), length)
}

function* mapYields<T>(source: Generator<number, T>, map: (share: number) => number): Generator<number, T> {
  for (let next = source.next(); ; next = source.next()) {
    if (next.done) return next.value
    yield map(next.value)
  }
}

type Ranked = readonly { protocol: ProtocolDefinition; lists: RankedLists }[]

function recommendationColumns(sets: CandidateSets, ranked: Ranked): RecommendationColumns {
  const size = ranked.reduce((sum, { lists }) => sum + lists.items.length, 0)
  const columns = {
    protocol: [] as string[],
    userIndex: new Int32Array(size),
    rank: new Int32Array(size),
    itemIndex: new Int32Array(size),
    score: new Float32Array(size),
    rating: new Float32Array(size),
  }
  let at = 0
  for (const { protocol, lists } of ranked) {
    for (let c = 0; c < sets.users.length; c++) {
      for (let i = lists.start[c]!; i < lists.start[c + 1]!; i++, at++) {
        columns.protocol.push(protocol.id)
        columns.userIndex[at] = sets.users[c]!
        columns.rank[at] = i - lists.start[c]! + 1
        columns.itemIndex[at] = lists.items[i]!
        columns.score[at] = lists.scores[i]!
        columns.rating[at] = lists.ratings[i]!
      }
    }
  }
  return columns
}

/** Rows without a value (recall of a user without a relevant item) are left out. */
function userMetricColumns(spec: JobSpec, sets: CandidateSets, ranked: Ranked): UserMetricColumns {
  const found: { protocol: string; c: number; k: number; metric: string; value: number }[] = []
  for (const { protocol, lists } of ranked) {
    for (const { metric, k, values } of userValues(sets, lists, spec.ks)) {
      values.forEach((value, c) => {
        if (!Number.isNaN(value)) found.push({ protocol: protocol.id, c, k, metric, value })
      })
    }
  }
  return {
    model: found.map(() => spec.modelId),
    protocol: found.map((row) => row.protocol),
    userIndex: Int32Array.from(found, (row) => sets.users[row.c]!),
    candidates: Int32Array.from(found, (row) => sets.start[row.c + 1]! - sets.start[row.c]!),
    k: Int32Array.from(found, (row) => row.k),
    metric: found.map((row) => row.metric),
    value: Float64Array.from(found, (row) => row.value),
  }
}
