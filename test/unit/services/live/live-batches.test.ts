import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LiveBatchSetup, LiveBatchView } from '../../../../src-main/contract/dto/live-batch.ts'
import { startRunsInput } from '../../../../src-main/contract/dto/run.ts'
import { createServices, type Services } from '../../../../src-main/services/create-services.ts'
import { smallMdrrAtt } from '../../../support/job-lab.ts'
import { sampleLabId, temporaryFolder, textOf, until } from '../../../support/runs-lab.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let services: Services
let dataset: number
const runs: Record<string, number> = {}

const open = () => createServices({ workspaceDir: folder.path, host: 'test', version: '0.0.0-test' })

async function train(name: string, model: string, params: Record<string, unknown>, split = 'random:0.8@1'): Promise<void> {
  const input = startRunsInput.parse({ dataset, model, name, params, split, ks: [5] })
  const [run] = await services.handlers.runs.start(input, {})
  runs[name] = run!.id
  await until(services, run!.id, ['finished'], 60_000)
}

beforeAll(async () => {
  folder = await temporaryFolder()
  services = await open()
  dataset = await sampleLabId(services)
  await train('policy', 'mdrr-att', { ...smallMdrrAtt, selectCheckpoint: false })
  await train('static', 'item-mean', {})
  await train('elsewhere', 'item-mean', {}, 'random:0.8@2')
})

afterAll(async () => {
  await services.close()
  await folder.remove()
})

const setup = (change: Partial<LiveBatchSetup> = {}): LiveBatchSetup => ({
  runs: [runs['policy']!, runs['static']!],
  users: 20,
  steps: 8,
  simulator: 'virtual',
  settings: {},
  seed: 3,
  learning: null,
  ...change,
})

async function played(change: Partial<LiveBatchSetup> = {}): Promise<LiveBatchView> {
  const begun = await services.handlers.liveBatches.start(setup(change), {})
  expect(begun.batch.state).toBe('running')
  let last = begun
  for await (const view of services.handlers.liveBatches.watch({ batchId: begun.batch.id }, {})) last = view
  return last
}

describe('batches of simulated users', () => {
  it('compare runs with floors and ceiling among the same users, and are there again as they were', async () => {
    const { batch, result } = await played()
    expect([batch.state, batch.error]).toEqual(['finished', null])
    expect(result!.players.map(({ name, kind }) => [name, kind])).toEqual([
      ['policy', 'run'],
      ['static', 'run'],
      ['random', 'floor'],
      ['popularity', 'floor'],
      ['oracle', 'ceiling'],
    ])
    expect(result!.users).toBe(20)
    for (const { episode, perStep, soFar, steps, likes } of result!.players) {
      expect(perStep).toHaveLength(8)
      expect(soFar.at(-1)!.mean).toBeCloseTo(episode.mean, 9)
      expect(episode.low!).toBeLessThanOrEqual(episode.mean)
      expect(steps).toBeGreaterThanOrEqual(likes)
    }
    const episodes = result!.players.map(({ episode }) => episode.mean)
    expect(Math.max(...episodes)).toBe(episodes.at(-1))
    expect(result!.pairs).toHaveLength(1 + 2 * 2)
    await services.close()
    services = await open()
    const again = await services.handlers.liveBatches.view({ batchId: batch.id }, {})
    expect(again).toEqual({ batch, progress: null, result })
  })

  it('have the same chances each time: a batch played again is the same to the last digit', async () => {
    const [one, other] = [await played(), await played()]
    expect(other.result).toEqual(one.result)
    const settings = { clickBase: 1 }
    expect((await played({ settings })).result!.players[2]!.likes).toBeGreaterThan(one.result!.players[2]!.likes)
  })

  it('write every user and every step as CSV, which sum up to the table', async () => {
    const { batch, result } = await played({ simulator: 'logged', users: 5 })
    const text = (what: 'curves' | 'users') => textOf(services.handlers.liveBatches.export({ batchId: batch.id, what }, {}))
    const users = (await text('users')).trim().split('\r\n')
    expect(users[0]).toBe('player,model,run,user id,steps,sum,mean')
    expect(users).toHaveLength(1 + 5 * 5)
    const sums = users.filter((line) => line.startsWith('policy,')).map((line) => Number(line.split(',')[5]))
    expect(sums.reduce((sum, one) => sum + one, 0) / 5).toBeCloseTo(result!.players[0]!.episode.mean, 5)
    const curves = (await text('curves')).trim().split('\r\n')
    expect(curves[0]).toBe('player,model,run,step,reward,low,high,sum,sum low,sum high,users')
    expect(curves).toHaveLength(1 + 5 * 8)
  })

  it('let policies learn on line, each user from the trained weights; a static model says that it does not', async () => {
    const learning = { updatesPerAnswer: 2, rateFactor: 10 }
    const [frozen, learnt] = [
      await played({ simulator: 'logged', users: 6 }),
      await played({ simulator: 'logged', users: 6, learning }),
    ]
    const [policy, fixed] = learnt.result!.players
    expect(policy!.updates).toBe(6 * 8 * 2)
    // Nothing is learnt before the first answer; frozen rewards went through a 32-bit rating.
    expect(policy!.perStep[0]!.mean).toBeCloseTo(frozen.result!.players[0]!.perStep[0]!.mean, 6)
    expect(policy!.soFar).not.toEqual(frozen.result!.players[0]!.soFar)
    expect([fixed!.updates, fixed!.soFar]).toEqual([0, frozen.result!.players[1]!.soFar])
    expect(learnt.result!.remarks).toEqual(['Item mean does not learn on line: it played as it was trained.'])
  })

  it('are cancelled, and nothing is left but the setup; deleted they are gone', async () => {
    const { batch } = await services.handlers.liveBatches.start(setup({ users: 400, steps: 300 }), {})
    const cancelled = await services.handlers.liveBatches.cancel({ batchId: batch.id }, {})
    expect([cancelled.batch.state, cancelled.progress, cancelled.result]).toEqual(['cancelled', null, null])
    expect(await services.handlers.liveBatches.remove({ batchId: batch.id }, {})).toEqual({ removed: true })
    await expect(services.handlers.liveBatches.view({ batchId: batch.id }, {})).rejects.toThrow(
      `There is no batch ${batch.id} in this workspace.`,
    )
  })

  it('are interrupted by closing the workspace', async () => {
    const { batch } = await services.handlers.liveBatches.start(setup({ users: 400, steps: 300 }), {})
    await services.close()
    services = await open()
    const found = (await services.handlers.liveBatches.list(undefined, {})).find(({ id }) => id === batch.id)
    expect(found!.state).toBe('interrupted')
  })

  it('refuse runs of different splits, when they are opened', async () => {
    const { batch, result } = await played({ runs: [runs['static']!, runs['elsewhere']!] })
    expect([batch.state, result, batch.error!.code]).toEqual(['failed', null, 'DATA_UNSUITABLE'])
    expect(batch.error!.message).toBe(
      'These runs were trained on different splits (random:0.8@1, random:0.8@2): the same users have other histories in each. Choose runs of one split.',
    )
  })

  it.each([
    [{ runs: [99] }, 'There is no run 99'],
    [{ settings: { boredom: -1 } }, 'The simulator cannot be set so. boredom must be a number from 0 to 20, not -1.'],
  ])('refuse %j and store nothing', async (change, message) => {
    const before = await services.handlers.liveBatches.list(undefined, {})
    await expect(services.handlers.liveBatches.start(setup(change), {})).rejects.toThrow(message)
    expect(await services.handlers.liveBatches.list(undefined, {})).toEqual(before)
  })
})
