import * as z from 'zod'
import { parseSplit, splitText } from './split.ts'

/** Of one request for runs. */
export const runLimits = {
  seeds: { min: 0, max: 2 ** 31 - 1, most: 100 },
  ks: { min: 1, max: 10_000, most: 20 },
} as const

/** Whether the forms can show it: they have whole per cents. */
function isWholePercent(text: string): boolean {
  const split = parseSplit(text, 0)
  return split.kind === 'leave-last' || Math.abs(split.share * 100 - Math.round(split.share * 100)) < 1e-9
}

/** What the page that trains begins with. The command line has flags instead, so that a script means the same everywhere. */
export const runDefaults = z.object({
  defaultModel: z.string().min(1).max(200),
  defaultSplit: splitText.refine(
    // Of what is no split at all the reader of splits has said so already.
    (text) => !splitText.safeParse(text).success || isWholePercent(text),
    'The share of a default split is a whole percentage, for instance random:0.8.',
  ),
  /** So many runs, with the seeds 1, 2, 3 and so on. */
  defaultSeedCount: z.int().min(1).max(runLimits.seeds.most),
  /** Each once. */
  defaultKs: z
    .array(z.int().min(runLimits.ks.min).max(runLimits.ks.max))
    .min(1)
    .max(runLimits.ks.most)
    .refine((ks) => new Set(ks).size === ks.length, 'A list length stands there twice.'),
  defaultProtocols: z.array(z.string().min(1).max(300)).min(1).max(50),
})
export type RunDefaults = z.infer<typeof runDefaults>

/** The program's own: what holds until a person chooses others, and what a request for runs leaves out. */
export const ownRunDefaults = {
  defaultModel: 'mdrr-att',
  defaultSplit: 'random:0.8',
  defaultSeedCount: 1,
  defaultKs: [5, 10, 20],
  defaultProtocols: ['rerank-sequential', 'rerank-oneshot'],
} satisfies RunDefaults
