import { ratingScale, type RatingScale } from '../../src-main/contract/dto/dataset.ts'

/** A scale as it is typed: text, so that "-" and "0." are not taken away from under the fingers. */
export type ScaleTexts = Record<keyof RatingScale, string>

export const scaleTexts = (scale: RatingScale): ScaleTexts => ({
  min: String(scale.min),
  max: String(scale.max),
  negativeTo: String(scale.negativeTo),
  positiveFrom: String(scale.positiveFrom),
})

/** What the texts say, or what is wrong with them. */
export function readScale(texts: ScaleTexts): { scale: RatingScale } | { fault: string } {
  const number = (text: string) => (text.trim() === '' ? Number.NaN : Number(text))
  const scale: RatingScale = {
    min: number(texts.min),
    max: number(texts.max),
    negativeTo: number(texts.negativeTo),
    positiveFrom: number(texts.positiveFrom),
  }
  if (!Object.values(scale).every((value) => Number.isFinite(value))) return { fault: 'All four are numbers, with a point: 4.5.' }
  const { min, max, negativeTo, positiveFrom } = scale
  if (min < max && (negativeTo < min || positiveFrom > max || negativeTo > max || positiveFrom < min)) {
    return { fault: `Both thresholds lie on the scale, from ${min} to ${max}.` }
  }
  const parsed = ratingScale.safeParse(scale)
  return parsed.success ? { scale } : { fault: parsed.error.issues[0]?.message ?? 'These numbers are no scale.' }
}
