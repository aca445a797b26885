import { beforeAll, describe, expect, it } from 'vitest'
import { genreTestWish, type GenreTestReport, type GenreTestRow } from '../../../../src-main/contract/dto/genre-test.ts'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import type { ParamValues } from '../../../../src-main/contract/params.ts'
import { createTrainingJob } from '../../../../src-main/engine/training/create-job.ts'
import { liveStage } from '../../../../src-main/engine/training/live/create-live-session.ts'
import { genreTest } from '../../../../src-main/engine/training/live/genre-test.ts'
import { smallAgent, specOf } from '../../../support/job-lab.ts'
import { importedTable } from '../../../support/imported-table.ts'
import { realData } from '../../../support/real-data.ts'
import { sampleLabTable } from '../../../support/sample-lab-table.ts'
import type { InteractionTable } from '../../../../src-main/engine/data/interaction-table.ts'
import { drain, starWorld } from '../../../support/worlds.ts'

const lab = sampleLabTable()
const genres = lab.features!.items.find(({ name }) => name === 'genres')!.values

/** The linear base alone: what moves is the viewer's vector. */
const baseAlone: ParamValues = { updates: 0, learningStart: 1, size: 6, embeddingEpochs: 3, heldOutShare: 0.01 }

function stageOf(modelId: string, params: ParamValues, table: InteractionTable = lab) {
  const spec = specOf(modelId, params, { protocols: ['rerank-oneshot'], ks: [5] })
  const job = createTrainingJob(spec, table)
  // What is measured here is played in sessions: the run's own evaluation is not waited for.
  while (!['evaluating', 'finished'].includes(job.progress.stage)) job.advance()
  return liveStage(spec, table, job.modelSnapshot(), plainExecutor)
}

const ask = (stage: ReturnType<typeof stageOf>, wish: object): GenreTestReport =>
  drain(
    genreTest(
      stage,
      genreTestWish.parse({ question: 'dislikes', genres: genres.slice(0, 3), count: 12, updatesPerAnswer: 0, ...wish }),
    ),
  )

const rowOf = ({ rows }: GenreTestReport, arm: string, genre: string | null = null): GenreTestRow =>
  rows.find((row) => row.arm === arm && row.genre === genre)!

describe('disliking ten items of a genre', () => {
  const reports = new Map<string, GenreTestReport>()
  beforeAll(() => {
    for (const model of ['mdrr-att', 'deers', 'drr-att']) reports.set(model, ask(stageOf(model, baseAlone), {}))
  })

  it.each(['mdrr-att', 'deers'])(
    "lowers the genre's share of the first 20 for %s, whose vector follows dislikes too",
    (model) => {
      const { before, after, effect, below } = rowOf(reports.get(model)!, 'follows')
      expect(after).toBeLessThan(before)
      expect(effect!.value).toBeLessThan(-0.02)
      expect(effect!.high).toBeLessThan(0)
      expect(below, 'for most of the viewers').toBeGreaterThan(0.5)
    },
  )

  it('does nothing at all for drr-att, which hears of likes alone', () => {
    const { before, after, effect, below } = rowOf(reports.get('drr-att')!, 'follows')
    expect(after).toBe(before)
    expect([effect, below]).toEqual([{ value: 0, low: 0, high: 0 }, 0])
  })

  it('does nothing for a frozen policy whose networks read no history, and the report says so', () => {
    const report = reports.get('mdrr-att')!
    expect(rowOf(report, 'frozen').effect).toEqual({ value: 0, low: 0, high: 0 })
    expect(report.limits[0]).toMatch(/^The weights that training chose correct nothing/)
  })

  it('has a row for what moves in each genre and over all, told of the same viewers', () => {
    const { rows } = reports.get('deers')!
    expect(rows.map(({ arm }) => arm)).toEqual(['frozen', 'follows'].flatMap((arm) => [arm, arm, arm, arm]))
    expect(rows.slice(0, 4).map(({ genre }) => genre)).toEqual([...genres.slice(0, 3), null])
    expect(rows.every(({ viewers }) => viewers === 12)).toBe(true)
    const [a, b, c, all] = rows
    expect(all!.before).toBeCloseTo((a!.before + b!.before + c!.before) / 3, 12)
  })
})

describe('networks that read the history', () => {
  const reading: ParamValues = { ...smallAgent, residual: false, selectCheckpoint: false, foldEmbeddings: false, updates: 100 }
  const noActor = ['actorHidden', 'attentionHidden', 'criticHidden', 'criticOnlyUpdates', 'actorLearningRate']
  const onlyActor = ['hidden', 'stateHidden', 'learningRate']
  const without = (names: readonly string[]) =>
    Object.fromEntries(Object.entries(reading).filter(([name]) => !names.includes(name)))

  it('hear a dislike while they are frozen, and the one of likes alone hears nothing', () => {
    const moved = (model: string, names: readonly string[]) => {
      const { effect } = rowOf(
        ask(stageOf(model, without(names)), { genres: genres.slice(0, 1), count: 6 }),
        'frozen',
        genres[0]!,
      )
      return effect!
    }
    expect(moved('drr-att', onlyActor)).toEqual({ value: 0, low: 0, high: 0 })
    expect(moved('mdrr-att', onlyActor).value).not.toBe(0)
    expect(moved('deers', noActor).value).not.toBe(0)
  })
})

describe('liking a genre as a newcomer', () => {
  const { learningRate: _rate, hidden: _hidden, stateHidden: _state, ...small } = smallAgent
  let stage: ReturnType<typeof stageOf>
  beforeAll(() => {
    stage = stageOf('mdrr-att', { ...small, ...baseAlone })
  })
  const wish = { question: 'favourites', genres: genres.slice(0, 2), count: 4, answers: 12, slate: 1 }

  it('raises items of the genre that were never shown, by the vector alone already', () => {
    const report = ask(stage, { ...wish, count: 12, slate: 10 })
    const { before, after, change, effect } = rowOf(report, 'follows')
    expect(after).toBeLessThan(before)
    expect(change.high).toBeLessThan(0)
    const frozen = rowOf(report, 'frozen')
    expect(frozen.change, 'nothing moves who stays as the favourites made them').toMatchObject({ value: 0, low: 0, high: 0 })
    expect([frozen.effect, frozen.below, effect]).toEqual([null, null, change])
  })

  it('is told against the frozen policy where it learns too, the same again for the same seed', () => {
    const learning = ask(stage, { ...wish, updatesPerAnswer: 1 })
    expect(learning.rows.map(({ arm, effect }) => [arm, effect !== null])).toEqual(
      ['frozen', 'follows', 'learns', 'follows and learns'].flatMap((arm) => [0, 1, 2].map(() => [arm, arm !== 'frozen'])),
    )
    expect(ask(stage, { ...wish, updatesPerAnswer: 1 })).toEqual(learning)
    expect(rowOf(ask(stage, { ...wish, seed: 2 }), 'follows').before).not.toBe(rowOf(learning, 'follows').before)
  })
})

describe('what cannot be asked', () => {
  let stage: ReturnType<typeof stageOf>
  beforeAll(() => {
    stage = stageOf('popularity', {})
  })

  it.each([
    [{ genres: ['Opera'] }, `There is no genre "Opera" in the data set. Choose among: ${genres.join(', ')}.`],
    [{ count: 301 }, 'The data set has 300 users with training ratings, 301 are wanted. Ask for fewer, or for newcomers.'],
  ])('%j is refused', (wish, message) => {
    expect(() => ask(stage, wish)).toThrow(message)
  })

  it('a model that orders once shows no effect, and says that nothing learns', () => {
    const report = ask(stage, { count: 3, updatesPerAnswer: 1 })
    expect(report.rows.map(({ effect }) => effect!.value)).toEqual(report.rows.map(() => 0))
    expect(report.limits).toEqual([
      'This model orders once and does not follow answers.',
      'This model makes no gradient updates in a session: nothing learns here.',
    ])
  })

  it('a data set without genres has none to ask about', () => {
    const bare = stageOf('popularity', {}, starWorld({ users: 10, items: 12, perUser: 8 }))
    expect(() => ask(bare, {})).toThrow('The items of this data set have no genres')
  })
})

const ml100k = realData('ml-100k')

describe('negative feedback on MovieLens', () => {
  it.skipIf(!ml100k.present)(
    `${ml100k.label}: the genre falls for mdrr-att and deers and not for drr-att`,
    { timeout: 300_000 },
    async () => {
      const table = await importedTable(ml100k.path)
      const effectOf = (model: string) =>
        rowOf(
          ask(stageOf(model, { ...baseAlone, foldEmbeddings: false }, table), { genres: ['Comedy', 'Action'], count: 15 }),
          'follows',
        ).effect!
      for (const model of ['mdrr-att', 'deers']) expect(effectOf(model).high, model).toBeLessThan(0)
      expect(effectOf('drr-att')).toEqual({ value: 0, low: 0, high: 0 })
    },
  )
})
