import { describe, expect, it, onTestFinished } from 'vitest'
import { againstBaseline } from '../../../../src-main/services/evaluation/against-baseline.ts'
import { openWorkspace } from '../../../../src-main/services/workspace.ts'
import { newRun, tinyDataset } from '../../../support/storage-lab.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

const USERS = 60
const figure = { protocol: 'rerank-sequential', subset: 'all', k: 5, metric: 'ndcg' } as const

/** A workspace with a baseline of two seeds, a better model, one that differs by noise alone, and runs that cannot be paired. */
async function lab() {
  const workspace = await openWorkspace(await tempFolder())
  onTestFinished(() => workspace.close())
  const { datasets, runs, userMetrics } = workspace.repositories
  const data = await datasets.store(tinyDataset())
  const others = await datasets.store(tinyDataset({ name: 'others' }))
  const add = async (datasetId: number, seed: number, gamma: number, valueOf: ((user: number) => number) | null) => {
    const [id] = await runs.insert([newRun(datasetId, { seed, split: `random:0.8@${seed}`, params: { gamma } })])
    if (valueOf)
      await userMetrics.save(id!, {
        model: new Array<string>(USERS).fill('mdrr-att'),
        protocol: new Array<string>(USERS).fill('rerank-sequential'),
        userIndex: Int32Array.from({ length: USERS }, (_, user) => user),
        candidates: new Int32Array(USERS).fill(9),
        k: new Int32Array(USERS).fill(5),
        metric: new Array<string>(USERS).fill('ndcg'),
        value: Float64Array.from({ length: USERS }, (_, user) => valueOf(user)),
      })
    return id!
  }
  const base = (user: number) => 0.5 + (user % 7) / 100
  const ids = {
    base1: await add(data, 1, 0.9, base),
    base2: await add(data, 2, 0.9, base),
    better1: await add(data, 1, 0.8, (user) => base(user) + 0.1 + (user % 3) / 1000),
    better2: await add(data, 2, 0.8, (user) => base(user) + 0.1),
    noise: await add(data, 1, 0.7, (user) => base(user) + (user % 2 === 0 ? 0.05 : -0.05)),
    otherSeed: await add(data, 9, 0.8, base),
    otherData: await add(others, 1, 0.8, base),
    unmeasured: await add(data, 1, 0.6, null),
  }
  const test = (baseline: number[], lines: Record<string, number[]>) =>
    againstBaseline(
      workspace,
      { baseline, figure, lines: Object.entries(lines).map(([key, runIds]) => ({ key, runIds })) },
      undefined,
    )
  return { ids, test }
}

describe('lines of the table against the baseline', () => {
  it('are told apart, or not, by the paired bootstrap over users; p is corrected for how many there are', async () => {
    const { ids, test } = await lab()
    const [better, noise] = await test([ids.base1], { better: [ids.better1], noise: [ids.noise] })
    // Every user gains 0.1 to 0.102: each of 2000 samples lies far from zero, so that p = 1 / 2001, twice that after Holm.
    expect(better).toMatchObject({ kind: 'tested', key: 'better', verdict: 'higher', users: USERS, trials: 1 })
    if (better?.kind !== 'tested' || noise?.kind !== 'tested') throw new Error('They were not tested.')
    expect(better.difference).toBeCloseTo(0.101, 10)
    expect(better.correctedP).toBeCloseTo(2 / 2001, 10)
    expect(noise).toMatchObject({ verdict: 'not distinguishable' })
    expect(noise.difference).toBeCloseTo(0, 10)
    expect(noise.low!).toBeLessThan(0)
    expect(noise.high!).toBeGreaterThan(0)
  })

  it('of several seeds meet the baseline on the seeds that both have', async () => {
    const { ids, test } = await lab()
    const [group] = await test([ids.base1, ids.base2], { group: [ids.better1, ids.better2, ids.otherSeed] })
    expect(group).toMatchObject({ kind: 'tested', trials: 2, verdict: 'higher' })
  })

  it('that cannot be paired say why', async () => {
    const { ids, test } = await lab()
    const lines = {
      itself: [ids.base1],
      seed: [ids.otherSeed],
      data: [ids.otherData],
      unmeasured: [ids.unmeasured],
      gone: [4711],
    }
    expect((await test([ids.base1], lines)).map((one) => one.kind === 'untested' && one.reason)).toEqual([
      'It is the baseline itself.',
      'No split and seed in common with the baseline: its users cannot be paired.',
      'Another data set: its users are not the same.',
      'No user has this figure in both.',
      'The run is not there any more.',
    ])
    await expect(test([4711], lines)).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' })
  })
})
