import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { resultRowWithInterval } from '../../src-main/contract/dto/run.ts'
import { cli } from '../support/cli.ts'
import { temporaryFolder } from '../support/runs-lab.ts'

const everyProtocol = 'drr-backgom2357,drr-rated-only,drr-shashist,full-catalogue,rerank-oneshot,rerank-sequential,sampled'
const document = z.object({ rows: z.array(resultRowWithInterval) })

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let workspace: string

/** Ratings of `users` by `items`, each by a rule; a rating of null is none. */
async function dataset(name: string, users: number, items: number, rate: (user: number, item: number) => number | null) {
  const lines = ['user,item,rating']
  for (let user = 0; user < users; user++) {
    for (let item = 0; item < items; item++) {
      const rating = rate(user, item)
      if (rating !== null) lines.push(`u${user},i${item},${rating}`)
    }
  }
  const file = join(folder.path, `${name}.csv`)
  await writeFile(file, lines.join('\n') + '\n')
  expect((await cli(workspace, 'import', file, '--name', name, '--scale', '1..5', '--thresholds', '2..4')).code).toBe(0)
}

beforeAll(async () => {
  folder = await temporaryFolder()
  workspace = join(folder.path, 'workspace')
  await dataset('one', 1, 1, () => 4)
  await dataset('plain', 12, 8, (user, item) => ((user + item) % 9 === 0 ? null : 1 + ((user * item) % 5)))
  await dataset('equal', 12, 8, () => 3)
})
afterAll(() => folder.remove())

async function failure(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cli(workspace, ...args)
  expect([code, stdout]).toEqual([1, ''])
  return stderr.slice(stderr.lastIndexOf('palate: '))
}

describe('what a data set cannot give is said in a sentence, and what to do', () => {
  it.each<readonly [what: string, args: readonly string[], text: string]>([
    [
      'too few ratings for a split',
      ['--dataset', 'one', '--model', 'popularity'],
      'The data set "one" has 1 rating: a split of 0.8 leaves one side empty. Import more data or choose another share.',
    ],
    [
      'too few ratings of every user',
      ['--dataset', 'plain', '--model', 'popularity', '--split', 'leave-last:8'],
      'No user has more than 8 ratings: leave-last:8 leaves nothing to test on. Import more data or leave out fewer.',
    ],
    [
      'no time for a split by time',
      ['--dataset', 'plain', '--model', 'popularity', '--split', 'time:0.8'],
      'The data set does not say when its ratings were given, only the order of its file: a split by time (time:0.8) cannot be made. Choose chronological:0.8 or random:0.8.',
    ],
    ...['FM', 'DeepFM', 'AFM'].map(
      (title) =>
        [
          `no side features for ${title}`,
          ['--dataset', 'plain', '--model', title.toLowerCase()],
          `${title} learns how attributes of users and items interact, and this data set has none: no gender, age, occupation or genres. Choose a data set with attributes, or train biased-mf or svd++, which need ratings only.`,
        ] as const,
    ),
  ])('%s', async (_what, args, text) => {
    expect(await failure('train', ...args)).toBe(`palate: ${text}\n`)
  })
})

describe('what is degenerate has a documented value, never a gap in a number', () => {
  const train = async (...args: string[]) => {
    const { code, stdout, stderr } = await cli(workspace, 'train', '--json', ...args)
    expect(code).toBe(0)
    // A value that is no number would be null in JSON, and the schema has no place for it.
    return { rows: document.parse(JSON.parse(stdout)).rows, told: stderr }
  }
  const valueOf = (rows: z.infer<typeof document>['rows'], metric: string, k: number) =>
    rows.find(
      (row) =>
        row.model === 'svd++' &&
        row.protocol === 'rerank-sequential' &&
        row.subset === 'all' &&
        row.metric === metric &&
        row.k === k,
    )?.value

  it('all-equal ratings: every order is the best, nothing is relevant, and who has nothing to score is said', async () => {
    const { rows, told } = await train('--dataset', 'equal', '--model', 'svd++', '--protocols', everyProtocol, '--k', '3')
    expect(['ndcg', 'precision', 'reward'].map((metric) => valueOf(rows, metric, 3))).toEqual([1, 0, 0])
    expect(valueOf(rows, 'recall', 3)).toBeUndefined()
    expect(new Set(rows.map((row) => row.protocol))).toEqual(new Set(['full-catalogue', 'rerank-oneshot', 'rerank-sequential']))
    expect(told).toContain('Sampled, 1 + 99: no user has a test item that counts, so that there is nothing to score.\n')
  })

  it('a k above every candidate set: the lists end where the candidates do, and no user is full-length', async () => {
    const { rows } = await train('--dataset', 'plain', '--model', 'svd++', '--k', '8,5000')
    for (const metric of ['ndcg', 'precision', 'recall', 'map', 'reward']) {
      expect([metric, valueOf(rows, metric, 5000)]).toEqual([metric, valueOf(rows, metric, 8)])
    }
    expect(valueOf(rows, 'precision-k', 5000)! * 5000).toBeCloseTo(valueOf(rows, 'precision-k', 8)! * 8, 9)
    expect(rows.filter((row) => row.k === 5000 && row.subset === 'full-length')).toEqual([])
  })

  it('users without test items: counted and left out', async () => {
    const { told, rows } = await train('--dataset', 'equal', '--model', 'popularity', '--split', 'random:0.9@4', '--k', '3')
    const left = Number(
      /Split random:0\.9@4: (\d+) users? ha(?:ve|s) no test rating and (?:are|is) not evaluated\./.exec(told)?.[1],
    )
    expect(left).toBeGreaterThan(0)
    const { users } = rows.find((row) => row.subset === 'all' && row.protocol === 'rerank-oneshot')!
    expect(users).toBe(12 - left)
  })
})
