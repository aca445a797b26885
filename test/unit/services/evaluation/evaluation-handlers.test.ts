import { describe, expect, it, onTestFinished } from 'vitest'
import { contract } from '../../../../src-main/contract/api/contract.ts'
import { comparison, userDifferences } from '../../../../src-main/contract/dto/evaluation.ts'
import { createDatasetHandlers } from '../../../../src-main/services/datasets.ts'
import { createEvaluationHandlers } from '../../../../src-main/services/evaluation/evaluation-handlers.ts'
import { engineCatalogue } from '../../../../src-main/services/models.ts'
import { openWorkspace } from '../../../../src-main/services/workspace.ts'
import { validated } from '../../../../src-main/hosts/cli/validated.ts'
import { newRun, tinyDataset } from '../../../support/storage-lab.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

async function lab() {
  const workspace = await openWorkspace(await tempFolder())
  onTestFinished(() => workspace.close())
  const dataset = await createDatasetHandlers(workspace).createSampleLab({ seed: 1, name: 'Sample lab' }, {})
  const handlers = createEvaluationHandlers(workspace, engineCatalogue())
  /** A run whose users have these values of ndcg@20; users 0, 1 and so on, with so many candidates. */
  const evaluated = async (model: string, seed: number, values: readonly (number | null)[], candidates = 30) => {
    const [runId] = await workspace.repositories.runs.insert([
      newRun(dataset.id, { modelId: model, seed, split: `random:0.8@${seed}` }),
    ])
    const users = values.flatMap((value, user) => (value === null ? [] : [user]))
    await workspace.repositories.userMetrics.save(runId!, {
      model: users.map(() => model),
      protocol: users.map(() => 'rerank-sequential'),
      userIndex: Int32Array.from(users),
      candidates: new Int32Array(users.length).fill(candidates),
      k: new Int32Array(users.length).fill(20),
      metric: users.map(() => 'ndcg'),
      value: Float64Array.from(users, (user) => values[user]!),
    })
    return runId!
  }
  const compare = async (runIds: number[], change: Record<string, unknown> = {}) =>
    handlers.compare(await validated(contract.evaluation.compare, { runIds, ...change }), {})
  return { workspace, dataset, handlers, evaluated, compare }
}

const spread = (shift: number) => Array.from({ length: 40 }, (_, user) => 0.5 + 0.4 * Math.sin(user * 1.3) + shift)

describe('evaluation.compare', () => {
  it('pairs the users of runs on the same split and seed, over all seeds', async () => {
    const { evaluated, compare } = await lab()
    const a = [await evaluated('mdrr-att', 1, spread(0.05)), await evaluated('mdrr-att', 2, spread(0.03))]
    const b = [await evaluated('pmf', 2, spread(0)), await evaluated('pmf', 1, spread(0))]
    const found = await compare([...a, ...b])
    expect(comparison.parse(found)).toEqual(found)
    expect(found).toMatchObject({ datasetName: 'Sample lab', metric: 'ndcg', k: 20, subset: 'all', remarks: [] })
    expect(found.trials).toEqual([
      { split: 'random:0.8@1', seed: 1 },
      { split: 'random:0.8@2', seed: 2 },
    ])
    expect(found.contenders.map(({ label, runIds, users }) => [label, runIds, users])).toEqual([
      ['mdrr-att (palate)', a, 40],
      ['pmf (palate)', [b[1], b[0]], 40],
    ])
    expect(found.pairs).toHaveLength(1)
    expect(found.pairs[0]!.difference).toBeCloseTo(0.04, 12)
    expect(found.pairs[0]).toMatchObject({ a: 0, b: 1, users: 40, verdict: 'higher' })
    // The same users move both: the difference is known far better than either mean.
    const width = ({ low, high }: { low: number | null; high: number | null }) => high! - low!
    expect(width(found.pairs[0]!)).toBeLessThan(width(found.contenders[0]!) / 3)
  })

  it('leaves out users without a value in one of the two, and users with short lists where only full ones are wanted', async () => {
    const { evaluated, compare } = await lab()
    const a = await evaluated('mdrr-att', 1, [1, 1, null, 1])
    const b = await evaluated('pmf', 1, [0, null, 0, 0.5])
    expect((await compare([a, b])).pairs[0]).toMatchObject({ difference: 0.75, users: 2 })
    const short = await evaluated('svdpp', 1, [0, 0, 0, 0], 19)
    expect((await compare([a, short])).pairs[0]!.users).toBe(3)
    await expect(compare([a, short], { subset: 'full-length' })).rejects.toThrow(
      'mdrr-att (palate) and svdpp (palate) share no user with at least 20 candidates. Compare all users, or with a smaller k.',
    )
  })

  it('says that one seed tells of the users only, and which runs it could not use', async () => {
    const { evaluated, compare } = await lab()
    const a = [await evaluated('mdrr-att', 1, spread(0)), await evaluated('mdrr-att', 2, spread(0))]
    const found = await compare([...a, await evaluated('pmf', 1, spread(0))])
    expect(found.remarks).toEqual([
      '1 run is left out: not every contender has one of the same split and seed.',
      'With one seed the intervals tell of the users only: another seed may give another order.',
    ])
    expect(found.pairs[0]).toMatchObject({ difference: 0, p: 1, verdict: 'not distinguishable' })
  })

  it('refuses what cannot be paired, and says what to do', async () => {
    const { evaluated, compare } = await lab()
    const a = await evaluated('mdrr-att', 1, spread(0))
    const messages = async (...args: Parameters<typeof compare>) =>
      compare(...args).then(
        () => 'no refusal',
        (error: unknown) => (error as Error).message,
      )
    expect(await messages([a, 99])).toBe('There is no run 99 in this workspace. Choose one from the list of runs.')
    expect(await messages([a, await evaluated('mdrr-att', 2, spread(0))])).toBe(
      'The runs differ in their seed or split only: there is nothing to compare them with. Add a run of another model, preset or parameters.',
    )
    expect(await messages([a, await evaluated('pmf', 2, spread(0))])).toBe(
      'The runs share no split and seed, so that their users cannot be paired (mdrr-att (palate): random:0.8@1 seed 1; pmf (palate): random:0.8@2 seed 2). Train them with the same split and seeds.',
    )
    const b = await evaluated('pmf', 1, spread(0))
    expect(await messages([a, b], { k: 10 })).toBe(
      `Run ${a} has no ndcg@10 of users under "rerank-sequential". Evaluate it under that protocol with lists of 10.`,
    )
    expect(await messages([a, b], { metric: 'gini' })).toMatch(
      /^"gini" is a figure of all users together: there are no values of users to pair\. Choose from: .*\bndcg\b/,
    )
    expect(await messages([a, b], { metric: 'guess' })).toMatch(/^There is no metric "guess"\. Choose from: /)
    expect(await messages([a, b], { protocol: 'guess' })).toMatch(/^There is no protocol "guess"\./)
  })

  it('refuses runs of different data sets', async () => {
    const { workspace, evaluated, compare } = await lab()
    const other = await createDatasetHandlers(workspace).createSampleLab({ seed: 2, name: 'Other lab' }, {})
    const [runId] = await workspace.repositories.runs.insert([newRun(other.id, { modelId: 'pmf' })])
    await expect(compare([await evaluated('mdrr-att', 1, spread(0)), runId!])).rejects.toThrow(
      'The runs are of different data sets: their users are not the same. Choose runs of one data set.',
    )
  })
})

describe('evaluation.differences', () => {
  const two = async () => {
    const found = await lab()
    // Differences: 0.3, 0, -0.1, 0.3; the fifth user has no value in the second run.
    const a = await found.evaluated('mdrr-att', 1, [0.8, 0.5, 0.4, 0.9, 1])
    const b = await found.evaluated('pmf', 1, [0.5, 0.5, 0.5, 0.6, null])
    const ask = async (change: Record<string, unknown> = {}) =>
      found.handlers.differences(await validated(contract.evaluation.differences, { runIds: [a, b], ...change }), {})
    const users = async (change: Record<string, unknown> = {}) =>
      found.handlers.differentUsers(await validated(contract.evaluation.differentUsers, { runIds: [a, b], ...change }), {})
    return { ...found, a, b, ask, users }
  }

  it('spreads the users over bars of a round width, with no difference in the middle of one', async () => {
    const { ask, dataset } = await two()
    const found = await ask({ bars: 5 })
    expect(userDifferences.parse(found)).toEqual(found)
    expect(found).toMatchObject({ datasetId: dataset.id, datasetName: 'Sample lab', users: 4, higher: 2, same: 1, lower: 1 })
    expect(found.mean).toBeCloseTo(0.125)
    expect(found.median).toBeCloseTo(0.15)
    // 0.4 in all, over four widths: 0.1.
    expect(found.width).toBeCloseTo(0.1)
    expect(found.bars.map((bar) => [bar.bar, bar.users])).toEqual([
      [-1, 1],
      [0, 1],
      [1, 0],
      [2, 0],
      [3, 2],
    ])
    expect(found.bars[0]!.from).toBeCloseTo(-0.15)
    expect(found.bars[0]!.to).toBeCloseTo(-0.05)
  })

  it('is one bar where the runs do not differ', async () => {
    const { a, ask } = await two()
    expect(await ask({ runIds: [a, a] })).toMatchObject({
      users: 5,
      same: 5,
      bars: [{ bar: 0, from: -0.5, to: 0.5, users: 5 }],
    })
  })

  it('names the users behind a bar, those with the largest difference first and equal ones by index, page by page', async () => {
    const { users } = await two()
    const all = await users({ bars: 5 })
    expect(all.total).toBe(4)
    expect(all.rows.map((row) => [row.userIndex, row.first, row.second])).toEqual([
      [0, 0.8, 0.5],
      [3, 0.9, 0.6],
      [1, 0.5, 0.5],
      [2, 0.4, 0.5],
    ])
    const behind = await users({ bars: 5, bar: 3, limit: 1, offset: 1 })
    expect(behind.total).toBe(2)
    expect(behind.rows).toMatchObject([{ userIndex: 3, userId: 'u4', candidates: 30 }])
    expect((await users({ bars: 5, direction: 'asc', limit: 1 })).rows[0]!.userIndex).toBe(2)
    expect(await users({ bars: 5, bar: 2 })).toEqual({ total: 0, rows: [] })
  })

  it('refuses runs whose users were tested on other items, or that share none', async () => {
    const { a, b, ask, evaluated } = await two()
    const other = await evaluated('pmf', 2, [1])
    await expect(ask({ runIds: [a, other] })).rejects.toThrow(
      `Run ${a} has the split random:0.8@1, run ${other} has random:0.8@2: their users were tested on other items. Choose two runs of one split.`,
    )
    const short = await evaluated('pmf', 1, [1], 19)
    await expect(ask({ runIds: [short, b], subset: 'full-length' })).rejects.toThrow(
      'The runs share no user with at least 20 candidates. Compare all users, or with a smaller k.',
    )
    await expect(ask({ runIds: [a, b], k: 5 })).rejects.toThrow(`Run ${a} has no ndcg@5 of users under "rerank-sequential".`)
  })
})

describe('evaluation.recommendations', () => {
  it('lists what a run recommended to a user, and the users that two runs have lists for', async () => {
    const { workspace, handlers, evaluated } = await lab()
    const [a, b] = [await evaluated('mdrr-att', 1, [1]), await evaluated('pmf', 1, [1])]
    const save = (runId: number, users: number[]) =>
      workspace.repositories.recommendations.save(runId, {
        protocol: users.map(() => 'rerank-sequential'),
        userIndex: Int32Array.from(users),
        rank: Int32Array.from(users, () => 1),
        itemIndex: Int32Array.from(users, (user) => user + 4),
        score: Float32Array.from(users, () => 0.5),
        rating: Float32Array.from(users, () => 4),
      })
    await save(a, [0, 1])
    await save(b, [1, 2])
    const users = await handlers.recommendedUsers(
      await validated(contract.evaluation.recommendedUsers, { runIds: [a, b], protocol: 'rerank-sequential' }),
      {},
    )
    expect(users).toEqual({ total: 1, rows: [{ userIndex: 1, userId: 'u2' }] })
    const list = async (runId: number) =>
      handlers.recommendations(
        await validated(contract.evaluation.recommendations, { runId, protocol: 'rerank-sequential', userIndex: 1 }),
        {},
      )
    expect(await list(a)).toMatchObject({ total: 1, rows: [{ rank: 1, itemIndex: 5, score: 0.5, rating: 4 }] })
    await expect(list(99)).rejects.toThrow('There is no run 99 in this workspace. Choose one from the list of runs.')
  })
})

describe('evaluation.checkSplit', () => {
  it('makes the split that a run would have, stores nothing, and tells what the check finds', async () => {
    const { workspace, dataset, handlers } = await lab()
    for (const split of ['random:0.8', 'chronological:0.8', 'time:0.8', 'leave-last:1']) {
      const report = await handlers.checkSplit({ dataset: dataset.id, split, seed: 3 }, {})
      expect(report.trainRatings + report.testRatings).toBe(dataset.ratings)
      expect(report.split).toBe(split === 'random:0.8' ? 'random:0.8@3' : split)
      expect(report.findings.filter((finding) => finding.leak)).toEqual([])
      expect(await workspace.repositories.splits.hash(dataset.id, report.split)).toBeNull()
    }
    await expect(handlers.checkSplit({ dataset: dataset.id, split: 'leave-last:9999', seed: 1 }, {})).rejects.toMatchObject({
      code: 'DATA_UNSUITABLE',
    })
  })

  it('says whether runs have had the same rows', async () => {
    const { workspace, dataset, handlers } = await lab()
    const look = (split: string) => handlers.checkSplit({ dataset: dataset.id, split, seed: 1 }, {})
    const first = await look('random:0.8')
    expect(first.reproduced).toBeNull()
    await workspace.repositories.splits.remember(dataset.id, 'random:0.8@1', first.hash, 1)
    expect((await look('random:0.8@1')).reproduced).toBe(true)
    await workspace.repositories.splits.remember(dataset.id, 'random:0.8@2', 'another', 1)
    expect((await look('random:0.8@2')).reproduced).toBe(false)
  })

  it('names users by their ids and items by their titles, or their ids where there is no title', async () => {
    const { workspace, handlers } = await lab()
    const times = Float64Array.of(1, 2, 3, 4)
    const columns = { userIndex: new Int32Array(4), rating: Float32Array.of(5, 4, 3, 2), time: times }
    const titled = await workspace.repositories.datasets.store(
      tinyDataset({ name: 'titled', columns: { ...columns, itemIndex: new Int32Array(4) } }),
    )
    const examplesOf = async (dataset: number) =>
      (await handlers.checkSplit({ dataset, split: 'leave-last:2', seed: 1 }, {})).findings[0]?.examples
    expect(await examplesOf(titled)).toEqual(['user 7, Zebra (1999)', 'user 7, Zebra (1999)'])
    const untitled = await workspace.repositories.datasets.store(
      tinyDataset({ name: 'untitled', columns: { ...columns, itemIndex: Int32Array.of(2, 2, 2, 2) } }),
    )
    expect(await examplesOf(untitled)).toEqual(['user 7, item c', 'user 7, item c'])
  })
})
