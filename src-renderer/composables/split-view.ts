import type { SplitFinding as PreviewFinding, SplitPreview } from '../../src-main/contract/dto/dataset-figures.ts'
import type { SplitFinding, SplitReport } from '../../src-main/contract/dto/split.ts'
import { formatInt, formatPercent } from './format.ts'

/** A split before anything trains on it, whoever has looked at it. */
export interface SplitView {
  readonly split: string
  readonly train: number
  readonly test: number
  readonly stats: readonly { readonly label: string; readonly value: string; readonly note?: string }[]
  readonly findings: readonly SplitViewFinding[]
}

export interface SplitViewFinding {
  readonly kind: string
  readonly leak: boolean
  readonly title: string
  readonly text: string
  readonly examples: readonly string[]
}

const previewTitles: Readonly<Record<PreviewFinding['kind'], string>> = {
  'pair-on-both-sides': 'The same user and item on both sides',
  'test-before-train': 'Test before training',
  'users-without-train': 'Users without training ratings',
  'users-without-test': 'Users without test ratings',
  'items-without-train': 'Items without training ratings',
}
const reportTitles: Readonly<Record<SplitFinding['kind'], string>> = {
  'pair-on-both-sides': previewTitles['pair-on-both-sides'],
  'test-before-training': previewTitles['test-before-train'],
  'users-without-test': previewTitles['users-without-test'],
  'users-without-training': previewTitles['users-without-train'],
  'items-without-training': previewTitles['items-without-train'],
  'order-of-file': 'No times: the order of the file stands for them',
}

const part = (count: number, of: number) => formatPercent(count / Math.max(1, of), 1)

function sides(train: number, test: number) {
  return [
    { label: 'Training side', value: formatInt(train), note: `${part(train, train + test)} of the ratings` },
    { label: 'Test side', value: formatInt(test), note: `${part(test, train + test)} of the ratings` },
  ]
}

/** A random split, of which is also known whether runs have used the same rows. */
export function viewOfPreview(preview: SplitPreview): SplitView {
  const { split, train, test, users, usersWithTrain, usersWithTest, hash, reproduced } = preview
  const used = reproduced ? 'the rows that runs have used' : 'runs have used other rows'
  const of = (count: number) => `${part(count, users)} of ${formatInt(users)}`
  return {
    split,
    train,
    test,
    stats: [
      ...sides(train, test),
      { label: 'Users that train', value: formatInt(usersWithTrain), note: of(usersWithTrain) },
      { label: 'Users that are tested', value: formatInt(usersWithTest), note: of(usersWithTest) },
      { label: 'Hash', value: hash, note: reproduced === null ? 'no run has used it yet' : used },
    ],
    findings: preview.findings.map(({ kind, severity, message, examples }) => ({
      kind,
      leak: severity === 'leak',
      title: previewTitles[kind],
      text: message,
      examples,
    })),
  }
}

/** A split of any kind. */
export function viewOfReport({ split, hash, trainRatings, testRatings, users, findings }: SplitReport): SplitView {
  return {
    split,
    train: trainRatings,
    test: testRatings,
    stats: [
      ...sides(trainRatings, testRatings),
      { label: 'Users', value: formatInt(users), note: 'with at least one rating' },
      { label: 'Hash', value: hash, note: 'of the rows of both sides' },
    ],
    findings: findings.map(({ kind, leak, text }) => ({ kind, leak, title: reportTitles[kind], text, examples: [] })),
  }
}
