import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { BundleImported, BundleVerification } from '../../src-main/contract/dto/bundle.ts'
import { startRunsInput } from '../../src-main/contract/dto/run.ts'
import { bundleManifest, type BundleManifest } from '../../src-main/services/bundle/manifest.ts'
import { createServices, type Services } from '../../src-main/services/create-services.ts'
import { openZip } from '../../src-main/services/datasets/zip-source.ts'
import { collect } from './collect.ts'
import { makeZip } from './make-zip.ts'
import { until } from './runs-lab.ts'
import { tempFolder } from './temp-folder.ts'

/** A policy that trains in about a second. */
export const tinyPolicy = {
  model: 'mdrr-att',
  updates: 40,
  params: { size: 4, embeddingEpochs: 2, batchSize: 8, actorHidden: 8, criticHidden: 8, attentionHidden: 4, validateEvery: 20 },
  protocols: ['rerank-sequential'],
  ks: [5, 20],
  // In every test one executor for all: plain JavaScript is the same on every machine.
  backend: 'plain',
}

/** A workspace with the real engine and trainers; closed when the test ends. */
export async function bundleLab(): Promise<Services & { folder: string }> {
  const folder = await tempFolder()
  const services = await createServices({ workspaceDir: join(folder, 'workspace'), host: 'test', version: '0.9.0' })
  onTestFinished(() => services.close())
  return { ...services, folder }
}

/** Runs on the sample lab, to their end. */
export async function trained(services: Services, input: Record<string, unknown>): Promise<number[]> {
  const { id } = await services.handlers.datasets.createSampleLab({ seed: 1, name: 'Sample lab' }, {})
  const runs = await services.handlers.runs.start(startRunsInput.parse({ dataset: id, ...input }), {})
  for (const run of runs) await until(services, run.id, ['finished'], 60_000)
  return runs.map((run) => run.id)
}

/** Packs runs into a file. @returns its path */
export async function packed(
  { handlers, folder }: Services & { folder: string },
  runIds: number[],
  { withData = false, name = 'runs.palate-bundle' } = {},
): Promise<string> {
  const parts: Buffer[] = []
  for await (const { base64 } of handlers.bundles.export({ runIds, withData }, {})) parts.push(Buffer.from(base64, 'base64'))
  const path = join(folder, name)
  await writeFile(path, Buffer.concat(parts))
  return path
}

export async function imported({ handlers }: Services, path: string): Promise<BundleImported> {
  for await (const event of handlers.bundles.import({ path }, {})) if (event.kind === 'finished') return event.imported
  throw new Error('the import did not finish')
}

export async function verified({ handlers }: Services, path: string, rerun = false) {
  const events: BundleVerification[] = []
  for await (const event of handlers.bundles.verify({ path, rerun }, {})) events.push(event)
  const last = events.at(-1)
  if (last?.kind !== 'finished') throw new Error('the verification did not finish')
  return { ...last, checks: events.flatMap((event) => (event.kind === 'check' ? [event.check] : [])) }
}

/** A bundle with another manifest or other entries, and right hashes of all: what somebody makes who means it. */
export async function forged(
  path: string,
  name: string,
  change: (manifest: BundleManifest, contents: Map<string, Buffer>) => void,
): Promise<string> {
  const zip = await openZip(path)
  const contents = new Map<string, Buffer>()
  for (const file of zip.files) contents.set(file.path, Buffer.concat(await collect(file.open())))
  await zip.close()
  const manifest = bundleManifest.parse(JSON.parse(contents.get('manifest.json')!.toString()))
  change(manifest, contents)
  for (const entry of manifest.entries) {
    const content = contents.get(entry.name)!
    Object.assign(entry, { bytes: content.length, sha256: sha256(content) })
  }
  const text = Buffer.from(JSON.stringify(manifest))
  contents.set('manifest.json', text).set('manifest.sha256', Buffer.from(sha256(text)))
  const other = join(dirname(path), name)
  await writeFile(other, makeZip([...contents].map(([entry, content]) => ({ name: entry, content }))))
  return other
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
