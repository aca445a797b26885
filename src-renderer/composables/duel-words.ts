import type { DuelSetup, DuelStanding, DuelSummary } from '../../src-main/contract/dto/duel.ts'
import { formatP, plural } from './format.ts'

export const duelStates: Readonly<Record<DuelSummary['state'], string>> = { open: 'Open', complete: 'Complete', over: 'Over' }

export function modeWords({ mode, decides }: Pick<DuelSetup, 'mode' | 'decides'>): string {
  if (mode === 'interleaved') return 'interleaved, likes decide'
  return decides === 'likes' ? 'side by side, likes decide' : 'side by side, preference decides'
}

/** Both names, or that they are withheld. */
export function policiesWords({ policies }: Pick<DuelSummary, 'policies'>): string {
  return policies ? `${policies[0].runName} – ${policies[1].runName}` : 'names withheld'
}

export interface VerdictWords {
  readonly title: string
  readonly text: string
  readonly decided: boolean
}

/** What a sign test allows to say. @param names of the first and the second policy */
export function verdictWords(standing: DuelStanding, names: readonly [string, string]): VerdictWords {
  const { wins, p, distinguishable, winsNeeded } = standing
  const decided = wins[0] + wins[1]
  if (p === null) return { title: 'Nothing decided', text: 'No step was decided: there is nothing to test.', decided: false }
  const test = `Two-sided sign test over ${plural(decided, 'decided step')}: p ${p < 0.001 ? '' : '= '}${formatP(p)}.`
  if (distinguishable) {
    return {
      title: `${names[wins[0] > wins[1] ? 0 : 1]} wins`,
      text: `${test} Chance alone would seldom split them so.`,
      decided: true,
    }
  }
  const needed =
    winsNeeded === null
      ? 'So few cannot tell two policies apart: six, all for one, are the least.'
      : `One of them would have needed ${winsNeeded} of ${decided}.`
  return { title: 'Not distinguishable', text: `${test} ${needed}`, decided: false }
}
