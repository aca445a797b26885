import * as z from 'zod'
import { ratingScale, timeKind } from './dataset.ts'
import { runState } from './run.ts'

/** The ending of a bundle's file name. */
export const bundleEnding = '.palate-bundle'

/** What a bundle says of the data set of its runs, and what of it is here. */
export const bundledDataset = z.object({
  name: z.string(),
  fingerprint: z.string(),
  users: z.int(),
  items: z.int(),
  ratings: z.int(),
  scale: ratingScale,
  timeKind,
  /** The ratings lie in the bundle. */
  included: z.boolean(),
  /** The data set of this workspace with the same fingerprint; null where there is none. */
  here: z.object({ id: z.int(), name: z.string() }).nullable(),
})
export type BundledDataset = z.infer<typeof bundledDataset>

export const bundledRunSummary = z.object({
  /** Its number in the workspace that it was packed in. */
  runId: z.int(),
  name: z.string(),
  modelId: z.string(),
  preset: z.string(),
  split: z.string(),
  seed: z.int(),
  state: runState,
  createdAt: z.int(),
  updatesDone: z.int(),
  executor: z.string(),
  device: z.string(),
  precision20: z.number().nullable(),
  ndcg20: z.number().nullable(),
  /** Its trained model lies in the bundle: figures can be computed again. */
  weights: z.boolean(),
  /** The run of this workspace that is this one; null where there is none. */
  here: z.int().nullable(),
})
export type BundledRunSummary = z.infer<typeof bundledRunSummary>

export const bundleContents = z.object({
  /** Version of the Palate that packed it. */
  palate: z.string(),
  createdAt: z.int(),
  bytes: z.int(),
  /** SHA-256 of its table of contents, which holds those of everything else: equal for equal bundles. */
  digest: z.string(),
  dataset: bundledDataset,
  runs: z.array(bundledRunSummary),
})
export type BundleContents = z.infer<typeof bundleContents>

/**
 * - identical: to the last bit
 * - within-tolerance: computed on another executor, and as close as the text says
 * - differs: it is not what the bundle says
 * - not-checked: it could not be found out here; the text says why
 */
export const bundleVerdict = z.enum(['identical', 'within-tolerance', 'differs', 'not-checked'])
export type BundleVerdict = z.infer<typeof bundleVerdict>

export const bundleCheck = z.object({
  /** For instance "Run 3: figures from the stored weights". */
  title: z.string(),
  verdict: bundleVerdict,
  /** One or two sentences for a person. */
  text: z.string(),
  /** The first few of what differs, one line each. */
  differences: z.array(z.string()),
})
export type BundleCheck = z.infer<typeof bundleCheck>

const progress = z.object({
  kind: z.literal('progress'),
  text: z.string(),
  /** 0..1; null where it cannot be said. */
  share: z.number().nullable(),
})

export const bundleVerification = z.discriminatedUnion('kind', [
  progress,
  z.object({ kind: z.literal('check'), check: bundleCheck }),
  /** `differs`: at least one check does. `complete`: nothing was left unchecked. */
  z.object({ kind: z.literal('finished'), differs: z.boolean(), complete: z.boolean() }),
])
export type BundleVerification = z.infer<typeof bundleVerification>

export const bundleImported = z.object({
  runs: z.array(z.object({ runId: z.int(), name: z.string(), outcome: z.enum(['imported', 'already here']) })),
  dataset: z.object({
    /** null: it is not in this workspace. */
    id: z.int().nullable(),
    name: z.string(),
    outcome: z.enum(['imported', 'already here', 'missing']),
  }),
  /** What is missing, and what to do about it. */
  remarks: z.array(z.string()),
})
export type BundleImported = z.infer<typeof bundleImported>

export const bundleImport = z.discriminatedUnion('kind', [
  progress,
  z.object({ kind: z.literal('finished'), imported: bundleImported }),
])
export type BundleImport = z.infer<typeof bundleImport>

/** Of a bundle's file, from its first byte on. */
export const bundlePart = z.object({ base64: z.string() })
export type BundlePart = z.infer<typeof bundlePart>
