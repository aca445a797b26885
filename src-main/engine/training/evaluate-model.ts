import { PalateError } from '../../contract/errors.ts'
import { readProtocol } from '../../contract/dto/protocol-text.ts'
import type { ResultRowWithInterval } from '../../contract/dto/run.ts'
import type { ParamValues } from '../../contract/params.ts'
import type { Executor } from '../compute/types.ts'
import { mapYields } from '../core/generators.ts'
import { defaultValues, type AnyModel, type Scorer } from '../core/model.ts'
import type { ProtocolDefinition } from '../core/protocol.ts'
import type { CandidateSets } from '../evaluation/candidate-sets.ts'
import { catalogueRows } from '../evaluation/catalogue-rows.ts'
import { protocols } from '../evaluation/protocols/catalogue.gen.ts'
import { predictionRows } from '../evaluation/prediction-rows.ts'
import { rankByPolicy, rankOnce, type RankedLists } from '../evaluation/rank.ts'
import { byUser, firstLists, resultRows, userValues } from '../evaluation/score-lists.ts'
import { candidatesKey, candidateSetsFor } from '../evaluation/sets-for.ts'
import { countTraining, type TrainingCounts } from '../evaluation/training-counts.ts'
import { models } from '../models/catalogue.gen.ts'
import type { JobOutcome, JobSpec, RecommendationColumns, UserMetricColumns } from './job.types.ts'
import { judgeFrame, judgeModel, type Simulation } from './judge-simulated.ts'
import { SimulatedArena } from './simulated-arena.ts'
import type { SplitTables } from './split-tables.ts'
import { scorerContext, type TrainedModel } from './trained-model.ts'

/**
 * Scores a trained model under each protocol, and every floor and the ceiling on the same candidates. Yields the share
 * done. Test ratings are read here and nowhere before.
 */
export function* evaluateModel(
  spec: JobSpec,
  tables: SplitTables,
  trained: TrainedModel,
  executor: Executor,
): Generator<number, JobOutcome> {
  const length = Math.max(...spec.ks)
  const asked = spec.protocols.map(findProtocol)
  const wanted = asked.flatMap(({ protocol }) => (isSimulated(protocol) ? [] : [protocol]))
  const setsOf = new Map<string, CandidateSets>()
  for (const protocol of wanted) {
    const key = candidatesKey(protocol)
    if (!setsOf.has(key)) setsOf.set(key, yield* mapYields(candidateSetsFor(protocol, tables), () => 0))
  }
  const training = countTraining(tables.train)
  const labels = { model: spec.modelId, seed: spec.seed, split: tables.text }
  const rows: ResultRowWithInterval[] = []
  const ranked: Ranked[] = []
  const part = (share: number) => (0.5 * (ranked.length + share)) / asked.length
  const facts = { ...spec, split: tables.text, training }
  const simulations: Simulation[] = []
  for (const { name, protocol, values } of asked.filter((one) => isSimulated(one.protocol))) {
    const simulation = { name, arena: new SimulatedArena(tables, values) }
    simulations.push(simulation)
    const judged = yield* mapYields(judgeModel(simulation, facts, trained), () => part(0))
    rows.push(...judged.rows)
    ranked.push({ name, protocol, ...judged })
  }
  for (const protocol of wanted) {
    const sets = setsOf.get(candidatesKey(protocol))!
    const lists = yield* mapYields(rank(sets, trained, protocol, length), part)
    ranked.push({ name: protocol.id, protocol, sets, lists })
    const scorer = trained.kind === 'scorer' ? trained.scorer : undefined
    for (const k of spec.ks) {
      const own = rowsOf({ ...labels, protocol: protocol.id }, protocol, sets, lists, k, training, scorer)
      rows.push(...(yield* mapYields(own, () => part(0))))
    }
  }
  const frames = models.filter((model) => (model.kind === 'floor' || model.kind === 'ceiling') && model.id !== spec.modelId)
  for (const [index, frame] of frames.entries()) {
    const share = 0.5 + (0.5 * index) / frames.length
    const scorer = yield* mapYields(fitFrame(frame, tables, spec.seed, executor), () => share)
    for (const [key, sets] of setsOf) {
      const lists = yield* mapYields(rankOnce(sets, scorer, length), () => share)
      // One order serves every protocol with these candidates: feedback does not move a static model.
      const alike = wanted.filter((protocol) => candidatesKey(protocol) === key)
      for (const protocols of Map.groupBy(alike, ({ metrics }) => metrics?.join()).values()) {
        for (const k of spec.ks) {
          const slices = rowsOf({ ...labels, model: frame.id, protocol: '' }, protocols[0]!, sets, lists, k, training, scorer)
          const own = yield* mapYields(slices, () => share)
          for (const { id } of protocols) rows.push(...own.map((row) => ({ ...row, protocol: id })))
        }
      }
    }
    for (const simulation of simulations) {
      const judged = yield* mapYields(judgeFrame(simulation, facts, frame, scorer), () => share)
      rows.push(...judged.rows)
    }
  }
  return {
    rows,
    recommendations: recommendationColumns(ranked),
    userMetrics: yield* mapYields(userMetricColumns(spec, ranked, training), () => 1),
    remarks: ranked.flatMap(({ protocol, sets }) =>
      sets.users.length > 0 ? [] : [`${protocol.title}: no user has a test item that counts, so that there is nothing to score.`],
    ),
  }
}

/** A protocol, its candidates, and the lists that the model made of them. */
interface Ranked {
  /** The protocol as it was asked for, with its settings. */
  readonly name: string
  readonly protocol: ProtocolDefinition
  readonly sets: CandidateSets
  readonly lists: RankedLists
}

const isSimulated = ({ candidates }: ProtocolDefinition): boolean => candidates === 'simulated'

/** Every row of one model under one protocol at one k; yields between slices of work. The error of predicted ratings is one of logged ratings: a pool has none. */
function* rowsOf(
  labels: Parameters<typeof resultRows>[0],
  { metrics: wanted }: ProtocolDefinition,
  sets: CandidateSets,
  lists: RankedLists,
  k: number,
  training: TrainingCounts,
  scorer: Scorer | undefined,
): Generator<void, ResultRowWithInterval[]> {
  return [
    ...(yield* resultRows(labels, sets, lists, [k], { training, wanted })),
    ...catalogueRows(labels, sets, lists, [k], training.raters.length, wanted),
    ...(scorer && !sets.pool && !wanted ? yield* predictionRows(labels, sets, scorer, [k]) : []),
  ]
}

/** @throws PalateError INPUT_INVALID */
function findProtocol(name: string): { name: string; protocol: ProtocolDefinition; values: ParamValues } {
  const read = readProtocol<ProtocolDefinition>(name, protocols)
  if (read.ok) return { name, protocol: read.protocol, values: read.values }
  const message = `${read.message} Choose among ${protocols.map((known) => known.id).join(', ')}.`
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

/** A floor or the ceiling with its default preset, fitted on the training side of the same split. */
export function* fitFrame(model: AnyModel, tables: SplitTables, seed: number, executor: Executor): Generator<number, Scorer> {
  const recipe = model.create(defaultValues(model))
  if (recipe.kind !== 'scorer') throw new TypeError(`${model.id} frames a table and must be static`)
  const fit = recipe.start(scorerContext(model, tables, seed, executor))
  for (let epoch = 0; epoch < recipe.epochs; epoch++) {
    while (fit.epoch() === null) yield epoch / recipe.epochs
    yield epoch / recipe.epochs
  }
  return fit.scorer()
}

/** Of several lists of a user the first. */
function recommendationColumns(ranked: readonly Ranked[]): RecommendationColumns {
  const kept = ranked.map((one) => ({ ...one, firsts: firstLists(one.sets) }))
  const lengthOf = (lists: RankedLists, c: number) => lists.start[c + 1]! - lists.start[c]!
  const size = kept.reduce((sum, { lists, firsts }) => firsts.reduce((all, c) => all + lengthOf(lists, c), sum), 0)
  const columns = {
    protocol: [] as string[],
    userIndex: new Int32Array(size),
    rank: new Int32Array(size),
    itemIndex: new Int32Array(size),
    score: new Float32Array(size),
    rating: new Float32Array(size),
  }
  let at = 0
  for (const { name, sets, lists, firsts } of kept) {
    for (const c of firsts) {
      for (let i = lists.start[c]!; i < lists.start[c + 1]!; i++, at++) {
        columns.protocol.push(name)
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
function* userMetricColumns(
  spec: JobSpec,
  ranked: readonly Ranked[],
  training: TrainingCounts,
): Generator<void, UserMetricColumns> {
  const found: { protocol: string; user: number; candidates: number; k: number; metric: string; value: number }[] = []
  for (const { name, protocol, sets, lists } of ranked) {
    const { users, candidates, columns } = byUser(
      sets,
      yield* userValues(sets, lists, spec.ks, { training, wanted: protocol.metrics }),
    )
    for (const { metric, k, values } of columns) {
      values.forEach((value, i) => {
        if (Number.isNaN(value)) return
        found.push({ protocol: name, user: users[i]!, candidates: candidates[i]!, k, metric, value })
      })
    }
    yield
  }
  return {
    model: found.map(() => spec.modelId),
    protocol: found.map((row) => row.protocol),
    userIndex: Int32Array.from(found, (row) => row.user),
    candidates: Int32Array.from(found, (row) => row.candidates),
    k: Int32Array.from(found, (row) => row.k),
    metric: found.map((row) => row.metric),
    value: Float64Array.from(found, (row) => row.value),
  }
}
