import { randomUUID } from 'node:crypto'
import type { DatasetSummary } from '../../contract/dto/dataset.ts'
import type { ModelDescriptor } from '../../contract/dto/model.ts'
import type { BackendId, ThreadCount } from '../../contract/dto/system.ts'
import { readProtocol } from '../../contract/dto/protocol-text.ts'
import { formatSplit, parseSplit } from '../../contract/dto/split.ts'
import { PalateError } from '../../contract/errors.ts'
import { parseParams, type ParamIssue, type ParamValue } from '../../contract/params.ts'
import { requireRealTime } from '../../engine/data/splits/time.ts'
import type { NewRun, StoredRun } from '../../storage/repositories/runs.ts'
import type { Handlers } from '../handlers.ts'
import { findModel, type EngineCatalogue } from '../models.ts'

/** What the request does not say: who plans, when, and what computes where the request leaves it open. */
export interface PlanFacts {
  readonly engineVersion: string
  readonly backend: BackendId
  readonly threads: ThreadCount
  /** Milliseconds since 1970. */
  readonly at: number
}

export type StartInput = Parameters<Handlers['runs']['start']>[0]

/** The parameter that says how many gradient updates a model makes. */
const updatesParam = 'updates'

/**
 * Turns a request into runs, one per seed, or refuses it as a whole: nothing is stored before everything is known to be good.
 *
 * A split whose text names no seed varies with the run's own seed (`random:0.8` is `random:0.8@1` in the run with seed 1):
 * seeds then also average over splits. A text that names one (`random:0.8@7`) holds for all runs.
 *
 * @throws PalateError MODEL_NOT_FOUND, PRESET_NOT_FOUND, PARAMS_INVALID (all issues at once), INPUT_INVALID for an unknown
 *         protocol, DATA_UNSUITABLE for a random split that leaves one side empty, or a split by time of data without one
 */
export function planRuns(input: StartInput, dataset: DatasetSummary, catalogue: EngineCatalogue, made: PlanFacts): NewRun[] {
  const model = findModel(catalogue, input.model)
  const preset = findPreset(model, input.preset ?? model.defaultPreset)
  const params = completeParams(model, preset.values, input)
  checkProtocols(input.protocols, catalogue)
  checkShare(input.split, dataset)
  const group = randomUUID()
  const seeds = [...new Set(input.seeds)]
  const name = input.name?.trim() || `${model.id} on ${dataset.name}`
  return seeds.map((seed) => ({
    group,
    name: seeds.length > 1 ? `${name} (seed ${seed})` : name,
    datasetId: dataset.id,
    modelId: model.id,
    modelVersion: model.version,
    preset: preset.id,
    params,
    split: formatSplit(parseSplit(input.split, seed)),
    seed,
    protocols: [...new Set(input.protocols)],
    ks: [...new Set(input.ks)].sort((a, b) => a - b),
    engineVersion: made.engineVersion,
    executor: input.backend ?? made.backend,
    threads: threadsColumn(input.threads ?? made.threads),
    datasetFingerprint: dataset.fingerprint,
    updatesTotal: Number(params[updatesParam] ?? 0),
    createdAt: made.at,
  }))
}

/**
 * A run that was made before, once more: same data, split, seed, settings and executor, in the same group.
 *
 * @throws PalateError MODEL_NOT_FOUND, PARAMS_INVALID or INPUT_INVALID where the model or a protocol is not what it was then
 */
export function planRetry(run: StoredRun, catalogue: EngineCatalogue, made: Pick<PlanFacts, 'engineVersion' | 'at'>): NewRun {
  const model = findModel(catalogue, run.modelId)
  checkProtocols(run.protocols, catalogue)
  const { group, name, datasetId, modelId, preset, split, seed, protocols, ks, executor, threads, datasetFingerprint } = run
  const params = acceptedParams(model, run.params, [])
  return {
    ...{ group, name, datasetId, modelId, preset, split, seed, protocols, ks, executor, threads, datasetFingerprint },
    modelVersion: model.version,
    params,
    engineVersion: made.engineVersion,
    updatesTotal: Number(params[updatesParam] ?? 0),
    createdAt: made.at,
  }
}

/** As the record has it: null for "auto". */
export function threadsColumn(threads: ThreadCount): number | null {
  return threads === 'auto' ? null : threads
}

/** @throws PalateError PRESET_NOT_FOUND */
export function findPreset(model: ModelDescriptor, id: string): ModelDescriptor['presets'][number] {
  const preset = model.presets.find((candidate) => candidate.id === id)
  if (preset) return preset
  const known = model.presets.map((candidate) => candidate.id)
  const choice = known.length > 0 ? `Choose one of: ${known.join(', ')}.` : 'It has none: leave the preset out.'
  throw new PalateError('PRESET_NOT_FOUND', `The model "${model.id}" has no preset "${id}". ${choice}`, { preset: id, known })
}

/**
 * Defaults, over them the preset, over it what was given, over it `updates`.
 * @throws PalateError PARAMS_INVALID
 */
export function completeParams(
  model: ModelDescriptor,
  preset: Readonly<Record<string, unknown>>,
  input: Pick<StartInput, 'params' | 'updates'>,
): Record<string, ParamValue> {
  const issues: ParamIssue[] = []
  if (input.updates !== undefined && !takesUpdates(model, input)) {
    issues.push({ name: updatesParam, message: `updates cannot be given: the model "${model.id}" makes no gradient updates.` })
  }
  const updates = takesUpdates(model, input) ? { [updatesParam]: input.updates } : {}
  return acceptedParams(model, { ...preset, ...input.params, ...updates }, issues)
}

/** @param found what is wrong already, told after what the model itself says */
function acceptedParams(
  model: ModelDescriptor,
  given: Readonly<Record<string, unknown>>,
  found: readonly ParamIssue[],
): Record<string, ParamValue> {
  const parsed = parseParams(model.params, given)
  const issues = [...(parsed.ok ? [] : parsed.issues), ...found]
  if (parsed.ok && issues.length === 0) return parsed.values
  const count = issues.length === 1 ? 'One parameter is' : `${issues.length} parameters are`
  throw new PalateError(
    'PARAMS_INVALID',
    `${count} not valid for the model "${model.id}". ${issues.map((issue) => issue.message).join(' ')} Look up the parameters of the model.`,
    { issues },
  )
}

function takesUpdates(model: ModelDescriptor, input: Pick<StartInput, 'updates'>): boolean {
  return input.updates !== undefined && Object.hasOwn(model.params, updatesParam)
}

/** @throws PalateError INPUT_INVALID that names every unknown protocol and every setting that a protocol cannot take */
export function checkProtocols(protocols: readonly string[], catalogue: EngineCatalogue): void {
  const known = catalogue.protocols.map((protocol) => protocol.id)
  const issues = protocols.flatMap((text) => {
    const read = readProtocol(text, catalogue.protocols)
    return read.ok ? [] : [{ path: 'protocols', message: read.message }]
  })
  if (issues.length === 0) return
  const message = `${issues.map((issue) => issue.message).join(' ')} Choose from: ${known.join(', ')}.`
  throw new PalateError('INPUT_INVALID', message, { issues })
}

/** What the numbers of the data set say already; the rest is found when the split is made. */
function checkShare(split: string, dataset: DatasetSummary): void {
  const spec = parseSplit(split, 0)
  if (spec.kind === 'time') requireRealTime(dataset.timeKind, spec.share)
  if (spec.kind !== 'random') return
  const { share } = spec
  const trainSize = Math.round(dataset.ratings * share)
  if (trainSize > 0 && trainSize < dataset.ratings) return
  throw new PalateError(
    'DATA_UNSUITABLE',
    `The data set "${dataset.name}" has ${dataset.ratings} ${dataset.ratings === 1 ? 'rating' : 'ratings'}: a split of ${share} leaves one side empty. Import more data or choose another share.`,
    { reason: 'too few ratings for the split' },
  )
}
