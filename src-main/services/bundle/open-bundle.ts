import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import type * as z from 'zod'
import type { SourceFile } from '../../engine/data/reading/file-tree.ts'
import { sha256Of } from '../../storage/sha256.ts'
import { bundlePathNotFound, cancelledBundle, refusedBundle } from './bundle-errors.ts'
import { openZip } from '../datasets/zip-source.ts'
import type { OpenedSource } from '../datasets/opened-source.ts'
import {
  BUNDLE_VERSION,
  bundleManifest,
  DATA_FOLDER,
  MANIFEST,
  MANIFEST_HASH,
  manifestHead,
  type BundledRun,
  type BundleManifest,
} from './manifest.ts'
import { metricsFile, recommendationsFile, resultsFile, toFigures, usersFile, type RunFigures } from './run-files.ts'

const MAX_MANIFEST_BYTES = 8 * 1024 * 1024
/** Far above the curves of any run, and what a text may hold at all. */
const MAX_JSON_BYTES = 256 * 1024 * 1024
const MAX_MODEL_BYTES = 1024 * 1024 * 1024

/** An open bundle. Its table of contents is in order; its contents are checked as they are read. */
export interface OpenedBundle {
  readonly path: string
  readonly bytes: number
  /** SHA-256 of the manifest. */
  readonly digest: string
  readonly manifest: BundleManifest
  /** Curves, figures and recommendations of a run. @throws PalateError INPUT_REFUSED that names what is not as it was packed */
  figures(run: BundledRun): Promise<RunFigures>
  /** The trained model; null where the run has none. @throws PalateError INPUT_REFUSED */
  model(run: BundledRun): Promise<Uint8Array | null>
  /** The files of the data set, for a reader; every one of them must have been checked before. */
  readonly data: OpenedSource
  /** Whether an entry is what was packed. @returns null, or how it is not */
  faultOf(entry: BundleManifest['entries'][number], signal?: AbortSignal): Promise<string | null>
  close(): Promise<void>
}

/**
 * Opens a bundle for reading. Everything in it is somebody else's: sizes are bounded, names must be those of the table of contents, and
 * nothing is used before its SHA-256 was compared.
 *
 * @throws PalateError PATH_NOT_FOUND, INPUT_REFUSED (no bundle, of a newer Palate, damaged, or beyond its caps)
 */
export async function openBundle(path: string, palate: string): Promise<OpenedBundle> {
  const facts = await stat(path).catch((error: unknown) => {
    throw bundlePathNotFound(path, error)
  })
  if (!facts.isFile()) throw refusedBundle(path, 'it is no file')
  const zip = await openZip(path)
  try {
    const files = new Map(zip.files.map((file) => [file.path, file]))
    const { manifest, digest } = await readManifest(path, files, palate)
    checkEntries(path, files, manifest)
    return assemble(path, facts.size, digest, manifest, zip, files)
  } catch (error) {
    await zip.close()
    throw error
  }
}

type Files = ReadonlyMap<string, SourceFile>

async function readManifest(path: string, files: Files, palate: string): Promise<{ manifest: BundleManifest; digest: string }> {
  const file = files.get(MANIFEST)
  if (!file) throw refusedBundle(path, `it is no run bundle: it holds no ${MANIFEST}`)
  const content = await readBounded(path, file, MAX_MANIFEST_BYTES)
  const json = parseJsonText(path, MANIFEST, content)
  const head = manifestHead.safeParse(json)
  if (!head.success) throw refusedBundle(path, `it is no run bundle: ${MANIFEST} does not say what it is`)
  const { formatVersion, palate: packer } = head.data
  if (formatVersion > BUNDLE_VERSION) {
    const reason = `it was packed by Palate ${packer} in version ${formatVersion} of the format, and this Palate (${palate}) reads up to version ${BUNDLE_VERSION}. Open it with Palate ${packer} or newer`
    throw refusedBundle(path, reason)
  }
  const digest = sha256Of(content)
  const wanted = files.get(MANIFEST_HASH)
  if (!wanted) throw refusedBundle(path, `its entry "${MANIFEST_HASH}" is missing`)
  if (
    Buffer.from(await readBounded(path, wanted, 1024))
      .toString('latin1')
      .trim() !== digest
  ) {
    throw refusedBundle(path, `its entry "${MANIFEST}" is not what was packed: its SHA-256 is another one`)
  }
  return { manifest: fitting(path, MANIFEST, bundleManifest, json), digest }
}

/** What is in the archive is what the table of contents lists, and what that refers to is there. */
function checkEntries(path: string, files: Files, manifest: BundleManifest): void {
  const listed = new Map(manifest.entries.map((entry) => [entry.name, entry]))
  if (listed.size < manifest.entries.length) throw refusedBundle(path, `${MANIFEST} lists an entry twice`)
  for (const { name, bytes } of manifest.entries) {
    const file = files.get(name)
    if (!file) throw refusedBundle(path, `its entry "${name}" is missing`)
    if (file.bytes !== bytes)
      throw refusedBundle(path, `its entry "${name}" is not what was packed: it has ${file.bytes} bytes instead of ${bytes}`)
  }
  for (const name of files.keys()) {
    if (!listed.has(name) && name !== MANIFEST && name !== MANIFEST_HASH)
      throw refusedBundle(path, `its entry "${name}" is not in its ${MANIFEST}`)
  }
  const identities = new Set<string>()
  for (const run of manifest.runs) {
    const identity = JSON.stringify([run.group, run.seed, run.createdAt])
    if (identities.has(identity)) throw refusedBundle(path, `it lists run ${run.id} twice`)
    identities.add(identity)
    for (const name of Object.values(run.files)) {
      if (name !== null && !listed.has(name)) throw refusedBundle(path, `run ${run.id} refers to "${name}", which is not in it`)
    }
  }
  if (manifest.dataset.included !== manifest.entries.some(({ name }) => name.startsWith(DATA_FOLDER))) {
    throw refusedBundle(path, 'what it says of its data set is not what is in it')
  }
}

function assemble(
  path: string,
  bytes: number,
  digest: string,
  manifest: BundleManifest,
  zip: OpenedSource,
  files: Files,
): OpenedBundle {
  const entries = new Map(manifest.entries.map((entry) => [entry.name, entry]))
  const read = async (name: string, limit: number) => {
    const content = await readBounded(path, files.get(name)!, limit)
    if (sha256Of(content) !== entries.get(name)!.sha256)
      throw refusedBundle(path, `its entry "${name}" is not what was packed: its SHA-256 is another one`)
    return content
  }
  const json = async <S extends z.ZodType>(name: string, schema: S): Promise<z.infer<S>> =>
    fitting(path, name, schema, parseJsonText(path, name, await read(name, MAX_JSON_BYTES)))
  return {
    path,
    bytes,
    digest,
    manifest,
    async figures({ files: of }) {
      return toFigures(
        await json(of.metrics, metricsFile),
        await json(of.results, resultsFile),
        await json(of.users, usersFile),
        await json(of.recommendations, recommendationsFile),
      )
    },
    model: ({ files: of }) => (of.model === null ? Promise.resolve(null) : read(of.model, MAX_MODEL_BYTES)),
    data: { display: path, files: zip.files.filter((file) => file.path.startsWith(DATA_FOLDER)), close: () => Promise.resolve() },
    async faultOf(entry, signal) {
      const hash = createHash('sha256')
      for await (const chunk of files.get(entry.name)!.open()) {
        if (signal?.aborted) throw cancelledBundle('verification')
        hash.update(chunk)
      }
      return hash.digest('hex') === entry.sha256 ? null : 'its SHA-256 is another one'
    },
    close: () => zip.close(),
  }
}

async function readBounded(path: string, file: SourceFile, limit: number): Promise<Uint8Array> {
  if (file.bytes > limit) throw refusedBundle(path, `its entry "${file.path}" has ${file.bytes} bytes, more than ${limit}`)
  const chunks: Uint8Array[] = []
  // The archive's reader stops by itself when more comes out than the directory says.
  for await (const chunk of file.open()) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function parseJsonText(path: string, name: string, content: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content)) as unknown
  } catch {
    throw refusedBundle(path, `its entry "${name}" is no JSON`)
  }
}

function fitting<S extends z.ZodType>(path: string, name: string, schema: S, value: unknown): z.infer<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw refusedBundle(
    path,
    `its entry "${name}" is not in order (${issue ? `${issue.path.join('.')}: ${issue.message}` : 'unknown'})`,
  )
}
