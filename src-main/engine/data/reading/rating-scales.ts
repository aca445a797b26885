import type { BehaviourMeaning } from '../../../contract/dto/import-settings.ts'
import type { RatingScale } from '../../../contract/dto/dataset.ts'
import { PalateError } from '../../../contract/errors.ts'

/** Scales that people use, the narrowest first. On five stars, four and five please, one and two displease. */
const KNOWN: readonly RatingScale[] = [
  { min: 0, max: 1, positiveFrom: 1, negativeTo: 0 },
  { min: 1, max: 5, positiveFrom: 4, negativeTo: 2 },
  { min: 0.5, max: 5, positiveFrom: 4, negativeTo: 2 },
  { min: 0, max: 5, positiveFrom: 4, negativeTo: 2 },
  { min: 1, max: 10, positiveFrom: 7, negativeTo: 4 },
  { min: 0, max: 10, positiveFrom: 7, negativeTo: 4 },
  { min: -10, max: 10, positiveFrom: 5, negativeTo: -5 },
  { min: 1, max: 100, positiveFrom: 70, negativeTo: 40 },
  { min: 0, max: 100, positiveFrom: 70, negativeTo: 40 },
]

/** @returns the narrowest common scale that holds all ratings; beyond them, the range itself with its outer quarters as thresholds */
export function proposeScale(ratings: Float32Array): RatingScale {
  let min = Infinity
  let max = -Infinity
  for (const rating of ratings) {
    if (rating < min) min = rating
    if (rating > max) max = rating
  }
  if (min > max) return KNOWN[1]!
  const known = KNOWN.find((scale) => min >= scale.min && max <= scale.max)
  if (known) return known
  // Ratings are kept as 32-bit floats: -9.95 must not become -9.949999809.
  min = Number(min.toPrecision(7))
  max = Number(max.toPrecision(7))
  // All the same: there is nothing below it, so every feedback pleases.
  if (min === max) {
    // One less is the same number where numbers are large.
    const below = min - Math.max(1, Math.abs(min) / 1e6)
    return { min: below, max, positiveFrom: max, negativeTo: below }
  }
  const quarter = (max - min) / 4
  return { min, max, positiveFrom: max - quarter, negativeTo: min + quarter }
}

/** What a behaviour means where nobody says otherwise, by its name without case and punctuation. */
const BEHAVIOURS: readonly [RegExp, BehaviourMeaning][] = [
  [/^(true|yes|recommended)$/, { feedback: 'positive', rating: 1 }],
  [/^(false|no|notrecommended)$/, { feedback: 'negative', rating: 0 }],
  [/^(removefrom[a-z]+|uncollect|unfavou?rite|cancel|refund|return)$/, { feedback: 'negative', rating: 1 }],
  [/^(dislike|hate|skip|unlike|downvote|thumbsdown|unfollow|report|negative)$/, { feedback: 'negative', rating: 1 }],
  [/^(pv|view|pageview|impression|expose|exposure|show|browse|play|listen|open)$/, { feedback: 'neutral', rating: 2 }],
  [/^(click|clk|read|watch|detail)$/, { feedback: 'positive', rating: 3 }],
  [
    /^(fav|favou?rite|like|love|upvote|thumbsup|collect|save|wish|wishlist|bookmark|follow|share|comment|cart|addtocart|positive)$/,
    { feedback: 'positive', rating: 4 },
  ],
  [/^(buy|purchase|order|transaction|pay|checkout)$/, { feedback: 'positive', rating: 5 }],
]

/** "True", "no": an answer, to whatever was asked. */
export function isBoolean(cell: string): boolean {
  return /^(true|false|yes|no)$/i.test(cell.trim())
}

/** @returns what a behaviour of this name usually says, or null for a name that is unknown */
export function usualMeaning(name: string): BehaviourMeaning | null {
  const plain = name.toLowerCase().replace(/[^a-z]/g, '')
  return BEHAVIOURS.find(([pattern]) => pattern.test(plain))?.[1] ?? null
}

/**
 * The scale on which the behaviours' ratings say what their feedback says.
 *
 * @throws PalateError INPUT_INVALID when a behaviour that pleases stands no higher than one that does not
 */
export function scaleOfBehaviours(behaviours: Readonly<Record<string, BehaviourMeaning>>): RatingScale {
  const ratings = (feedback: BehaviourMeaning['feedback']) =>
    Object.values(behaviours).flatMap((meaning) => (meaning.feedback === feedback ? [meaning.rating] : []))
  const all = Object.values(behaviours).map((meaning) => meaning.rating)
  const highestNegative = Math.max(...ratings('negative'), -Infinity)
  const neutral = ratings('neutral')
  const lowestPositive = Math.min(...ratings('positive'), Infinity)
  const inOrder = highestNegative < Math.min(...neutral, lowestPositive) && Math.max(highestNegative, ...neutral) < lowestPositive
  if (!inOrder) {
    const message =
      'The ratings of the behaviours contradict their feedback: every positive one must stand above every neutral one, and every neutral one above every negative one.'
    throw new PalateError('INPUT_INVALID', `${message} Correct the mapping of behaviours.`, {
      issues: [{ path: 'behaviours', message }],
    })
  }
  const low = Math.min(...all)
  const high = Math.max(...all)
  const positiveFrom = Number.isFinite(lowestPositive) ? lowestPositive : high + 1
  const negativeTo = Number.isFinite(highestNegative) ? highestNegative : low - 1
  return { min: Math.min(low, negativeTo), max: Math.max(high, positiveFrom), positiveFrom, negativeTo }
}

/**
 * The scale of numbers that say how often or how strongly: every one above zero says yes, the least of them still pleases.
 *
 * @returns undefined where a number lies below zero or none above it: they are ratings of another kind
 */
export function scaleOfWeights(weights: Float32Array): RatingScale | undefined {
  let [least, most] = [Infinity, 0]
  for (const weight of weights) {
    if (weight < 0) return undefined
    if (weight > 0 && weight < least) least = weight
    if (weight > most) most = weight
  }
  // As they were written, not as 32-bit floats hold them.
  const written = (value: number) => Number(value.toPrecision(7))
  return most > 0 ? { min: 0, max: written(most), positiveFrom: written(least), negativeTo: 0 } : undefined
}

/**
 * What stands for "not rated" among ratings: -1 where all are whole numbers, nothing else lies below zero and
 * the others reach beyond a thumb up.
 *
 * @param cells of the beginning of the source
 */
export function likelyMissing(cells: readonly string[]): readonly string[] {
  const values = [...new Set(cells.map((cell) => cell.trim()))].filter((cell) => cell !== '')
  const below = values.filter((cell) => Number(cell) < 0)
  if (!values.every((cell) => Number.isInteger(Number(cell)))) return []
  return below.length === 1 && Number(below[0]) === -1 && values.some((cell) => Number(cell) >= 3) ? below : []
}

/** Whether zeros stand among ratings that are otherwise whole numbers from 1: many mean "no opinion" by them, not all. */
export function hasDoubtfulZeros(cells: readonly string[]): boolean {
  const values = new Set(cells.map(Number))
  return values.has(0) && values.size > 3 && [...values].every((value) => Number.isInteger(value) && value >= 0 && value <= 10)
}
