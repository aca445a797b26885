import { basename } from 'node:path'
import type { BundleImported } from '../../contract/dto/bundle.ts'
import { parseParams } from '../../contract/params.ts'
import type { ImportedRun } from '../../storage/repositories/imported-runs.ts'
import { storeContent } from '../datasets/import-dataset.ts'
import type { EngineCatalogue } from '../models.ts'
import type { Workspace } from '../workspace.ts'
import { cancelledBundle, refusedBundle } from './bundle-errors.ts'
import { readBundledData } from './bundled-data.ts'
import type { BundledRun, BundleManifest } from './manifest.ts'
import type { OpenedBundle } from './open-bundle.ts'

/** How far an import is. */
export interface ImportStage {
  text: string
  share: number | null
}

/**
 * Makes the runs of a bundle runs of this workspace: all or none, and never in the place of one that is here. The data set is found by its
 * fingerprint or, where it lies in the bundle, stored with them.
 *
 * @param stage changed as the import goes on
 * @throws PalateError INPUT_REFUSED, DISK_FULL, CANCELLED
 */
export async function importBundle(
  workspace: Workspace,
  catalogue: EngineCatalogue,
  bundle: OpenedBundle,
  signal: AbortSignal,
  stage: ImportStage,
): Promise<BundleImported> {
  const { repositories } = workspace
  const { runs, dataset } = bundle.manifest
  for (const run of runs) checkRun(bundle.path, catalogue, run)
  const here = new Map<BundledRun, number>()
  for (const run of runs) {
    const found = await repositories.importedRuns.find(run)
    if (found !== null) here.set(run, found)
  }
  const wanted = runs.filter((run) => !here.has(run))
  const placed = await placeData(workspace, bundle, signal, stage)
  const at = Date.now()
  const made = await repositories.importedRuns.store(placed.id ?? dataset, readRuns(bundle, wanted, at, signal, stage), at)
  wanted.forEach((run, index) => here.set(run, made[index]!))
  return {
    runs: runs.map((run) => ({
      runId: here.get(run)!,
      name: run.name,
      outcome: wanted.includes(run) ? 'imported' : 'already here',
    })),
    dataset: placed,
    remarks: remarksOf(bundle.manifest, placed, catalogue),
  }
}

/** What a run is made with must be something that this Palate could have made, where it knows the model at all. */
function checkRun(path: string, catalogue: EngineCatalogue, run: BundledRun): void {
  const model = catalogue.models.find(({ id, version }) => id === run.modelId && version === run.modelVersion)
  const parsed = model ? parseParams(model.params, run.params) : null
  if (!parsed || parsed.ok) return
  const [issue] = parsed.issues
  throw refusedBundle(path, `the parameters of run ${run.id} are not valid: ${issue!.message.replace(/\.$/, '')}`)
}

async function placeData(
  { repositories, ...workspace }: Workspace,
  bundle: OpenedBundle,
  signal: AbortSignal,
  stage: ImportStage,
): Promise<BundleImported['dataset']> {
  const { name, fingerprint, included } = bundle.manifest.dataset
  const found = await repositories.datasets.findByFingerprint(fingerprint)
  if (found) return { id: found.id, name: found.name, outcome: 'already here' }
  if (!included) return { id: null, name, outcome: 'missing' }
  stage.text = `Reading the data set "${name}"`
  const clock = performance.now()
  const content = await readBundledData(bundle, signal)
  stage.text = `Storing the data set "${name}"`
  const made = {
    name: await freeName(repositories.datasets, name),
    format: 'palate-csv',
    source: `bundle ${basename(bundle.path)}`,
    createdAt: Date.now(),
  }
  const whole = { repositories, ...workspace }
  const { dataset } = await storeContent(whole, { ...content, scale: bundle.manifest.dataset.scale }, made, { clock, signal })
  return { id: dataset.id, name: dataset.name, outcome: 'imported' }
}

/** A name that another data set bears already gets a number. */
async function freeName({ list }: Workspace['repositories']['datasets'], wanted: string): Promise<string> {
  const taken = new Set((await list()).map((dataset) => dataset.name))
  const name = wanted.trim().slice(0, 180) || 'From a bundle'
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name} (${number})`
    if (!taken.has(candidate)) return candidate
  }
}

async function* readRuns(
  bundle: OpenedBundle,
  runs: readonly BundledRun[],
  at: number,
  signal: AbortSignal,
  stage: ImportStage,
): AsyncGenerator<ImportedRun, void, void> {
  for (const [index, run] of runs.entries()) {
    if (signal.aborted) throw cancelledBundle('import')
    stage.text = `Importing run ${index + 1} of ${runs.length}`
    stage.share = index / runs.length
    const { points, results, userMetrics, recommendations } = await bundle.figures(run)
    const model = await bundle.model(run)
    yield { ...recordsOf(bundle, run, at), points, results, userMetrics, recommendations, model }
  }
  if (signal.aborted) throw cancelledBundle('import')
}

function recordsOf({ path, manifest }: OpenedBundle, run: BundledRun, at: number): Pick<ImportedRun, 'run' | 'end' | 'notes'> {
  const { group, name, modelId, modelVersion, preset, params, split, seed, protocols, ks, engineVersion, executor, threads } = run
  const { state, stage, device, executorVersions, startedAt, endedAt, updatesDone, updatesTotal, elapsedMs, createdAt } = run
  const { splitHash, validationNdcg, precision20, ndcg20, error } = run
  const bundle = basename(path)
  const origin = { bundle, palate: manifest.palate, runId: run.id, importedAt: at }
  const figures = { validationNdcg, precision20, ndcg20 }
  const came = { state, stage, device, executorVersions, startedAt, endedAt, updatesDone, elapsedMs, splitHash, error }
  const note = `Imported from the bundle "${bundle}", where it was run ${run.id} (packed by Palate ${manifest.palate}).`
  return {
    run: {
      ...{ group, name, modelId, modelVersion, preset, params, split, seed, protocols, ks, engineVersion, executor, threads },
      ...{ datasetFingerprint: manifest.dataset.fingerprint, updatesTotal, createdAt },
    },
    end: { ...came, ...figures, origin },
    notes: [...run.notes, { at, text: note }],
  }
}

function remarksOf(
  { dataset, runs, palate }: BundleManifest,
  placed: BundleImported['dataset'],
  catalogue: EngineCatalogue,
): string[] {
  const remarks: string[] = []
  if (placed.outcome === 'missing') {
    remarks.push(
      `The data set "${dataset.name}" is not in this workspace: the runs are shown with their figures, but cannot be scored again, played or trained again. Import the data set itself (${dataset.ratings} ratings, fingerprint ${dataset.fingerprint.slice(0, 12)}…), and they find it.`,
    )
  }
  for (const id of new Set(runs.map((run) => run.modelId))) {
    const version = runs.find((run) => run.modelId === id)!.modelVersion
    const model = catalogue.models.find((known) => known.id === id)
    if (model?.version === version) continue
    const how = model ? `has it in version ${model.version}, not ${version}` : 'does not know it'
    remarks.push(
      `The model "${id}" was trained by Palate ${palate}; this one ${how}: its runs are shown, and cannot be scored again.`,
    )
  }
  return remarks
}
