import type { BundleContents } from '../../contract/dto/bundle.ts'
import { followed } from '../datasets/followed.ts'
import type { Handlers } from '../handlers.ts'
import type { RunManager } from '../runs/run-manager.ts'
import type { Workspace } from '../workspace.ts'
import { exportBundle } from './export-bundle.ts'
import { importBundle } from './import-bundle.ts'
import { openBundle, type OpenedBundle } from './open-bundle.ts'
import { verifyBundle } from './verify-bundle.ts'
import type { RunCheckHost } from './verify-run.ts'

export interface BundleHandlerOptions extends RunCheckHost {
  readonly manager: RunManager
  readonly version: string
  /** Ends what is at work when the services close. */
  readonly closing: AbortSignal
}

export function createBundleHandlers(options: BundleHandlerOptions): Handlers['bundles'] {
  const { workspace, catalogue, manager, version, closing } = options
  const both = (signal: AbortSignal | undefined) => (signal ? AbortSignal.any([signal, closing]) : closing)
  return {
    export: ({ runIds, withData }) => exportBundle(workspace, version, runIds, withData),
    async open({ path }) {
      const bundle = await openBundle(path, version)
      try {
        return await contentsOf(workspace, bundle)
      } finally {
        await bundle.close()
      }
    },
    async *verify({ path, rerun }, { signal }) {
      const bundle = await openBundle(path, version)
      try {
        yield* verifyBundle(options, bundle, rerun, both(signal))
      } finally {
        await bundle.close()
      }
    },
    async *import({ path }, { signal }) {
      const bundle = await openBundle(path, version)
      try {
        const stage = { text: 'Opening the bundle', share: null as number | null }
        const start = (own: AbortSignal) => importBundle(workspace, catalogue, bundle, own, stage)
        const imported = yield* followed(start, () => ({ kind: 'progress' as const, ...stage }), both(signal))
        for (const { runId } of imported.runs) await manager.announce(runId)
        yield { kind: 'finished', imported }
      } finally {
        await bundle.close()
      }
    },
  }
}

async function contentsOf({ repositories }: Workspace, { manifest, bytes, digest }: OpenedBundle): Promise<BundleContents> {
  const { palate, createdAt, dataset } = manifest
  const here = await repositories.datasets.findByFingerprint(dataset.fingerprint)
  const runs = manifest.runs.map(async (run) => {
    const {
      id,
      name,
      modelId,
      preset,
      split,
      seed,
      state,
      createdAt: at,
      updatesDone,
      executor,
      device,
      precision20,
      ndcg20,
      files,
    } = run
    const facts = { name, modelId, preset, split, seed, state, createdAt: at, updatesDone, executor, device, precision20, ndcg20 }
    return { runId: id, ...facts, weights: files.model !== null, here: await repositories.importedRuns.find(run) }
  })
  return {
    ...{ palate, createdAt, bytes, digest },
    dataset: { ...dataset, here: here && { id: here.id, name: here.name } },
    runs: await Promise.all(runs),
  }
}
