import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { genreTestWish } from '../../../../src-main/contract/dto/genre-test.ts'
import { startRunsInput } from '../../../../src-main/contract/dto/run.ts'
import type { LiveSetup, LiveView } from '../../../../src-main/contract/dto/live.ts'
import { createServices, type Services } from '../../../../src-main/services/create-services.ts'
import { openStorage } from '../../../../src-main/storage/open.ts'
import { collect } from '../../../support/collect.ts'
import { isAlive, sampleLabId, temporaryFolder, textOf, until } from '../../../support/runs-lab.ts'
import { smallMdrrAtt } from '../../../support/job-lab.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let services: Services
let runId: number

const open = () => createServices({ workspaceDir: folder.path, host: 'test', version: '0.0.0-test' })

beforeAll(async () => {
  folder = await temporaryFolder()
  services = await open()
  const dataset = await sampleLabId(services)
  const [run] = await services.handlers.runs.start(
    startRunsInput.parse({ dataset, model: 'mdrr-att', params: { ...smallMdrrAtt, selectCheckpoint: false }, ks: [5] }),
    {},
  )
  runId = run!.id
  await until(services, runId, ['finished'], 60_000)
})

afterAll(async () => {
  await services.close()
  await folder.remove()
})

const guest: LiveSetup = {
  viewer: { kind: 'guest', favourites: [1, 2] },
  userVector: 'fixed',
  learning: { updatesPerAnswer: 2, rateFactor: 1 },
  slate: 3,
  seed: 5,
}
const begin = () => services.handlers.live.open({ runId, ...guest }, {})
const answerAll = (view: LiveView, feedback: 'like' | 'dislike' | 'skip') =>
  services.handlers.live.answer(
    { sessionId: view.session.id, responses: view.slate.map(({ itemIndex }) => ({ itemIndex, feedback })), leave: false },
    {},
  )
const rankingOf = (view: LiveView) => view.ranking.map(({ itemIndex, score }) => [itemIndex, score])

describe('live sessions of a workspace', () => {
  it('opens with a trained run, shows a slate with titles, and follows an answer', async () => {
    const view = await begin()
    expect(view.slate).toHaveLength(3)
    expect(view.slate.map((item) => item.rank)).toEqual([1, 2, 3])
    expect(view.slate.every((item) => item.title.length > 0 && item.value !== null)).toBe(true)
    expect(view.liked.map((item) => item.answer)).toEqual([null, null])
    const after = await answerAll(view, 'like')
    expect(after.session).toMatchObject({ answers: 1, likes: 3, dislikes: 0, meanReward: 1 })
    expect(after.figures.precision).toBe(1)
    expect(after.updates).toBe(2)
    expect(after.slate.map((item) => item.itemIndex)).not.toEqual(view.slate.map((item) => item.itemIndex))
    expect(after.slate.some((item) => item.rankBefore !== null)).toBe(true)
    expect(after.liked.some((item) => item.answer === 1)).toBe(true)
  })

  it('plays what is stored again when its process was killed: the next answer is as if nothing had happened', async () => {
    const [one, other] = [await begin(), await begin()]
    const [first, second] = [await answerAll(one, 'dislike'), await answerAll(other, 'dislike')]
    const pid = services.livePid(one.session.id)!
    process.kill(pid, 'SIGKILL')
    while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20))
    expect(rankingOf(await answerAll(first, 'like'))).toEqual(rankingOf(await answerAll(second, 'like')))
  })

  it('is there again after the workspace was closed, with the same ranking bit by bit', async () => {
    const view = await answerAll(await answerAll(await begin(), 'like'), 'dislike')
    await services.close()
    services = await open()
    const again = await services.handlers.live.view({ sessionId: view.session.id }, {})
    expect(rankingOf(again)).toEqual(rankingOf(view))
    expect(again.session).toEqual(view.session)
  })

  it('takes an answer back in the ranking and in the record', async () => {
    const before = await begin()
    const sessionId = before.session.id
    await answerAll(before, 'dislike')
    const undone = await services.handlers.live.undo({ sessionId }, {})
    expect(rankingOf(undone)).toEqual(rankingOf(before))
    expect(undone.session.answers).toBe(0)
    await expect(services.handlers.live.undo({ sessionId }, {})).rejects.toThrow('There is no answer to take back.')
  })

  it('branches: what is shared is equal, and what comes after is its own', async () => {
    const start = await begin()
    const first = await answerAll(start, 'like')
    await answerAll(first, 'like')
    const sessionId = start.session.id
    const branch = await services.handlers.live.branch({ sessionId, answers: 1 }, {})
    expect(rankingOf(branch)).toEqual(rankingOf(first))
    expect(branch.session.branchOf).toEqual({ sessionId, answers: 1 })
    await answerAll(branch, 'dislike')
    expect((await services.handlers.live.view({ sessionId }, {})).session).toMatchObject({ answers: 2, dislikes: 0 })
    await expect(services.handlers.live.branch({ sessionId, answers: 9 }, {})).rejects.toThrow(
      'The session has 2 answers: it cannot branch after answer 9.',
    )
  })

  it('is watched by a virtual user who answers, dislikes and leaves, the same each time and after an answer was taken back', async () => {
    const settings = { clickBase: -2.5, dislikeBelow: 0.4, leaveBase: -3.5 }
    const watch = async (seed: number) => {
      const { session } = await services.handlers.live.open(
        { runId, ...guest, learning: null, slate: 1, viewer: { kind: 'virtual', seed, settings } },
        {},
      )
      return session.id
    }
    const play = async (sessionId: number, answers: number) => {
      let last: LiveView | undefined
      for await (const view of services.handlers.live.autopilot({ sessionId, answers, perSecond: 0 }, {})) last = view
      return last!
    }
    const one = await watch(3)
    const end = await play(one, 200)
    expect(end.session.state).toBe('left')
    expect(end.session.name).toContain('virtual user 3')
    expect(end.session.likes).toBeGreaterThan(0)
    expect(end.session.dislikes).toBeGreaterThan(0)
    const again = await watch(3)
    for (let given = 0; given < 2; given++) await play(again, 1)
    await services.handlers.live.undo({ sessionId: again }, {})
    const { id: _, createdAt: __, changedAt: ___, ...same } = (await play(again, 200)).session
    expect(end.session).toMatchObject(same)
    expect((await play(await watch(4), 200)).session).not.toMatchObject({
      answers: end.session.answers,
      likes: end.session.likes,
    })
    const wrong = { kind: 'virtual' as const, seed: 1, settings: { boredom: -1 } }
    await expect(services.handlers.live.open({ runId, ...guest, viewer: wrong }, {})).rejects.toThrow(
      'The virtual user cannot be set so. boredom must be a number from 0 to 20, not -1.',
    )
  })

  it('offers personas as they are on the training ratings of the run, and plays one that stays what it was', async () => {
    const { live } = services.handlers
    const offers = await live.personas({ runId, seed: 2 }, {})
    expect((await live.personas({ seed: 2 }, {})).map(({ id, cast }) => [id, cast])).toEqual(offers.map(({ id }) => [id, null]))
    const offered = offers.find(({ id }) => id === 'turncoat')!.cast!
    const viewer = { kind: 'persona' as const, persona: 'turncoat', seed: 2 }
    const begun = await live.open({ runId, ...guest, viewer }, {})
    const { id: sessionId, persona, name } = begun.session
    expect(name).toContain('change of heart 2')
    expect(persona).toMatchObject({ brief: offered.brief, favourites: offered.favourites.map(({ itemIndex }) => itemIndex) })
    expect(persona!.favourites).toEqual(expect.arrayContaining(begun.liked.map(({ itemIndex }) => itemIndex)))
    const play = async (answers: number) => {
      let last = begun
      for await (const view of live.autopilot({ sessionId, answers, perSecond: 0 }, {})) last = view
      return last
    }
    const two = await play(2)
    const three = await play(1)
    expect(rankingOf(await live.undo({ sessionId }, {}))).toEqual(rankingOf(two))
    expect(rankingOf(await play(1))).toEqual(rankingOf(three))
    const branch = await live.branch({ sessionId, answers: 2 }, {})
    expect(branch.session.persona).toEqual(persona)
    expect(rankingOf(branch)).toEqual(rankingOf(two))
    expect(await live.replay({ sessionId }, {})).toEqual({ answers: 3, identical: true, firstDifference: null })
    const json = JSON.parse(await textOf(live.exportJson({ sessionId }, {}))) as { session: { persona: unknown } }
    expect(json.session.persona).toEqual(persona)
    const [head, first] = (await textOf(live.exportEvents({ sessionId }, {}))).split('\r\n')
    expect([head!.split(',').at(-1), first!.split(',').at(-1)]).toEqual(['persona', 'turncoat:2'])
    const row = (await textOf(live.exportSessions(undefined, {}))).split('\r\n').find((line) => line.startsWith(`${sessionId},`))
    expect(row).toContain(',persona,,5,turncoat,2,')
    await live.remove({ sessionId }, {})
    expect((await live.restore({ sessionId }, {})).persona).toEqual(persona)
    await expect(live.open({ runId, ...guest, viewer: { ...viewer, persona: 'nobody' } }, {})).rejects.toThrow(
      'There is no persona "nobody". Choose among ',
    )
  })

  it('keeps answers in the order they were given, however fast they come', async () => {
    const { session, ranking } = await begin()
    const answers = ranking
      .slice(0, 6)
      .map(({ itemIndex }) =>
        services.handlers.live.answer({ sessionId: session.id, responses: [{ itemIndex, feedback: 'like' }], leave: false }, {}),
      )
    const views = await Promise.all(answers)
    expect(views.map((view) => view.session.answers)).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('says what would be, had an answer been another', async () => {
    const view = await answerAll(await begin(), 'like')
    const itemIndex = (await services.handlers.live.view({ sessionId: view.session.id }, {})).liked.find(
      (item) => item.answer === 1,
    )!.itemIndex
    const change = { sessionId: view.session.id, answer: 1, itemIndex, instead: 'dislike' } as const
    const otherwise = await services.handlers.live.whatIf(change, {})
    expect(otherwise.ranking.map((item) => item.score)).not.toEqual(view.ranking.map((item) => item.score))
    expect(rankingOf(await services.handlers.live.view({ sessionId: view.session.id }, {}))).toEqual(rankingOf(view))
  })

  it('measures drift: none before the first update', async () => {
    const view = await begin()
    const drift = await services.handlers.live.drift({ sessionId: view.session.id }, {})
    expect(drift.users).toBeGreaterThan(0)
    expect(drift.after).toBe(drift.before)
  })

  it('exports every response, and the answer by which the viewer left', async () => {
    const view = await answerAll(await begin(), 'dislike')
    await services.handlers.live.answer({ sessionId: view.session.id, responses: [], leave: true }, {})
    const lines = (await textOf(services.handlers.live.exportEvents({ sessionId: view.session.id }, {}))).trimEnd().split('\r\n')
    expect(lines).toHaveLength(1 + 3 + 1)
    expect(lines[0]).toBe(
      'time,step,item id,title,rank,score,feedback,rating,reward,epsilon,explored,updates,leave,top before,top after,persona',
    )
    expect(lines[1]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z,1,[^,]+,.+,1,[^,]+,dislike,1,-1,0,0,2,0,/)
    expect(lines[4]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z,2,,,,,,,,0,,0,1,/)
  })

  it('measures how the genres of which something was said have moved, beside the same answers held still', async () => {
    const setup: LiveSetup = { ...guest, userVector: 'follows', learning: { updatesPerAnswer: 5, rateFactor: 1 } }
    const view = await services.handlers.live.open({ runId, ...setup }, {})
    const { sessionId } = { sessionId: view.session.id }
    await answerAll(view, 'like')
    const before = rankingOf(await services.handlers.live.view({ sessionId }, {}))
    const { answers, moves } = await services.handlers.live.genres({ sessionId }, {})
    expect(answers).toBe(1)
    expect(moves!.length).toBeGreaterThan(0)
    expect(moves!.reduce((sum, { likes }) => sum + likes, 0)).toBeGreaterThanOrEqual(3)
    expect(moves!.some((move) => move.after !== move.before && move.held !== move.after - move.before)).toBe(true)
    expect(rankingOf(await services.handlers.live.view({ sessionId }, {})), 'nothing has changed').toEqual(before)

    // What is held still is its own control.
    const still = await answerAll(
      await services.handlers.live.open({ runId, ...guest, userVector: 'initial', learning: null }, {}),
      'like',
    )
    const { moves: own } = await services.handlers.live.genres({ sessionId: still.session.id }, {})
    for (const { before: from, after, held } of own!) expect(held).toBe(after - from)
  })

  it('measures what disliking a genre does, with a report in the end and nothing stored', async () => {
    const total = (await services.handlers.live.list(undefined, {})).length
    const wish = {
      runId,
      ...genreTestWish.parse({ question: 'dislikes', genres: ['Comedy', 'Drama'], count: 3, updatesPerAnswer: 1 }),
    }
    const steps = await collect(services.handlers.live.genreTest(wish, {}))
    const last = steps.pop()!
    expect(steps.length).toBeGreaterThan(0)
    expect(steps.every((step) => step.kind === 'progress')).toBe(true)
    expect(last.kind === 'report' && last.report.rows.map(({ arm, genre }) => `${arm}: ${genre ?? 'all'}`)).toEqual(
      ['frozen', 'follows', 'learns', 'follows and learns'].flatMap((arm) =>
        ['Comedy', 'Drama', 'all'].map((of) => `${arm}: ${of}`),
      ),
    )
    expect(await services.handlers.live.list(undefined, {})).toHaveLength(total)
    await expect(collect(services.handlers.live.genreTest({ ...wish, genres: ['Opera'] }, {}))).rejects.toThrow(
      'There is no genre "Opera" in the data set.',
    )
    const gone = AbortSignal.abort()
    await expect(collect(services.handlers.live.genreTest(wish, { signal: gone }))).rejects.toThrow(
      `The genre test of run ${runId} was cancelled. Nothing was changed.`,
    )
  })

  it('lets a run go on from a session: with its weights and answers, told where it came from, evaluated as any run', async () => {
    const view = await answerAll(await answerAll(await begin(), 'like'), 'dislike')
    const sessionId = view.session.id
    const run = await services.handlers.live.continueTraining({ sessionId, updates: 20, name: 'Friday, continued' }, {})
    expect(run).toMatchObject({ name: 'Friday, continued', modelId: 'mdrr-att', updatesTotal: 20 })
    await until(services, run.id, ['finished'], 60_000)
    const detail = await services.handlers.runs.get({ runId: run.id }, {})
    expect(detail.lineage).toEqual({ runId, sessionId, answers: 2 })
    expect(detail.notes.map(({ text }) => text)).toContain(
      `Began with the weights of live session ${sessionId} ("${view.session.name}", of run ${runId}) after its 2 answers; its replay begins with their transitions, its schedules anew.`,
    )
    expect((await services.handlers.runs.results({ runId: run.id }, {})).some(({ model }) => model === 'mdrr-att')).toBe(true)
    expect((await services.handlers.runs.get({ runId }, {})).lineage).toBeNull()
    expect(rankingOf(await services.handlers.live.view({ sessionId }, {}))).toEqual(rankingOf(view))
  })

  it('does not start a run anew whose beginning is lost', async () => {
    const { session } = await answerAll(await begin(), 'like')
    const run = await services.handlers.live.continueTraining({ sessionId: session.id, updates: 100_000 }, {})
    await until(services, run.id, ['running'], 30_000)
    await services.handlers.runs.pause({ runId: run.id }, {})
    const states = join(folder.path, 'checkpoints', String(run.id))
    for (const name of await readdir(states)) await writeFile(join(states, name), 'damaged')
    await services.handlers.runs.resume({ runId: run.id }, {})
    const failed = await until(services, run.id, ['failed'], 30_000)
    expect(failed.error?.code).toBe('CHECKPOINT_UNUSABLE')
    await services.handlers.runs.remove({ runId: run.id }, {})
  })

  it('shows by chance what lies beyond the head of its ranking, and the record says so', async () => {
    const view = await services.handlers.live.open({ runId, ...guest, exploration: 1 }, {})
    const sessionId = view.session.id
    expect(view.slate.map(({ rank }) => rank).some((rank) => rank > 50)).toBe(true)
    expect(view.ranking.map(({ rank }) => rank)).toEqual(Array.from({ length: 50 }, (_, at) => at + 1))
    await answerAll(view, 'like')
    const [head = '', ...rows] = (await textOf(services.handlers.live.exportEvents({ sessionId }, {}))).trimEnd().split('\r\n')
    const column = (name: string) => head.split(',').indexOf(name) - head.split(',').length
    const told = rows.map((row) => row.split(',')).map((cells) => [cells.at(column('epsilon')), cells.at(column('explored'))])
    expect(told).toEqual(view.slate.map(({ rank }) => ['1', rank > 3 ? '1' : '0']))
    expect(await services.handlers.live.replay({ sessionId }, {})).toMatchObject({ identical: true })
  })

  it('refuses what was said to another state of the session, and changes nothing', async () => {
    const view = await answerAll(await begin(), 'like')
    const sessionId = view.session.id
    const responses = [{ itemIndex: view.slate[0]!.itemIndex, feedback: 'like' as const }]
    const message = `Session ${sessionId} stands behind answer 1 by now, not 0: it went on in another window. Nothing was changed; look at it as it stands, then go on.`
    const { live } = services.handlers
    await expect(live.answer({ sessionId, seen: 0, responses, leave: false }, {})).rejects.toThrow(message)
    await expect(live.undo({ sessionId, seen: 0 }, {})).rejects.toThrow(message)
    expect(rankingOf(await live.view({ sessionId }, {}))).toEqual(rankingOf(view))
    expect((await live.answer({ sessionId, seen: 1, responses, leave: false }, {})).session.answers).toBe(2)
  })

  it('tells what was said and what it did, as a list and as one JSON document', async () => {
    const view = await answerAll(await answerAll(await begin(), 'like'), 'dislike')
    const sessionId = view.session.id
    const history = await services.handlers.live.history({ sessionId }, {})
    expect(history.map(({ answer, meanReward, precision, updates }) => [answer, meanReward, precision, updates])).toEqual([
      [1, 1, 1, 2],
      [2, 0, 0.5, 2],
    ])
    expect(history[1]!.topAfter.map(({ itemIndex }) => itemIndex)).toEqual(
      view.ranking.slice(0, 20).map((item) => item.itemIndex),
    )
    const whole = JSON.parse(await textOf(services.handlers.live.exportJson({ sessionId }, {}))) as Record<string, unknown>
    expect(whole).toMatchObject({ palate: 'live session', form: 1, session: { id: sessionId, setup: guest, answers: 2 } })
    expect(whole['drift']).toMatchObject({ users: expect.any(Number) as number })
    expect(whole['answers']).toMatchObject([{ answer: 1, items: [{ feedback: 'like', rank: 1 }, {}, {}] }, { answer: 2 }])
    const [head, ...rows] = (await textOf(services.handlers.live.exportSessions(undefined, {}))).trimEnd().split('\r\n')
    expect(head).toMatch(/^id,name,run,run name,model,viewer,/)
    expect(rows).toHaveLength((await services.handlers.live.list(undefined, {})).length)
  })

  it('plays a record again: the rankings are those that are stored, and one that was changed is found', async () => {
    const { session } = await answerAll(await answerAll(await begin(), 'like'), 'dislike')
    const sessionId = session.id
    const replay = () => services.handlers.live.replay({ sessionId }, {})
    expect(await replay()).toEqual({ answers: 2, identical: true, firstDifference: null })
    await services.close()
    const storage = await openStorage(folder.path)
    await storage.write.run('UPDATE live_responses SET score = score + 1e-6 WHERE session_id = ? AND answer = 2', [sessionId])
    await storage.close()
    services = await open()
    expect(await replay()).toEqual({ answers: 2, identical: false, firstDifference: 2 })
  })

  it('is deleted, brought back, and gone once the workspace was opened again', async () => {
    const { session } = await answerAll(await begin(), 'like')
    const sessionId = session.id
    const { live } = services.handlers
    expect(await live.remove({ sessionId }, {})).toEqual({ removed: true })
    expect((await live.list(undefined, {})).some(({ id }) => id === sessionId)).toBe(false)
    expect(await live.restore({ sessionId }, {})).toMatchObject({ id: sessionId, answers: 1 })
    expect((await live.view({ sessionId }, {})).session.likes).toBe(3)
    await live.remove({ sessionId }, {})
    await services.close()
    services = await open()
    const gone = `There is no live session ${sessionId} in this workspace.`
    await expect(services.handlers.live.restore({ sessionId }, {})).rejects.toThrow(gone)
  })

  it('renames, takes notes and is deleted', async () => {
    const { session } = await begin()
    const sessionId = session.id
    expect((await services.handlers.live.rename({ sessionId, name: 'Friday' }, {})).name).toBe('Friday')
    expect((await services.handlers.live.setNotes({ sessionId, notes: 'liked comedies' }, {})).notes).toBe('liked comedies')
    expect(await services.handlers.live.remove({ sessionId }, {})).toEqual({ removed: true })
    await expect(services.handlers.live.view({ sessionId }, {})).rejects.toThrow(
      `There is no live session ${sessionId} in this workspace.`,
    )
  })

  it('holds few processes: the one not used for longest makes room', async () => {
    const views = [await begin(), await begin(), await begin(), await begin(), await begin()]
    expect(views.map(({ session }) => services.livePid(session.id) !== undefined)).toEqual([false, true, true, true, true])
  })

  it('refuses a run whose model is damaged, and stores nothing', async () => {
    const before = await services.handlers.live.list(undefined, {})
    const states = join(folder.path, 'checkpoints', String(runId))
    const file = join(
      states,
      (await readdir(states)).find((name) => name.includes('model'))!,
    )
    const whole = await readFile(file)
    await writeFile(file, whole.subarray(0, whole.length / 2))
    await expect(begin()).rejects.toMatchObject({ code: 'CHECKPOINT_UNUSABLE' })
    await writeFile(file, whole)
    expect(await services.handlers.live.list(undefined, {})).toEqual(before)
    await begin()
  })

  it.each<[{ runId?: number; viewer?: LiveSetup['viewer'] }, string]>([
    [{ runId: 99 }, 'There is no run 99 in this workspace.'],
    [{ viewer: { kind: 'user', userIndex: 100_000 } }, 'There is no user 100000 in the data set'],
    [{ viewer: { kind: 'guest', favourites: [100_000] } }, 'There is no item 100000 in the data set'],
  ])('refuses %j and stores nothing', async (change, message) => {
    const before = await services.handlers.live.list(undefined, {})
    await expect(services.handlers.live.open({ runId, ...guest, ...change }, {})).rejects.toThrow(message)
    expect(await services.handlers.live.list(undefined, {})).toEqual(before)
  })
})
