import { join } from 'node:path'
import type { DownloadProgress } from '../../../contract/dto/download.ts'
import type { ImportProgress } from '../../../contract/dto/dataset.ts'
import { PalateError } from '../../../contract/errors.ts'
import { datasetNameTaken } from '../../../storage/repositories/dataset-errors.ts'
import type { Handlers } from '../../handlers.ts'
import type { Workspace } from '../../workspace.ts'
import { followed } from '../followed.ts'
import type { ImportRequest } from '../import-dataset.ts'
import type { DataSource } from './data-source.ts'
import { downloadFailed } from './download-errors.ts'
import { DownloadMeter } from './download-meter.ts'
import { fetchFile } from './fetch-file.ts'
import { httpsNetwork, type Network } from './network.ts'
import { PartFile } from './part-file.ts'
import { sources as knownSources } from './sources/catalogue.gen.ts'
import { digestOf } from './verify-file.ts'

/** What can be fetched, and how. The program has one of it; tests build others with servers of their own. */
export interface Downloads {
  readonly sources: readonly DataSource[]
  readonly network: Network
}
const realDownloads: Downloads = { sources: knownSources, network: httpsNetwork }

type Follow = (request: ImportRequest, signal: AbortSignal | undefined) => AsyncGenerator<ImportProgress, void, void>

/** Fetching data sets from their homes: the engine's only business on the network. */
export function createDownloadHandlers(
  workspace: Workspace,
  follow: Follow,
  { sources, network }: Downloads = realDownloads,
): Pick<Handlers['datasets'], 'downloadable' | 'download'> {
  const { datasets } = workspace.repositories
  const folder = join(workspace.folder, 'downloads')
  const underWay = new Set<string>()

  async function* download(id: string, called: string | undefined, signal: AbortSignal | undefined): Downloading {
    const source = findSource(sources, id)
    const name = called ?? source.id
    // Asked before the long work; the import asks again.
    if ((await datasets.list()).some((dataset) => dataset.name === name)) throw datasetNameTaken(name)
    if (underWay.has(id)) throw downloadFailed(source, 'it is being downloaded already', 'Wait for that, or cancel it there.')
    underWay.add(id)
    try {
      const meter = new DownloadMeter(source.bytes)
      const fetching = (own: AbortSignal) => fetchFile(source, { folder, network, meter, signal: own })
      const file = yield* followed(fetching, () => meter.progress, signal)
      const sha256 = await digestOf('sha256', file.path)
      // A failed import leaves the file for the next attempt, which then needs no network.
      for await (const event of follow({ path: file.path, name, onBadRow: 'fail', origin: source.url }, signal)) {
        if (event.kind === 'finished') {
          await file.discard()
          await datasets.setNotes(event.dataset.id, notesOn(source, sha256))
        }
        yield event
      }
    } finally {
      underWay.delete(id)
    }
  }

  return {
    downloadable: () => Promise.all(sources.map(async (source) => describe(source, (await PartFile.find(folder, source)).bytes))),
    download: ({ source, name }, { signal }) => download(source, name, signal),
  }
}
type Downloading = AsyncGenerator<DownloadProgress, void, void>

function describe({ sha256: _sha256, changes: _changes, ...source }: DataSource, receivedBytes: number) {
  return { ...source, receivedBytes }
}

function findSource(sources: readonly DataSource[], id: string): DataSource {
  const found = sources.find((source) => source.id === id)
  if (found) return found
  const message = `There is nothing called "${id}" to get. Palate can get ${sources.map((source) => source.id).join(', ')}.`
  throw new PalateError('INPUT_INVALID', message, { issues: [{ path: 'source', message }] })
}

/** What whoever publishes results on the data set must know, kept with it. */
function notesOn(source: DataSource, sha256: string): string {
  const day = new Date().toISOString().slice(0, 10)
  return [
    `${source.title}, downloaded on ${day} from ${source.url} (SHA-256 ${sha256}).`,
    `Its terms were accepted: ${source.licence.url}`,
    `To be cited: ${source.citation.text} ${source.citation.url}`,
  ].join('\n')
}
