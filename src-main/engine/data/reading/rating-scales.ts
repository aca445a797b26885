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
  [/^(dislike|hate|skip|unlike|downvote|thumbsdown|unfollow|report|negative)$/, { feedback: 'negative', rating: 1 }],
  [/^(pv|view|pageview|impression|expose|exposure|show|browse|play|listen|open)$/, { feedback: 'neutral', rating: 2 }],
  [/^(click|clk|read|watch|detail)$/, { feedback: 'positive', rating: 3 }],
  [
    /^(fav|favou?rite|like|love|upvote|thumbsup|collect|save|wish|wishlist|bookmark|follow|share|comment|cart|addtocart|positive)$/,
    { feedback: 'positive', rating: 4 },
  ],
  [/^(buy|purchase|order|transaction|pay|checkout)$/, { feedback: 'positive', rating: 5 }],
]

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
