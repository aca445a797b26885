import type { ResultRowWithInterval } from '../../contract/dto/run.ts'
import type { AnyModel, Scorer } from '../core/model.ts'
import type { CandidateSets } from '../evaluation/candidate-sets.ts'
import { catalogueRows } from '../evaluation/catalogue-rows.ts'
import type { RankedLists } from '../evaluation/rank.ts'
import { resultRows } from '../evaluation/score-lists.ts'
import type { TrainingCounts } from '../evaluation/training-counts.ts'
import { findModel } from './find-model.ts'
import type { JobSpec } from './job.types.ts'
import type { SimulatedArena } from './simulated-arena.ts'
import type { TrainedModel } from './trained-model.ts'

/** Simulated users under the name of the protocol, its settings included. */
export interface Simulation {
  readonly name: string
  readonly arena: SimulatedArena
}

interface Judged {
  readonly sets: CandidateSets
  readonly lists: RankedLists
  readonly rows: readonly ResultRowWithInterval[]
}

type Facts = Pick<JobSpec, 'seed' | 'ks'> & { readonly split: string; readonly training: TrainingCounts }

/** The trained model among simulated users. Whoever sees the truth is the ceiling here as well: that of the users. */
export function* judgeModel(
  simulation: Simulation,
  facts: Facts & Pick<JobSpec, 'modelId'>,
  trained: TrainedModel,
): Generator<unknown, Judged> {
  const isCeiling = findModel(facts.modelId).kind === 'ceiling'
  const lists = yield* isCeiling ? simulation.arena.playOracle() : simulation.arena.play(trained)
  return yield* judge(simulation, facts, facts.modelId, lists)
}

/** A floor or the ceiling among the same users. @param scorer of the floor, fitted on the training side */
export function* judgeFrame(simulation: Simulation, facts: Facts, frame: AnyModel, scorer: Scorer): Generator<unknown, Judged> {
  const { arena } = simulation
  const lists = yield* frame.kind === 'ceiling' ? arena.playOracle() : arena.play({ kind: 'scorer', scorer })
  return yield* judge(simulation, facts, frame.id, lists)
}

function* judge(
  { name, arena }: Simulation,
  { seed, split, ks, training }: Facts,
  model: string,
  lists: RankedLists,
): Generator<unknown, Judged> {
  const labels = { model, seed, split, protocol: name }
  const sets = arena.episodes.setsOf(lists)
  const rows: ResultRowWithInterval[] = []
  for (const k of ks) {
    rows.push(
      ...(yield* resultRows(labels, sets, lists, [k], { training })),
      ...catalogueRows(labels, sets, lists, [k], training.raters.length),
    )
    yield
  }
  return { sets, lists, rows }
}
