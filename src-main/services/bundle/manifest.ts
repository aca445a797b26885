import * as z from 'zod'
import { ratingScale, timeKind } from '../../contract/dto/dataset.ts'
import { runState } from '../../contract/dto/run.ts'
import { errorRecord } from '../../contract/errors.ts'
import { paramValues } from '../../contract/params.ts'

/** Grows when a Palate of before could not read what is written. */
export const BUNDLE_VERSION = 1
export const BUNDLE_FORMAT = 'palate-bundle'
export const MANIFEST = 'manifest.json'
/** SHA-256 of the manifest, in hexadecimal digits. */
export const MANIFEST_HASH = 'manifest.sha256'
/** Folder of the data set's files. */
export const DATA_FOLDER = 'data/'
export const MAX_RUNS = 200

const name = z.string().max(1000)
const text = z.string().max(20_000)
const index = z
  .int()
  .min(0)
  .max(2 ** 31 - 1)
const time = z.int().min(0)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** What every version of the format says, so that a newer one can be refused by name. */
export const manifestHead = z.object({
  format: z.literal(BUNDLE_FORMAT),
  formatVersion: z.int().min(1),
  palate: z.string().max(100),
})

/** Files of a run; all but the model are always there. */
export const runFiles = z.object({
  metrics: name,
  results: name,
  users: name,
  recommendations: name,
  model: name.nullable(),
})

const bundledRun = z.object({
  /** Its number in the workspace that it was packed in. */
  id: z.int(),
  group: name,
  name,
  modelId: name,
  modelVersion: z.int(),
  preset: name,
  params: paramValues,
  split: name,
  splitHash: name.nullable(),
  seed: index,
  protocols: z.array(name).max(1000),
  ks: z.array(z.int().min(1).max(10_000)).max(1000),
  engineVersion: name,
  executor: name,
  device: text,
  executorVersions: z.record(name, name),
  threads: z.int().min(1).max(1024).nullable(),
  /** Only what has ended is packed. */
  state: runState.extract(['finished', 'stopped', 'diverged', 'failed']),
  stage: name,
  createdAt: time,
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  updatesDone: index,
  updatesTotal: index,
  elapsedMs: z.number().min(0),
  validationNdcg: z.number().nullable(),
  precision20: z.number().nullable(),
  ndcg20: z.number().nullable(),
  error: errorRecord.nullable(),
  notes: z.array(z.object({ at: time, text })).max(10_000),
  files: runFiles,
})
export type BundledRun = z.infer<typeof bundledRun>

export const bundleManifest = manifestHead.extend({
  createdAt: time,
  dataset: z.object({
    name,
    fingerprint: sha256,
    users: index,
    items: index,
    ratings: z.int().min(0),
    scale: ratingScale,
    timeKind,
    included: z.boolean(),
  }),
  runs: z.array(bundledRun).min(1).max(MAX_RUNS),
  /** Everything but the manifest and its hash, by name. */
  entries: z.array(z.object({ name, bytes: z.int().min(0), sha256 })).max(9000),
})
export type BundleManifest = z.infer<typeof bundleManifest>
