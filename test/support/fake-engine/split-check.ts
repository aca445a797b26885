import type { DatasetDetail } from '../../../src-main/contract/dto/dataset.ts'
import { formatSplit, parseSplit, type SplitCheck, type SplitFinding } from '../../../src-main/contract/dto/split.ts'

/** Of a random split with the seed 13: what a leak looks like, with a name that wants to be markup. */
const leak: SplitFinding = {
  kind: 'pair-on-both-sides',
  leak: true,
  count: 1,
  text: 'The split leaks: 1 test rating (0.1 %) is of a user and an item that training holds as well.',
  examples: ['user user-1, <img src=x onerror=alert(1)>'],
}
const note: SplitFinding = {
  kind: 'users-without-test',
  leak: false,
  count: 2,
  text: '2 users have no test rating and are not evaluated.',
  examples: [],
}

export function fakeSplitCheck({ ratings, users }: DatasetDetail, text: string): SplitCheck {
  const spec = parseSplit(text, 1)
  const trainRatings = spec.kind === 'leave-last' ? ratings - users * spec.count : Math.round(ratings * spec.share)
  return {
    split: formatSplit(spec),
    hash: 'c0ffee00c0ffee00',
    trainRatings,
    testRatings: ratings - trainRatings,
    users,
    usersWithTraining: users,
    usersWithTest: users - 2,
    findings: [...(spec.kind === 'random' && spec.seed === 13 ? [leak] : []), note],
    reproduced: null,
  }
}
