import type { DatasetSummary, ImportProgress } from '../contract/dto/dataset.ts'
import { isPalateError } from '../contract/errors.ts'
import { readers } from '../engine/data/readers/catalogue.gen.ts'
import { makeSampleLab } from '../engine/data/sample-lab/sample-lab.ts'
import { createDownloadHandlers, type Downloads } from './datasets/download/download-handlers.ts'
import { FiguresCache } from './datasets/figures.ts'
import { detectFormat, suggestedName } from './datasets/detect-format.ts'
import { followed } from './datasets/followed.ts'
import { importDataset, storeContent, type ImportRequest } from './datasets/import-dataset.ts'
import { inspectSource } from './datasets/inspect-source.ts'
import { ImportMeter } from './datasets/import-meter.ts'
import { openSource } from './datasets/open-source.ts'
import { createDatasetPageHandlers } from './datasets/page-handlers.ts'
import { rejectsCsv } from './datasets/rejects-csv.ts'
import { DatasetRemoval } from './datasets/removal.ts'
import { exportDataset } from './export/dataset-export.ts'
import type { Handlers } from './handlers.ts'
import type { Workspace } from './workspace.ts'

const SAMPLE_LAB_FORMAT = 'sample-lab'

/** The data sets of a workspace: importing, looking, naming, removing. */
export function createDatasetHandlers(
  workspace: Workspace,
  csvFormulaGuard: () => Promise<boolean> = () => Promise.resolve(true),
  downloads?: Downloads,
): Handlers['datasets'] {
  const { datasets, items, runs } = workspace.repositories
  const cache = new FiguresCache(workspace)
  const removal = new DatasetRemoval(datasets)
  return {
    ...createDatasetPageHandlers(workspace, cache),
    ...createDownloadHandlers(workspace, (request, signal) => followImport(workspace, request, signal), downloads),
    list: () => datasets.list(),
    async get({ dataset }) {
      const summary = await datasets.get(dataset)
      const [description, report, runCount] = await Promise.all([
        cache.of(summary.id).description(),
        datasets.report(summary.id),
        runs.countByDataset(summary.id),
      ])
      return { ...summary, ...description, report, runs: runCount }
    },
    async detect({ path }) {
      const source = await openSource(path)
      try {
        const { reader, recognition } = await detectFormat(source)
        const confidence = Math.min(1, recognition.confidence)
        return { format: reader.id, title: reader.title, confidence, suggestedName: suggestedName(source.display) }
      } finally {
        await source.close()
      }
    },
    inspect: (request) => inspectSource(request),
    formats: () => Promise.resolve(readers.map(({ id, title, doc }) => ({ id, title, doc }))),
    import: (input, { signal }) => followImport(workspace, input, signal),
    export: ({ dataset, format }) => exportDataset(workspace, dataset, format, csvFormulaGuard),
    createSampleLab: ({ seed, name }) => ensureSampleLab(workspace, seed, name),
    async items({ dataset, ...query }) {
      return items.page((await datasets.get(dataset)).id, query)
    },
    async rename({ dataset, name }) {
      const { id } = await datasets.get(dataset)
      await datasets.rename(id, name)
      return datasets.get(id)
    },
    async setScale({ dataset, scale }) {
      const { id } = await datasets.get(dataset)
      await datasets.setScale(id, scale)
      cache.forget(id)
      return datasets.get(id)
    },
    async *exportRejects({ dataset }) {
      const { rejectedRows } = await datasets.report((await datasets.get(dataset)).id)
      yield* rejectsCsv(rejectedRows, await csvFormulaGuard())
    },
    async remove({ dataset, undoable }) {
      const { id } = await datasets.get(dataset)
      if (!undoable) return { removed: await datasets.remove(id) }
      return { removed: await removal.hide(id), undoMs: removal.undoMs }
    },
    async restore({ dataset }) {
      await datasets.restore(dataset)
      return datasets.get(dataset)
    },
  }
}

/** Runs an import and tells how far it is, ten times a second at most. Ending the generator cancels the import. */
async function* followImport(
  workspace: Workspace,
  request: ImportRequest,
  callerSignal: AbortSignal | undefined,
): AsyncGenerator<ImportProgress, void, void> {
  const meter = new ImportMeter()
  const start = (signal: AbortSignal) => importDataset(workspace, request, meter, signal)
  const outcome = yield* followed(start, () => meter.progress, callerSignal)
  yield { kind: 'finished', ...outcome }
}

async function ensureSampleLab(workspace: Workspace, seed: number, name: string): Promise<DatasetSummary> {
  const { datasets } = workspace.repositories
  const source = `sample lab, seed ${seed}`
  const present = async () => {
    const found = (await datasets.list()).find((dataset) => dataset.name === name)
    return found?.format === SAMPLE_LAB_FORMAT && found.source === source ? found : null
  }
  const before = await present()
  if (before) return before
  const clock = performance.now()
  const made = { name, format: SAMPLE_LAB_FORMAT, source, createdAt: Date.now() }
  try {
    return (await storeContent(workspace, makeSampleLab(seed), made, { clock })).dataset
  } catch (error) {
    // Two windows may ask at the same moment; the second finds what the first has made.
    const meanwhile = isPalateError(error) && error.code === 'DATASET_NAME_TAKEN' ? await present() : null
    if (meanwhile) return meanwhile
    throw error
  }
}
