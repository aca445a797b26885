import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DuelView, OpenDuelInput } from '../../../../src-main/contract/dto/duel.ts'
import { startRunsInput } from '../../../../src-main/contract/dto/run.ts'
import { createServices, type Services } from '../../../../src-main/services/create-services.ts'
import { openStorage } from '../../../../src-main/storage/open.ts'
import { smallMdrrAtt } from '../../../support/job-lab.ts'
import { isAlive, sampleLabId, temporaryFolder, textOf, until } from '../../../support/runs-lab.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let services: Services
let runs: [number, number]
let otherSplit: number

const open = () => createServices({ workspaceDir: folder.path, host: 'test', version: '0.0.0-test' })

async function train(model: string, split: string, params: Record<string, number | boolean>, seed = 1): Promise<number> {
  const dataset = await sampleLabId(services)
  const input = startRunsInput.parse({ dataset, model, split, params, ks: [5], seeds: [seed], name: `${model}-${seed}` })
  const [run] = await services.handlers.runs.start(input, {})
  await until(services, run!.id, ['finished'], 60_000)
  return run!.id
}

beforeAll(async () => {
  folder = await temporaryFolder()
  services = await open()
  runs = [
    await train('mdrr-att', 'random:0.8@1', { ...smallMdrrAtt, selectCheckpoint: false }),
    await train('popularity', 'random:0.8@1', {}),
  ]
  otherSplit = await train('popularity', 'random:0.8@2', {}, 2)
}, 120_000)

afterAll(async () => {
  await services.close()
  await folder.remove()
})

const basic = {
  viewer: { kind: 'guest', favourites: [1, 2] },
  userVector: 'fixed',
  learning: null,
  slate: 3,
  seed: 5,
  mode: 'parallel',
  decides: 'preference',
  blind: false,
  planned: 6,
} satisfies Partial<OpenDuelInput>
const begin = (change: Partial<OpenDuelInput> = {}) =>
  services.handlers.duels.open({ first: runs[0], second: runs[1], ...basic, ...change }, {})
const indexes = (view: DuelView) => view.slates.map((slate) => slate.map(({ itemIndex }) => itemIndex))

function say(view: DuelView, feedback: 'like' | 'dislike', preference: 'left' | 'right' | 'tie' | null) {
  const [slate = []] = view.slates
  const responses = slate.slice(0, 1).map(({ itemIndex }) => ({ itemIndex, feedback }))
  return services.handlers.duels.answer({ duelId: view.duel.id, step: view.duel.steps + 1, responses, preference }, {})
}

const step = (view: DuelView, preference: 'left' | 'right' | 'tie' | null = 'tie') => say(view, 'like', preference)

describe('a duel of two policies', () => {
  it('stands side by side: each shows its own slate, and a preference counts for the policy of the side', async () => {
    const view = await begin()
    expect(view.duel.name).toBe('mdrr-att-1 against popularity-1')
    expect(view.slates.map((slate) => slate.map(({ by }) => by))).toEqual([Array(3).fill('first'), Array(3).fill('second')])
    expect(view.remarks).toContain('popularity-1: This model orders once and does not follow answers.')
    const after = await say(await step(await step(view, 'left'), 'right'), 'dislike', 'left')
    expect(after.standing).toMatchObject({
      wins: [2, 1],
      ties: 0,
      dislikes: [1, 0],
      p: 1,
      distinguishable: false,
      winsNeeded: null,
    })
    // What was shown is shown no more, whether something was said of it or not.
    expect(
      indexes(after)
        .flat()
        .filter((item) => indexes(view)[0]!.includes(item) && indexes(view)[1]!.includes(item)),
    ).toEqual([])
    const past = await services.handlers.live.history({ sessionId: after.duel.policies![0].sessionId }, {})
    expect(past.map(({ items }) => items.map(({ feedback }) => feedback))).toEqual([
      ['like', 'skip', 'skip'],
      ['like', 'skip', 'skip'],
      ['dislike', 'skip', 'skip'],
    ])
  })

  it('interleaves: one slate without doubles, every item credited, and both policies hear everything', async () => {
    const view = await begin({ mode: 'interleaved', decides: 'likes', slate: 6 })
    const [slate = []] = view.slates
    expect(view.slates).toHaveLength(1)
    expect(new Set(slate.map(({ itemIndex }) => itemIndex)).size).toBe(6)
    expect(slate.filter(({ by }) => by === 'first')).toHaveLength(3)
    const liked = slate.filter(({ by }) => by === 'second').map(({ itemIndex }) => ({ itemIndex, feedback: 'like' as const }))
    const after = await services.handlers.duels.answer({ duelId: view.duel.id, step: 1, responses: liked, preference: null }, {})
    expect(after.standing).toMatchObject({ wins: [0, 1], likes: [0, 3] })
    for (const { sessionId } of after.duel.policies!) {
      const [past] = await services.handlers.live.history({ sessionId }, {})
      expect(past!.items.map(({ itemIndex }) => itemIndex)).toEqual(slate.map(({ itemIndex }) => itemIndex))
    }
  })

  it('takes a step back to the very slates, and is the same again after the workspace was closed', async () => {
    const view = await begin({ mode: 'interleaved', decides: 'likes', slate: 5, blind: true })
    const after = await step(await step(view, null), null)
    const back = await services.handlers.duels.undo({ duelId: view.duel.id }, {})
    expect(back.duel.steps).toBe(1)
    expect(indexes(await step(back, null))).toEqual(indexes(after))
    await services.close()
    services = await open()
    expect(indexes(await services.handlers.duels.view({ duelId: view.duel.id }, {}))).toEqual(indexes(after))
    expect(await services.handlers.duels.replay({ duelId: view.duel.id }, {})).toEqual({
      steps: 2,
      identical: true,
      firstDifference: null,
    })
    await services.handlers.duels.undo({ duelId: view.duel.id }, {})
    expect(indexes(await services.handlers.duels.undo({ duelId: view.duel.id }, {}))).toEqual(indexes(view))
    await expect(services.handlers.duels.undo({ duelId: view.duel.id }, {})).rejects.toThrow('There is no step to take back.')
  })

  it('knows no half steps: an answer of one policy alone has not happened', async () => {
    const view = await step(await begin())
    const [{ sessionId }] = view.duel.policies!
    await services.close()
    const storage = await openStorage(folder.path)
    // As a crash between the two sessions' answers leaves it.
    await storage.write.run(
      `INSERT INTO live_answers SELECT session_id, 2, at, 0, 0, top_before, top_after FROM live_answers WHERE session_id = ?`,
      [sessionId],
    )
    await storage.close()
    services = await open()
    expect(indexes(await services.handlers.duels.view({ duelId: view.duel.id }, {}))).toEqual(indexes(view))
    expect(await services.handlers.live.history({ sessionId }, {})).toHaveLength(1)
  })

  it('goes on when a policy’s process is killed in the middle', async () => {
    const view = await begin()
    const pid = services.livePid(view.duel.policies![0].sessionId)!
    process.kill(pid, 'SIGKILL')
    while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20))
    expect((await step(view)).duel.steps).toBe(1)
  })

  it('takes a step once, however often a held key sends it', async () => {
    const view = await begin()
    const sent = await Promise.allSettled(Array.from({ length: 50 }, () => step(view)))
    expect(sent.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const [refused] = sent.filter((one) => one.status === 'rejected')
    expect(refused!.reason).toMatchObject({ message: 'Step 1 has been taken: the duel stands before step 2.' })
    expect((await services.handlers.duels.view({ duelId: view.duel.id }, {})).duel.steps).toBe(1)
  })

  it('ends with as many steps as were planned, and goes on when an open duel’s end is taken back', async () => {
    let view = await begin({ planned: 2 })
    const duelId = view.duel.id
    view = await step(await step(view, 'left'), 'left')
    expect(view.duel.state).toBe('complete')
    expect(view.slates).toEqual([])
    await expect(step(view)).rejects.toThrow('Nothing is left to be said: the duel is complete. End it to see the verdict.')
    expect((await services.handlers.duels.finish({ duelId }, {})).duel.state).toBe('over')
    expect((await services.handlers.duels.undo({ duelId }, {})).duel.state).toBe('complete')
    expect((await services.handlers.duels.undo({ duelId }, {})).duel).toMatchObject({ state: 'open', steps: 1 })
  })

  it('lets a user of the data set answer, until the verdict', async () => {
    const { duel } = await begin({ mode: 'interleaved', decides: 'likes', planned: 4 })
    let last: DuelView | undefined
    for await (const view of services.handlers.duels.autopilot({ duelId: duel.id, as: 3, steps: 9, perSecond: 0 }, {}))
      last = view
    expect(last!.duel).toMatchObject({ steps: 4, state: 'complete' })
    const { wins, ties } = last!.standing!
    expect(wins[0] + wins[1] + ties).toBe(4)
    await expect(services.handlers.duels.autopilot({ duelId: duel.id, steps: 1, perSecond: 0 }, {}).next()).rejects.toThrow(
      'A guest has no ratings to answer by',
    )
  })

  it('is watched by a persona, who answers both alike and tells its brief', async () => {
    const viewer = { kind: 'persona' as const, persona: 'mainstream', seed: 2 }
    const { duel } = await begin({ mode: 'interleaved', decides: 'likes', planned: 2, viewer })
    const [session] = (await services.handlers.live.list(undefined, {})).filter(({ duelId }) => duelId === duel.id)
    expect(duel.persona).toEqual(session!.persona)
    expect(duel.persona).toMatchObject({ title: 'Popular taste', favourites: expect.any(Array) as number[] })
    let last: DuelView | undefined
    for await (const view of services.handlers.duels.autopilot({ duelId: duel.id, steps: 9, perSecond: 0 }, {})) last = view
    expect(last!.duel).toMatchObject({ steps: 2, state: 'complete' })
  })

  it('lets a user answer at the pace that was asked for, blind all the while, and stops between two steps', async () => {
    const viewer = { kind: 'user', userIndex: 3 } as const
    const { duel } = await begin({ blind: true, viewer, planned: 20 })
    const stopper = new AbortController()
    const from = Date.now()
    const steps: number[] = []
    const wish = { duelId: duel.id, steps: 20, perSecond: 20 }
    for await (const view of services.handlers.duels.autopilot(wish, { signal: stopper.signal })) {
      steps.push(view.duel.steps)
      expect([view.duel.policies, view.standing, view.remarks]).toEqual([null, null, []])
      expect(view.slates.flat().map(({ by }) => by)).toEqual(view.slates.flat().map(() => null))
      if (steps.length === 5) stopper.abort()
    }
    expect(steps).toEqual([1, 2, 3, 4, 5])
    expect(Date.now() - from, 'four twentieths of a second lie between five steps').toBeGreaterThanOrEqual(200)
    const after = await services.handlers.duels.view({ duelId: duel.id }, {})
    expect([after.duel.steps, after.duel.state, after.duel.lookedAfter]).toEqual([5, 'open', null])
    expect(await services.handlers.duels.replay({ duelId: duel.id }, {})).toMatchObject({ steps: 5, identical: true })
  })

  it('takes no further step once it was stopped, even while the next answer is being thought of', async () => {
    const { duel } = await begin({ viewer: { kind: 'user', userIndex: 3 }, planned: 20 })
    const stopper = new AbortController()
    const wish = { duelId: duel.id, steps: 20, perSecond: 0 }
    const views = services.handlers.duels.autopilot(wish, { signal: stopper.signal })
    await views.next()
    const next = views.next()
    stopper.abort()
    const { duel: seen } = await services.handlers.duels.view({ duelId: duel.id }, {})
    await next
    expect((await services.handlers.duels.view({ duelId: duel.id }, {})).duel.steps).toBe(seen.steps)
  })

  it('is deleted with its sessions and brought back; gone when the workspace is opened again', async () => {
    const { duel } = await step(await begin())
    const [{ sessionId }] = duel.policies!
    expect(await services.handlers.duels.remove({ duelId: duel.id }, {})).toEqual({ removed: true })
    await expect(services.handlers.duels.view({ duelId: duel.id }, {})).rejects.toThrow(`There is no duel ${duel.id}`)
    expect(await services.handlers.duels.restore({ duelId: duel.id }, {})).toMatchObject({ id: duel.id, steps: 1 })
    await services.handlers.duels.remove({ duelId: duel.id }, {})
    await services.close()
    services = await open()
    await expect(services.handlers.duels.restore({ duelId: duel.id }, {})).rejects.toThrow(`There is no duel ${duel.id}`)
    expect((await services.handlers.live.list(undefined, {})).some(({ id }) => id === sessionId)).toBe(false)
  })

  it('goes with a run that is deleted meanwhile, and says so', async () => {
    const doomed = await train('popularity', 'random:0.8@1', {}, 3)
    const view = await begin({ second: doomed })
    await services.handlers.runs.remove({ runId: doomed }, {})
    await expect(step(view)).rejects.toThrow(
      `There is no duel ${view.duel.id} in this workspace. It may have been deleted, or one of its runs with it`,
    )
  })

  it.each<[string, () => Partial<OpenDuelInput>, RegExp]>([
    [
      'one run twice',
      () => ({ second: runs[0] }),
      /^Run \d+ cannot play against itself: its slates would be the same\. Choose another\.$/,
    ],
    ['a run that is not there', () => ({ second: 99 }), /^There is no run 99 in this workspace\./],
    [
      'a user of whom two splits train on different ratings',
      () => ({ second: otherSplit, viewer: { kind: 'user', userIndex: 4 } }),
      /different splits \(random:0\.8@1 and random:0\.8@2\): what they know of user 4 differs/,
    ],
    [
      'a persona whom two splits would make differently',
      () => ({ second: otherSplit, viewer: { kind: 'persona', persona: 'fan', seed: 1 } }),
      /different splits \(random:0\.8@1 and random:0\.8@2\): a persona is made of training ratings, and would be another in each\. Choose runs of one split\.$/,
    ],
    ['a user that is not there', () => ({ viewer: { kind: 'user', userIndex: 100_000 } }), /There is no user 100000/],
  ])('refuses %s and stores nothing', async (_, change, message) => {
    const before = [await services.handlers.duels.list(undefined, {}), await services.handlers.live.list(undefined, {})]
    await expect(begin(change())).rejects.toThrow(message)
    expect([await services.handlers.duels.list(undefined, {}), await services.handlers.live.list(undefined, {})]).toEqual(before)
  })

  it('refuses what does not fit the step', async () => {
    const view = await begin()
    const answer = { duelId: view.duel.id, step: 1, preference: 'left' as const }
    const like = (itemIndex: number) => ({ itemIndex, feedback: 'like' as const })
    const { duels } = services.handlers
    const [shown] = indexes(view)[0]!
    const hidden = Array.from({ length: 50 }, (_, item) => item).find((item) => !indexes(view).flat().includes(item))!
    await expect(duels.answer({ ...answer, responses: [like(hidden)] }, {})).rejects.toThrow(
      `Item ${hidden} is not shown in step 1.`,
    )
    await expect(duels.answer({ ...answer, responses: [like(shown!), like(shown!)] }, {})).rejects.toThrow(
      'is answered twice at once',
    )
    await expect(duels.answer({ ...answer, responses: [], preference: null }, {})).rejects.toThrow('say left, right or tie')
    await expect(duels.answer({ ...answer, responses: [], step: 3 }, {})).rejects.toThrow('stands before step 1, not before 3.')
  })
})

describe('a blind duel', () => {
  it('gives no name away: no payload of any call tells the policies apart before its end', async () => {
    const { duels, live } = services.handlers
    const view = await begin({ blind: true, decides: 'likes', planned: 9 })
    const duelId = view.duel.id
    const payloads: unknown[] = [view]
    let now = view
    for (let taken = 0; taken < 3; taken++) payloads.push((now = await step(now, null)))
    payloads.push(await duels.view({ duelId }, {}), await duels.undo({ duelId }, {}), await duels.steps({ duelId }, {}))
    payloads.push(
      (await duels.list(undefined, {})).find(({ id }) => id === duelId),
      await duels.standing({ duelId }, {}),
    )
    payloads.push(await textOf(duels.exportSteps({ duelId }, {})), await duels.rename({ duelId, name: 'Friday' }, {}))
    const text = JSON.stringify(payloads)
    expect(text).not.toMatch(/mdrr|popularity|runName|"runId"|"model"|sessionId|"score"|"value"|"first"|"second"|,first|,second/)
    expect(now.duel).toMatchObject({ policies: null, lookedAfter: null })
    expect(now.standing).toBeNull()
    expect((await duels.view({ duelId }, {})).duel.lookedAfter).toBe(2)

    // Nor do the sessions behind it.
    const ended = await duels.finish({ duelId }, {})
    const [{ sessionId, runId }] = ended.duel.policies!
    expect(runId).toBe(runs[0])
    await expect(duels.undo({ duelId }, {})).rejects.toThrow('The names are known by now: what was said blind stands.')
    const again = await begin({ blind: true })
    const hidden = sessionId + (again.duel.id - duelId) * 2
    expect((await live.list(undefined, {})).some(({ id }) => id >= hidden)).toBe(false)
    const closed = `Session ${hidden} plays in blind duel ${again.duel.id} and would give its names away. End the duel to see it.`
    await expect(live.view({ sessionId: hidden }, {})).rejects.toThrow(closed)
    await expect(live.history({ sessionId: hidden }, {})).rejects.toThrow(closed)
    await expect(live.exportEvents({ sessionId: hidden }, {}).next()).rejects.toThrow(closed)
    await expect(live.exportJson({ sessionId: hidden }, {}).next()).rejects.toThrow(closed)
    await expect(live.answer({ sessionId, responses: [], leave: true }, {})).rejects.toThrow(
      `Session ${sessionId} belongs to duel ${duelId} and goes on there alone. Branch from it to go on by yourself.`,
    )
    expect((await live.view({ sessionId }, {})).session.duelId).toBe(duelId)
  })

  it('shuffles the sides by its seed: both policies stand left in turn, and the verdict knows which', async () => {
    const view = await begin({ blind: true, planned: 12 })
    let now = view
    for (let taken = 0; taken < 12; taken++) now = await step(now, 'left')
    const ended = await services.handlers.duels.finish({ duelId: view.duel.id }, {})
    const winners = (await services.handlers.duels.steps({ duelId: view.duel.id }, {})).map(({ winner }) => winner)
    expect(new Set(winners)).toEqual(new Set(['first', 'second']))
    expect(ended.standing!.wins).toEqual([
      winners.filter((one) => one === 'first').length,
      winners.filter((one) => one === 'second').length,
    ])
  })
})
