import type { SplitCheck, SplitFinding } from '../../src-main/contract/dto/split.ts'
import { formatInt, formatPercent } from './format.ts'

/** A split before anything trains on it. */
export interface SplitView {
  readonly split: string
  readonly train: number
  readonly test: number
  readonly stats: { readonly label: string; readonly value: string; readonly note: string }[]
  readonly findings: readonly (SplitFinding & { readonly title: string })[]
}

const titles: Readonly<Record<SplitFinding['kind'], string>> = {
  'pair-on-both-sides': 'The same user and item on both sides',
  'test-before-training': 'Test before training',
  'users-without-training': 'Users without training ratings',
  'users-without-test': 'Users without test ratings',
  'items-without-training': 'Items without training ratings',
  'order-of-file': 'No times: the order of the file stands for them',
}

/** What the leakage check says of a split, in words and figures. */
export function viewOfCheck(check: SplitCheck): SplitView {
  const { split, trainRatings: train, testRatings: test, users, usersWithTraining, usersWithTest, hash, reproduced } = check
  const part = (count: number, of: number) => formatPercent(count / Math.max(1, of), 1)
  const ofRatings = (count: number) => `${part(count, train + test)} of the ratings`
  const ofUsers = (count: number) => `${part(count, users)} of ${formatInt(users)}`
  const used = reproduced ? 'the rows that runs have used' : 'runs have used other rows'
  return {
    split,
    train,
    test,
    stats: [
      { label: 'Training side', value: formatInt(train), note: ofRatings(train) },
      { label: 'Test side', value: formatInt(test), note: ofRatings(test) },
      { label: 'Users that train', value: formatInt(usersWithTraining), note: ofUsers(usersWithTraining) },
      { label: 'Users that are tested', value: formatInt(usersWithTest), note: ofUsers(usersWithTest) },
      { label: 'Hash', value: hash, note: reproduced === null ? 'no run has used it yet' : used },
    ],
    findings: check.findings.map((finding) => ({ ...finding, title: titles[finding.kind] })),
  }
}
