import { setTimeout as sleep } from 'node:timers/promises'
import type { DatasetSummary, ImportProgress } from '../contract/dto/dataset.ts'
import { isPalateError } from '../contract/errors.ts'
import { readers } from '../engine/data/readers/catalogue.gen.ts'
import { makeSampleLab } from '../engine/data/sample-lab/sample-lab.ts'
import { describeTable } from './datasets/dataset-detail.ts'
import { detectFormat, suggestedName } from './datasets/detect-format.ts'
import { importDataset, storeContent, type ImportRequest } from './datasets/import-dataset.ts'
import { ImportMeter } from './datasets/import-meter.ts'
import { openSource } from './datasets/open-source.ts'
import type { Handlers } from './handlers.ts'
import type { Workspace } from './workspace.ts'

const PROGRESS_INTERVAL_MS = 100
const SAMPLE_LAB_FORMAT = 'sample-lab'

/** The data sets of a workspace: importing, looking, naming, removing. */
export function createDatasetHandlers(workspace: Workspace): Handlers['datasets'] {
  const { datasets, items, runs } = workspace.repositories
  return {
    list: () => datasets.list(),
    async get({ dataset }) {
      const summary = await datasets.get(dataset)
      const [table, report, runCount] = await Promise.all([
        workspace.loadInteractions(summary.id),
        datasets.report(summary.id),
        runs.countByDataset(summary.id),
      ])
      return { ...summary, ...describeTable(table), report, runs: runCount }
    },
    async detect({ path }) {
      const source = await openSource(path)
      try {
        const { reader, confidence } = await detectFormat(source)
        return { format: reader.id, title: reader.title, confidence, suggestedName: suggestedName(source.display) }
      } finally {
        await source.close()
      }
    },
    formats: () => Promise.resolve(readers.map(({ id, title, doc }) => ({ id, title, doc }))),
    import: (input, { signal }) => followImport(workspace, input, signal),
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
      return datasets.get(id)
    },
    async remove({ dataset }) {
      return { removed: await datasets.remove((await datasets.get(dataset)).id) }
    },
  }
}

/** Runs an import and tells how far it is, ten times a second at most. Ending the generator cancels the import. */
async function* followImport(
  workspace: Workspace,
  request: ImportRequest,
  callerSignal: AbortSignal | undefined,
): AsyncGenerator<ImportProgress, void, void> {
  const own = new AbortController()
  const signal = callerSignal ? AbortSignal.any([callerSignal, own.signal]) : own.signal
  const meter = new ImportMeter()
  const work = importDataset(workspace, request, meter, signal)
  // Whoever asks for the next event gets the error; it must not count as unhandled meanwhile.
  work.catch(() => undefined)
  try {
    for (;;) {
      const outcome = await Promise.race([work, sleep(PROGRESS_INTERVAL_MS, null, { ref: false })])
      if (outcome) {
        yield { kind: 'finished', ...outcome }
        return
      }
      yield meter.progress
    }
  } finally {
    own.abort()
    await work.catch(() => undefined)
  }
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
