import { expect, test } from 'vitest'
import type { LiveSession } from '../../../../src-main/contract/dto/live.ts'
import { artworkOf } from '../../../../src-renderer/composables/item-artwork.ts'
import {
  isPlayable,
  liveFormProblems,
  liveNameOf,
  liveSetupOf,
  newLiveForm,
} from '../../../../src-renderer/composables/live-form.ts'
import {
  cardColumns,
  differenceWords,
  driftWords,
  moveWords,
  saidOfGenre,
  explorationWords,
  factsLine,
  filterSessions,
  isExplored,
  latestFirst,
  openingWords,
  rankChange,
  shortTitle,
  viewerWords,
} from '../../../../src-renderer/composables/live-words.ts'

const picked = (value: number, label: string) => ({ value, label, note: '' })

test('a form opens with a run alone: a cold guest, frozen, one card', () => {
  expect(liveFormProblems(newLiveForm())).toEqual({ run: 'Choose a trained run.' })
  const form = { ...newLiveForm(), runId: 7 }
  expect(liveFormProblems(form)).toEqual({})
  expect(liveSetupOf(form)).toEqual({
    viewer: { kind: 'guest', favourites: [] },
    userVector: 'follows',
    learning: null,
    slate: 1,
    seed: 1,
  })
  expect(liveNameOf(form, { name: 'run' })).toBeUndefined()
})

test('a card is shown by chance with a probability, and such an item is told by its rank', () => {
  const form = { ...newLiveForm(), runId: 7, exploration: '1.5' }
  expect(liveFormProblems(form)).toEqual({ exploration: 'A number from 0 to 1.' })
  expect(liveSetupOf({ ...form, exploration: '0.25' })).toMatchObject({ exploration: 0.25 })
  expect(liveSetupOf({ ...form, exploration: '0' })).not.toHaveProperty('exploration')
  expect(explorationWords({})).toBe('nothing: the best are shown')
  expect(explorationWords({ exploration: 0.25 })).toBe('each card with a probability of 25 %')
  expect([1, 4, 5].map((rank) => isExplored({ rank }, { slate: 4 }))).toEqual([false, false, true])
})

test('a user keeps the trained vector, and gives the session a name', () => {
  const form = { ...newLiveForm(), runId: 7, viewer: 'user' as const, user: picked(3, 'u44'), learns: true, slate: '20' }
  expect(liveSetupOf(form)).toEqual({
    viewer: { kind: 'user', userIndex: 3 },
    userVector: 'fixed',
    learning: { updatesPerAnswer: 10, rateFactor: 1 },
    slate: 20,
    seed: 1,
  })
  expect(liveNameOf(form, { name: 'run' })).toBe('run, user u44')
  expect(liveNameOf({ ...form, name: ' mine ' }, { name: 'run' })).toBe('mine')
})

test('favourites go with their choice alone', () => {
  const form = { ...newLiveForm(), favourites: [picked(5, 'a'), picked(6, 'b')] }
  expect(liveSetupOf(form).viewer).toEqual({ kind: 'guest', favourites: [] })
  expect(liveSetupOf({ ...form, viewer: 'favourites' }).viewer).toEqual({ kind: 'guest', favourites: [5, 6] })
})

test('what cannot be opened is said at its field', () => {
  const form = { ...newLiveForm(), runId: 1, learns: true, updates: '101', rate: '0', slate: '21', seed: '-1' }
  expect(liveFormProblems({ ...form, viewer: 'user' })).toEqual({
    user: 'Choose a user.',
    updates: 'A whole number from 1 to 100.',
    rate: 'A number from 0.01 to 100.',
    slate: 'A whole number from 1 to 20.',
    seed: 'A whole number from 0 on.',
  })
  expect(liveFormProblems({ ...newLiveForm(), runId: 1, viewer: 'favourites' })).toEqual({
    favourites: 'Pick at least one, or start cold.',
  })
  expect(liveFormProblems({ ...form, learns: false, slate: '1', seed: '0' })).toEqual({})
})

test('runs that were trained to some end can be played with', () => {
  expect((['finished', 'stopped'] as const).map((state) => isPlayable({ state }))).toEqual([true, true])
  expect((['running', 'failed', 'paused', 'diverged'] as const).some((state) => isPlayable({ state }))).toBe(false)
})

test('a change of rank has a sign for the eye and words for the ear', () => {
  expect(rankChange({ rank: 2, rankBefore: 5 }, true)).toEqual({ kind: 'up', text: '+3', words: '3 places up' })
  expect(rankChange({ rank: 3, rankBefore: 2 }, true)).toEqual({ kind: 'down', text: '−1', words: '1 place down' })
  expect(rankChange({ rank: 3, rankBefore: 3 }, true)).toEqual({ kind: 'same', text: '=', words: 'same rank as before' })
  expect(rankChange({ rank: 9, rankBefore: null }, true)).toEqual({ kind: 'new', text: 'new', words: 'new in the ranking' })
  expect(rankChange({ rank: 9, rankBefore: null }, false).text).toBe('')
})

test('that answered items left their places is no rise of those below them', () => {
  expect(rankChange({ rank: 1, rankBefore: 4 }, true, [1, 2, 3]).kind).toBe('same')
  expect(rankChange({ rank: 5, rankBefore: 8 }, true, [1, 2, 9]).text).toBe('+1')
  expect(rankChange({ rank: 3, rankBefore: 3 }, true, [1]).text).toBe('−1')
})

test('the difference of two rankings is one sentence', () => {
  const rows = [
    { rank: 1, rankBefore: 1 },
    { rank: 2, rankBefore: 9 },
    { rank: 3, rankBefore: 2 },
  ]
  expect(differenceWords(rows)).toBe('2 of the first 3 would stand elsewhere, the farthest by 7 places.')
  expect(differenceWords(rows.slice(0, 1))).toBe('None of the first 1 would stand elsewhere.')
})

test('how far a genre has come is told in places, lower ranks being up', () => {
  expect([-31.44, 12.5, -1, 0.04, 0].map(moveWords)).toEqual([
    '31.4 places up',
    '12.5 places down',
    '1.0 place up',
    'stayed',
    'stayed',
  ])
  const move = { genre: 'Sci-Fi', items: 4, before: 1, after: 1, held: 0 }
  expect(saidOfGenre({ ...move, favourites: 5, likes: 12, dislikes: 1 })).toBe('5 favourites, 12 liked, 1 not')
  expect(saidOfGenre({ ...move, favourites: 1, likes: 0, dislikes: 0 })).toBe('1 favourite')
})

test('drift says whether others gain or lose, and when nothing can be measured', () => {
  expect(driftWords({ before: 0.913, after: 0.9112, users: 36 })).toBe(
    'NDCG@20 over 36 held-out users went from .9130 as trained to .9112 now: worse by .0018.',
  )
  expect(driftWords({ before: 0.5, after: 0.5, users: 1 })).toBe('Unchanged: NDCG@20 over 1 held-out user is .5000, as trained.')
  expect(driftWords({ before: 0.95131, after: 0.95129, users: 26 })).toBe(
    'Hardly changed: NDCG@20 over 26 held-out users is .9513, as trained.',
  )
  expect(driftWords({ before: 0, after: 0, users: 0 })).toBe('This model cannot be measured within a session.')
})

test('who opens a long session again is told what is waited for', () => {
  const setup = liveSetupOf({ ...newLiveForm(), runId: 7 })
  expect(openingWords({ answers: 0, setup })).toBeUndefined()
  expect(openingWords({ answers: 1, setup })).toBe('Opening: 1 answer played again to where the session stood …')
  const learning = { updatesPerAnswer: 10, rateFactor: 1 }
  expect(openingWords({ answers: 280, setup: { ...setup, learning } })).toBe(
    'Opening: 280 answers played again to where the session stood, with 10 updates after each …',
  )
})

test('a year stands once', () => {
  expect(shortTitle({ title: 'Alien (1979)', year: 1979 })).toBe('Alien')
  expect(shortTitle({ title: 'Alien (1979)', year: 1980 })).toBe('Alien (1979)')
  expect(shortTitle({ title: 'Alien', year: null })).toBe('Alien')
  expect(shortTitle({ title: ' (1979)', year: 1979 }), 'never nothing').toBe(' (1979)')
  expect(factsLine({ year: 1979, genres: ['Horror', 'War'] })).toBe('1979 · Horror, War')
  expect(factsLine({ year: null, genres: [] })).toBe('')
})

test('a lane begins with the latest answer and ends with what was there before', () => {
  const item = (itemIndex: number, answer: number | null) => ({ itemIndex, title: '', genres: [], attention: null, answer })
  const lane = latestFirst([item(1, null), item(2, 1), item(3, 4), item(4, null)])
  expect(lane.map(({ itemIndex }) => itemIndex)).toEqual([3, 2, 1, 4])
})

test('cards stand in full rows where that is possible', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 20].map(cardColumns)).toEqual([1, 2, 3, 4, 5, 3, 4, 4, 3, 5, 4, 4])
})

test('sessions are found by any of their texts', () => {
  const session: LiveSession = {
    id: 1,
    name: 'Evening',
    notes: 'horror only',
    runId: 1,
    runName: 'mdrr 1',
    model: 'mdrr-att',
    datasetId: 1,
    setup: { viewer: { kind: 'guest', favourites: [1, 2] }, userVector: 'follows', learning: null, slate: 1, seed: 1 },
    persona: null,
    state: 'open',
    createdAt: 0,
    changedAt: 0,
    answers: 0,
    likes: 0,
    dislikes: 0,
    skips: 0,
    meanReward: null,
    branchOf: null,
    duelId: null,
  }
  expect(viewerWords(session)).toBe('Me, 2 favourites')
  expect(filterSessions([session], 'HORROR frozen favourites')).toHaveLength(1)
  expect(filterSessions([session], 'horror comedy')).toEqual([])
  const persona = {
    title: 'Fan of one genre',
    about: '',
    shows: '',
    brief: '',
    favourites: [1],
    taste: { by: 'rules' as const, rules: [] },
  }
  const played = {
    ...session,
    persona,
    setup: { ...session.setup, viewer: { kind: 'persona' as const, persona: 'fan', seed: 3 } },
  }
  expect(viewerWords(played)).toBe('Fan of one genre 3')
  expect(filterSessions([played], 'persona one genre fan')).toHaveLength(1)
})

test('an item has its own picture, always the same; its first genre gives the ground', () => {
  expect(artworkOf('17', ['Drama'])).toEqual(artworkOf('17', ['Drama']))
  expect(artworkOf('17', ['Drama'])).not.toEqual(artworkOf('18', ['Drama']))
  expect(artworkOf('17', ['Drama']).ground).toBe(artworkOf('18', ['Drama', 'War']).ground)
  expect(artworkOf('17', ['Drama']).ground).not.toBe(artworkOf('17', ['Comedy']).ground)
  expect(artworkOf('17', []).shapes.length).toBeGreaterThan(2)
})

test('the genres that everybody has look different from each other', () => {
  const genres = ['Drama', 'Comedy', 'Animation', 'Romance', 'Adventure', 'Crime', 'Horror', 'Thriller', 'Action', 'Documentary']
  const kinds = genres.map((genre) => {
    const { ground, shapes } = artworkOf('1', [genre])
    return `${ground} ${shapes.map(({ kind }) => kind).join()}`
  })
  expect(new Set(kinds).size).toBe(genres.length)
})
