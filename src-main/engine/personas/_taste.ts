import type { LiveResponse } from '../../contract/dto/live.ts'
import type { TasteRule } from '../../contract/dto/persona.ts'
import type { PersonaGround } from './_persona.types.ts'

/**
 * What somebody of this taste says of an item: the first rule that holds decides; where none does, it is passed over. No randomness.
 *
 * @param shown items shown before this one
 */
export function saidByRules(rules: readonly TasteRule[], ground: PersonaGround, item: number, shown: number): LiveResponse {
  const rule = rules.find((one) => holds(one, ground, item, shown))
  return { itemIndex: item, feedback: rule?.say ?? 'skip' }
}

function holds(rule: TasteRule, ground: PersonaGround, item: number, shown: number): boolean {
  const { genres, popularity, esteem } = rule
  if (genres && !genres.some((genre) => ground.has(item, genre))) return false
  if (popularity && !within(ground.popularity[item]!, popularity)) return false
  if (esteem && !within(ground.esteem[item]!, esteem)) return false
  return !rule.shown || within(shown, [rule.shown.from, rule.shown.to ?? Infinity])
}

/** NaN lies nowhere. */
function within(value: number, [from, to]: readonly [number, number]): boolean {
  return value >= from && value < to
}
