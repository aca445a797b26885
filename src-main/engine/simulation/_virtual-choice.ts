/** What decides a virtual user's choice at the moment of being shown an item; cosines lie in [-1, 1]. */
export interface Moment {
  /** cos(u, e) of taste and item. */
  readonly interest: number
  /** Mean over the last ten items shown of max(0, cos) with this one; 0 before the first. */
  readonly sameness: number
  /** cos of the item with the one whose page the user looks at; null on the main page. */
  readonly anchor: number | null
  /** Items passed over in a row just before. */
  readonly skips: number
  /** Items shown before this one. */
  readonly shown: number
}

export interface ChoiceWeights {
  readonly clickBase: number
  readonly pageBase: number
  readonly interest: number
  readonly boredom: number
  readonly leaveBase: number
  readonly impatience: number
  readonly fatigue: number
}

export interface ChoiceChances {
  click: number
  skip: number
  leave: number
}

/**
 * Multinomial choice: (click, skip, leave) = softmax(z_click, 0, z_leave) with
 * z_click = b + w cos(u, e) + [item page] cos(e, anchor) - boredom x sameness and
 * z_leave = b_leave + impatience x skips in a row + fatigue x items shown (design, algorithms.md section 8).
 *
 * @param out receives the chances, which sum to 1
 */
export function writeChances(moment: Moment, weights: ChoiceWeights, out: ChoiceChances): void {
  const { interest, sameness, anchor, skips, shown } = moment
  const base = anchor === null ? weights.clickBase : weights.pageBase + anchor
  const click = Math.exp(base + weights.interest * interest - weights.boredom * sameness)
  const leave = Math.exp(weights.leaveBase + weights.impatience * skips + weights.fatigue * shown)
  const sum = click + 1 + leave
  out.click = click / sum
  out.skip = 1 / sum
  out.leave = leave / sum
}
