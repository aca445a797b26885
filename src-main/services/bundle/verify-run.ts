import type { BundleCheck } from '../../contract/dto/bundle.ts'
import { isPalateError, toErrorRecord } from '../../contract/errors.ts'
import type { JobSpec } from '../../engine/training/job.types.ts'
import type { ComputeRequest, OpenedCompute } from '../compute/compute-request.ts'
import type { ComputeService } from '../compute/compute-service.ts'
import type { EngineCatalogue } from '../models.ts'
import { evaluateOnce } from '../runs/evaluate-run.ts'
import type { TrainerLaunch } from '../runs/trainer-process.ts'
import type { Workspace } from '../workspace.ts'
import type { DataAtHand } from './bundled-data.ts'
import { comparePoints, compareResults, compareUsers, together, type Comparison } from './compare-figures.ts'
import type { BundledRun } from './manifest.ts'
import type { OpenedBundle } from './open-bundle.ts'
import type { RunFigures } from './run-files.ts'
import { trainAgain } from './train-again.ts'

export interface RunCheckHost {
  readonly workspace: Workspace
  readonly launch: TrainerLaunch
  readonly compute: ComputeService
  readonly catalogue: EngineCatalogue
}

/** How far a check is: changed as it goes on. */
interface Stage {
  text: string
  share: number | null
}

/** Of a figure in a table of results, where another executor computes from the same weights: scores differ in their last digits, and near ties change places. */
const scoringTolerance = 0.001
/** The same where another executor has trained as well: small differences grow while a policy learns. */
const trainingTolerance = 0.02

/** The figures of a run against those that its stored weights give here. */
export async function checkFigures(
  host: RunCheckHost,
  bundle: OpenedBundle,
  run: BundledRun,
  data: DataAtHand | null,
  signal: AbortSignal,
  stage: Stage,
): Promise<BundleCheck> {
  const title = `${titleOf(run)}: figures from the stored weights`
  const skipped = whyNot(host, run, data) ?? (run.files.model === null ? `It has kept no weights: it is ${run.state}.` : null)
  if (skipped !== null || !data) return left(title, skipped ?? '')
  const packed = await bundle.figures(run)
  if (packed.results.length === 0) return left(title, 'It has no figures.')
  const model = (await bundle.model(run))!
  stage.text = `Run ${run.id}: scoring the stored weights`
  return judged(title, run, async () => {
    const { outcome, opened } = await onSomeExecutor(host, run, (compute) =>
      evaluateOnce({ launch: host.launch, signal }, run.id, {
        kind: 'evaluate',
        compute,
        spec: specOf(run, packed),
        table: data.table,
        model,
      }),
    )
    const results = compareResults(packed.results, outcome.rows)
    return {
      exact: together(results, compareUsers(packed, outcome)),
      results,
      opened,
      tolerance: scoringTolerance,
      what: 'figures, figures of users and recommended items',
    }
  })
}

/** A run against what training it again from its seed comes to: split, curves, weights and figures. */
export async function checkRerun(
  host: RunCheckHost,
  bundle: OpenedBundle,
  run: BundledRun,
  data: DataAtHand | null,
  signal: AbortSignal,
  stage: Stage,
): Promise<BundleCheck> {
  const title = `${titleOf(run)}: trained again from the seed`
  const byHand =
    run.state === 'stopped' ? `It was stopped by hand at update ${run.updatesDone}; training again would go on.` : null
  const failed = run.state === 'failed' ? 'It failed, so that there is nothing to compare with.' : null
  const skipped = whyNot(host, run, data) ?? byHand ?? failed
  if (skipped !== null || !data) return left(title, skipped ?? '')
  const packed = await bundle.figures(run)
  const model = await bundle.model(run)
  stage.text = `Run ${run.id}: training again`
  return judged(title, run, async () => {
    const again = await onSomeExecutor(host, run, (compute) =>
      trainAgain({
        ...{ launch: host.launch, compute, spec: specOf(run, packed), table: data.table, runId: run.id, signal },
        onProgress: ({ stage: at, updatesDone, updatesTotal, stageShare }) => {
          stage.text = `Run ${run.id}: training again, ${at}`
          stage.share = at === 'training' ? updatesDone / Math.max(1, updatesTotal) : stageShare
        },
      }),
    )
    const split = one(run.splitHash === null || again.splitHash === run.splitHash, 'the split holds other ratings')
    const end = one(
      (again.error !== null) === (run.state === 'diverged'),
      again.error ? `here it diverged: ${again.error.message}` : 'here it did not diverge',
    )
    const results = compareResults(packed.results, again.outcome?.rows ?? [])
    const users = again.outcome ? compareUsers(packed, again.outcome) : one(true, '')
    const weights = one(
      model === null || (again.model !== null && Buffer.compare(model, again.model) === 0),
      'the weights are others',
    )
    const exact = together(split, end, weights, results, users, comparePoints(packed.points, again.points))
    return {
      exact,
      results: together(split, end, results),
      opened: again.opened,
      tolerance: trainingTolerance,
      what: 'weights, points of curves, figures and recommended items',
    }
  })
}

function titleOf(run: BundledRun): string {
  return `Run ${run.id} (${run.modelId}, seed ${run.seed})`
}

/** @returns why nothing of a run can be computed here, or null */
function whyNot({ catalogue }: RunCheckHost, run: BundledRun, data: DataAtHand | null): string | null {
  const model = catalogue.models.find(({ id }) => id === run.modelId)
  if (!model) return `This Palate does not know the model "${run.modelId}".`
  if (model.version !== run.modelVersion) {
    return `It was trained with version ${run.modelVersion} of the model "${run.modelId}"; this Palate has version ${model.version}.`
  }
  return data ? null : 'The data set is missing.'
}

const left = (title: string, text: string): BundleCheck => ({ title, verdict: 'not-checked', text, differences: [] })
const one = (same: boolean, line: string): Comparison => ({
  compared: 1,
  differing: same ? 0 : 1,
  largest: same ? 0 : Infinity,
  lines: same ? [] : [line],
})

/** A run may have been scored again since it was trained: what its figures say counts, not only what it was started with. */
function specOf(run: BundledRun, { results }: RunFigures): JobSpec {
  const own = results.filter((row) => row.model === run.modelId)
  const { modelId, params, split, seed } = run
  const protocols = [...new Set([...run.protocols, ...own.map((row) => row.protocol)])]
  const ks = [...new Set([...run.ks, ...own.map((row) => row.k).filter((k) => k >= 1)])].sort((a, b) => a - b)
  return { modelId, params, split, seed, protocols, ks }
}

/** On the executor that trained the run or, where that cannot be had here, on the best that can. */
async function onSomeExecutor<T>(
  { compute }: RunCheckHost,
  run: BundledRun,
  work: (request: ComputeRequest) => Promise<T>,
): Promise<T> {
  try {
    return await work(await compute.request(run.executor, null, 1))
  } catch (error) {
    if (!isPalateError(error) || error.code !== 'BACKEND_UNAVAILABLE') throw error
    return work(await compute.request('auto', null, 1))
  }
}

interface Judgement {
  /** Of everything, to the last bit. */
  readonly exact: Comparison
  /** Of what a tolerance is stated for. */
  readonly results: Comparison
  readonly opened: OpenedCompute | null
  readonly tolerance: number
  readonly what: string
}

async function judged(title: string, run: BundledRun, compute: () => Promise<Judgement>): Promise<BundleCheck> {
  try {
    return verdictOf(title, run, await compute())
  } catch (error) {
    const { code, message } = toErrorRecord(error)
    if (code === 'CANCELLED') throw error
    const ours = code === 'BACKEND_UNAVAILABLE' || code === 'BACKEND_LOST' || code === 'TRAINER_LOST' || code === 'DISK_FULL'
    return { title, verdict: ours ? 'not-checked' : 'differs', text: message, differences: [] }
  }
}

function verdictOf(title: string, run: BundledRun, { exact, results, opened, tolerance, what }: Judgement): BundleCheck {
  const now = opened ? `${opened.executor} (${versionsText(opened.versions)})` : run.executor
  const then = `${run.executor} (${versionsText(run.executorVersions)})`
  const other = opened !== null && now !== then
  if (exact.differing === 0) {
    const text = `All ${exact.compared} ${what} are identical to the last bit, computed with ${now}.`
    return { title, verdict: 'identical', text, differences: [] }
  }
  const counted = `${exact.differing} of ${exact.compared} ${what} differ`
  if (other && results.largest <= tolerance) {
    const text = `Computed with ${now}, the run with ${then}: another executor rounds differently. No figure of the results differs by more than ${tolerance}; the largest difference is ${Number(results.largest.toPrecision(2))}.`
    return { title, verdict: 'within-tolerance', text, differences: exact.lines }
  }
  const largest = Number.isFinite(results.largest) ? `, a figure of the results by ${Number(results.largest.toPrecision(2))}` : ''
  const bound = other ? ` Computed with ${now}, the run with ${then}: up to ${tolerance} would be rounding.` : ''
  return { title, verdict: 'differs', text: `${counted}${largest}.${bound}`, differences: exact.lines }
}

function versionsText(versions: Readonly<Record<string, string>>): string {
  const parts = Object.entries(versions).sort(([a], [b]) => (a < b ? -1 : 1))
  return parts.map(([name, version]) => `${name} ${version}`).join(', ') || 'no versions'
}
