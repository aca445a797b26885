import * as z from 'zod'
import { PalateError } from '../errors.ts'

/**
 * How the ratings are dealt into training and test.
 *
 * - random: each rating by chance, `share` of them train; the chance is that of `seed` (`random:0.8@7`)
 * - chronological: of each user's ratings the first `share`, in time, train (`chronological:0.8`)
 * - time: one moment for all users cuts the ratings, about `share` of them before it (`time:0.8`)
 * - leave-last: of each user's ratings the last `count`, in time, test (`leave-last:1`)
 */
export type SplitSpec =
  | { readonly kind: 'random'; readonly share: number; readonly seed: number }
  | { readonly kind: 'chronological'; readonly share: number }
  | { readonly kind: 'time'; readonly share: number }
  | { readonly kind: 'leave-last'; readonly count: number }

export type SplitKind = SplitSpec['kind']

/** Below it the share would be written with an exponent, which no split text has. */
const leastShare = 1e-6

/**
 * The one reader of split texts: contract, services, command line and engine all come here.
 *
 * @param defaultSeed the seed of a random split whose text names none
 * @throws PalateError DATA_UNSUITABLE that says what can be written
 */
export function parseSplit(text: string, defaultSeed: number): SplitSpec {
  const spec = readSplit(text, defaultSeed)
  if (spec) return spec
  throw new PalateError(
    'DATA_UNSUITABLE',
    `"${text}" is no split. Write random:SHARE, random:SHARE@SEED, chronological:SHARE, time:SHARE or leave-last:COUNT with a share between 0 and 1, for instance random:0.8, random:0.8@7 or leave-last:1.`,
    { reason: 'split text' },
  )
}

function readSplit(text: string, defaultSeed: number): SplitSpec | null {
  const last = /^leave-last:([1-9]\d{0,3})$/.exec(text)
  if (last) return { kind: 'leave-last', count: Number(last[1]) }
  const match = /^(random|chronological|time):(0?\.\d+)(?:@(\d{1,15}))?$/.exec(text)
  const share = Number(match?.[2])
  if (!match || !(share >= leastShare && share < 1)) return null
  if (match[1] === 'random') return { kind: 'random', share, seed: match[3] === undefined ? defaultSeed : Number(match[3]) }
  // Time decides, not chance: a seed there would promise another split that does not exist.
  return match[3] === undefined ? { kind: match[1] as 'chronological' | 'time', share } : null
}

/** The one form of a split's text, in which runs record it. */
export function formatSplit(spec: SplitSpec): string {
  switch (spec.kind) {
    case 'random':
      return `random:${spec.share}@${spec.seed}`
    case 'leave-last':
      return `leave-last:${spec.count}`
    default:
      return `${spec.kind}:${spec.share}`
  }
}

/** The text form of a split, for instance `random:0.8@1`: 80 % of the ratings train, 20 % test. */
export const splitText = z
  .string()
  .max(100)
  .refine(
    (text) => readSplit(text, 0) !== null,
    'A split reads "random:SHARE", "random:SHARE@SEED", "chronological:SHARE", "time:SHARE" or "leave-last:COUNT", for instance random:0.8, random:0.8@7 or leave-last:1.',
  )

/** What the leakage check found about a split. */
export const splitFinding = z.object({
  kind: z.enum([
    /** A user's item stands on both sides. */
    'pair-on-both-sides',
    /** A test rating is older than a training rating that the split puts before it. */
    'test-before-training',
    /** Users that cannot be evaluated. */
    'users-without-test',
    /** Users that are evaluated without anything to know them by. */
    'users-without-training',
    /** Test items that no training rating tells of. */
    'items-without-training',
    /** The data set has no times: the order of its file stands for them. */
    'order-of-file',
  ]),
  /** A leak makes every figure worthless: no run trains on such a split. Other findings are only told. */
  leak: z.boolean(),
  count: z.int(),
  /** One to three sentences for a person. */
  text: z.string(),
  /** The first few of the ratings that are meant, by user and item. */
  examples: z.array(z.string()),
})
export type SplitFinding = z.infer<typeof splitFinding>

/** A split of a data set as it would be made, and what the leakage check says of it. */
export const splitReport = z.object({
  split: z.string(),
  /** Of both lists of rows: equal hashes, equal split. */
  hash: z.string(),
  trainRatings: z.int(),
  testRatings: z.int(),
  /** Users with at least one rating. */
  users: z.int(),
  usersWithTraining: z.int(),
  usersWithTest: z.int(),
  /** Leaks first. Empty: nothing was found. */
  findings: z.array(splitFinding),
})
export type SplitReport = z.infer<typeof splitReport>

/** A report, and whether runs have made the split before, and with the same rows; null when none has. */
export const splitCheck = splitReport.extend({ reproduced: z.boolean().nullable() })
export type SplitCheck = z.infer<typeof splitCheck>
