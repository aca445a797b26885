import type { AgainstBaseline } from '../../contract/dto/run-table.ts'
import { PalateError } from '../../contract/errors.ts'
import { testPairs, type PairResult } from '../../engine/evaluation/statistics/compare.ts'
import { holm } from '../../engine/evaluation/statistics/holm.ts'
import { differenceOf, usersWithValue } from '../../engine/evaluation/statistics/measured.ts'
import { verdictOf } from '../../engine/evaluation/statistics/verdict.ts'
import type { StoredRun } from '../../storage/repositories/runs.ts'
import type { Handlers } from '../handlers.ts'
import { inTurns } from '../in-turns.ts'
import { runNotFound } from '../runs/run-errors.ts'
import type { Workspace } from '../workspace.ts'
import { alignUsers } from './align-users.ts'
import { commonTrials, runOf, type ContenderRuns } from './contenders.ts'

type Wanted = Parameters<Handlers['runs']['againstBaseline']>[0]
type Tested = Omit<PairResult, 'a' | 'b'>

/** Fewer than a comparison's own: a table tests many lines, and shows a verdict where that shows p values. */
const SAMPLES = 2000
/** The same draws each time: a line that is scrolled out of sight and back has the same verdict. */
const SEED = 1

/**
 * Tests each line of the table of runs against the baseline: user by user, over the splits and seeds that both have, by the
 * paired bootstrap; p values are corrected after Holm over the lines that were asked for together.
 *
 * @returns a line that cannot be paired says why
 * @throws PalateError RUN_NOT_FOUND when the baseline is gone, CANCELLED
 */
export async function againstBaseline(
  workspace: Workspace,
  { baseline, lines, figure }: Wanted,
  signal: AbortSignal | undefined,
): Promise<AgainstBaseline[]> {
  const { runs } = workspace.repositories
  const known = new Map((await runs.list([...baseline, ...lines.flatMap((line) => line.runIds)])).map((run) => [run.id, run]))
  const found = (runIds: readonly number[]) => runIds.flatMap((id) => known.get(id) ?? [])
  const base = found(baseline)
  if (base.length === 0) throw runNotFound(baseline[0]!)
  const outcomes = new Map<string, { tested: Tested; trials: number } | string>()
  for (const line of lines) {
    if (signal?.aborted) throw new PalateError('CANCELLED', 'The comparison was cancelled.', { what: 'comparison' })
    outcomes.set(line.key, await testLine(workspace, found(line.runIds), base, figure, signal))
  }
  return corrected(outcomes)
}

async function testLine(
  { repositories }: Workspace,
  own: readonly StoredRun[],
  base: readonly StoredRun[],
  figure: Wanted['figure'],
  signal: AbortSignal | undefined,
): Promise<{ tested: Tested; trials: number } | string> {
  if (own.length === 0) return 'The run is not there any more.'
  if (own.some((run) => base.includes(run))) return 'It is the baseline itself.'
  if (own[0]!.datasetId !== base[0]!.datasetId) return 'Another data set: its users are not the same.'
  const sides = [asContender(own), asContender(base)] as const
  const trials = commonTrials(sides)
  if (trials.length === 0) return 'No split and seed in common with the baseline: its users cannot be paired.'
  const values = sides.map((side) =>
    trials.map((trial) => {
      const run = runOf(side, trial)
      return repositories.userMetrics.values(run.id, { ...figure, model: run.modelId })
    }),
  )
  const [a, b] = alignUsers(await Promise.all(values.map((side) => Promise.all(side))), figure)
  if (usersWithValue(differenceOf(a!, b!)) === 0) return 'No user has this figure in both.'
  const [tested] = await inTurns(testPairs([{ a: a!, b: b! }], SEED, SAMPLES), 'comparison', signal)
  return { tested: tested!, trials: trials.length }
}

function asContender(runs: readonly StoredRun[]): ContenderRuns {
  return { label: '', model: runs[0]!.modelId, preset: runs[0]!.preset, runs }
}

function corrected(outcomes: ReadonlyMap<string, { tested: Tested; trials: number } | string>): AgainstBaseline[] {
  const ps = [...outcomes.values()].flatMap((one) => (typeof one === 'string' || one.tested.p === null ? [] : [one.tested.p]))
  const after = holm(ps)
  let next = 0
  return [...outcomes].map(([key, one]): AgainstBaseline => {
    if (typeof one === 'string') return { kind: 'untested', key, reason: one }
    const { difference, low, high, users, p } = one.tested
    const correctedP = p === null ? null : after[next++]!
    const verdict = verdictOf(difference, correctedP)
    return { kind: 'tested', key, difference, low, high, users, trials: one.trials, correctedP, verdict }
  })
}
