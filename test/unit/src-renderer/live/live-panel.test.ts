import { expect, test } from 'vitest'
import type { LiveAnswer, LiveView } from '../../../../src-main/contract/dto/live.ts'
import { PalateError } from '../../../../src-main/contract/errors.ts'
import { liveKeys } from '../../../../src-renderer/composables/live-keys.ts'
import { createLivePanel, type LiveCalls } from '../../../../src-renderer/composables/live-panel.ts'
import { fakeLive } from '../../../support/fake-engine/live.ts'

type Live = ReturnType<typeof fakeLive>

/** A panel on the fake engine's live sessions, with what was sent and a say in when a reply comes. */
async function lab(slate: number, part: Partial<LiveCalls> = {}) {
  const live = fakeLive()
  const call = <K extends keyof Live>(name: K, input: object) =>
    (live[name] as unknown as (input: object) => Promise<never>)({ sessionId: 1, ...input })
  await (live.open as unknown as (input: object) => Promise<LiveView>)({
    runId: 1,
    viewer: { kind: 'guest', favourites: [] },
    userVector: 'follows',
    learning: { updatesPerAnswer: 10, rateFactor: 1 },
    slate,
    seed: 1,
  })
  const sent: LiveAnswer[] = []
  let now = 0
  const calls: LiveCalls = {
    view: () => call('view', {}),
    answer(answer, seen) {
      sent.push(answer)
      now += 40
      return call('answer', { ...answer, seen })
    },
    undo: (seen) => call('undo', { seen }),
    branch: (answers) => call('branch', { answers }),
    whatIf: (question) => call('whatIf', question),
    drift: () => call('drift', {}),
    genres: () => call('genres', {}),
    history: () => call('history', {}),
    ...part,
  }
  const panel = createLivePanel(calls, () => now)
  await panel.open()
  /** Another window on the same session. */
  const other = createLivePanel(calls, () => now)
  await other.open()
  return { panel, sent, other }
}
const stars = [1, 2, 3, 4, 5]
const settled = () => new Promise((resolve) => setTimeout(resolve))
const key = (repeat = false) => ({ repeat }) as KeyboardEvent

test('with one card a key is an answer, and the time to the next ranking is measured', async () => {
  const { panel, sent } = await lab(1)
  const [first] = panel.slate.value
  panel.say(first!.itemIndex, 'like')
  expect(panel.said.value.get(first!.itemIndex)).toBe('like')
  expect(panel.canAnswer.value).toBe(false)
  await settled()
  expect(sent).toEqual([{ responses: [{ itemIndex: first!.itemIndex, feedback: 'like' }], leave: false }])
  expect(panel.view.value?.session.likes).toBe(1)
  expect(panel.said.value.size).toBe(0)
  expect(panel.lastMs.value).toBe(40)
  expect(panel.entries.value).toEqual([
    {
      answer: 1,
      items: [{ itemIndex: first!.itemIndex, title: first!.title, feedback: 'like', rating: null, rank: 1 }],
      leave: false,
      meanReward: 1,
    },
  ])
})

test('a digit rates the only card on the scale; one that is not on it says nothing', async () => {
  const { panel, sent } = await lab(1)
  const keys = liveKeys(panel, () => stars)
  const item = panel.slate.value[0]!.itemIndex
  keys['7']!(key())
  keys['0']!(key())
  expect(panel.said.value.size).toBe(0)
  keys['4']!(key())
  keys['5']!(key())
  await settled()
  expect(sent).toEqual([{ responses: [{ itemIndex: item, feedback: 'rating', rating: 4 }], leave: false }])
  expect(panel.entries.value[0]!.items[0]).toMatchObject({ itemIndex: item, feedback: 'rating', rating: 4 })
})

test('with several cards words and ratings go together, and a digit leads to a card', async () => {
  const { panel, sent } = await lab(3)
  const keys = liveKeys(panel, () => stars)
  const [a, b] = panel.slate.value.map(({ itemIndex }) => itemIndex)
  panel.say(a!, 2)
  keys['2']!(key())
  expect(panel.cursor.value).toBe(1)
  keys['l']!(key())
  keys['Enter']!(key())
  await settled()
  expect(sent[0]!.responses).toEqual([
    { itemIndex: a, feedback: 'rating', rating: 2 },
    { itemIndex: b, feedback: 'like' },
  ])
})

test('a held key answers an item once', async () => {
  const { panel, sent } = await lab(1)
  const keys = liveKeys(panel, () => stars)
  keys['l']!(key())
  for (let again = 0; again < 20; again++) keys['l']!(key(true))
  keys['d']!(key())
  await settled()
  expect(sent).toHaveLength(1)
  keys['D']!(key())
  await settled()
  expect(sent.map(({ responses }) => responses[0]!.feedback)).toEqual(['like', 'dislike'])
  expect(sent[0]!.responses[0]!.itemIndex).not.toBe(sent[1]!.responses[0]!.itemIndex)
})

test('with several cards answers are collected, and the last one sends them all in the order of the cards', async () => {
  const { panel, sent } = await lab(3)
  const keys = liveKeys(panel, () => stars)
  const ids = panel.slate.value.map(({ itemIndex }) => itemIndex)
  keys['2']!(key())
  keys['d']!(key())
  expect(panel.cursor.value, 'on to the next one of which nothing was said').toBe(2)
  keys['s']!(key())
  expect(panel.cursor.value, 'round to the first').toBe(0)
  expect(sent).toEqual([])
  keys['l']!(key())
  await settled()
  expect(sent).toEqual([
    {
      responses: [
        { itemIndex: ids[0], feedback: 'like' },
        { itemIndex: ids[1], feedback: 'dislike' },
        { itemIndex: ids[2], feedback: 'skip' },
      ],
      leave: false,
    },
  ])
})

test('Enter sends what was said; the other cards stay candidates; the same said again is taken back', async () => {
  const { panel, sent } = await lab(3)
  const keys = liveKeys(panel, () => stars)
  const [a, b] = panel.slate.value.map(({ itemIndex }) => itemIndex)
  panel.say(a!, 'like')
  panel.say(a!, 'like')
  keys['Enter']!(key())
  await settled()
  expect(sent).toEqual([])
  panel.say(a!, 'like')
  keys['Enter']!(key())
  await settled()
  expect(sent).toEqual([{ responses: [{ itemIndex: a, feedback: 'like' }], leave: false }])
  expect(panel.view.value?.ranking.map(({ itemIndex }) => itemIndex)).toContain(b)
  expect(panel.view.value?.ranking.map(({ itemIndex }) => itemIndex)).not.toContain(a)
})

test('arrows answer the only card, and walk several', async () => {
  const one = await lab(1)
  liveKeys(one.panel, () => stars)['ArrowLeft']!(key())
  await settled()
  expect(one.sent[0]!.responses[0]!.feedback).toBe('dislike')
  const many = await lab(3)
  const keys = liveKeys(many.panel, () => stars)
  keys['ArrowRight']!(key())
  keys['ArrowRight']!(key(true))
  keys['ArrowRight']!(key())
  expect(many.panel.cursor.value).toBe(2)
  keys['0']!(key())
  expect(many.panel.cursor.value, 'there is no tenth card').toBe(2)
  expect(many.sent).toEqual([])
})

test('undo brings the ranking before back, also after leaving', async () => {
  const { panel } = await lab(1)
  const before = panel.view.value!.ranking
  panel.say(panel.slate.value[0]!.itemIndex, 'dislike')
  await settled()
  await panel.send(true)
  expect(panel.view.value?.session.state).toBe('left')
  expect(panel.slate.value).toEqual([])
  expect(panel.entries.value.map(({ leave }) => leave)).toEqual([false, true])
  await panel.undo()
  await panel.undo()
  expect(panel.view.value!.ranking).toEqual(before)
  expect(panel.entries.value).toEqual([])
  expect(panel.canUndo.value).toBe(false)
})

test('a refused answer changes nothing, says why, and several cards keep what was collected', async () => {
  const refusal = new PalateError('TRAINER_LOST', 'The process ended by itself. Open the session again.', {
    run: '1',
    exit: 'SIGKILL',
  })
  const refuse = { answer: () => Promise.reject(refusal) }
  const { panel } = await lab(2, refuse)
  const before = panel.view.value
  panel.say(panel.slate.value[0]!.itemIndex, 'like')
  await panel.send(false)
  expect(panel.error.value).toBe(refusal)
  expect(panel.view.value).toBe(before)
  expect(panel.said.value.size).toBe(1)
  expect(panel.canAnswer.value).toBe(true)
  const one = await lab(1, refuse)
  one.panel.say(one.panel.slate.value[0]!.itemIndex, 'like')
  await settled()
  expect(one.panel.said.value.size).toBe(0)
  expect(one.panel.entries.value).toEqual([])
})

test('what another window has said is not answered blindly: the session is shown as it stands, and why', async () => {
  const { panel, other } = await lab(1)
  other.say(other.slate.value[0]!.itemIndex, 'like')
  await settled()
  panel.say(panel.slate.value[0]!.itemIndex, 'dislike')
  await settled()
  expect(panel.error.value?.message).toBe('Session 1 stands behind answer 1 by now, not 0: it went on in another window.')
  expect(panel.view.value?.session).toMatchObject({ answers: 1, likes: 1, dislikes: 0 })
  expect(panel.entries.value).toHaveLength(1)
  await panel.undo()
  expect(panel.error.value).toBeUndefined()
  await other.undo()
  expect(other.error.value?.code, 'the undo of another window is not undone twice').toBe('LIVE_SESSION_MOVED')
  expect(other.view.value?.session.answers).toBe(0)
})

test('a window that comes into sight again shows what was said elsewhere', async () => {
  const { panel, other } = await lab(1)
  await panel.look()
  other.say(other.slate.value[0]!.itemIndex, 'like')
  await settled()
  expect(panel.view.value?.session.answers).toBe(0)
  await panel.look()
  expect(panel.view.value?.session.answers).toBe(1)
  expect(panel.entries.value).toHaveLength(1)
})

test('a what-if changes nothing and closes with the next answer', async () => {
  const { panel } = await lab(1)
  const item = panel.slate.value[0]!
  panel.say(item.itemIndex, 'like')
  await settled()
  const view = panel.view.value
  await panel.ask(item.title, { answer: 1, itemIndex: item.itemIndex, instead: 'dislike' })
  expect(panel.otherwise.value?.instead).toBe('dislike')
  expect(panel.otherwise.value?.ranking.some(({ rank, rankBefore }) => rankBefore !== null && rank !== rankBefore)).toBe(true)
  expect(panel.view.value).toBe(view)
  panel.say(panel.slate.value[0]!.itemIndex, 'skip')
  await settled()
  expect(panel.question.value).toBeUndefined()
  expect(panel.otherwise.value).toBeUndefined()
})

test('a session that is opened again has the timeline of its history', async () => {
  const said = { itemId: 'x', rating: null, reward: 0, score: 0 }
  const answer = { at: 0, updates: 0, topBefore: [], topAfter: [], meanReward: 0, precision: 0.5 }
  const history: LiveCalls['history'] = () =>
    Promise.resolve([
      {
        ...answer,
        answer: 1,
        leave: false,
        items: [
          { ...said, itemIndex: 5, title: 'One, "two"', feedback: 'like', rating: null, rank: 1 },
          { ...said, itemIndex: 6, title: '6', feedback: 'dislike', rank: 4 },
        ],
      },
      { ...answer, answer: 2, leave: true, items: [] },
    ])
  const { panel } = await lab(2, { history })
  expect(panel.entries.value).toEqual([
    {
      answer: 1,
      items: [
        { itemIndex: 5, title: 'One, "two"', feedback: 'like', rating: null, rank: 1 },
        { itemIndex: 6, title: '6', feedback: 'dislike', rating: null, rank: 4 },
      ],
      leave: false,
      meanReward: 0,
    },
    { answer: 2, items: [], leave: true, meanReward: 0 },
  ])
})

test('drift is told with the answer at which it was measured', async () => {
  const { panel } = await lab(1)
  panel.say(panel.slate.value[0]!.itemIndex, 'like')
  await settled()
  await panel.measureDrift()
  expect(panel.drift.value).toEqual({ before: 0.913, after: 0.9112, users: 36, at: 1 })
  expect(panel.measuring.value).toBe('')
})

test('shows how a simulated user answers, and where that ended; what goes wrong on the way stays to be read', async () => {
  const { panel } = await lab(1)
  const live = fakeLive()
  await live.open(
    { runId: 1, viewer: { kind: 'guest', favourites: [] }, userVector: 'follows', learning: null, slate: 1, seed: 1 },
    {},
  )
  const seen: number[] = []
  const views = async function* (fails: boolean) {
    for await (const view of live.autopilot({ sessionId: 1, answers: 3, perSecond: 0 }, {})) {
      yield view
      seen.push(panel.view.value!.session.answers)
      expect([panel.work.value, panel.canAnswer.value]).toEqual(['autopilot', false])
    }
    if (fails) throw new PalateError('TRAINER_LOST', 'It is gone.', { run: '1', exit: 'signal SIGKILL' })
  }
  await panel.follow(views(false))
  expect([seen, panel.work.value, panel.canAnswer.value]).toEqual([[1, 2, 3], '', true])
  await panel.follow(views(true))
  expect(panel.error.value?.message).toBe('It is gone.')
})
