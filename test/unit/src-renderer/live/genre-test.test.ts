import { expect, test } from 'vitest'
import {
  genreTestWish,
  type GenreArm,
  type GenreTestInput,
  type GenreTestReport,
  type GenreTestRow,
  type GenreTestStep,
} from '../../../../src-main/contract/dto/genre-test.ts'
import { PalateError } from '../../../../src-main/contract/errors.ts'
import {
  createGenreTest,
  genreCsv,
  genreFormProblems,
  genreWishOf,
  newGenreForm,
  usualGenres,
} from '../../../../src-renderer/composables/genre-test.ts'
import {
  armSummaries,
  genresWords,
  genreVerdict,
  placesRange,
  placesWords,
  riseHeadline,
  roundReach,
  sideWords,
  signedPlaces,
  verdictLookOf,
} from '../../../../src-renderer/composables/genre-words.ts'

const estimate = (value: number, low: number | null = value - 1, high: number | null = value + 1) => ({ value, low, high })
function row(arm: GenreArm, genre: string | null, effect: ReturnType<typeof estimate> | null): GenreTestRow {
  const change = effect ?? estimate(0, 0, 0)
  return { arm, genre, viewers: 20, before: 2162.2, after: 2162.2 + change.value, change, effect, below: effect && 0.85 }
}
const report = (rows: GenreTestRow[], genres = ['Sci-Fi', 'Comedy', 'Romance'], change: object = {}): GenreTestReport => ({
  wish: genreTestWish.parse({ question: 'favourites', genres, count: 20, answers: 20, slate: 1, viewers: 'guests', ...change }),
  rows,
  limits: [],
})
const mixed = report([
  ...['Sci-Fi', 'Comedy', 'Romance', null].map((genre) => row('frozen', genre, null)),
  row('follows and learns', 'Sci-Fi', estimate(-30, -39, -13.5)),
  row('follows and learns', 'Comedy', estimate(-0.4, -2, 1.6)),
  row('follows and learns', 'Romance', estimate(4.9, 1.5, 8)),
  row('follows and learns', null, estimate(-18.9, -23.9, -14.2)),
])

test('what is asked where nothing is changed is what the command line asks', () => {
  expect(genreWishOf(newGenreForm('favourites'), 'favourites', ['Horror'])).toEqual({
    question: 'favourites',
    genres: ['Horror'],
    viewers: 'guests',
    count: 30,
    answers: 20,
    updatesPerAnswer: 10,
    seed: 1,
    slate: 1,
    others: 'skip',
  })
  expect(genreWishOf(newGenreForm('dislikes'), 'dislikes', ['Horror'])).toMatchObject({ viewers: 'users', answers: 10 })
})

test('a setting out of range is told at its field; cards at once are of one question alone', () => {
  const form = { ...newGenreForm('favourites'), count: '1', answers: '101', updates: '-1', slate: '21', seed: 'x' }
  expect(genreFormProblems(form, 'favourites')).toEqual({
    count: 'A whole number from 2 to 500.',
    answers: 'A whole number from 1 to 100.',
    updates: 'A whole number from 0 to 100.',
    slate: 'A whole number from 1 to 20.',
    seed: 'A whole number from 0 to 2,147,483,647.',
  })
  expect(genreFormProblems({ ...newGenreForm('dislikes'), slate: '21' }, 'dislikes')).toEqual({})
  const genre = (name: string, items: number) => ({ genre: name, items }) as never
  expect(usualGenres([genre('', 90), genre('A', 1), genre('B', 5), genre('C', 3), genre('D', 4), genre('E', 2)])).toEqual([
    'B',
    'D',
    'C',
    'E',
  ])
})

test('below 0 is what is wished for, and an interval around 0 tells nothing', () => {
  const verdict = (effect: GenreTestRow['effect']) => genreVerdict({ effect })
  expect([estimate(-2), estimate(2), estimate(-1, -2, 0), estimate(-9, null, null), null].map(verdict)).toEqual([
    'wished',
    'unwished',
    'even',
    'unknown',
    'control',
  ])
  expect([verdictLookOf('wished', 'dislikes'), verdictLookOf('wished', 'favourites')].map(({ label }) => label)).toEqual([
    'fell',
    'rose',
  ])
  expect([verdictLookOf('unwished', 'dislikes'), verdictLookOf('unwished', 'favourites')].map(({ label }) => label)).toEqual([
    'rose',
    'sank',
  ])
})

test('places are told with the direction in words', () => {
  expect([-25.06, 4.9, 0.04, null].map(signedPlaces)).toEqual(['−25.1', '+4.9', '±0', '–'])
  expect([-25.06, 1, 0].map(placesWords)).toEqual(['25.1 places higher', '1.0 place lower', 'no place higher or lower'])
  expect(
    [estimate(-20, -39, -13.5), estimate(5, 1.5, 8), estimate(-0.2, -2, 1.6), estimate(-1, null, null)].map(placesRange),
  ).toEqual(['13.5 to 39.0 higher', '1.5 to 8.0 lower', '2.0 higher to 1.6 lower', 'no interval'])
  expect([-25, 0.02, 3].map(sideWords)).toEqual(['places: nearer to the top', 'places', 'places: further down'])
  expect([0.7, 1, 13, 39, 60, 5.1].map(roundReach)).toEqual([1, 1, 20, 50, 100, 10])
})

test('the headline is of the arm in which most may move, and says which genres sank', () => {
  expect(riseHeadline(mixed)).toMatchObject({
    label: 'The liked genres rise',
    tone: 'success',
    text: 'After 20 answers with a vector that follows and weights that learn, items of the liked genre that were never shown stand 18.9 places higher (95\u00a0%: 14.2 to 23.9 higher) than for the same 20 guests before the frozen policy.',
  })
  const [frozen, both] = armSummaries(mixed)
  expect([frozen!.verdict, both!.verdict]).toEqual(['control', 'wished'])
  expect(genresWords(both!)).toBe('Rose: Sci-Fi. Not distinguishable: Comedy. Sank: Romance.')
})

test('a fall is called one, and chance chance, whatever a lesser arm did', () => {
  const one = (effect: ReturnType<typeof estimate>) =>
    riseHeadline(report([row('frozen', 'Sci-Fi', null), row('learns', 'Sci-Fi', estimate(-9)), row('follows and learns', 'Sci-Fi', effect)], ['Sci-Fi'])) // prettier-ignore
  expect(one(estimate(-9))!.label).toBe('Sci-Fi rises')
  expect(one(estimate(9))).toMatchObject({ label: 'Sci-Fi sinks', tone: 'warning' })
  expect(one(estimate(-0.5))).toMatchObject({ label: 'No rise that can be told from chance', tone: 'neutral' })
  expect(one(estimate(-9, null, null))!.label).toBe('Too few guests to tell')
  expect(riseHeadline(report([row('frozen', 'Sci-Fi', null)], ['Sci-Fi']))).toBeNull()
})

const runs = [1, 2].map((id) => ({ id, name: `run ${id}`, modelId: 'deers' }))
const wish: GenreTestInput = { question: 'favourites', genres: ['Sci-Fi'] }

test('runs are asked one after the other; what was told stays when the next is stopped', async () => {
  const shares: (number | undefined)[] = []
  const asked = createGenreTest((runId, _, signal) => Promise.resolve(answer(runId, signal)))
  async function* answer(runId: number, signal: AbortSignal): AsyncGenerator<GenreTestStep> {
    yield { kind: 'progress', share: 0.5 }
    shares.push(asked.share.value)
    await Promise.resolve()
    if (runId === 2) {
      asked.stop()
      signal.throwIfAborted()
    }
    yield { kind: 'report', report: mixed }
  }
  await asked.start(runs, wish)
  expect(shares).toEqual([0.25, 0.75])
  expect(asked.tested.value.map(({ id }) => id)).toEqual([1])
  expect([asked.stopped.value, asked.share.value, asked.error.value]).toEqual([true, undefined, undefined])
})

test('what the engine refuses is shown', async () => {
  const refused = new PalateError('DATA_UNSUITABLE', 'The items of this data set have no genres.', { reason: 'no genres' })
  const asked = createGenreTest(() => Promise.reject(refused))
  await asked.start(runs, wish)
  expect([asked.error.value, asked.stopped.value, asked.share.value]).toEqual([refused, false, undefined])
})

test('the file holds every row with its intervals, and guards names against spreadsheets', () => {
  const [head, first, second] = genreCsv(
    [
      {
        id: 1,
        name: '=run',
        modelId: 'deers',
        report: report([row('frozen', null, null), row('learns', 'Sci-Fi', estimate(-2))]),
      },
    ],
    true,
  ).split('\r\n')
  expect(head).toBe(
    'run,model,question,arm,genre,viewers,before,after,change,change low,change high,effect,effect low,effect high,share below 0',
  )
  expect(first).toBe("'=run,deers,favourites,frozen,all,20,2162.2,2162.2,0,0,0,,,,")
  expect(second).toBe("'=run,deers,favourites,learns,Sci-Fi,20,2162.2,2160.2,-2,-3,-1,-2,-3,-1,0.85")
})
