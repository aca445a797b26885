import type { BehaviourMeaning, ImportSettings } from '../../../contract/dto/import-settings.ts'
import type { RatingScale } from '../../../contract/dto/dataset.ts'
import { PalateError } from '../../../contract/errors.ts'
import { isNegative, isPositive } from '../interaction-table.ts'
import { numberFault, readNumber } from './numbers.ts'
import { proposeScale } from './rating-scales.ts'
import type { RowFeedback } from './rating-table.ts'
import type { TableRecord } from './record.ts'

/** What a person names among the behaviours, or as missing, to say what a 0 is. */
export const ZERO = '0'

/** From seven on a book pleases, up to four it does not. */
const BOOK_SCALE: RatingScale = { min: 1, max: 10, positiveFrom: 7, negativeTo: 4 }

/**
 * What a 0 means on a scale that begins at 1: somebody had the book, and did not say how it was. Neutral, in the middle
 * between the thresholds: a value that no explicit rating has, so that the two kinds can be told apart.
 *
 * @returns null where a person says that it means nothing
 */
export function meaningOfZero(settings: ImportSettings): BehaviourMeaning | null {
  if (settings.missing?.includes(ZERO)) return null
  const { positiveFrom, negativeTo } = settings.scale ?? BOOK_SCALE
  return settings.behaviours?.[ZERO] ?? { feedback: 'neutral', rating: (positiveFrom + negativeTo) / 2 }
}

export function explainZero({ feedback, rating }: BehaviourMeaning, count: string): string {
  return `${count} 0, which says that somebody had the book and not how it was: kept as ${feedback} feedback of ${rating}. To leave such rows out, name 0 as missing.`
}

/** Ratings from 1 to 10 among which a 0 is feedback of its own. */
export class ImplicitZeros implements RowFeedback {
  /** Zeros so far. */
  count = 0
  readonly #column: number
  readonly #decimalComma: boolean
  readonly #zero: number
  #lowest: number
  #highest: number

  /** @throws PalateError INPUT_INVALID when the scale makes something else of the zero's rating than its meaning says */
  constructor(column: number, zero: BehaviourMeaning, settings: ImportSettings) {
    this.#column = column
    this.#decimalComma = settings.decimalComma ?? false
    this.#zero = zero.rating
    this.#lowest = Math.min(zero.rating, BOOK_SCALE.max)
    this.#highest = Math.max(zero.rating, BOOK_SCALE.min)
    const scale = settings.scale ?? this.scale
    const becomes = isPositive(zero.rating, scale) ? 'positive' : isNegative(zero.rating, scale) ? 'negative' : 'neutral'
    if (becomes !== zero.feedback) {
      const message = `A rating of 0 is to be ${zero.feedback} feedback of ${zero.rating}, but on the scale from ${scale.min} to ${scale.max} that is ${becomes}: it is positive from ${scale.positiveFrom} and negative up to ${scale.negativeTo}. Choose another value for it, or another scale.`
      throw new PalateError('INPUT_INVALID', message, { issues: [{ path: 'settings.behaviours', message }] })
    }
  }

  ratingOf(record: TableRecord): number {
    const rating = readNumber(record, this.#column, this.#decimalComma)
    if (rating === 0) {
      this.count++
      return this.#zero
    }
    if (rating < this.#lowest) this.#lowest = rating
    if (rating > this.#highest) this.#highest = rating
    return rating
  }

  faultOf(record: TableRecord): string {
    return numberFault('rating', record.text(this.#column))
  }

  /** That of books, as long as every rating stands on it. */
  get scale(): RatingScale {
    const { min, max } = BOOK_SCALE
    const fits = this.#lowest >= min && this.#highest <= max
    return fits ? BOOK_SCALE : proposeScale(Float32Array.of(Math.min(min, this.#lowest), Math.max(max, this.#highest)))
  }
}
