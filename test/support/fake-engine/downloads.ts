import { PalateError } from '../../../src-main/contract/errors.ts'
import { sources } from '../../../src-main/services/datasets/download/sources/catalogue.gen.ts'
import type { Handlers } from '../../../src-main/services/handlers.ts'
import { fakeDataset, type World } from './world.ts'

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const step = 0.1

/** Downloads over a network that is as the world says; half a second each, and slower where it is cut. */
export function fakeDownloads(world: World): Pick<Handlers['datasets'], 'downloadable' | 'download'> {
  const received = new Map<string, number>()
  return {
    downloadable: () =>
      Promise.resolve(
        sources.map(({ sha256: _sha256, changes: _changes, ...source }) => ({
          ...source,
          licence: { ...source.licence, terms: [...source.licence.terms] },
          receivedBytes: received.get(source.id) ?? 0,
        })),
      ),
    download: async function* ({ source: id, name }, { signal }) {
      const source = sources.find((one) => one.id === id)!
      const from = received.get(id) ?? 0
      const at = (stage: 'connecting' | 'downloading' | 'verifying', bytes: number) => ({
        kind: 'download' as const,
        stage,
        bytesReceived: Math.round(bytes),
        bytesTotal: source.bytes,
        resumedFrom: from,
        elapsedMs: 400,
        bytesPerSecond: bytes > from ? 1_250_000 : null,
        remainingMs: bytes > from ? ((source.bytes - bytes) / 1_250_000) * 1000 : null,
      })
      yield at('connecting', from)
      if (world.network === 'down') {
        const reason = 'its name could not be resolved, so there seems to be no network here'
        throw new PalateError(
          'NETWORK_UNREACHABLE',
          `files.grouplens.org cannot be reached: ${reason}. Try again later, or get ${id}.zip from ${source.home} on a computer with a network and import the file. The sample lab needs no network.`,
          { url: source.url, reason },
        )
      }
      for (let bytes = from; bytes < source.bytes; bytes += source.bytes * step) {
        received.set(id, Math.round(bytes))
        yield at('downloading', bytes)
        await wait(world.network === 'slow' ? 1000 : 50)
        if (signal?.aborted) return
        if (world.network === 'cuts' && bytes > from && bytes > source.bytes * 0.4) {
          const reason = `the connection was cut after ${(bytes / 1e6).toFixed(1)} MB`
          throw new PalateError(
            'DOWNLOAD_FAILED',
            `${id}.zip was not downloaded: ${reason}. Start it again: it goes on from there.`,
            { url: source.url, reason, keptBytes: Math.round(bytes) },
          )
        }
      }
      yield at('verifying', source.bytes)
      received.delete(id)
      const dataset = { ...fakeDataset(world.datasets.length + 1, name ?? id), ...countsOf(source) }
      world.datasets.push(dataset)
      yield { kind: 'finished' as const, dataset, report: dataset.report }
    },
  }
}

const countsOf = ({ users, items, ratings }: (typeof sources)[number]) => ({ users, items, ratings })
