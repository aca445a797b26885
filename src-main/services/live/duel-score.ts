import type { RatingScale } from '../../contract/dto/dataset.ts'
import type { DuelPreference, DuelSetup, DuelStanding } from '../../contract/dto/duel.ts'
import type { LiveResponse } from '../../contract/dto/live.ts'
import { rewardOf } from '../../engine/data/interaction-table.ts'
import { isSignificant, signTest, winsNeeded } from '../../engine/evaluation/statistics/sign-test.ts'
import type { ShownItem, StoredDuelStep } from '../../storage/repositories/duels.ts'

/** 1 for what counts as liked (a reward above the middle), -1 for disliked, 0 for neither and for what was passed over. */
export function creditOf({ feedback, rating }: Pick<LiveResponse, 'feedback' | 'rating'>, scale: RatingScale): number {
  if (feedback === 'rating') return Math.sign(rewardOf(rating!, scale))
  return { like: 1, dislike: -1, skip: 0 }[feedback]
}

/** Who wins a step: the policy of the preferred side, or the one with more likes less dislikes of what it is credited with. */
export function winnerOf(
  { decides }: Pick<DuelSetup, 'decides'>,
  { leftPolicy, preference, shown }: Pick<StoredDuelStep, 'leftPolicy' | 'preference' | 'shown'>,
): StoredDuelStep['winner'] {
  if (decides === 'preference') {
    if (preference === null || preference === 'tie') return 'tie'
    const rightPolicy = leftPolicy === 'first' ? 'second' : 'first'
    return preference === 'left' ? leftPolicy : rightPolicy
  }
  const [first, second] = [creditsOf(shown, 'first'), creditsOf(shown, 'second')]
  return first === second ? 'tie' : first > second ? 'first' : 'second'
}

/** The side that a simulated viewer prefers: the one with the higher credit. */
export function preferredSide(shown: readonly ShownItem[], leftPolicy: 'first' | 'second'): DuelPreference {
  const winner = winnerOf({ decides: 'likes' }, { leftPolicy, preference: null, shown })
  return winner === 'tie' ? 'tie' : winner === leftPolicy ? 'left' : 'right'
}

/** @param veiled the pairs come with the leader first, so that they name nobody */
export function standingOf(steps: readonly StoredDuelStep[], veiled: boolean): DuelStanding {
  const shown = steps.flatMap((step) => step.shown)
  const wins = (policy: 'first' | 'second') => steps.filter(({ winner }) => winner === policy).length
  const credited = (credit: number) => (policy: 'first' | 'second') =>
    shown.filter((item) => item.by === policy && item.credit === credit).length
  const swap = veiled && wins('second') > wins('first')
  const pair = (count: (policy: 'first' | 'second') => number): [number, number] =>
    swap ? [count('second'), count('first')] : [count('first'), count('second')]
  const p = signTest(wins('first'), wins('second'))
  return {
    wins: pair(wins),
    ties: steps.length - wins('first') - wins('second'),
    likes: pair(credited(1)),
    dislikes: pair(credited(-1)),
    p,
    distinguishable: isSignificant(p),
    winsNeeded: winsNeeded(wins('first') + wins('second')),
  }
}

function creditsOf(shown: readonly ShownItem[], policy: 'first' | 'second'): number {
  return shown.reduce((sum, { by, credit }) => sum + (by === policy ? credit : 0), 0)
}
