import type { BundlePart } from '../../contract/dto/bundle.ts'
import type { DatasetSummary } from '../../contract/dto/dataset.ts'
import { isPalateError, PalateError } from '../../contract/errors.ts'
import type { StoredRun } from '../../storage/repositories/runs.ts'
import { sha256Of } from '../../storage/sha256.ts'
import { exportDataset } from '../export/dataset-export.ts'
import { runNotFound, runState } from '../runs/run-errors.ts'
import type { Workspace } from '../workspace.ts'
import {
  BUNDLE_FORMAT,
  BUNDLE_VERSION,
  DATA_FOLDER,
  MANIFEST,
  MANIFEST_HASH,
  type BundledRun,
  type BundleManifest,
} from './manifest.ts'
import { metricsOf, recommendationsOf, usersOf } from './run-files.ts'
import { zipStream, type ZipFile } from './zip-stream.ts'

/** Of a part, before it is written as text: a multiple of three. */
const PART_BYTES = 192 * 1024

/**
 * A bundle of ended runs of one data set, in parts. Equal runs at an equal time are equal bytes.
 *
 * @param withData the ratings, users and items too
 * @throws PalateError RUN_NOT_FOUND, RUN_STATE (not ended), DATA_UNSUITABLE (runs of several data sets; beyond 4 GiB; the data set is
 *         not here, where it is wanted), before the first part as a rule
 */
export async function* exportBundle(
  workspace: Workspace,
  palate: string,
  runIds: readonly number[],
  withData: boolean,
): AsyncGenerator<BundlePart, void, void> {
  const runs: StoredRun[] = []
  for (const runId of new Set(runIds)) runs.push(await endedRun(workspace, runId))
  const dataset = await datasetOf(workspace, runs, withData)
  let held: Uint8Array[] = []
  let bytes = 0
  for await (const piece of zipStream(bundleFiles(workspace, palate, runs, dataset, withData))) {
    held.push(piece)
    bytes += piece.length
    if (bytes < PART_BYTES) continue
    const all = Buffer.concat(held)
    const whole = all.length - (all.length % PART_BYTES)
    for (let at = 0; at < whole; at += PART_BYTES) yield { base64: all.toString('base64', at, at + PART_BYTES) }
    held = [all.subarray(whole)]
    bytes = all.length - whole
  }
  yield { base64: Buffer.concat(held).toString('base64') }
}

async function endedRun({ repositories }: Workspace, runId: number): Promise<StoredRun> {
  const run = await repositories.runs.get(runId)
  if (!run) throw runNotFound(runId)
  if (!isEnded(run.state)) throw runState(run, run.state, 'packed into a bundle')
  return run
}

function isEnded(state: StoredRun['state']): state is BundledRun['state'] {
  return state === 'finished' || state === 'stopped' || state === 'diverged' || state === 'failed'
}

type DatasetFacts = Pick<DatasetSummary, 'id' | 'name' | 'fingerprint' | 'users' | 'items' | 'ratings' | 'scale' | 'timeKind'>

async function datasetOf({ repositories }: Workspace, runs: readonly StoredRun[], withData: boolean): Promise<DatasetFacts> {
  const id = runs[0]!.datasetId
  if (runs.some((run) => run.datasetId !== id)) {
    const reason = 'the runs are of several data sets'
    throw new PalateError(
      'DATA_UNSUITABLE',
      `The runs were not packed: ${reason}, and a bundle is of one. Make a bundle for each.`,
      {
        reason,
      },
    )
  }
  const here = await repositories.datasets.find(id)
  if (here) return here
  const absent = await repositories.datasets.absent(id)
  // What is not here cannot be packed; `get` says so.
  return absent && !withData ? { ...absent, id } : repositories.datasets.get(id)
}

async function* bundleFiles(
  workspace: Workspace,
  palate: string,
  runs: readonly StoredRun[],
  dataset: DatasetFacts,
  withData: boolean,
): AsyncGenerator<ZipFile, void, void> {
  const entries: BundleManifest['entries'] = []
  const listed = (file: ZipFile): ZipFile => {
    entries.push({ name: file.name, bytes: file.content.length, sha256: sha256Of(file.content) })
    return file
  }
  const records: BundledRun[] = []
  for (const [at, run] of runs.entries()) {
    const folder = `runs/${at + 1}/`
    for await (const file of runContents(workspace, run.id, folder)) yield listed(file)
    const model = entries.some((entry) => entry.name === `${folder}model.bin`)
    records.push(await recordOf(workspace, run, folder, model))
  }
  if (withData) for await (const file of dataFiles(workspace, dataset.id)) yield listed(file)
  const { name, fingerprint, users, items, ratings, scale, timeKind } = dataset
  const manifest: BundleManifest = {
    format: BUNDLE_FORMAT,
    formatVersion: BUNDLE_VERSION,
    palate,
    createdAt: Date.now(),
    dataset: { name, fingerprint, users, items, ratings, scale, timeKind, included: withData },
    runs: records,
    entries,
  }
  const content = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`)
  yield { name: MANIFEST, content }
  yield { name: MANIFEST_HASH, content: Buffer.from(`${sha256Of(content)}\n`) }
}

async function* runContents({ repositories }: Workspace, runId: number, folder: string): AsyncGenerator<ZipFile, void, void> {
  const json = (name: string, value: unknown): ZipFile => ({ name: folder + name, content: Buffer.from(JSON.stringify(value)) })
  yield json('metrics.json', await metricsOf(repositories, runId))
  yield json('results.json', await repositories.results.list(runId))
  yield json('users.json', await usersOf(repositories, runId))
  yield json('recommendations.json', await recommendationsOf(repositories, runId))
  const model = await repositories.checkpoints.loadModel(runId).catch((error: unknown) => {
    // A run that diverged or failed has none, and is a result all the same.
    if (isPalateError(error) && error.code === 'CHECKPOINT_UNUSABLE') return null
    throw error
  })
  if (model) yield { name: `${folder}model.bin`, content: model }
}

async function recordOf({ repositories }: Workspace, run: StoredRun, folder: string, model: boolean): Promise<BundledRun> {
  const { group, name, modelId, modelVersion, preset, split, splitHash, seed, engineVersion, executor, device, threads } = run
  const { stage, createdAt, startedAt, endedAt, updatesDone, updatesTotal, elapsedMs, validationNdcg, precision20, ndcg20 } = run
  const made = { group, name, modelId, modelVersion, preset, split, splitHash, seed, engineVersion, executor, device, threads }
  const came = { stage, createdAt, startedAt, endedAt, updatesDone, updatesTotal, elapsedMs, validationNdcg, precision20, ndcg20 }
  return {
    id: run.id,
    ...made,
    ...came,
    params: { ...run.params },
    protocols: [...run.protocols],
    ks: [...run.ks],
    executorVersions: { ...run.executorVersions },
    state: run.state as BundledRun['state'],
    error: run.error,
    notes: await repositories.runs.notes(run.id),
    files: {
      metrics: `${folder}metrics.json`,
      results: `${folder}results.json`,
      users: `${folder}users.json`,
      recommendations: `${folder}recommendations.json`,
      model: model ? `${folder}model.bin` : null,
    },
  }
}

/** As a data set is exported, and without the guard of spreadsheets: these files are for Palate. */
async function* dataFiles(workspace: Workspace, datasetId: number): AsyncGenerator<ZipFile, void, void> {
  let name = ''
  let parts: Buffer[] = []
  for await (const { file, text } of exportDataset(workspace, datasetId, 'csv', () => Promise.resolve(false))) {
    if (file !== name && parts.length > 0) {
      yield { name: DATA_FOLDER + name, content: Buffer.concat(parts) }
      parts = []
    }
    name = file
    parts.push(Buffer.from(text))
  }
  yield { name: DATA_FOLDER + name, content: Buffer.concat(parts) }
}
