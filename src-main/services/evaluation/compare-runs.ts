import type { Comparison } from '../../contract/dto/evaluation.ts'
import { protocolIdOf } from '../../contract/dto/protocol-text.ts'
import { PalateError } from '../../contract/errors.ts'
import { compareMeasured } from '../../engine/evaluation/statistics/compare.ts'
import { differenceOf, usersWithValue, type Measured } from '../../engine/evaluation/statistics/measured.ts'
import type { StoredRun } from '../../storage/repositories/runs.ts'
import type { UserValueColumns } from '../../storage/repositories/user-metrics.ts'
import type { Handlers } from '../handlers.ts'
import { inTurns } from '../in-turns.ts'
import type { EngineCatalogue } from '../models.ts'
import { checkProtocols } from '../runs/plan-runs.ts'
import { runNotFound } from '../runs/run-errors.ts'
import type { Workspace } from '../workspace.ts'
import { alignUsers } from './align-users.ts'
import { commonTrials, contendersOf, runOf, type ContenderRuns } from './contenders.ts'

type Wanted = Parameters<Handlers['evaluation']['compare']>[0]

/**
 * Compares evaluated runs user by user, from the per-user values that are stored with them: nothing is scored again.
 *
 * @throws PalateError RUN_NOT_FOUND, INPUT_INVALID (unknown metric or protocol, runs that cannot be paired), RUN_STATE (a run
 *         has no such figures yet)
 */
export async function compareRuns(
  workspace: Workspace,
  catalogue: EngineCatalogue,
  wanted: Wanted,
  signal: AbortSignal | undefined,
): Promise<Comparison> {
  checkProtocols([wanted.protocol], catalogue)
  checkMetric(wanted, catalogue)
  const runs = await loadRuns(workspace, wanted.runIds)
  const contenders = contendersOf(runs)
  const trials = commonTrials(contenders)
  refuseUnpaired(contenders, trials.length)
  const loaded: UserValueColumns[][] = []
  for (const contender of contenders) {
    const own: UserValueColumns[] = []
    for (const trial of trials) own.push(await valuesOf(workspace, runOf(contender, trial), wanted))
    loaded.push(own)
  }
  const measured = alignUsers(loaded, wanted)
  refuseEmpty(contenders, measured, wanted)
  const { models, pairs } = await inTurns(compareMeasured(measured, wanted.seed), 'comparison', signal)
  const isReward = wanted.metric === 'reward'
  return {
    datasetName: runs[0]!.datasetName,
    metric: wanted.metric,
    k: wanted.k,
    protocol: wanted.protocol,
    ...cautionOf(wanted.protocol, catalogue),
    subset: wanted.subset,
    trials,
    contenders: contenders.map(({ label, model, preset }, at) => {
      const { interquartileMean, ...estimate } = models[at]!
      const runIds = trials.map((trial) => runOf(contenders[at]!, trial).id)
      return { label, model, preset, runIds, ...estimate, interquartileMean: isReward ? interquartileMean : null }
    }),
    pairs,
    remarks: remarksOf(contenders, trials.length),
  }
}

export async function loadRuns({ repositories }: Workspace, runIds: readonly number[]): Promise<StoredRun[]> {
  const runs: StoredRun[] = []
  for (const runId of new Set(runIds)) {
    const run = await repositories.runs.get(runId)
    if (!run) throw runNotFound(runId)
    runs.push(run)
  }
  return runs
}

export function checkMetric({ metric, protocol }: Pick<Wanted, 'metric' | 'protocol'>, catalogue: EngineCatalogue): void {
  const has = catalogue.protocols.find((one) => one.id === protocol)?.metrics
  const paired = catalogue.metrics.filter((one) => one.perUser && (has ? has.includes(one.id) : !one.onlyNamed))
  if (paired.some((known) => known.id === metric)) return
  const known = catalogue.metrics.find((one) => one.id === metric)
  const why = !known
    ? `There is no metric "${metric}".`
    : known.perUser
      ? `"${protocol}" has no ${metric}: ${known.onlyNamed ? 'it belongs to the convention of another protocol' : 'its convention does not know it'}.`
      : `"${metric}" is a figure of all users together: there are no values of users to pair.`
  throw refusal('metric', `${why} Choose from: ${paired.map((one) => one.id).join(', ')}.`)
}

export function refuseOtherDatasets(runs: readonly StoredRun[]): void {
  if (new Set(runs.map((run) => run.datasetId)).size === 1) return
  throw refusal('runIds', 'The runs are of different data sets: their users are not the same. Choose runs of one data set.')
}

function refuseUnpaired(contenders: readonly ContenderRuns[], trials: number): void {
  refuseOtherDatasets(contenders.flatMap(({ runs }) => runs))
  if (contenders.length < 2) {
    throw refusal(
      'runIds',
      'The runs differ in their seed or split only: there is nothing to compare them with. Add a run of another model, preset or parameters.',
    )
  }
  if (trials > 0) return
  const facts = contenders.map(({ label, runs }) => `${label}: ${runs.map((run) => `${run.split} seed ${run.seed}`).join(', ')}`)
  throw refusal(
    'runIds',
    `The runs share no split and seed, so that their users cannot be paired (${facts.join('; ')}). Train them with the same split and seeds.`,
  )
}

export function refusal(path: string, message: string): PalateError<'INPUT_INVALID'> {
  return new PalateError('INPUT_INVALID', message, { issues: [{ path, message }] })
}

/** @throws PalateError RUN_STATE when the run was not evaluated so */
export async function valuesOf(
  { repositories }: Workspace,
  run: StoredRun,
  wanted: Pick<Wanted, 'protocol' | 'k' | 'metric'>,
): Promise<UserValueColumns> {
  const { protocol, k, metric } = wanted
  const values = await repositories.userMetrics.values(run.id, { model: run.modelId, protocol, k, metric })
  if (values.value.length > 0) return values
  throw new PalateError(
    'RUN_STATE',
    `Run ${run.id} has no ${metric}@${k} of users under "${protocol}". Evaluate it under that protocol with lists of ${k}.`,
    { run: String(run.id), state: run.state, wanted: 'compared' },
  )
}

/** A mean of nobody is no number: every two must share a user. */
function refuseEmpty(contenders: readonly ContenderRuns[], measured: readonly Measured[], { subset, k }: Wanted): void {
  measured.forEach((own, a) => {
    const empty = measured.findIndex((other, b) => b > a && usersWithValue(differenceOf(own, other)) === 0)
    if (empty < 0) return
    const who = subset === 'all' ? 'with a value' : `with at least ${k} candidates`
    const message = `${contenders[a]!.label} and ${contenders[empty]!.label} share no user ${who}. Compare all users, or with a smaller k.`
    throw refusal('subset', message)
  })
}

function cautionOf(protocol: string, catalogue: EngineCatalogue): { caution?: string } {
  const caution = catalogue.protocols.find((one) => one.id === protocolIdOf(protocol))?.caution
  return caution === undefined ? {} : { caution }
}

function remarksOf(contenders: readonly ContenderRuns[], trials: number): string[] {
  const left = contenders.flatMap(({ runs }) => runs).length - contenders.length * trials
  const some = `${left} ${left === 1 ? 'run is' : 'runs are'} left out: not every contender has one of the same split and seed.`
  const few = 'With one seed the intervals tell of the users only: another seed may give another order.'
  return [...(left > 0 ? [some] : []), ...(trials === 1 ? [few] : [])]
}
