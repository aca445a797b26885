import { PalateError } from '../../../src-main/contract/errors.ts'
import type { GenreTestReport, GenreTestRow, GenreTestWish } from '../../../src-main/contract/dto/genre-test.ts'
import type { LiveAnswer, LiveItem, LiveSession, LiveSetup, LiveView, PastAnswer } from '../../../src-main/contract/dto/live.ts'
import type { Handlers } from '../../../src-main/services/handlers.ts'
import { fakeItem, itemCount } from './dataset-page.ts'
import { fakePersona, fakePersonas } from './personas.ts'

interface FakeSession {
  session: LiveSession
  readonly answers: LiveAnswer[]
  removed: boolean
}

/** Live sessions in memory: a genre that is liked rises, one that is disliked sinks. Nothing is computed by a model. */
export function fakeLive(): Handlers['live'] {
  const sessions = new Map<number, FakeSession>()
  const found = (sessionId: number): FakeSession => {
    const session = sessions.get(sessionId)
    if (session && !session.removed) return session
    throw new PalateError('LIVE_SESSION_NOT_FOUND', `There is no live session ${sessionId} in this workspace.`, {
      session: String(sessionId),
    })
  }
  const begin = (runId: number, setup: LiveSetup, name: string, answers: LiveAnswer[], branchOf: LiveSession['branchOf']) => {
    const id = sessions.size + 1
    const session: LiveSession = {
      id,
      name,
      notes: '',
      runId,
      runName: `run ${runId}`,
      model: 'mdrr-att',
      datasetId: 1,
      setup,
      persona: fakePersona(setup),
      state: 'open',
      createdAt: Date.now(),
      changedAt: Date.now(),
      ...tally(answers),
      branchOf,
      duelId: null,
    }
    sessions.set(id, { session, answers, removed: false })
    return viewOf(sessions.get(id)!)
  }
  return {
    list: () =>
      Promise.resolve(
        [...sessions.values()]
          .filter(({ removed }) => !removed)
          .map(({ session }) => session)
          .reverse(),
      ),
    personas: ({ seed }) => Promise.resolve(fakePersonas(seed)),
    open: ({ runId, name, ...setup }) => Promise.resolve(begin(runId, setup, name ?? `run ${runId}, a guest`, [], null)),
    view: ({ sessionId }) => Promise.resolve(viewOf(found(sessionId))),
    answer({ sessionId, seen, ...answer }) {
      const one = found(sessionId)
      assertSeen(one, seen)
      one.answers.push(answer)
      one.session = { ...one.session, ...tally(one.answers), state: answer.leave ? 'left' : 'open' }
      return Promise.resolve(viewOf(one))
    },
    undo({ sessionId, seen }) {
      const one = found(sessionId)
      assertSeen(one, seen)
      one.answers.pop()
      one.session = { ...one.session, ...tally(one.answers), state: 'open' }
      return Promise.resolve(viewOf(one))
    },
    branch({ sessionId, answers }) {
      const { session, answers: given } = found(sessionId)
      const name = `${session.name}, from answer ${answers}`
      return Promise.resolve(begin(session.runId, session.setup, name, given.slice(0, answers), { sessionId, answers }))
    },
    whatIf({ sessionId, answer, itemIndex, instead }) {
      const { answers, session } = found(sessionId)
      const changed = answers.map((one, at) =>
        at === answer - 1
          ? {
              ...one,
              responses: one.responses.flatMap((said) =>
                said.itemIndex !== itemIndex ? [said] : instead === 'absent' ? [] : [{ itemIndex, feedback: instead }],
              ),
            }
          : one,
      )
      return Promise.resolve({ answer, itemIndex, instead, ranking: rankingOf(changed, answers, session.setup) })
    },
    autopilot: async function* ({ sessionId, answers }) {
      for (let given = 0; given < answers; given++) {
        const one = found(sessionId)
        const responses = viewOf(one).slate.map(({ itemIndex }) => ({ itemIndex, feedback: 'like' as const }))
        one.answers.push({ responses, leave: false })
        one.session = { ...one.session, ...tally(one.answers) }
        await Promise.resolve()
        yield viewOf(one)
      }
    },
    genreTest: async function* ({ runId: _, ...wish }, { signal } = {}) {
      yield { kind: 'progress', share: 0.5 }
      // So many viewers take as long as somebody needs who wants to stop it.
      if (wish.count === 500) await new Promise((resolve) => signal?.addEventListener('abort', resolve))
      yield { kind: 'report', report: genreReport(wish) }
    },
    continueTraining: ({ sessionId }) =>
      Promise.reject(
        new PalateError('DATA_UNSUITABLE', `Nothing trains here: live session ${sessionId} stays as it is.`, { reason: 'fake' }),
      ),
    genres: ({ sessionId }) =>
      Promise.resolve({
        answers: found(sessionId).answers.length,
        moves: [
          { genre: 'Sci-Fi', favourites: 5, likes: 1, dislikes: 0, items: 44, before: 812.4, after: 781, held: 0 },
          { genre: 'Romance', favourites: 0, likes: 0, dislikes: 1, items: 90, before: 700, after: 712.5, held: 1.2 },
        ],
      }),
    drift: () => Promise.resolve({ before: 0.913, after: 0.9112, users: 36 }),
    close: () => Promise.resolve({ closed: true }),
    rename({ sessionId, name }) {
      const one = found(sessionId)
      one.session = { ...one.session, name }
      return Promise.resolve(one.session)
    },
    setNotes({ sessionId, notes }) {
      const one = found(sessionId)
      one.session = { ...one.session, notes }
      return Promise.resolve(one.session)
    },
    remove({ sessionId }) {
      found(sessionId).removed = true
      return Promise.resolve({ removed: true })
    },
    restore({ sessionId }) {
      const one = sessions.get(sessionId)!
      one.removed = false
      return Promise.resolve(one.session)
    },
    history: ({ sessionId }) => Promise.resolve(historyOf(found(sessionId))),
    replay: ({ sessionId }) =>
      Promise.resolve({ answers: found(sessionId).answers.length, identical: true, firstDifference: null }),
    exportJson: async function* ({ sessionId }) {
      yield await Promise.resolve(JSON.stringify(found(sessionId)))
    },
    exportSessions: async function* () {
      yield await Promise.resolve('id,name\r\n')
    },
    exportEvents: async function* ({ sessionId }) {
      yield 'time,step,item id,title,rank,feedback,reward,leave\r\n'
      for (const [at, { responses, leave }] of found(sessionId).answers.entries()) {
        const head = `2026-01-01T00:00:00.000Z,${at + 1}`
        if (responses.length === 0) yield `${head},,,,,,${leave ? 1 : 0}\r\n`
        for (const [place, { itemIndex, feedback }] of responses.entries()) {
          const { itemId, title } = fakeItem(itemIndex)
          yield `${head},${itemId},"${(title ?? '').replaceAll('"', '""')}",${place + 1},${feedback},${rewards[feedback]},${leave ? 1 : 0}\r\n`
        }
      }
      await Promise.resolve()
    },
  }
}

function assertSeen({ answers, session }: FakeSession, seen: number | undefined): void {
  if (seen === undefined || seen === answers.length) return
  const message = `Session ${session.id} stands behind answer ${answers.length} by now, not ${seen}: it went on in another window.`
  throw new PalateError('LIVE_SESSION_MOVED', message, { session: String(session.id), answers: answers.length })
}

/** The first genre moves with everything, the second with nothing, the third against what is wished. */
function genreReport(wish: GenreTestWish): GenreTestReport {
  const unit = wish.question === 'dislikes' ? 0.01 : 5
  const before = wish.question === 'dislikes' ? 0.2 : 840
  const effects = [
    { value: -6 * unit, low: -10 * unit, high: -3 * unit },
    { value: 0, low: -unit, high: unit },
    { value: unit, low: unit / 2, high: 2 * unit },
  ]
  const none = { value: 0, low: 0, high: 0 }
  const arms = ['frozen', 'follows', ...(wish.updatesPerAnswer > 0 ? (['learns', 'follows and learns'] as const) : [])] as const
  const rowOf = (arm: GenreTestRow['arm'], genre: string | null, change: GenreTestRow['change']): GenreTestRow => {
    const control = arm === 'frozen' && wish.question === 'favourites'
    const [effect, below] = control ? [null, null] : [change, change.value < 0 ? 0.9 : 0.3]
    return { arm, genre, viewers: wish.count, before, after: before + change.value, change, effect, below }
  }
  const rows = arms.flatMap((arm) => {
    const changeOf = (at: number) => (arm === 'frozen' ? none : effects[at % effects.length]!)
    const own = wish.genres.map((genre, at) => rowOf(arm, genre, changeOf(at)))
    return wish.genres.length > 1 ? [...own, rowOf(arm, null, changeOf(0))] : own
  })
  return { wish, rows, limits: [] }
}

function historyOf({ answers, session }: FakeSession): PastAnswer[] {
  const top = (given: readonly LiveAnswer[]) =>
    rankingOf(given, given, session.setup)
      .slice(0, 20)
      .map(({ itemIndex, itemId, title }) => ({ itemIndex, itemId, title }))
  return answers.map(({ responses, leave }, at) => {
    const so = tally(answers.slice(0, at + 1))
    const before = rankingOf(answers.slice(0, at), answers.slice(0, at), session.setup)
    return {
      answer: at + 1,
      at: 1_767_225_600_000 + at * 4000,
      leave,
      updates: session.setup.learning?.updatesPerAnswer ?? 0,
      items: responses.map(({ itemIndex, feedback, rating = null }) => {
        const { itemId, title, rank, score } = before.find((item) => item.itemIndex === itemIndex)!
        return { itemIndex, itemId, title, feedback, rating, reward: rewards[feedback], rank, score }
      }),
      topBefore: top(answers.slice(0, at)),
      topAfter: top(answers.slice(0, at + 1)),
      meanReward: so.meanReward,
      precision: so.meanReward === null ? null : so.likes / (so.likes + so.dislikes + so.skips),
    }
  })
}

const rewards = { like: 1, dislike: -1, skip: 0, rating: 0.5 } as const

function tally(answers: readonly LiveAnswer[]) {
  const said = answers.flatMap(({ responses }) => responses.map(({ feedback }) => feedback))
  const count = (wanted: string) => said.filter((one) => one === wanted).length
  const sum = said.reduce((total, one) => total + rewards[one], 0)
  return {
    answers: answers.length,
    likes: count('like'),
    dislikes: count('dislike'),
    skips: count('skip'),
    meanReward: said.length === 0 ? null : sum / said.length,
  }
}

/** An item that nobody has ranked yet. */
export function fakeLiveItem(item: number): LiveItem {
  const { itemIndex, itemId, title, year, genres } = fakeItem(item)
  const unranked = { rank: 1, rankBefore: null, score: 0, value: null, nearestLiked: null, nearestDisliked: null }
  return { itemIndex, itemId, title: title ?? itemId, year, genres, ...unranked }
}

/** @param before the answers whose ranking the ranks before come from */
function rankingOf(answers: readonly LiveAnswer[], before: readonly LiveAnswer[], setup: LiveSetup): LiveItem[] {
  const orderOf = (given: readonly LiveAnswer[]) => {
    const said = given.flatMap(({ responses }) => responses)
    const known = new Set([
      ...said.map(({ itemIndex }) => itemIndex),
      ...((setup.viewer.kind === 'guest' ? setup.viewer : fakePersona(setup))?.favourites ?? []),
    ])
    const taste = (item: number) =>
      said.reduce(
        (sum, one) => sum + (fakeItem(one.itemIndex).genres[0] === fakeItem(item).genres[0] ? rewards[one.feedback] : 0),
        0,
      )
    return Array.from({ length: itemCount }, (_, item) => ({ item, score: 4 - item / 100 + 0.4 * taste(item) }))
      .filter(({ item }) => !known.has(item))
      .sort((a, b) => b.score - a.score)
  }
  const ranksBefore = new Map(orderOf(before).map(({ item }, at) => [item, at + 1]))
  return orderOf(answers)
    .slice(0, 50)
    .map(({ item, score }, at) => {
      const near = { itemIndex: 3, title: fakeItem(3).title ?? '', similarity: 0.62 }
      return {
        ...fakeLiveItem(item),
        rank: at + 1,
        rankBefore: answers === before && answers.length === 0 ? null : (ranksBefore.get(item) ?? null),
        score,
        value: score / 4,
        nearestLiked: answers.length > 0 ? near : null,
        nearestDisliked: null,
      }
    })
}

function viewOf({ session, answers }: FakeSession): LiveView {
  const ranking = rankingOf(answers, answers.slice(0, -1), session.setup)
  const said = answers.flatMap(({ responses }, at) => responses.map((one) => ({ ...one, answer: at + 1 })))
  const side = (feedback: string) => {
    const items = said.filter((one) => one.feedback === feedback).slice(-8)
    return items.map(({ itemIndex, answer }) => {
      const { title, itemId, genres } = fakeItem(itemIndex)
      return { itemIndex, title: title ?? itemId, genres, attention: 1 / items.length, answer }
    })
  }
  const liked = said.filter(({ feedback }) => feedback === 'like').length
  return {
    session,
    slate: session.state === 'open' ? ranking.slice(0, session.setup.slate) : [],
    ranking,
    candidates: itemCount - said.length,
    liked: side('like'),
    disliked: side('dislike'),
    figures: { reward: session.meanReward, precision: said.length === 0 ? null : liked / said.length, diversity: 0.71 },
    updates: answers.length * (session.setup.learning?.updatesPerAnswer ?? 0),
    remarks: [],
    limits: [],
  }
}
